from odoo import fields, models
from odoo.tools import SQL

from .cost_choices import KINDS


class LogisticsCostAllocation(models.Model):
    """What one client bears of one pool in one run.

    Written by SQL only (cost_allocation_sql.py) and never changed afterwards: a run is
    computed again, or reversed.
    """

    _name = "logistics.cost.allocation"
    _description = "Cost-to-serve: allocation"
    _log_access = False  # the run tells who and when
    _order = "period desc, amount desc, id"
    _rec_name = "client_id"
    _check_company_auto = True

    run_pool_id = fields.Many2one(
        "logistics.cost.run.pool",
        "Pool of the Run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    run_id = fields.Many2one(
        "logistics.cost.run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    is_counted = fields.Boolean(
        "Confirmed", readonly=True, help="The run is confirmed and not reversed."
    )
    pool_id = fields.Many2one(
        "logistics.cost.pool", required=True, readonly=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    period = fields.Date(required=True, readonly=True)
    # not unique with the pool: two clients that are merged keep both their parts
    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="restrict"
    )
    driver_id = fields.Many2one(
        "logistics.cost.driver", required=True, readonly=True, ondelete="restrict"
    )
    quantity = fields.Float(
        "Count", digits=(16, 4), readonly=True, help="Count of the driver in the month."
    )
    minutes = fields.Float(
        digits=(16, 2), readonly=True, help="Minutes used, of a time-driven pool."
    )
    amount = fields.Monetary(readonly=True)
    acquisition_amount = fields.Monetary(
        "Acquisition Cost",
        readonly=True,
        help="Part of the amount: effort before the client's first order day.",
    )

    # Covers what reports and client values read: an index-only scan per company.
    _facts_idx = models.Index(
        "(company_id, client_id, period) INCLUDE (kind, amount, acquisition_amount) "
        "WHERE is_counted"
    )
    _client_idx = models.Index("(client_id, period)")

    def action_open_events(self):
        """Open what was counted for the client."""
        self.ensure_one()
        return self.driver_id._action_open_events(
            self.company_id, self.period, self.client_id
        )

    def _prepare_flag_sql(self, run):
        """Return the statement that marks the run's allocations as counted or not.

        Target: logistics_cost_allocation. Index: logistics_cost_allocation_run_id.
        """
        return SQL(
            """
            UPDATE logistics_cost_allocation
               SET is_counted = %(counted)s
             WHERE run_id = %(run_id)s
               AND is_counted IS DISTINCT FROM %(counted)s
            """,
            counted=run.state == "confirmed",
            run_id=run.id,
        )
