from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class LogisticsCommodity(models.Model):
    _name = "logistics.commodity"
    _inherit = ["logistics.seed.mixin"]
    _description = "Commodity"
    _order = "code, id"
    _rec_names_search = ["name", "code"]
    _parent_store = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        string="HS Code",
        required=True,
        index=True,
        help="Harmonised System chapter, heading or subheading: 2, 4 or 6 digits.",
    )
    parent_id = fields.Many2one(
        "logistics.commodity", index="btree_not_null", ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("logistics.commodity", "parent_id")
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "This HS code exists already. Use the existing commodity."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for commodity in self:
            commodity.display_name = f"{commodity.code or ''} {commodity.name or ''}"

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        # what the display name shows is found again: "85 Electrical machinery"
        if operator == "in":
            return domain | Domain.OR(
                self._get_code_and_name_domain(label, "=") for label in value
            )
        if operator == "ilike" and value:
            return domain | self._get_code_and_name_domain(value, "ilike")
        return domain

    @api.model
    def _get_code_and_name_domain(self, label, operator):
        code, _space, name = (label or "").partition(" ")
        if not (code.isdigit() and name):
            return Domain.FALSE
        return Domain("code", "=", code) & Domain("name", operator, name)

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A commodity cannot be part of itself: change its parent.")
            )

    @api.model
    def _get_seed_domain(self, values):
        return [("code", "=", values["code"])]
