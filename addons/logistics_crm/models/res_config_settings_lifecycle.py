from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    logistics_manual_hold_days = fields.Integer(
        related="company_id.logistics_manual_hold_days", readonly=False
    )
