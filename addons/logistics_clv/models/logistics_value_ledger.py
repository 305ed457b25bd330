import logging

from odoo import api, fields, models
from odoo.tools import SQL

from . import value_ledger_sql as ledger_sql
from . import value_queue_sql as queue_sql

_logger = logging.getLogger(__name__)

BATCH_SIZE = 50_000
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
            ledger.queued_count = counts.get(ledger.company_id, 0)

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
            company = ledger.company_id
            scope = ledger._get_scope()
            watermark = ledger._get_watermark()
            if rebuild or not watermark:
                selects = [queue_sql.all_moves(company.id)]
            else:
                selects = [
                    queue_sql.changed_moves(watermark),
                    queue_sql.changed_lines(watermark),
                    queue_sql.changed_orders(watermark),
                ]
                changes = ledger._get_scope_changes(scope)
                if any(changes.values()):
                    selects.append(queue_sql.moves_of_scope(**changes))
            for select in selects:
                self.env.cr.execute(queue_sql.queue_moves(select, company.id))
            ledger._set_watermark(watermark)
            ledger.scope = scope
        self.env["logistics.value.queue"].invalidate_model()
        self.invalidate_recordset(["queued_count"])

    @api.model
    def _queue(self, moves):
        """Queue the selected moves of all companies for the next refresh."""
        self.env["account.move"].flush_model()
        self.env["sale.order"].flush_model(["partner_id"])
        self.env.cr.execute(queue_sql.queue_moves(moves))
        self.env["logistics.value.queue"].invalidate_model()

    def _process_batch(self, size=BATCH_SIZE, wait=False):
        """Refresh the entries of one batch of queued moves; return how many.

        :param wait: do not leave out what another worker has in hand
        """
        self.ensure_one()
        self.env.cr.execute(queue_sql.take_batch(self.company_id.id, size, wait))
        move_ids = [move_id for (move_id,) in self.env.cr.fetchall()]
        if move_ids:
            self._refresh_moves(move_ids)
        else:
            self.last_refresh = fields.Datetime.now()
        self.invalidate_recordset(["queued_count"])
        return len(move_ids)

    @api.model
    def _refresh_moves(self, move_ids):
        """Make the ledger entries of the moves equal to the books."""
        self.env.flush_all()
        # A settled order: two workers never wait for each other's rows crosswise.
        self.env.cr.execute(ledger_sql.refresh_entries(sorted(move_ids)))
        self.env["logistics.value.entry"].invalidate_model()
        self.env["account.move"].invalidate_model(
            [
                "logistics_contribution",
                "logistics_value_status",
                "logistics_value_entry_count",
            ]
        )

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
                SELECT (SELECT ARRAY_AGG(id ORDER BY id)
                          FROM account_account WHERE account_type IN %(types)s),
                       (SELECT JSONB_OBJECT_AGG(id, logistics_service_id)
                          FROM product_template
                         WHERE logistics_service_id IS NOT NULL),
                       (SELECT ARRAY_AGG(rel.journal_id ORDER BY rel.journal_id)
                          FROM logistics_value_excluded_journal_rel AS rel
                          JOIN account_journal AS journal
                            ON journal.id = rel.journal_id
                           AND journal.company_id = rel.company_id
                         WHERE rel.company_id = ANY(%(companies)s))
                """,
                types=ledger_sql.INCOME_TYPES,
                companies=self.company_id.parent_ids.ids,
            )
        )
        accounts, services, journals = self.env.cr.fetchone()
        return {
            "accounts": accounts or [],
            "services": services or {},
            "journals": journals or [],
        }

    def _get_scope_changes(self, scope):
        """Return the accounts, products and journals that changed their role."""
        old = self.scope or {"accounts": [], "services": {}, "journals": []}
        services = {
            key
            for key in old["services"].keys() | scope["services"].keys()
            if old["services"].get(key) != scope["services"].get(key)
        }
        return {
            "accounts": sorted({*old["accounts"]} ^ {*scope["accounts"]}),
            "templates": sorted(int(key) for key in services),
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
