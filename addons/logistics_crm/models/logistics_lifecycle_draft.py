from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import lifecycle_decisions_sql as decisions_sql

BATCH_SIZE = 10_000


class LogisticsLifecycleDraft(models.Model):
    """Changed rules of a scheme, tried on today's clients before they are in force."""

    _name = "logistics.lifecycle.draft"
    _description = "Lifecycle Rules to Try"
    _inherit = ["mail.thread"]
    _order = "id desc"

    name = fields.Char(compute="_compute_name")
    scheme_id = fields.Many2one(
        "logistics.lifecycle.scheme",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    state = fields.Selection(
        [("draft", "Trying"), ("applied", "In Force"), ("discarded", "Discarded")],
        default="draft",
        required=True,
        readonly=True,
        tracking=True,
        index=True,
    )
    rule_ids = fields.One2many("logistics.lifecycle.rule", "draft_id")
    line_ids = fields.One2many(
        "logistics.lifecycle.draft.line", "draft_id", readonly=True
    )
    previewed_at = fields.Datetime(readonly=True)
    client_count = fields.Integer("Clients of the Scheme", readonly=True)
    move_count = fields.Integer("Clients that Would Move", readonly=True)

    @api.depends("scheme_id.name", "create_date")
    @api.depends_context("lang")
    def _compute_name(self):
        for draft in self:
            draft.name = self.env._(
                "Rules of %(scheme)s", scheme=draft.scheme_id.name or ""
            )

    @api.model
    def _start_for(self, scheme):
        """Return the draft of a scheme, made from the rules in force."""
        draft = self.search(
            [("scheme_id", "=", scheme.id), ("state", "=", "draft")], limit=1
        )
        if not draft:
            draft = self.create({"scheme_id": scheme.id})
            for rule in scheme.stage_ids.rule_ids:
                rule.copy({"draft_id": draft.id})
        return draft

    def action_preview(self):
        """List the clients that would move under these rules."""
        self.ensure_one()
        self._check_open()
        self.check_access("write")
        today = fields.Date.today()
        run = self.env["logistics.lifecycle.run"]
        if not run._get_last():
            # nobody was ever measured; the first night goes on with this run
            run._start(is_full=True)._measure()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM logistics_lifecycle_draft_line WHERE draft_id = %s",
                self.id,
            )
        )
        stages = run._get_stages(self.rule_ids)
        base = run._get_base()
        counted = moved = last = 0
        scheme_stages = self.scheme_id.with_context(active_test=False).stage_ids
        is_default = self.scheme_id == self.scheme_id._get_default_scheme()
        while True:
            self.env.cr.execute(
                decisions_sql.measured_clients(
                    scheme_stages.ids, is_default, last, BATCH_SIZE
                )
            )
            rows = self.env.cr.fetchall()
            if not rows:
                break
            last = rows[-1][0]
            # nights of confirmation would hide most of what a rule does
            moves = run._find_moves(rows, stages, base, today)
            counted += len(rows)
            moved += len(moves)
            if moves:
                self.env.cr.execute(decisions_sql.write_preview(self.id, moves))
        self.write(
            {
                "previewed_at": fields.Datetime.now(),
                "client_count": counted,
                "move_count": moved,
            }
        )
        self.invalidate_recordset(["line_ids"])
        return True

    def action_view_moves(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Clients that Would Move"),
            "res_model": "logistics.lifecycle.draft.line",
            "view_mode": "list,pivot",
            "domain": [("draft_id", "=", self.id)],
        }

    def action_apply(self):
        """Put these rules in force in place of the old ones, all or none."""
        self.ensure_one()
        self._check_open()
        self.scheme_id.stage_ids.rule_ids.unlink()
        self.rule_ids.write({"draft_id": False})
        self.write({"state": "applied"})
        self.env.flush_all()
        # the measures belong to nobody's screen: the next run has to look at all
        self.env.cr.execute(
            SQL("UPDATE logistics_client_measure SET is_due = TRUE WHERE NOT is_due")
        )
        self.line_ids.sudo().unlink()
        return True

    def action_discard(self):
        self.ensure_one()
        self._check_open()
        self.rule_ids.unlink()
        self.line_ids.sudo().unlink()
        self.write({"state": "discarded"})
        return True

    def _check_open(self):
        if self.state != "draft":
            raise UserError(
                self.env._(
                    "These rules were applied or discarded already: start anew from"
                    " the scheme."
                )
            )
