from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class LogisticsLifecycleHold(models.TransientModel):
    """Keep clients in their stage up to a day, with a reason."""

    _name = "logistics.lifecycle.hold"
    _description = "Hold the Stage of Clients"

    partner_ids = fields.Many2many("res.partner", string="Clients", required=True)
    until = fields.Date(
        required=True,
        default=lambda self: fields.Date.context_today(self) + relativedelta(months=3),
    )
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "res.partner":
            values["partner_ids"] = [(6, 0, self.env.context.get("active_ids", []))]
        return values

    def action_hold(self):
        self.ensure_one()
        if self.until < fields.Date.context_today(self):
            raise UserError(self.env._("Choose a day that is not over for the hold."))
        self.partner_ids.commercial_partner_id.write(
            {
                "logistics_stage_hold_until": self.until,
                "logistics_stage_hold_reason": self.reason,
            }
        )
        return {"type": "ir.actions.act_window_close"}
