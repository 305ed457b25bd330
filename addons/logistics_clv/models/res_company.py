from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    logistics_value_horizon = fields.Integer(
        "Value Horizon (months)",
        default=36,
        help="How many months ahead the expected value of a client is counted. "
        "Longer horizons give higher values: compare only equal ones.",
    )
    logistics_value_discount_rate = fields.Float(
        "Value Discount Rate (%)",
        default=10.0,
        help="Effective yearly rate at which later contributions count for less.",
    )
    logistics_value_excluded_journal_ids = fields.Many2many(
        "account.journal",
        "logistics_value_excluded_journal_rel",
        "company_id",
        "journal_id",
        "Journals outside the Value Ledger",
        domain="[('type', '=', 'sale'), ('company_id', '=', id)]",
    )

    _check_logistics_value_horizon = models.Constraint(
        "CHECK (logistics_value_horizon BETWEEN 1 AND 240)",
        "The value horizon is between 1 and 240 months.",
    )
    _check_logistics_value_discount_rate = models.Constraint(
        "CHECK (logistics_value_discount_rate BETWEEN 0 AND 100)",
        "The value discount rate is between 0 and 100 %.",
    )
