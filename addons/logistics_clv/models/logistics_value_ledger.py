import logging

from odoo import api, fields, models
from odoo.tools import SQL

from . import value_queue_sql as queue_sql
from . import value_stage_sql as stage_sql
from .account_move_value import VALUE_FIELDS
from .value_scope_sql import Batch

_logger = logging.getLogger(__name__)

BATCH_SIZE = 20_000
# A rebuild reads whole ranges of documents: the larger, the better the plan.
RANGE_SIZE = 500_000
# What PostgreSQL may use for one sort or hash of a range before it goes to disk.
RANGE_MEMORY = "128MB"
# Above this number of moves a refresh is left to the scheduled action.
MAX_MOVES_AT_ONCE = 20_000


class LogisticsValueLedger(models.Model):
    """How far the value ledger of one company has been brought up to date."""

    _name = "logistics.value.ledger"
    _description = "Client value: state of the ledger"
    _rec_name = "company_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    watermark = fields.Datetime(
        readonly=True,
        help="Changes before this moment are in the ledger or in the queue.",
    )
    next_watermark = fields.Datetime(
        readonly=True,
        help="Start of the oldest transaction that was open at the last refresh: the "
        "watermark of the next one, so that nothing written meanwhile is missed.",
    )
    next_watermark_read_at = fields.Datetime(readonly=True)
    scope = fields.Json(readonly=True)
    last_refresh = fields.Datetime(readonly=True)
    rebuild_next_id = fields.Integer(
        readonly=True,
        help="The rebuild goes on with the document of this id; 0 when none is left.",
    )
    rebuild_last_id = fields.Integer(readonly=True)

    queued_count = fields.Integer("Moves Waiting", compute="_compute_queued_count")

    _company_uniq = models.Constraint(
        "UNIQUE (company_id)", "A company has one value ledger."
    )

    def _compute_queued_count(self):
        counts = dict(
            self.env["logistics.value.queue"]
            .sudo()
            ._read_group(
                [("company_id", "in", self.company_id.ids)],
                ["company_id"],
                ["__count"],
            )
        )
        for ledger in self:
            waiting = counts.get(ledger.company_id, 0)
            if ledger.rebuild_next_id:
                self.env.cr.execute(
                    queue_sql.next_range(
                        ledger.company_id.id,
                        ledger.rebuild_next_id,
                        ledger.rebuild_last_id,
                        None,
                    )
                )
                waiting += self.env.cr.fetchone()[1]
            ledger.queued_count = waiting

    @api.model
    def _for_companies(self, companies):
        """Return the ledgers of the companies, made where they are missing."""
        ledgers = self.sudo().search([("company_id", "in", companies.ids)])
        missing = companies - ledgers.company_id
        return ledgers | self.sudo().create(
            [{"company_id": company.id} for company in missing]
        )

    def _refresh(self, rebuild=False):
        """Bring the ledgers up to date; return the number of moves gone through."""
        self._collect(rebuild=rebuild)
        done = 0
        for ledger in self:
            while count := ledger._process_batch():
                done += count
        return done

    def _collect(self, rebuild=False):
        """Queue the moves that changed since the watermark and move it on.

        The queue and the watermark change in one transaction: when this is killed,
        neither has moved. The new lower bound becomes the watermark only in a
        transaction that started after it was read, as only such a snapshot is sure
        to see everything written before it.
        """
        self.env.flush_all()
        for ledger in self:
            scope = ledger._get_scope()
            watermark = ledger._get_watermark()
            if rebuild or not watermark:
                ledger._begin_rebuild()
            else:
                ledger._queue_changes(watermark, scope)
            ledger._set_watermark(watermark)
            ledger.scope = scope
        self.env["logistics.value.queue"].invalidate_model()
        self.invalidate_recordset(["queued_count"])

    def _begin_rebuild(self):
        """Go through every document there is, range by range, from now on."""
        self.env.cr.execute("SELECT COALESCE(MAX(id), 0) FROM account_move")
        [self.rebuild_last_id] = self.env.cr.fetchone()
        self.rebuild_next_id = 1

    def _queue_changes(self, watermark, scope):
        """Queue what was written since the watermark, and what follows it."""
        has_purchases = self.company_id._get_value_scope().has_purchases
        selects = [
            queue_sql.changed_moves(watermark),
            queue_sql.changed_lines(watermark),
            queue_sql.changed_orders(watermark),
            queue_sql.changed_rates(watermark),
        ]
        if has_purchases:
            selects.append(queue_sql.changed_purchases(watermark))
        changes = self._get_scope_changes(scope)
        if any(changes.values()):
            selects.append(queue_sql.moves_of_scope(**changes))
        changed = SQL(" UNION ").join(
            SQL("SELECT id FROM (%s) AS one_kind", select) for select in selects
        )
        self._queue_with_related(changed, has_purchases, self.company_id.id)

    @api.model
    def _queue(self, moves):
        """Queue the selected moves of all companies for the next refresh."""
        self.env.flush_all()
        has_purchases = self.env.company._get_value_scope().has_purchases
        self._queue_with_related(moves, has_purchases)
        self.env["logistics.value.queue"].invalidate_model()

    @api.model
    def _queue_with_related(self, moves, has_purchases, company_id=None):
        """Queue the selected moves and what follows them.

        They are counted first: what follows a few is found by index, however long
        the history is.
        """
        cr = self.env.cr
        cr.execute(stage_sql.stage("changed", moves))
        changed = SQL("SELECT id FROM %s", stage_sql.staged("changed"))
        related = queue_sql.with_related(changed, has_purchases)
        cr.execute(queue_sql.queue_moves(related, company_id))
        cr.execute(stage_sql.drop(["changed"]))

    def _process_batch(self, size=BATCH_SIZE, wait=False):
        """Refresh the entries of one batch of moves; return how many.

        :param wait: do not leave out what another worker has in hand
        """
        self.ensure_one()
        if self.rebuild_next_id:
            done = self._process_range()
        else:
            self.env.cr.execute(queue_sql.take_batch(self.company_id.id, size, wait))
            move_ids = [move_id for (move_id,) in self.env.cr.fetchall()]
            if move_ids:
                self._refresh_batch(Batch(self.company_id.id, tuple(sorted(move_ids))))
            else:
                self.last_refresh = fields.Datetime.now()
                self.env["logistics.client.day"]._refresh(self.company_id)
            done = len(move_ids)
        self.invalidate_recordset(["queued_count"])
        return done

    def _process_range(self, size=RANGE_SIZE):
        """Go on with the rebuild by one range of documents; return how many.

        How far it is changes with the entries: killed, it goes on from here. A second
        worker fails to serialize on the same row, and tries again after the first.
        """
        company = self.company_id.id
        first, last = self.rebuild_next_id, self.rebuild_last_id
        self.env.cr.execute(queue_sql.next_range(company, first, last, size))
        upto, count = self.env.cr.fetchone()
        is_last = count < size
        self.rebuild_next_id = 0 if is_last else upto + 1
        self.flush_recordset()
        if count or is_last:
            self.env.cr.execute("SET LOCAL work_mem = %s", [RANGE_MEMORY])
            bound = last if is_last else upto
            self._refresh_batch(Batch(company, first_id=first, last_id=bound))
            self.env.cr.execute("SET LOCAL work_mem TO DEFAULT")
        return count

    def _refresh_batch(self, batch):
        self.env.flush_all()
        company = self.env["res.company"].browse(batch.company_id)
        self.env["logistics.value.entry"]._equal_the_books(
            batch, company._get_value_scope(), company._get_value_lock_dates()
        )
        self.env["account.move"].invalidate_model(VALUE_FIELDS)

    @api.model
    def _refresh_moves(self, move_ids):
        """Make the entries of the moves, and of what follows them, equal to the books.

        In a settled order: two workers never wait for each other's rows crosswise.
        """
        if not move_ids:
            return
        self.env.flush_all()
        has_purchases = self.env.company._get_value_scope().has_purchases
        given = queue_sql.given_moves(move_ids)
        related = queue_sql.with_related(given, has_purchases)
        for company_id, ids in self.env.execute_query(queue_sql.by_company(related)):
            self._refresh_batch(Batch(company_id, tuple(ids)))

    def _get_watermark(self):
        """Return the moment from which changes are to be looked for."""
        self.env.cr.execute(
            SQL(
                """
                SELECT CASE
                       WHEN next_watermark_read_at <= now() AT TIME ZONE 'UTC'
                       THEN next_watermark ELSE watermark END
                  FROM logistics_value_ledger
                 WHERE id = %s
                """,
                self.id,
            )
        )
        return self.env.cr.fetchone()[0]

    def _set_watermark(self, watermark):
        """Store the watermark with the microseconds that the ORM would cut off."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE logistics_value_ledger
                   SET watermark = %s,
                       (next_watermark, next_watermark_read_at) = (%s)
                 WHERE id = %s
                """,
                watermark,
                queue_sql.lower_bound(),
                self.id,
            )
        )
        self.invalidate_recordset(
            ["watermark", "next_watermark", "next_watermark_read_at"]
        )

    def _get_scope(self):
        """Return what decides which lines count: accounts, products and journals."""
        self.env.cr.execute(
            SQL(
                """
                SELECT (SELECT JSONB_OBJECT_AGG(id, ARRAY[
                                   logistics_service_id,
                                   logistics_is_disbursement::int
                               ])
                          FROM product_template
                         WHERE logistics_service_id IS NOT NULL
                            OR logistics_is_disbursement),
                       (SELECT ARRAY_AGG(rel.journal_id ORDER BY rel.journal_id)
                          FROM (SELECT * FROM logistics_value_excluded_journal_rel
                                 UNION ALL
                                SELECT * FROM logistics_value_manual_journal_rel
                               ) AS rel(company_id, journal_id)
                          JOIN account_journal AS journal
                            ON journal.id = rel.journal_id
                           AND journal.company_id = rel.company_id
                         WHERE rel.company_id = ANY(%(companies)s))
                """,
                companies=self.company_id.parent_ids.ids,
            )
        )
        services, journals = self.env.cr.fetchone()
        accounts = self.company_id._get_value_accounts()[self.company_id.id]
        return {
            "accounts": {str(account): kind for account, kind in accounts.items()},
            "services": services or {},
            "journals": journals or [],
        }

    def _get_scope_changes(self, scope):
        """Return the accounts, products and journals that changed their role."""
        old = self.scope or {"accounts": {}, "services": {}, "journals": []}

        def changed(name):
            was, now = old[name], scope[name]
            keys = was.keys() | now.keys()
            return sorted(int(key) for key in keys if was.get(key) != now.get(key))

        return {
            "accounts": changed("accounts"),
            "templates": changed("services"),
            "journals": sorted({*old["journals"]} ^ {*scope["journals"]}),
        }

    @api.model
    def _refresh_or_schedule(self, companies, rebuild=False):
        """Refresh now when it is little, else let the scheduled action do it."""
        ledgers = self._for_companies(companies)
        ledgers._collect(rebuild=rebuild)
        if sum(ledgers.mapped("queued_count")) > MAX_MOVES_AT_ONCE:
            self.env.ref("logistics_clv.ir_cron_value_ledger")._trigger()
            return False
        for ledger in ledgers:
            while ledger._process_batch():
                pass
        return True

    @api.model
    def _cron_refresh(self):
        """Bring the ledgers of all companies up to date, batch by batch."""
        cron = self.env["ir.cron"]
        ledgers = self._for_companies(
            self.env["res.company"].sudo().search([("active", "=", True)])
        )
        ledgers._collect()
        remaining = sum(ledgers.mapped("queued_count"))
        if not cron._commit_progress(remaining=remaining):
            return
        for ledger in ledgers:
            while count := ledger._process_batch():
                if not cron._commit_progress(count):
                    return
        cron._commit_progress(remaining=0)
