from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class LogisticsValueReattribute(models.TransientModel):
    """Let invoices count for another client, with a reason."""

    _name = "logistics.value.reattribute"
    _description = "Client value: change the client of invoices"

    move_ids = fields.Many2many("account.move", string="Invoices", required=True)
    move_count = fields.Integer(compute="_compute_move_count")
    to_default = fields.Boolean(
        "Back to the Default",
        help="Take the change back: the invoices count for the client who ordered, "
        "else for the commercial entity of the invoice.",
    )
    client_id = fields.Many2one("res.partner", "Counts for Client")
    reason = fields.Char(required=True)

    @api.model
    def default_get(self, fields):  # the name of the ORM
        vals = super().default_get(fields)
        if self.env.context.get("active_model") == "account.move":
            moves = self.env["account.move"].browse(self.env.context["active_ids"])
            vals["move_ids"] = [Command.set(moves.ids)]
        return vals

    @api.depends("move_ids")
    def _compute_move_count(self):
        for wizard in self:
            wizard.move_count = len(wizard.move_ids)

    def action_apply(self):
        self.ensure_one()
        if not self.client_id and not self.to_default:
            raise UserError(
                self.env._("Choose the client that the invoices shall count for.")
            )
        others = self.move_ids.filtered(
            lambda move: move.move_type not in ("out_invoice", "out_refund")
        )
        if others:
            raise UserError(
                self.env._(
                    "Only customer invoices and credit notes count for a client. "
                    "Leave these out: %(documents)s",
                    documents=", ".join(others.mapped("display_name")),
                )
            )
        client = self.client_id.browse() if self.to_default else self.client_id
        self.move_ids._reattribute(client, self.reason)
        return {"type": "ir.actions.act_window_close"}
