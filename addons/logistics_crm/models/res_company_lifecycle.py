from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    logistics_manual_hold_days = fields.Integer(
        "Keep a Stage Set by Hand (Days)",
        default=30,
        help="For so many days no rule moves a client that a user has moved. 0: the"
        " next run decides again.",
    )
