from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..models.value_scope_sql import MOVE_TYPES

DOCUMENT_TYPES = (*MOVE_TYPES, "in_invoice", "in_refund")


class LogisticsValueReattribute(models.TransientModel):
    """Let documents, or lines of one, count for another client, with a reason."""

    _name = "logistics.value.reattribute"
    _description = "Client value: change the client of invoices"

    move_ids = fields.Many2many("account.move", string="Documents", required=True)
    move_count = fields.Integer("Number of Documents", compute="_compute_move_count")
    closed_count = fields.Integer(
        "In Closed Periods",
        compute="_compute_closed_count",
        help="Documents before the lock dates of their company. Their change is posted "
        "as an adjustment in the open period; the closed one stays as it was reported.",
    )
    scope = fields.Selection(
        [("document", "Whole documents"), ("lines", "Line by line")],
        default="document",
        required=True,
    )
    to_default = fields.Boolean(
        "Back to the Default",
        help="Take the choice back: the documents count again for the client by rule, "
        "who ordered, or the commercial entity of the invoice.",
    )
    client_id = fields.Many2one("res.partner", "Counts for Client")
    line_ids = fields.One2many(
        "logistics.value.reattribute.line",
        "wizard_id",
        "Lines",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
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

    @api.depends("move_ids")
    def _compute_closed_count(self):
        for wizard in self:
            wizard.closed_count = wizard.move_ids._count_in_closed_periods()

    @api.depends("move_ids", "scope")
    def _compute_line_ids(self):
        for wizard in self:
            if wizard.scope != "lines" or len(wizard.move_ids) != 1:
                wizard.line_ids = [Command.clear()]
            elif not wizard.line_ids:
                lines = wizard.move_ids.invoice_line_ids
                wizard.line_ids = [
                    Command.create(
                        {
                            "line_id": line._origin.id,
                            "client_id": line._origin.logistics_attributed_client_id.id,
                        }
                    )
                    for line in lines
                    if line.display_type == "product"
                ]

    def action_apply(self):
        self.ensure_one()
        self._check_documents()
        if self.scope == "lines":
            batch = self._attribute_lines()
        else:
            batch = self._attribute_documents()
        if not batch:
            raise UserError(
                self.env._("Nothing changes: they count for this client already.")
            )
        if batch.state == "done":
            return {"type": "ir.actions.act_window_close"}
        return batch._action_open()

    def _check_documents(self):
        others = self.move_ids.filtered(
            lambda move: move.move_type not in DOCUMENT_TYPES
        )
        if others:
            raise UserError(
                self.env._(
                    "Only customer invoices, vendor bills and their credit notes count "
                    "for a client. Leave these out: %(documents)s",
                    documents=", ".join(others[:20].mapped("display_name")),
                )
            )

    def _attribute_documents(self):
        if not self.client_id and not self.to_default:
            raise UserError(
                self.env._("Choose the client that the invoices shall count for.")
            )
        client = self.client_id.browse() if self.to_default else self.client_id
        return self.move_ids._reattribute(client, self.reason)

    def _attribute_lines(self):
        if len(self.move_ids) != 1:
            raise UserError(
                self.env._("Lines are changed one document at a time: open it first.")
            )
        if self.line_ids.line_id.move_id != self.move_ids:
            raise UserError(self.env._("Choose lines of this document only."))
        batches = self.env["logistics.value.attribution.batch"]
        return batches._attribute_lines(
            {line.line_id: line.client_id for line in self.line_ids}, self.reason
        )
