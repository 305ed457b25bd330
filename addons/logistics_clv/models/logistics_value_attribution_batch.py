from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from . import value_attribution_sql as attribution_sql
from .account_move import ACCOUNTANT

BATCH_SIZE = 5_000
# Above this number of documents the change is left to the scheduled action.
MAX_DOCUMENTS_AT_ONCE = 1_000


class LogisticsValueAttributionBatch(models.Model):
    """One re-attribution: who let which documents count for another client, and why.

    Noted first and then carried out in batches: killed at any point, the rest is
    still waiting, and carrying it out twice changes nothing.
    """

    _name = "logistics.value.attribution.batch"
    _description = "Client value: re-attribution"
    _inherit = ["logistics.value.result"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    reason = fields.Char(required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users",
        "Changed by",
        required=True,
        readonly=True,
        default=lambda self: self._default_user_id(),
    )
    company_ids = fields.Many2many(
        "res.company",
        "logistics_value_attribution_batch_company_rel",
        "batch_id",
        "company_id",
        readonly=True,
    )
    attribution_ids = fields.One2many(
        "logistics.value.attribution", "batch_id", "Changes", readonly=True
    )
    state = fields.Selection(
        [("waiting", "Waiting"), ("done", "Done")],
        default="waiting",
        required=True,
        readonly=True,
        index=True,
    )
    total_count = fields.Integer("Number of Changes", readonly=True)
    waiting_count = fields.Integer(compute="_compute_waiting_count")
    progress = fields.Float(compute="_compute_waiting_count")

    def _default_user_id(self):
        return self.env.user

    @api.depends("reason", "create_date")
    def _compute_name(self):
        for batch in self:
            date = fields.Date.to_string(batch.create_date) or ""
            batch.name = f"{date} {batch.reason or ''}".strip()

    @api.depends("state", "total_count")
    def _compute_waiting_count(self):
        # the batch is read already; its rows are counted whatever their company
        counts = dict(
            self.env["logistics.value.attribution"]
            .sudo()
            ._read_group(
                [("batch_id", "in", self.ids), ("state", "=", "waiting")],
                ["batch_id"],
                ["__count"],
            )
        )
        for batch in self:
            batch.waiting_count = counts.get(batch, 0)
            total = batch.total_count
            batch.progress = (
                100 * (total - batch.waiting_count) / total if total else 100
            )

    def action_reverse(self):
        """Take back what the batch changed."""
        self.ensure_one()
        self.check_access("read")
        done = self.attribution_ids.filtered(lambda change: change.state == "done")
        return self._reverse(
            done, self.env._("Taken back: %(reason)s", reason=self.reason)
        )

    @api.model
    def _attribute_documents(self, moves, client, reason):
        """Let whole documents count for a client; an empty one for the default."""
        self._check_may_attribute(moves, reason)
        client = client.commercial_partner_id
        defaults = moves._get_default_clients() if client else {}
        batch = self._create_batch(moves, reason)
        return batch._start(
            attribution_sql.add_documents(
                batch.id,
                {move.id: client != defaults.get(move) and client.id for move in moves},
            )
        )

    @api.model
    def _attribute_lines(self, client_by_line, reason):
        """Let lines count for clients of their own; empty ones for the document's."""
        lines = self.env["account.move.line"].union(*client_by_line)
        self._check_may_attribute(lines.move_id, reason)
        batch = self._create_batch(lines.move_id, reason)
        return batch._start(
            attribution_sql.add_lines(
                batch.id,
                {
                    line.id: client.commercial_partner_id.id
                    for line, client in client_by_line.items()
                },
            )
        )

    @api.model
    def _reverse(self, changes, reason):
        self._check_may_attribute(changes.move_id, reason)
        batch = self._create_batch(changes.move_id, reason)
        batch = batch._start(attribution_sql.add_reversals(batch.id, changes.ids))
        if not batch:
            raise UserError(
                self.env._(
                    "Nothing to take back: these documents were changed again since."
                )
            )
        return batch._action_open()

    @api.model
    def _check_may_attribute(self, moves, reason):
        if not (self.env.su or self.env.user.has_group(ACCOUNTANT)):
            raise AccessError(
                self.env._("Only accountants may change whom an invoice counts for.")
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Give the reason for the change."))
        moves.check_access("write")

    def _create_batch(self, moves, reason):
        # the trail is read-only for everybody; who may change was checked before
        return self.sudo().create(
            {
                "reason": reason,
                "user_id": self.env.user.id,
                "company_ids": moves.company_id.ids,
            }
        )

    def _start(self, noting):
        """Note the changes; carry them out now when few, else in the background.

        Return the batch, or an empty one when there is nothing to change.
        """
        self.env.flush_all()
        self.env.cr.execute(noting)
        self.total_count = self.env.cr.rowcount
        if not self.total_count:
            self.unlink()
            return self.browse()
        self.env["logistics.value.attribution"].invalidate_model()
        self.invalidate_recordset(["attribution_ids", "waiting_count", "progress"])
        if self.total_count <= MAX_DOCUMENTS_AT_ONCE:
            while self._process():
                pass
        else:
            self.env.ref("logistics_clv.ir_cron_value_attribution")._trigger()
        return self.sudo(False)

    def _process(self, size=BATCH_SIZE):
        """Carry out some waiting changes; return how many."""
        self.ensure_one()
        self.env.flush_all()
        self.env.cr.execute(attribution_sql.take(self.id, size))
        rows = self.env.cr.fetchall()
        if not rows:
            self.state = "done"
            return 0
        change_ids = [change_id for change_id, __ in rows]
        moves = self.env["account.move"].browse(
            dict.fromkeys(move_id for __, move_id in rows)
        )
        before = moves._get_counting_clients()
        self.env.cr.execute(attribution_sql.lock_documents(moves.ids))
        uid = self.user_id.id
        for statement in (
            attribution_sql.write_documents(change_ids, self.reason, uid),
            attribution_sql.write_lines(change_ids, uid),
        ):
            self.env.cr.execute(statement)
        self.env.invalidate_all()
        after = moves._get_counting_clients()
        self.env.cr.execute(attribution_sql.finish(change_ids, before, after))
        self.env.invalidate_all()
        self._leave_notes(moves, change_ids)
        moves._refresh_logistics_value()
        return len(rows)

    def _leave_notes(self, moves, change_ids):
        """Tell in the chatter of each document what changed, and why."""
        env = self.with_context(lang=self.user_id.lang).env
        changes = env["logistics.value.attribution"].browse(change_ids)
        nobody = env._("nobody")
        lines_by_move = {}
        for change in changes:
            before = change.client_before_id.display_name or nobody
            after = change.client_after_id.display_name or nobody
            if change.line_id:
                note = env._(
                    "Line %(line)s counts for %(client)s instead of %(before)s.",
                    line=change.line_id.name or change.line_id.display_name,
                    client=after,
                    before=before,
                )
            else:
                note = env._(
                    "Counts for %(client)s instead of %(before)s.",
                    client=after,
                    before=before,
                )
            lines_by_move.setdefault(change.move_id.id, []).append(note)
        reason = env._("Reason: %(reason)s", reason=self.reason)
        self._log_notes(
            moves,
            {
                move_id: " ".join([*notes, reason])
                for move_id, notes in lines_by_move.items()
            },
        )

    def _log_notes(self, moves, notes):
        """Log a note on each document: one by Odoo, the others as its copies.

        Nobody is told of a log note: thousands of them need no more than their rows.
        """
        pattern = moves[0]
        # the chatter of documents that the user may write, as was checked before
        first = (
            pattern.with_user(self.user_id)
            .sudo()
            ._message_log_batch({pattern.id: notes.pop(pattern.id)})
        )
        if not notes:
            return
        self.env.flush_all()
        copied = [
            name
            for name, field in first._fields.items()
            if field.store and field.column_type
        ]
        bodies = {
            move_id: str(Markup("<p>%s</p>") % note) for move_id, note in notes.items()
        }
        self.env.cr.execute(attribution_sql.copy_note(first.id, copied, bodies))
        moves.invalidate_recordset(["message_ids"])

    def _action_open(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Re-attribution"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    @api.model
    def _cron_process(self):
        """Carry out what is waiting, batch by batch."""
        cron = self.env["ir.cron"]
        batches = self.search([("state", "=", "waiting")], order="id")
        cron._commit_progress(remaining=sum(batches.mapped("waiting_count")))
        for batch in batches:
            if not batch.try_lock_for_update():
                continue
            while done := batch._process():
                if not cron._commit_progress(done):
                    return
        cron._commit_progress(remaining=0)
