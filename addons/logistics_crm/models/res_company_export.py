from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    logistics_export_warning = fields.Integer(
        string="Warn of Large Exports",
        help="Managers are told when somebody exports more records than this at once."
        " 0: never.",
    )

    _logistics_export_warning_positive = models.Constraint(
        "CHECK (logistics_export_warning >= 0)",
        "The number of records to warn of cannot be negative.",
    )
