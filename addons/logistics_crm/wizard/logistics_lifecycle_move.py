from odoo import api, fields, models
from odoo.exceptions import UserError


class LogisticsLifecycleMove(models.TransientModel):
    """Move clients by hand, with a reason, and the loss reason where one is lost."""

    _name = "logistics.lifecycle.move"
    _description = "Move Clients to a Stage"

    partner_ids = fields.Many2many("res.partner", string="Clients", required=True)
    stage_id = fields.Many2one("logistics.lifecycle.stage", required=True)
    is_loss = fields.Boolean(related="stage_id.is_loss")
    reason = fields.Char(required=True)
    loss_reason_id = fields.Many2one("logistics.loss.reason")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "res.partner":
            values["partner_ids"] = [(6, 0, self.env.context.get("active_ids", []))]
        return values

    def action_move(self):
        self.ensure_one()
        if self.is_loss and not self.loss_reason_id:
            raise UserError(
                self.env._(
                    "Clients that come to %(stage)s are lost: choose the reason.",
                    stage=self.stage_id.name,
                )
            )
        clients = self.partner_ids.commercial_partner_id.filtered(
            lambda client: client.logistics_stage_id != self.stage_id
        )
        clients = clients.with_context(logistics_stage_reason=self.reason)
        clients.logistics_stage_id = self.stage_id
        if self.is_loss:
            moves = self.env["logistics.lifecycle.history"].search(
                [
                    ("partner_id", "in", clients.ids),
                    ("to_stage_id", "=", self.stage_id.id),
                    ("loss_reason_id", "=", False),
                ]
            )
            newest = {move.partner_id: move for move in moves.sorted("id")}
            self.env["logistics.lifecycle.history"].union(
                *newest.values()
            ).action_set_loss_reason(self.loss_reason_id.id)
        return {"type": "ir.actions.act_window_close"}
