from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    logistics_value_horizon = fields.Integer(
        related="company_id.logistics_value_horizon", readonly=False
    )
    logistics_value_discount_rate = fields.Float(
        related="company_id.logistics_value_discount_rate", readonly=False
    )
    logistics_value_excluded_journal_ids = fields.Many2many(
        related="company_id.logistics_value_excluded_journal_ids", readonly=False
    )
    logistics_value_own_clients = fields.Boolean(
        related="company_id.logistics_value_own_clients", readonly=False
    )
    logistics_cost_run_day = fields.Integer(
        related="company_id.logistics_cost_run_day", readonly=False
    )
    logistics_value_income_account_ids = fields.Many2many(
        related="company_id.logistics_value_income_account_ids", readonly=False
    )
    logistics_value_cost_account_ids = fields.Many2many(
        related="company_id.logistics_value_cost_account_ids", readonly=False
    )
    logistics_value_manual_journal_ids = fields.Many2many(
        related="company_id.logistics_value_manual_journal_ids", readonly=False
    )
