from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    logistics_export_warning = fields.Integer(
        related="company_id.logistics_export_warning", readonly=False
    )
    logistics_private_contacts = fields.Boolean(
        related="company_id.logistics_private_contacts", readonly=False
    )
