import json
from dataclasses import replace

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..lifecycle import (
    Base,
    ClientFacts,
    Standing,
    base_gap,
    decide,
    next_check,
    timed_conditions,
)
from . import lifecycle_decisions_sql as decisions_sql
from . import lifecycle_measures_sql as measures_sql

BATCH_SIZE = 2000
# Clients that the hook of a move gets at once.
HOOK_SIZE = 500


class LogisticsLifecycleRun(models.Model):
    """One nightly or asked-for run: what it measured, looked at and moved.

    Measuring marks the clients that have changed as due; deciding takes due ones batch
    by batch. Killed in between, the next run goes on with what is due.
    """

    _name = "logistics.lifecycle.run"
    _description = "Lifecycle Run"
    _order = "id desc"
    _rec_name = "started_at"

    started_at = fields.Datetime(readonly=True, default=fields.Datetime.now)
    finished_at = fields.Datetime(readonly=True)
    is_full = fields.Boolean("All Clients", readonly=True)
    is_partial = fields.Boolean(
        "Chosen Clients", readonly=True, help="Asked for by a user, for some clients."
    )
    seen_until = fields.Datetime(
        readonly=True,
        help="Changes written before this moment were seen: it is the start of the"
        " oldest transaction that was open when the run looked.",
    )
    user_id = fields.Many2one(
        "res.users", "Started by", readonly=True, default=lambda self: self.env.user
    )
    position = fields.Integer(
        readonly=True, help="How far the run has come: the last client decided on."
    )
    checked_count = fields.Integer("Clients Looked at", readonly=True)
    moved_count = fields.Integer("Clients Moved", readonly=True)
    history_ids = fields.One2many("logistics.lifecycle.history", "run_id")

    @api.model
    def _cron_run(self):
        """Measure what has changed, then decide, batch by batch.

        On the first run, and on Sundays, everybody is measured again: what all clients
        do together moves the trend of each.
        """
        run = self._get_open_run()
        cron = self.env["ir.cron"]
        if not run:
            run = self._start()
        if not run.seen_until:
            run._measure()
        remaining = run._count_due()
        if not cron._commit_progress(remaining=remaining):
            return
        while done := run._decide_batch():
            if not cron._commit_progress(done):
                return
        run.finished_at = fields.Datetime.now()
        cron._commit_progress(remaining=0)

    @api.model
    def action_run_now(self):
        """Have everybody measured and decided on in the background."""
        self.check_access("create")
        self._start(is_full=True)
        # whoever may start a run may have the scheduled action do it
        self.env.ref("logistics_crm.ir_cron_lifecycle").sudo()._trigger()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "The stages of all clients are being decided in the background."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _run_for(self, clients):
        """Measure and decide on these clients at once; return how many moved."""
        run = self.create({"is_partial": True})
        run._measure(clients.ids)
        before = run.moved_count
        run._decide_batch(client_ids=clients.ids)
        run.finished_at = fields.Datetime.now()
        return run.moved_count - before

    @api.model
    def _get_open_run(self):
        """Return a run of the last day that was not finished."""
        return self.search(
            [
                ("finished_at", "=", False),
                ("is_partial", "=", False),
                ("started_at", ">=", fields.Datetime.now() - relativedelta(days=1)),
            ],
            limit=1,
        )

    @api.model
    def _start(self, is_full=False):
        last = self._get_last()
        sunday = fields.Date.today().weekday() == 6
        return self.create({"is_full": is_full or not last or sunday})

    @api.model
    def _get_last(self):
        """Return the last run that looked for all changes, and came to its end."""
        return self.search(
            [
                ("finished_at", "!=", False),
                ("is_partial", "=", False),
                ("id", "not in", self.ids),
            ],
            limit=1,
        )

    # measuring

    def _measure(self, client_ids=None):
        """Bring the measures of all, the changed, or the given clients up to date."""
        self.ensure_one()
        self.env.flush_all()
        today = fields.Date.today()
        sources = self.env["logistics.lifecycle.sources"]
        clients = None
        if client_ids is not None:
            clients = SQL("SELECT UNNEST(%s::int[])", list(client_ids))
        else:
            self.env.cr.execute(measures_sql.lower_bound())
            self.seen_until = self.env.cr.fetchone()[0]
            if not self.is_full:
                clients = self._collect_changed(sources, today)
        rates = sources._get_rates(today)
        self.env.cr.execute(
            measures_sql.write_measures(
                clients,
                measures_sql.event_counts(
                    clients, today, sources._get_order_amount(), rates
                ),
                sources._get_shipments(clients, today),
                sources._get_contribution(clients, today),
                sources._get_cases(clients, today),
            )
        )
        self.env.cr.execute(measures_sql.write_overdue(today, rates, client_ids))
        self.env["logistics.client.measure"].invalidate_model()

    def _collect_changed(self, sources, today):
        """Return a SELECT of the clients that have changed since the last run."""
        last = self._get_last()
        # a margin for what was committed while the last run looked
        since = (last.seen_until or last.started_at) - relativedelta(hours=1)
        selects = sources._get_changed_clients(since, today, last.started_at.date())
        self.env.cr.execute(SQL(" UNION ").join(selects))
        ids = [client_id for (client_id,) in self.env.cr.fetchall()]
        return SQL("SELECT UNNEST(%s::int[])", ids)

    def _count_due(self):
        due = Domain("is_due", "=", True)
        due |= Domain("next_check", "<=", fields.Date.today())
        return self.env["logistics.client.measure"].search_count(
            Domain("id", ">", self.position) & (Domain(self.is_full) | due)
        )

    # deciding

    def _decide_batch(self, client_ids=None):
        """Decide on one batch of due clients; return how many it was."""
        self.ensure_one()
        today = fields.Date.today()
        size = BATCH_SIZE if client_ids is None else len(client_ids)
        self.env.flush_all()
        self.env.cr.execute(
            decisions_sql.take_due(today, size, client_ids, self.position, self.is_full)
        )
        rows = self.env.cr.fetchall()
        if not rows:
            return 0
        if client_ids is None:
            self.position = rows[-1][0]
        stages = self._get_stages()
        moves, decisions = self._decide(rows, stages, self._get_base(), today)
        self.env.cr.execute(decisions_sql.write_decisions(decisions, today))
        self._move(moves)
        self.checked_count += len(rows)
        self.moved_count += len(moves)
        self.env["logistics.client.measure"].invalidate_model()
        return len(rows)

    def _get_stages(self, rules=None):
        """Return the stages to ask, by the stage that a client is in."""
        if rules is None:
            rules = self.env["logistics.lifecycle.rule"].search(
                [("draft_id", "=", False)]
            )
        Stage = self.env["logistics.lifecycle.stage"]
        Scheme = self.env["logistics.lifecycle.scheme"]
        schemes = Scheme.with_context(active_test=False).search(
            [("stage_ids", "!=", False)]
        )
        by_stage = {}
        for scheme in schemes:
            prepared = Stage._prepare_stages(
                scheme.with_context(active_test=True), rules
            )
            for stage in scheme.stage_ids:
                by_stage[stage.id] = prepared
        default = Scheme._get_default_scheme()
        by_stage[None] = Stage._prepare_stages(default, rules)
        return by_stage

    def _get_base(self):
        self.env.cr.execute(measures_sql.base_figures())
        gap_sum, gaps, year, year_before, quarter, quarter_before = map(
            float, self.env.cr.fetchone()
        )
        return Base(base_gap(gap_sum, gaps), year, year_before, quarter, quarter_before)

    @api.model
    def _decide(self, rows, stages, base, today):
        """Return the moves, and what to keep of each client.

        :param rows: as ``take_due`` selects them
        """
        moves, decisions = [], []
        waits = {key: timed_conditions(asked) for key, asked in stages.items()}
        for row in rows:
            facts, standing = _read(row, today)
            scheme = standing.stage if stages.get(standing.stage) else None
            asked = stages[scheme]
            decision = decide(asked, facts, standing, today, base)
            if decision.moves:
                moves.append((row[1], row[2], decision.stage, _facts(decision.reasons)))
            decisions.append(
                (
                    row[0],
                    decision.candidate,
                    decision.candidate_runs,
                    next_check(waits[scheme], facts, decision, today, base),
                )
            )
        return moves, decisions

    @api.model
    def _find_moves(self, rows, stages, base, today):
        """Return what would move at once, without any night of confirmation."""
        at_once = {
            key: tuple(replace(stage, runs=1) for stage in asked)
            for key, asked in stages.items()
        }
        return self._decide(rows, at_once, base, today)[0]

    def _move(self, moves):
        """Write the moves with their history and tell whoever extends the hook."""
        if not moves:
            return
        now = fields.Datetime.now()
        self.env.cr.execute(
            decisions_sql.move_clients(moves, now, self.env.uid, self.id)
        )
        Partner = self.env["res.partner"]
        Partner.invalidate_model(["logistics_stage_id", "logistics_stage_history_ids"])
        self.env["logistics.lifecycle.history"].invalidate_model()
        for start in range(0, len(moves), HOOK_SIZE):
            part = moves[start : start + HOOK_SIZE]
            previous = {client: old or False for client, old, _new, _facts in part}
            Partner.browse(previous)._on_logistics_stage_changed(previous)


def _read(row, today):
    """Return facts and standing of one client as ``take_due`` selects it."""
    stage_id, candidate, runs, hold = row[2:6]
    facts = ClientFacts(
        *row[6:16], float(row[16] or 0), *row[17:19], float(row[19] or 0)
    )
    if candidate and row[20] == today:
        runs -= 1  # a second run of the same day confirms nothing
    return facts, Standing(stage_id, candidate, runs or 0, hold)


def _facts(reasons):
    return json.dumps(
        [
            {
                "measure": condition.measure.value,
                "operator": condition.operator.value,
                "threshold": condition.threshold,
                "value": round(value, 2),
            }
            for condition, value in reasons
        ]
    )
