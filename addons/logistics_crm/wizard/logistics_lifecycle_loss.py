from odoo import fields, models


class LogisticsLifecycleLoss(models.TransientModel):
    """Keep why clients were lost, once they are in a stage of lost ones."""

    _name = "logistics.lifecycle.loss"
    _description = "Why Clients Were Lost"

    partner_ids = fields.Many2many("res.partner", string="Clients", required=True)
    loss_reason_id = fields.Many2one("logistics.loss.reason", required=True)

    def action_keep(self):
        self.ensure_one()
        clients = self.partner_ids.filtered("logistics_is_lost")
        moves = clients._get_last_logistics_moves()
        moves.action_set_loss_reason(self.loss_reason_id.id)
        return {"type": "ir.actions.act_window_close"}
