from odoo import fields, models


class LogisticsHandOverWizardRegion(models.TransientModel):
    _name = "logistics.hand.over.wizard.region"
    _description = "Receiver of the Clients of some Countries"

    wizard_id = fields.Many2one(
        "logistics.hand.over.wizard", required=True, index=True, ondelete="cascade"
    )
    country_ids = fields.Many2many(
        "res.country", string="Countries", help="Empty: all other countries."
    )
    user_id = fields.Many2one("res.users", string="Salesperson", required=True)
