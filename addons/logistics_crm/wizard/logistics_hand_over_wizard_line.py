from odoo import fields, models


class LogisticsHandOverWizardLine(models.TransientModel):
    _name = "logistics.hand.over.wizard.line"
    _description = "Preview of a Hand-over"

    wizard_id = fields.Many2one(
        "logistics.hand.over.wizard", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", string="Salesperson")
    client_count = fields.Integer(string="Clients")
    contact_count = fields.Integer(string="Contacts")
    opportunity_count = fields.Integer(string="Opportunities")
    quote_count = fields.Integer(string="Quotations")
    activity_count = fields.Integer(string="Activities")
