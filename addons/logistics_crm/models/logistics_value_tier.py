from odoo import fields, models


class LogisticsValueTier(models.Model):
    _name = "logistics.value.tier"
    _inherit = ["logistics.reference.mixin"]
    _description = "Value Tier"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    description = fields.Text(translate=True)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "A value tier with this code exists already."
    )
