from odoo import fields, models
from odoo.exceptions import UserError


class LogisticsValueAttribution(models.Model):
    """One document, or one line of it, that was made to count for another client.

    The trail of re-attribution. Rows are written by SQL only (value_attribution_sql).
    """

    _name = "logistics.value.attribution"
    _description = "Client value: change of the client of a document"
    _inherit = ["logistics.value.result"]
    _log_access = False  # the batch tells who, when and why
    _order = "id desc"
    _rec_name = "move_id"

    batch_id = fields.Many2one(
        "logistics.value.attribution.batch",
        "Re-attribution",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    move_id = fields.Many2one(
        "account.move",
        "Document",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    line_id = fields.Many2one(
        "account.move.line",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Only this line of the document; empty for the whole document.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    client_before_id = fields.Many2one(
        "res.partner", "Counted for", readonly=True, index="btree_not_null"
    )
    client_after_id = fields.Many2one(
        "res.partner", "Counts for", readonly=True, index="btree_not_null"
    )
    attributed_before_id = fields.Many2one(
        "res.partner",
        "Chosen before",
        readonly=True,
        index="btree_not_null",
        help="The client that an accountant had chosen before; empty for the default.",
    )
    attributed_after_id = fields.Many2one(
        "res.partner",
        "Chosen now",
        readonly=True,
        index="btree_not_null",
        help="The client that the accountant chose; empty for the default.",
    )
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done"), ("reversed", "Taken back")],
        required=True,
        readonly=True,
        default="waiting",
    )
    reverses_id = fields.Many2one(
        "logistics.value.attribution",
        "Takes back",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    date = fields.Datetime(related="batch_id.create_date", string="Changed on")
    user_id = fields.Many2one(related="batch_id.user_id", string="Changed by")
    reason = fields.Char(related="batch_id.reason")

    _waiting_idx = models.Index("(batch_id, move_id) WHERE state = 'waiting'")

    def action_reverse(self):
        """Take the chosen changes back, as a change of its own."""
        self.check_access("read")
        batches = self.env["logistics.value.attribution.batch"]
        changes = self.filtered(lambda change: change.state == "done")
        if not changes:
            raise UserError(
                self.env._("Choose changes that are done and not taken back yet.")
            )
        reasons = " / ".join(dict.fromkeys(changes.mapped("reason")))
        return batches._reverse(
            changes, self.env._("Taken back: %(reason)s", reason=reasons)
        )
