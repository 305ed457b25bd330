from odoo import api, fields, models
from odoo.tools import SQL

from . import cost_allocation_sql as allocation_sql
from .cost_choices import KINDS, METHODS


class LogisticsCostRunPool(models.Model):
    """What became of one pool in one run; keeps the pool's settings of that day."""

    _name = "logistics.cost.run.pool"
    _description = "Cost-to-serve: pool of a run"
    _order = "run_id desc, id"
    _rec_name = "pool_id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "logistics.cost.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(
        "res.currency", compute="_compute_currency_id", store=True
    )
    period = fields.Date(related="run_id.month", store=True)
    state = fields.Selection(related="run_id.state")
    pool_id = fields.Many2one(
        "logistics.cost.pool", required=True, index=True, ondelete="restrict"
    )
    kind = fields.Selection(KINDS, required=True)
    method = fields.Selection(METHODS, required=True)
    driver_id = fields.Many2one(
        "logistics.cost.driver", required=True, ondelete="restrict"
    )
    unit_cost = fields.Float("Price per Count", digits=(16, 6), aggregator=False)
    yearly_rate = fields.Float(
        "Interest Rate (% a year)", digits=(16, 4), aggregator=False
    )
    minutes_per_event = fields.Float(
        "Minutes per Count", digits=(16, 4), aggregator=False
    )
    terms = fields.Json("Time Equation")
    capacity_minutes = fields.Float("Capacity (minutes)", digits=(16, 2))
    team_cost = fields.Monetary("Cost of the Team")

    amount = fields.Monetary("From the Books")
    is_imputed = fields.Boolean(
        "Not in the Books", help="The amount is what was allocated, on no account."
    )
    allocated = fields.Monetary()
    unused = fields.Monetary("Unused Capacity")
    unallocated = fields.Monetary("Not Allocated")
    rounding_remainder = fields.Monetary("Rounding")
    acquisition_amount = fields.Monetary("Acquisition Cost")
    client_count = fields.Integer("Clients")
    quantity = fields.Float("Count", digits=(16, 2))
    minutes_used = fields.Float(digits=(16, 2))
    used_percent = fields.Float(
        "Capacity Used", compute="_compute_used_percent", aggregator=False
    )
    allocated_percent = fields.Float(compute="_compute_percents")
    unused_percent = fields.Float(compute="_compute_percents")
    unallocated_percent = fields.Float(compute="_compute_percents")
    is_done = fields.Boolean()

    @api.depends("company_id")
    def _compute_currency_id(self):
        for line in self:
            line.currency_id = line.company_id.currency_id

    @api.depends("minutes_used", "capacity_minutes")
    def _compute_used_percent(self):
        for line in self:
            capacity = line.capacity_minutes
            line.used_percent = line.minutes_used / capacity if capacity else 0

    @api.depends("allocated", "unused", "unallocated")
    def _compute_percents(self):
        """Return the widths of the bar: parts below zero take no room."""
        for line in self:
            parts = [max(line[name], 0) for name in PARTS]
            whole = sum(parts) or 1
            for name, part in zip(PARTS, parts, strict=True):
                line[f"{name}_percent"] = 100 * part / whole

    def action_open_items(self):
        """Open the journal items that the pool comes from."""
        self.ensure_one()
        month = self.run_id.month
        return self.pool_id._action_open_items(
            month, fields.Date.end_of(month, "month")
        )

    def action_open_events(self):
        """Open what was counted."""
        self.ensure_one()
        run = self.run_id
        return self.driver_id._action_open_events(run.company_id, run.month)

    def action_open_allocations(self):
        self.ensure_one()
        return self.run_id.action_open_allocations() | {
            "domain": [("run_pool_id", "=", self.id)]
        }

    def _get_drivers(self):
        """Return the driver of the pool and those of its time equation."""
        self.ensure_one()
        terms = [driver_id for driver_id, __ in self.terms or ()]
        return self.driver_id | self.driver_id.browse(terms)

    def _get_weights(self):
        """Return what a count of each driver weighs: minutes if time-driven, else 1."""
        self.ensure_one()
        if self.method != "time":
            return {self.driver_id.id: 1}
        weights = {self.driver_id.id: self.minutes_per_event}
        return weights | dict(self.terms or ())

    def _get_price(self):
        """Return price and target of the allocation as SQL, see cost_allocation_sql."""
        self.ensure_one()

        def number(name, digits):
            return SQL("%s::numeric", f"{self[name]:.{digits}f}")

        exact_total = SQL("exact_total")
        match self.method:
            case "rate":
                return SQL("weight * %s", number("unit_cost", 6)), exact_total
            case "interest":
                rate = number("yearly_rate", 4)
                return SQL("weight * %s / 36500", rate), exact_total
            case "time":
                cost, minutes = number("team_cost", 6), number("capacity_minutes", 2)
                return SQL("weight * %s / %s", cost, minutes), exact_total
        amount = number("amount", 6)
        return SQL("%s * weight / total", amount), amount

    def _allocate(self):
        """Write the allocations of this pool, and what is left of it."""
        self.ensure_one()
        self.flush_recordset()
        price, target = self._get_price()
        currency = self.run_id.company_id.currency_id
        self.env.cr.execute(
            allocation_sql.allocate(
                self.id,
                self._get_weights(),
                price,
                target,
                f"{currency.rounding:.6f}",
            )
        )
        clients, quantity, weight, allocated, remainder, acquisition = (
            self.env.cr.fetchone()
        )
        imputed = self.method == "interest"
        amount = allocated if imputed else self.amount
        unused = self.team_cost - allocated if self.method == "time" else 0
        self.write(
            {
                "amount": amount,
                "is_imputed": imputed,
                "allocated": allocated,
                "unused": unused,
                "unallocated": currency.round(amount - allocated - unused),
                "rounding_remainder": remainder,
                "acquisition_amount": acquisition,
                "client_count": clients,
                "quantity": quantity,
                "minutes_used": weight if self.method == "time" else 0,
                "is_done": True,
            }
        )
        self.env["logistics.cost.allocation"].invalidate_model()


PARTS = ("allocated", "unused", "unallocated")
