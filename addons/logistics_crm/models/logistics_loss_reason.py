from odoo import fields, models


class LogisticsLossReason(models.Model):
    _name = "logistics.loss.reason"
    _inherit = ["logistics.reference.mixin"]
    _description = "Loss Reason"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    category = fields.Selection(
        [
            ("service", "Service"),
            ("price", "Price"),
            ("product", "Product"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "A loss reason with this code exists already."
    )
