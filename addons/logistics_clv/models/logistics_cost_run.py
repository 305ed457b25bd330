from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class LogisticsCostRun(models.Model):
    """The allocation of one month: dated, repeatable, reversible."""

    _name = "logistics.cost.run"
    _description = "Cost-to-serve: run"
    _inherit = [
        "mail.thread",
        "logistics.value.result",
        "logistics.cost.computation",
        "logistics.cost.reversal",
    ]
    _order = "month desc, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of the month; kept as its first day.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("computed", "Computed"),
            ("confirmed", "Confirmed"),
            ("reversed", "Reversed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        help="Only confirmed runs count in net contribution and client values.",
    )
    is_queued = fields.Boolean("Waiting", readonly=True, copy=False)
    progress = fields.Float(readonly=True, copy=False, aggregator=False)
    user_id = fields.Many2one(
        "res.users",
        "Responsible",
        default=lambda self: self._default_user_id(),
        copy=False,
    )
    computed_at = fields.Datetime(readonly=True, copy=False)
    confirmed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    confirmed_at = fields.Datetime(readonly=True, copy=False)

    pool_line_ids = fields.One2many("logistics.cost.run.pool", "run_id", readonly=True)
    account_line_ids = fields.One2many(
        "logistics.cost.run.account", "run_id", readonly=True
    )
    amount = fields.Monetary(
        "From the Books",
        readonly=True,
        copy=False,
        help="What the pools hold, as the accounts stood when the run was computed.",
    )
    imputed = fields.Monetary(
        "Not in the Books",
        readonly=True,
        copy=False,
        help="Interest on late money: allocated, but on no account.",
    )
    allocated = fields.Monetary(readonly=True, copy=False)
    unused = fields.Monetary(
        "Unused Capacity",
        readonly=True,
        copy=False,
        help="Cost of minutes that no client used; below zero: more minutes than "
        "there is capacity.",
    )
    unallocated = fields.Monetary(
        "Not Allocated",
        readonly=True,
        copy=False,
        help="What prices or counts did not absorb; below zero: more was allocated "
        "than booked.",
    )
    rounding_remainder = fields.Monetary(
        readonly=True,
        copy=False,
        help="Cents that rounding each client by itself would have added or lost; they "
        "went to the clients with the largest remainders.",
    )
    acquisition_amount = fields.Monetary(
        "Acquisition Cost",
        readonly=True,
        copy=False,
        help="Part of the allocation: sales and marketing before the first order day.",
    )
    client_count = fields.Integer("Clients", readonly=True, copy=False)
    books_changed = fields.Monetary(
        compute="_compute_books_changed",
        help="Booked on the pools' accounts of this month since the run was computed.",
    )

    _one_per_month = models.UniqueIndex(
        "(company_id, month) WHERE state <> 'reversed'",
        "There is a run of this month already: open it, or reverse it first.",
    )
    _month_is_first_day = models.Constraint(
        "CHECK (EXTRACT(DAY FROM month) = 1)", "A cost run is of a whole month."
    )

    def _default_company_id(self):
        return self.env.company

    def _default_user_id(self):
        return self.env.user

    def _default_month(self):
        today = fields.Date.context_today(self)
        return today.replace(day=1) - relativedelta(months=1)

    @api.depends("company_id", "month")
    def _compute_name(self):
        for run in self:
            month = f"{run.month:%Y-%m}" if run.month else ""
            run.name = f"{month}, {run.company_id.name or ''}"

    @api.depends("state", "amount")
    def _compute_books_changed(self):
        """Compare with the books of today; two queries per run, so only on forms."""
        for run in self:
            changed = 0
            if run.state in ("computed", "confirmed"):
                changed = sum(run._get_pool_amounts().values()) - run.amount
            run.books_changed = run.currency_id.round(changed)

    @api.constrains("company_id", "month")
    def _check_month(self):
        today = fields.Date.context_today(self)
        for run in self:
            if run.state in ("confirmed", "reversed"):
                raise ValidationError(
                    self.env._("%(run)s is confirmed: reverse it.", run=run.name)
                )
            if run.month > today:
                raise ValidationError(
                    self.env._("%(run)s has not begun yet.", run=run.name)
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._first_day(vals) for vals in vals_list])

    def write(self, vals):
        changed = vals.keys() & {"company_id", "month"}
        if changed and any(run.state == "computed" for run in self):
            raise UserError(
                self.env._("The run is computed: set it back to draft to change it.")
            )
        return super().write(self._first_day(vals))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        if any(run.state in ("confirmed", "reversed") for run in self):
            raise UserError(
                self.env._(
                    "Confirmed and reversed runs stay: they are the trail of what "
                    "clients were charged with."
                )
            )

    def action_compute(self):
        """Count the drivers and allocate the pools; again gives the same result."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("draft", "computed")
        run = self._own()
        if run._is_small():
            run._compute_allocations()
        else:
            run.write({"is_queued": True, "progress": 0})
            self.env.ref("logistics_clv.ir_cron_cost_run")._trigger()
        return True

    def action_confirm(self):
        """Let the allocation count in net contribution and client values."""
        self.check_access("write")
        self._check_state("computed")
        for run in self:
            if not run.currency_id.is_zero(run.books_changed):
                raise UserError(
                    self.env._(
                        "The books changed since %(run)s was computed: compute it "
                        "again.",
                        run=run.name,
                    )
                )
        self._own().write(
            {
                "state": "confirmed",
                "confirmed_by_id": self.env.uid,
                "confirmed_at": fields.Datetime.now(),
            }
        )

    def action_draft(self):
        """Take a computation back that was not confirmed."""
        self.check_access("write")
        self._check_state("computed", "draft")
        run = self._own()
        run.pool_line_ids.unlink()
        run.account_line_ids.unlink()
        run.write({"state": "draft", "is_queued": False, "progress": 0})

    def action_open_allocations(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "logistics_clv.logistics_cost_allocation_action"
        )
        return action | {"domain": [("run_id", "=", self.id)], "context": {}}

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for run in self:
            if run.state not in states:
                raise UserError(
                    self.env._(
                        "%(run)s is %(state)s: this is not possible any more.",
                        run=run.name,
                        state=labels[run.state].lower(),
                    )
                )

    def _own(self):
        """Return the runs as their own actions write them: results are not entered.

        Safe: each caller has checked the right to write, and writes what it computed.
        """
        return self.sudo()

    @api.model
    def _first_day(self, vals):
        if not vals.get("month"):
            return vals
        return vals | {"month": fields.Date.to_date(vals["month"]).replace(day=1)}
