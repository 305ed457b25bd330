from odoo import fields, models


class LogisticsPartnerRole(models.Model):
    _name = "logistics.partner.role"
    _inherit = ["logistics.reference.mixin"]
    _description = "Freight Role"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    color = fields.Integer()
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "A freight role with this code exists already."
    )
