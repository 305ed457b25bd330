import logging

from odoo import api, fields, models
from odoo.tools import SQL

from . import cost_allocation_sql as allocation_sql
from . import cost_pool_sql as pool_sql

_logger = logging.getLogger(__name__)

# Above this number of clients a run is left to the scheduled action.
MAX_CLIENTS_AT_ONCE = 20_000


class LogisticsCostComputation(models.AbstractModel):
    """Compute a cost run: read the books, then allocate pool by pool."""

    _name = "logistics.cost.computation"
    _description = "Cost-to-serve: computation of a run"

    @api.model
    def _cron_prepare(self):
        """Prepare the run of last month for each company, and compute what waits.

        It is computed and not confirmed: that is for people to do. A job that is
        stopped goes on with the pools that are not allocated yet.
        """
        cron = self.env["ir.cron"]
        self._create_missing_runs()
        waiting = self.search([("is_queued", "=", True)], order="id")
        cron._commit_progress(remaining=len(waiting))
        for run in waiting:
            if not run.try_lock_for_update():
                continue
            for progress in run._iter_steps(resume=True):
                run.progress = progress
                if not cron._commit_progress():
                    return
            cron._commit_progress(1)

    @api.model
    def _create_missing_runs(self):
        """Queue a run of last month where a company has pools and none is there."""
        today = fields.Date.context_today(self)
        month = fields.Date.subtract(today.replace(day=1), months=1)
        pools = self.env["logistics.cost.pool"]
        for company in self.env["res.company"].search(
            [("logistics_cost_run_day", ">", 0)]
        ):
            if today.day < company.logistics_cost_run_day:
                continue
            if not pools.search_count(
                pools._get_active_domain(company, month), limit=1
            ):
                continue
            # a reversed run was taken back by a person: leave the next one to them
            known = [("company_id", "=", company.id), ("month", "=", month)]
            if not self.search_count(known, limit=1):
                self.create(
                    {
                        "company_id": company.id,
                        "month": month,
                        "user_id": False,
                        "is_queued": True,
                    }
                )

    def _is_small(self):
        clients = self.env["logistics.client.value"].sudo()  # only counted
        known = clients.search_count(
            [("company_id", "=", self.company_id.id)], limit=MAX_CLIENTS_AT_ONCE + 1
        )
        return known <= MAX_CLIENTS_AT_ONCE

    def _compute_allocations(self):
        """Compute the whole run in one go."""
        for progress in self._iter_steps():
            self.progress = progress

    def _iter_steps(self, resume=False):
        """Work through the run; after each step it may be committed, or stopped.

        :param resume: keep what an earlier attempt has allocated
        """
        self.ensure_one()
        if not (resume and self.pool_line_ids):
            self._read_books()
            yield 5
        self.env.cr.execute(allocation_sql.DROP_TABLES)
        self.env.cr.execute(allocation_sql.CREATE_TABLES)
        self.env.flush_all()
        self.env.cr.execute(allocation_sql.fill_first_orders(self.company_id.id))
        scope = self.env["logistics.cost.driver"]._get_scope(
            self.company_id, self.month
        )
        counted = set()
        lines = self.pool_line_ids
        for line in lines.filtered(lambda line: not line.is_done):
            self._count_drivers(line._get_drivers(), scope, counted)
            line._allocate()
            yield 5 + 90 * len(lines.filtered("is_done")) / len(lines)
        self.env.cr.execute(allocation_sql.DROP_TABLES)
        self._finish()

    def _read_books(self):
        """Keep what the pools are, what they hold, and how that reconciles."""
        self.pool_line_ids.unlink()
        self.account_line_ids.unlink()
        pools = self._get_pools()
        pools._check_items_once(self.company_id, self.month)
        taken = pools._get_account_amounts(self.company_id, self.month)
        signs = {pool.id: int(pool.sign) for pool in pools}
        amounts = dict.fromkeys(pools.ids, 0.0)
        for pool_id, __, balance in taken:
            amounts[pool_id] += signs[pool_id] * balance
        self.env["logistics.cost.run.pool"].create(
            [pool._prepare_run_pool_vals(self, amounts[pool.id]) for pool in pools]
        )
        self.env["logistics.cost.run.account"].create(
            self._prepare_account_vals_list(taken, signs)
        )
        self.state = "draft"

    def _prepare_account_vals_list(self, taken, signs):
        """Return one line per account and pool, and what is in no pool."""
        scope = self.env["logistics.cost.driver"]._get_scope(
            self.company_id, self.month
        )
        accounts = {account_id for __, account_id, __balance in taken}
        self.env.cr.execute(pool_sql.account_balances(scope, accounts))
        rest = dict(self.env.cr.fetchall())
        vals_list = []
        for pool_id, account_id, balance in taken:
            rest[account_id] = rest.get(account_id, 0) - balance
            vals_list.append(
                {
                    "run_id": self.id,
                    "account_id": account_id,
                    "pool_id": pool_id,
                    "category": "pooled",
                    "balance": balance,
                    "pool_amount": signs[pool_id] * balance,
                }
            )
        return vals_list + [
            {
                "run_id": self.id,
                "account_id": account_id,
                "category": "rest" if account_id in accounts else "outside",
                "balance": balance,
            }
            for account_id, balance in rest.items()
            if not self.currency_id.is_zero(balance)
        ]

    def _count_drivers(self, drivers, scope, counted):
        """Count each driver once for all clients; formulas after what they count."""
        basic = drivers.filtered(lambda driver: driver.kind != "formula")
        formulas = drivers - basic
        basic |= formulas._get_formula_drivers()
        for driver in basic.filtered(lambda driver: driver.id not in counted):
            events = driver._get_events(scope)
            if events is not None:
                self.env.cr.execute(allocation_sql.count_driver(driver.id, events))
            counted.add(driver.id)
        self.env.cr.execute(allocation_sql.ANALYZE_COUNTS)
        ids = {driver.code: driver.id for driver in basic}
        for driver in formulas.filtered(lambda driver: driver.id not in counted):
            self.env.cr.execute(
                allocation_sql.count_formula(driver.id, driver.formula, ids)
            )
            counted.add(driver.id)

    def _finish(self):
        lines = self.pool_line_ids
        totals = {
            name: sum(lines.mapped(name))
            for name in (
                "allocated",
                "unused",
                "unallocated",
                "rounding_remainder",
                "acquisition_amount",
            )
        }
        booked = lines.filtered(lambda line: not line.is_imputed)
        self.env.cr.execute(
            SQL(
                """
                SELECT COUNT(DISTINCT client_id)
                  FROM logistics_cost_allocation WHERE run_pool_id = ANY(%s)
                """,
                lines.ids,
            )
        )
        [client_count] = self.env.cr.fetchone()
        self.write(
            totals
            | {
                "amount": sum(booked.mapped("amount")),
                "imputed": sum((lines - booked).mapped("amount")),
                "client_count": client_count,
                "state": "computed",
                "computed_at": fields.Datetime.now(),
                "is_queued": False,
                "progress": 100,
            }
        )

    def _get_pools(self):
        pools = self.env["logistics.cost.pool"]
        return pools.search(pools._get_active_domain(self.company_id, self.month))

    def _get_pool_amounts(self):
        """Return what the pools of the run take from the books today, by pool id."""
        self.ensure_one()
        # pools of the run itself: archived or not, all of them count
        pools = self.sudo().pool_line_ids.pool_id
        amounts = {}
        for pool_id, __, balance in pools._get_account_amounts(
            self.company_id, self.month
        ):
            sign = int(pools.browse(pool_id).sign)
            amounts[pool_id] = amounts.get(pool_id, 0) + sign * balance
        return amounts
