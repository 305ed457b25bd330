from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LogisticsDangerousGoodsClass(models.Model):
    """A class or division of the UN model regulations (IMDG, IATA DGR, ADR)."""

    _name = "logistics.dangerous.goods.class"
    _inherit = ["logistics.reference.mixin"]
    _description = "Dangerous Goods Class"
    _order = "code, id"
    _rec_names_search = ["code", "name", "label"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        string="Class",
        required=True,
        help="Number of the class, or of the division within it: 3, 6.1.",
    )
    label = fields.Char(
        translate=True, help="What the label on the package shows, in words."
    )
    packing_groups = fields.Char(
        help="I great, II medium, III minor danger; empty where goods of this class"
        " have no packing group."
    )
    parent_id = fields.Many2one(
        "logistics.dangerous.goods.class",
        string="Class of the Division",
        index="btree_not_null",
        ondelete="restrict",
    )
    child_ids = fields.One2many(
        "logistics.dangerous.goods.class", "parent_id", string="Divisions"
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "This class exists already. Use the existing one."
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for goods_class in self:
            goods_class.display_name = (
                f"{goods_class.code or ''} {goods_class.name or ''}".strip()
            )

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A class cannot be part of itself: change its class.")
            )
