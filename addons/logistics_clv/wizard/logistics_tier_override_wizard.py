from odoo import fields, models
from odoo.exceptions import UserError


class LogisticsTierOverrideWizard(models.TransientModel):
    """Ask which tier clients get by hand, why, and until when."""

    _name = "logistics.tier.override.wizard"
    _description = "Client tiers: set a tier by hand"

    client_ids = fields.Many2many("res.partner", string="Clients", required=True)
    tier_id = fields.Many2one("logistics.value.tier", required=True)
    reason = fields.Char(required=True)
    until_date = fields.Date(
        "Until", help="The last day. Empty: until somebody ends it."
    )

    def action_apply(self):
        self.ensure_one()
        if not (self.reason or "").strip():
            raise UserError(self.env._("Enter the reason."))
        if self.until_date and self.until_date < fields.Date.context_today(self):
            raise UserError(self.env._("The day lies in the past: enter a later one."))
        self.client_ids.check_access("read")
        clients = self.client_ids.commercial_partner_id
        # who may use this wizard sets tiers, whatever else of a client it may write
        overrides = self.env["logistics.tier.override"].sudo()
        overrides._set(clients.sudo(), self.tier_id, self.reason, self.until_date)
        return {"type": "ir.actions.act_window_close"}
