from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    logistics_credit_months = fields.Integer(
        related="company_id.logistics_credit_months", readonly=False
    )
    logistics_credit_a_days = fields.Integer(
        related="company_id.logistics_credit_a_days", readonly=False
    )
    logistics_credit_b_days = fields.Integer(
        related="company_id.logistics_credit_b_days", readonly=False
    )
    logistics_credit_c_days = fields.Integer(
        related="company_id.logistics_credit_c_days", readonly=False
    )
    logistics_credit_overdue_days = fields.Integer(
        related="company_id.logistics_credit_overdue_days", readonly=False
    )
    logistics_credit_overdue_ratio = fields.Integer(
        related="company_id.logistics_credit_overdue_ratio", readonly=False
    )
    logistics_credit_broken_promises = fields.Integer(
        related="company_id.logistics_credit_broken_promises", readonly=False
    )
    logistics_promise_grace_days = fields.Integer(
        related="company_id.logistics_promise_grace_days", readonly=False
    )
