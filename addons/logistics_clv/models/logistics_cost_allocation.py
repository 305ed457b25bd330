from odoo import fields, models

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
    # read over the pool of the run: keys less to check for each of many rows
    run_id = fields.Many2one(related="run_pool_id.run_id")
    state = fields.Selection(related="run_pool_id.run_id.state")
    pool_id = fields.Many2one(related="run_pool_id.pool_id")
    driver_id = fields.Many2one(related="run_pool_id.driver_id")
    kind = fields.Selection(KINDS, required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    period = fields.Date(required=True, readonly=True)
    # not unique with the pool: two clients that are merged keep both their parts
    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="restrict"
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

    def action_open_events(self):
        """Open what was counted for the client."""
        self.ensure_one()
        return self.driver_id._action_open_events(
            self.company_id, self.period, self.client_id
        )
