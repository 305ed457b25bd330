from odoo import fields, models


class LogisticsLifecycleStage(models.Model):
    _inherit = "logistics.lifecycle.stage"

    protection_days = fields.Integer(
        string="Protection",
        help="Days without work after which a client of this stage goes back to the"
        " pool; 0 means never. Work is a logged note or mail, a finished activity, a"
        " quotation or an order.",
    )
    protection_warning_days = fields.Integer(
        string="Warning",
        help="Days before that when the owner and the team leader are told.",
    )

    _protection_positive = models.Constraint(
        "CHECK (protection_days >= 0 AND protection_warning_days >= 0)",
        "Protection and warning of a stage cannot be negative.",
    )
