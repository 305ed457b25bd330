from odoo import api, fields, models


class LogisticsLifecycleScheme(models.Model):
    _name = "logistics.lifecycle.scheme"
    _inherit = ["logistics.reference.mixin"]
    _description = "Lifecycle Scheme"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(
        default=10, help="The first active scheme gives new clients their stage."
    )
    active = fields.Boolean(default=True)
    stage_ids = fields.One2many("logistics.lifecycle.stage", "scheme_id", copy=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "A lifecycle scheme with this code exists already."
    )

    @api.model
    def _get_default_scheme(self):
        return self.search([("stage_ids", "!=", False)], limit=1)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default=default)
        for scheme, vals in zip(self, vals_list, strict=True):
            if "code" not in (default or {}):
                vals["code"] = f"{scheme.code}_copy"
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=scheme.name)
        return vals_list

    def action_try_rules(self):
        """Open a copy of the rules that can be changed and tried."""
        self.ensure_one()
        draft = self.env["logistics.lifecycle.draft"]._start_for(self)
        return {
            "type": "ir.actions.act_window",
            "res_model": "logistics.lifecycle.draft",
            "res_id": draft.id,
            "views": [(False, "form")],
        }
