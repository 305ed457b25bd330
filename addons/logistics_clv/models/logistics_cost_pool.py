from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..valuation import cost_allocation
from .cost_choices import KINDS, METHODS


class LogisticsCostPool(models.Model):
    """Cost that serves clients: where it stands in the books, how it is allocated."""

    _name = "logistics.cost.pool"
    _description = "Cost-to-serve: pool"
    _inherit = ["mail.thread", "logistics.cost.books"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        KINDS,
        default="service",
        required=True,
        tracking=True,
        help="Where the pool stands between contribution and net contribution. Sales "
        "and marketing effort before the first order of a client is acquisition cost.",
    )
    date_from = fields.Date("From", help="First day of the first month that counts.")
    date_to = fields.Date("Until", help="Last day of the last month that counts.")

    account_ids = fields.Many2many(
        "account.account",
        string="Accounts",
        check_company=True,
        help="The pool takes what is booked on these accounts in the month.",
    )
    account_tag_ids = fields.Many2many(
        "account.account.tag",
        string="Account Tags",
        domain="[('applicability', '=', 'accounts')]",
        help="Accounts with one of these tags count too, also later ones.",
    )
    analytic_account_ids = fields.Many2many(
        "account.analytic.account",
        string="Analytic Accounts",
        check_company=True,
        help="Only the part distributed to these; without accounts, of every expense "
        "account.",
    )
    item_domain = fields.Char(
        "Journal Items",
        default="[]",
        help="Takes only the journal items that meet these conditions.",
    )
    sign = fields.Selection(
        [("1", "Debit is cost"), ("-1", "Credit is cost")],
        default="1",
        required=True,
        help="Credit is cost: for accounts that hold the cost with the other sign.",
    )

    method = fields.Selection(METHODS, default="share", required=True, tracking=True)
    driver_id = fields.Many2one(
        "logistics.cost.driver",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        help="What is counted per client.",
    )
    unit_cost = fields.Float(
        "Price per Count",
        digits=(16, 6),
        tracking=True,
        help="In company currency. What the counts do not absorb stays unallocated.",
    )
    yearly_rate = fields.Float(
        "Interest Rate (% a year)",
        digits=(16, 4),
        default=8.0,
        tracking=True,
        help="Overdue amount x days / 365 x this rate.",
    )
    minutes_per_event = fields.Float("Minutes per Count", digits=(16, 4), tracking=True)
    term_ids = fields.One2many(
        "logistics.cost.pool.term",
        "pool_id",
        "Time Equation",
        copy=True,
        help="More minutes by counts of other drivers: 25 per order, 15 more for each "
        "customs entry.",
    )
    people = fields.Float(digits=(16, 2), default=1, tracking=True)
    hours = fields.Float(
        "Hours per Person", digits=(16, 2), default=160, help="Paid, in a month."
    )
    practical_percent = fields.Float(
        "Practical Capacity (%)",
        digits=(16, 2),
        default=80,
        tracking=True,
        help="Share of the paid time that serves clients: 80 to 85 % as a rule, the "
        "rest goes to breaks, training and meetings.",
    )
    capacity_minutes = fields.Float(
        "Capacity (minutes)",
        digits=(16, 2),
        compute="_compute_capacity_minutes",
        help="People x hours x 60 x practical capacity, in a month.",
    )
    team_cost = fields.Monetary(
        "Cost of the Team",
        tracking=True,
        help="A month's cost of the capacity; 0 takes what the books hold.",
    )
    minute_cost = fields.Float(
        "Cost of a Minute", digits=(16, 4), compute="_compute_balance"
    )
    month_balance = fields.Monetary(
        "Booked This Month",
        compute="_compute_balance",
        help="What the pool takes from the books of the current month so far.",
    )
    last_month_balance = fields.Monetary(
        "Booked Last Month", compute="_compute_balance"
    )

    _check_dates = models.Constraint(
        "CHECK (date_from IS NULL OR date_to IS NULL OR date_from <= date_to)",
        "A cost pool ends after it starts.",
    )
    _check_numbers = models.Constraint(
        "CHECK (COALESCE(unit_cost, 0) >= 0 AND COALESCE(minutes_per_event, 0) >= 0 "
        "AND COALESCE(people, 0) >= 0 AND COALESCE(hours, 0) >= 0 "
        "AND COALESCE(team_cost, 0) >= 0 AND COALESCE(yearly_rate, 0) >= 0 "
        "AND COALESCE(practical_percent, 0) BETWEEN 0 AND 100)",
        "Prices, minutes, people, hours and rates of a cost pool are not negative, and "
        "practical capacity is at most 100 %.",
    )

    def _default_company_id(self):
        return self.env.company

    @api.depends("people", "hours", "practical_percent")
    def _compute_capacity_minutes(self):
        for pool in self:
            pool.capacity_minutes = cost_allocation.practical_capacity(
                pool.people, pool.hours, pool.practical_percent
            )

    @api.depends("account_ids", "account_tag_ids", "analytic_account_ids")
    @api.depends("item_domain", "sign", "method", "team_cost", "capacity_minutes")
    def _compute_balance(self):
        today = fields.Date.context_today(self)
        months = (today, fields.Date.subtract(today.replace(day=1), days=1))
        stored = self._origin.filtered("id")
        booked = [stored._get_month_amounts(month) for month in months]
        for pool in self:
            pool.month_balance, pool.last_month_balance = (
                amounts.get(pool._origin.id, 0) for amounts in booked
            )
            cost = pool.team_cost or pool.last_month_balance
            minutes = pool.method == "time" and pool.capacity_minutes
            pool.minute_cost = cost / minutes if minutes else 0

    @api.constrains(
        "method", "driver_id", "minutes_per_event", "term_ids", "people", "hours"
    )
    @api.constrains("practical_percent", "unit_cost")
    def _check_method(self):
        for pool in self:
            if pool.method == "time" and not (
                pool.capacity_minutes and (pool.minutes_per_event or pool.term_ids)
            ):
                raise ValidationError(
                    self.env._(
                        "%(pool)s is time-driven: enter the minutes per count, and "
                        "people, hours and practical capacity of the team.",
                        pool=pool.name,
                    )
                )
            if pool.method == "rate" and not pool.unit_cost:
                raise ValidationError(
                    self.env._("Enter the price per count of %(pool)s.", pool=pool.name)
                )
            if pool.driver_id in pool.term_ids.driver_id:
                raise ValidationError(
                    self.env._(
                        "%(driver)s is the driver of %(pool)s: it cannot stand in "
                        "its time equation too.",
                        driver=pool.driver_id.name,
                        pool=pool.name,
                    )
                )

    @api.constrains("method", "account_ids", "account_tag_ids", "analytic_account_ids")
    def _check_books(self):
        for pool in self:
            booked = bool(pool._get_accounts() or pool.analytic_account_ids)
            tagged = bool(pool.account_tag_ids)
            if pool.method == "interest" and (booked or tagged):
                raise ValidationError(
                    self.env._(
                        "Interest on late money is not in the books: take the "
                        "accounts out of %(pool)s.",
                        pool=pool.name,
                    )
                )
            if pool.method != "interest" and not (booked or tagged):
                raise ValidationError(
                    self.env._(
                        "Choose the accounts or analytic accounts of %(pool)s.",
                        pool=pool.name,
                    )
                )

    def action_open_items(self):
        """Open the journal items of the current and the last month."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        start = fields.Date.subtract(today.replace(day=1), months=1)
        return self._action_open_items(start, fields.Date.end_of(today, "month"))

    def _get_active_domain(self, company, month):
        """Return the pools of a company that count in a month."""
        start, end = month.replace(day=1), fields.Date.end_of(month, "month")
        return (
            Domain("company_id", "=", company.id)
            & (Domain("date_from", "=", False) | Domain("date_from", "<=", end))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", start))
        )

    def _prepare_run_pool_vals(self, run, amount):
        """Return what a run keeps of the pool: later changes do not touch it."""
        self.ensure_one()
        return {
            "run_id": run.id,
            "pool_id": self.id,
            "kind": self.kind,
            "method": self.method,
            "driver_id": self.driver_id.id,
            "unit_cost": self.unit_cost,
            "yearly_rate": self.yearly_rate,
            "minutes_per_event": self.minutes_per_event,
            "terms": [[term.driver_id.id, term.minutes] for term in self.term_ids],
            "capacity_minutes": self.capacity_minutes if self.method == "time" else 0,
            "team_cost": (self.team_cost or amount) if self.method == "time" else 0,
            "amount": amount,
        }
