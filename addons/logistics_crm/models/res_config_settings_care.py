from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    logistics_protect_clients = fields.Boolean(
        related="company_id.logistics_protect_clients", readonly=False
    )
    logistics_protect_since = fields.Date(
        related="company_id.logistics_protect_since", readonly=False
    )
    logistics_claim_cap = fields.Integer(
        related="company_id.logistics_claim_cap", readonly=False
    )
    logistics_claim_cooling_days = fields.Integer(
        related="company_id.logistics_claim_cooling_days", readonly=False
    )
    logistics_use_playbooks = fields.Boolean(
        related="company_id.logistics_use_playbooks", readonly=False
    )
    logistics_playbooks_since = fields.Date(
        related="company_id.logistics_playbooks_since", readonly=False
    )
    logistics_daily_activities = fields.Integer(
        related="company_id.logistics_daily_activities", readonly=False
    )
    logistics_playbook_horizon = fields.Integer(
        related="company_id.logistics_playbook_horizon", readonly=False
    )
