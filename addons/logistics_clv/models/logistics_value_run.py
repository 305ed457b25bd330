from odoo import api, fields, models
from odoo.exceptions import UserError

from .logistics_value_execution import REFRESHED
from .logistics_value_ledger import MAX_MOVES_AT_ONCE

# Above this number of clients a run is left to the scheduled action.
MAX_CLIENTS_AT_ONCE = 5_000
# Above this number the workbook is made in the background.
MAX_CLIENTS_IN_WORKBOOK = 20_000


class LogisticsValueRun(models.Model):
    """One valuation of all clients of a company, with what it was based on."""

    _name = "logistics.value.run"
    _description = "Client value: valuation run"
    _inherit = [
        "mail.thread",
        "logistics.value.result",
        "logistics.value.columns",
        "logistics.value.grading",  # before the execution that it extends
        "logistics.value.execution",
        "logistics.value.explanation",
        "logistics.value.export",
        "logistics.value.export.labels",
        "logistics.value.export.parts",
        "logistics.value.facts",
        "logistics.value.net",
        "logistics.value.potential",
        "logistics.value.prediction",
        "logistics.value.validation",
    ]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("queued", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        "Started by",
        default=lambda self: self._default_user_id(),
        readonly=True,
        copy=False,
    )
    as_of_date = fields.Date(
        "As of",
        required=True,
        default=lambda self: self._default_as_of_date(),
        help="Facts up to and including this day count; the future starts after it.",
    )
    horizon_months = fields.Integer(
        "Horizon (months)",
        compute="_compute_horizon_months",
        store=True,
        readonly=False,
        precompute=True,
    )
    discount_rate = fields.Float(
        "Discount Rate (% a year)",
        compute="_compute_discount_rate",
        store=True,
        readonly=False,
        precompute=True,
    )

    order_model = fields.Selection(
        [
            ("mbg_cnbd", "MBG/CNBD-k"),
            ("mbg_nbd", "MBG/NBD"),
            ("bg_nbd", "BG/NBD (reference)"),
        ],
        "Model of Orders",
        required=True,
        default="mbg_cnbd",
        help="How orders to come are predicted. MBG/CNBD-k knows how regularly clients "
        "order and serves best; the others are there to compare.",
    )
    money_model = fields.Selection(
        [
            ("credibility", "Credibility mean"),
            ("gamma_gamma", "Gamma-Gamma (reference)"),
        ],
        "Model of Contribution",
        required=True,
        default="credibility",
        help="How the contribution of an order day is predicted. The credibility mean "
        "weighs a client's own mean with that of all, and allows losses; Gamma-Gamma "
        "is used only where no client makes one.",
    )
    segment_by = fields.Selection(
        [
            ("none", "All clients together"),
            ("mode", "Transport mode of most order days"),
            ("category", "Tag of the client"),
        ],
        "Segments",
        required=True,
        compute="_compute_segment_by",
        store=True,
        readonly=False,
        precompute=True,
        help="Segments with 50 clients and more get parameters of their own; smaller "
        "ones share those of the company.",
    )
    check_holdout = fields.Boolean(
        "Check on the Last 12 Months",
        default=True,
        help="Predict the last twelve months from what was known before, compare with "
        "what happened, correct the total, and fall back to the run rate if it wins.",
    )
    use_contracts = fields.Boolean(
        "Contracts by Renewal",
        default=True,
        help="Clients with a contract renewal date to come are valued by the rest of "
        "their contract and the chance that they renew.",
    )
    break_from = fields.Date(
        "Leave out from",
        help="A war, a strike, a pandemic: order days of this time teach nothing about "
        "the future. They stay in the historical value.",
    )
    break_until = fields.Date("Leave out until")
    potential_months = fields.Integer(
        compute="_compute_potential_months",
        store=True,
        readonly=False,
        precompute=True,
        help="How many months of an offer count for the potential.",
    )

    progress = fields.Float(readonly=True, copy=False, aggregator=False)
    progress_text = fields.Char("Step", compute="_compute_progress_text")
    started_at = fields.Datetime(readonly=True, copy=False)
    finished_at = fields.Datetime(readonly=True, copy=False)
    failure = fields.Json(readonly=True, copy=False)
    error = fields.Text("Why It Failed", compute="_compute_error")

    value_ids = fields.One2many("logistics.client.value", "run_id", readonly=True)
    client_count = fields.Integer("Clients", readonly=True, copy=False)
    repeat_client_count = fields.Integer(
        "Clients with Repeat Orders", readonly=True, copy=False
    )
    historical = fields.Monetary("Historical Value", readonly=True, copy=False)
    predicted = fields.Monetary("Current Value", readonly=True, copy=False)
    predicted_low = fields.Monetary(
        "Current Value, Low",
        readonly=True,
        copy=False,
        help="Sum of the low ends of all clients; the total is far more certain.",
    )
    predicted_high = fields.Monetary("Current Value, High", readonly=True, copy=False)
    potential = fields.Monetary(readonly=True, copy=False)
    run_rate_value = fields.Monetary("Run-rate Value", readonly=True, copy=False)
    total = fields.Monetary("Client Value", readonly=True, copy=False)

    cost_coverage = fields.Float(
        "Revenue with Known Cost",
        readonly=True,
        copy=False,
        aggregator=False,
        help="Share of the revenue whose direct cost is known. Where it is not, the "
        "whole revenue counts as contribution.",
    )
    order_source = fields.Selection(
        [
            ("fitted", "Fitted on your clients"),
            ("prior", "Your clients, held near usual values"),
            ("template", "Usual values: too few clients"),
            ("run_rate", "Run rate: no model fits"),
        ],
        "Expected Orders From",
        readonly=True,
        copy=False,
    )
    margin_source = fields.Selection(
        [
            ("gamma_gamma", "Gamma-Gamma model"),
            ("credibility", "Credibility mean"),
        ],
        "Expected Contribution From",
        readonly=True,
        copy=False,
    )
    fit_ids = fields.One2many("logistics.value.fit", "run_id", "Fits", readonly=True)
    base_gap = fields.Float(
        "Usual Days between Orders",
        digits=(12, 1),
        readonly=True,
        copy=False,
        aggregator=False,
        help="Mean of all gaps between order days of all clients.",
    )
    grade = fields.Selection(
        [
            ("a", "A: clearly better than plain rules"),
            ("b", "B: as good as plain rules"),
            ("c", "C: worse, the run rate is used"),
            ("none", "Not graded"),
        ],
        readonly=True,
        copy=False,
        help="By the share of the contribution that the predicted best tenth of "
        "clients brought, beside the run rate and the year before.",
    )
    base_correction = fields.Float(
        digits=(12, 3),
        readonly=True,
        copy=False,
        aggregator=False,
        help="Order days that came over those predicted, in the check; expected orders "
        "are multiplied by it. Between 0.7 and 1.3.",
    )
    use_run_rate = fields.Boolean("Run Rate Used", readonly=True, copy=False)
    holdout_ids = fields.One2many("logistics.value.holdout", "run_id", readonly=True)
    decile_ids = fields.One2many("logistics.value.decile", "run_id", readonly=True)
    remarks = fields.Json(readonly=True, copy=False)
    notes = fields.Text(
        compute="_compute_notes",
        help="What to know before the values are used.",
    )

    _check_horizon_months = models.Constraint(
        "CHECK (horizon_months BETWEEN 1 AND 240)",
        "The horizon is between 1 and 240 months.",
    )
    _check_discount_rate = models.Constraint(
        "CHECK (discount_rate BETWEEN 0 AND 100)",
        "The discount rate is between 0 and 100 %.",
    )
    _check_break = models.Constraint(
        "CHECK (num_nonnulls(break_from, break_until) <> 1 "
        "AND break_from <= break_until)",
        "Give both days of the time to leave out, the first one first.",
    )
    _check_potential_months = models.Constraint(
        "CHECK (potential_months BETWEEN 1 AND 120)",
        "Between 1 and 120 months of an offer count for the potential.",
    )

    def _default_company_id(self):
        return self.env.company

    def _default_user_id(self):
        return self.env.user

    def _default_as_of_date(self):
        return fields.Date.context_today(self)

    @api.depends("company_id", "as_of_date")
    def _compute_name(self):
        for run in self:
            date = fields.Date.to_string(run.as_of_date) or ""
            # the date first: a narrow title shows it in full
            run.name = f"{date}, {run.company_id.name or ''}"

    @api.depends("company_id")
    def _compute_horizon_months(self):
        for run in self:
            run.horizon_months = run.company_id.logistics_value_horizon or 36

    @api.depends("company_id")
    def _compute_discount_rate(self):
        for run in self:
            run.discount_rate = run.company_id.logistics_value_discount_rate

    @api.depends("company_id")
    def _compute_segment_by(self):
        for run in self:
            run.segment_by = run.company_id.logistics_value_segment_by or "none"

    @api.depends("company_id")
    def _compute_potential_months(self):
        for run in self:
            run.potential_months = run.company_id.logistics_potential_months or 12

    @api.depends("state", "progress", "client_count")
    @api.depends_context("lang")
    def _compute_progress_text(self):
        texts = {
            "queued": self.env._("Waiting for its turn"),
            "failed": self.env._("Failed; the last values are unchanged."),
            "cancelled": self.env._("Cancelled; the last values are unchanged."),
        }
        refreshing = self.env._("Refreshing the ledger")
        valuing = self.env._("Valuing the clients")
        for run in self:
            text = texts.get(run.state, "")
            if run.state == "running":
                text = valuing if run.progress >= REFRESHED else refreshing
            elif run.state == "done":
                text = self.env._("%(count)s clients valued", count=run.client_count)
            run.progress_text = text

    @api.depends("failure")
    @api.depends_context("lang")
    def _compute_error(self):
        for run in self:
            run.error = run.failure and run._explain(*run.failure)

    @api.depends("remarks")
    @api.depends_context("lang")
    def _compute_notes(self):
        for run in self:
            sentences = [run._explain(*remark) for remark in run.remarks or ()]
            run.notes = "\n".join(dict.fromkeys(sentences))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_running(self):
        if any(run.state == "running" for run in self):
            raise UserError(self.env._("Wait until the valuation run is finished."))

    def action_compute(self):
        """Refresh the ledger, then value all clients: now, or in the background."""
        self.ensure_one()
        self.check_access("write")
        if self.state in ("queued", "running"):
            return self._action_show_progress()
        ledger = self.env["logistics.value.ledger"]._for_companies(self.company_id)
        ledger._collect()
        run = self.sudo()  # the results are for nobody to enter, only to compute
        run.write({"failure": False, "remarks": False, "started_at": False})
        if self._is_small(ledger):
            run._run(ledger)
        else:
            run._report(0, "queued")
            self.env.ref("logistics_clv.ir_cron_value_run")._trigger()
        return self._action_show_progress()

    def action_cancel(self):
        """Take a waiting run back, stop a running one; the values stay as they are.

        A running one stops before its next step.
        """
        self.check_access("write")
        # who may change the run may take it back; the state is not for entering
        runs = self.sudo()
        waiting = runs.filtered(lambda run: run.state == "queued")
        waiting.write({"state": "draft", "progress": 0})
        running = runs.filtered(lambda run: run.state == "running")
        running.write({"state": "cancelled"})

    def action_open_values(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "logistics_clv.logistics_client_value_action"
        )
        return action | {"domain": [("company_id", "=", self.company_id.id)]}

    def action_download_workbook(self):
        self.ensure_one()
        self._check_values_present()
        if self.client_count > MAX_CLIENTS_IN_WORKBOOK:
            return self.env["logistics.value.workbook"]._start(self)
        return {
            "type": "ir.actions.act_url",
            "url": f"/logistics_clv/value_workbook/{self.id}",
            "target": "download",
        }

    def _action_show_progress(self):
        return {
            "type": "ir.actions.client",
            "tag": "logistics_clv.valuation_progress",
            "params": self._get_progress_payload(),
        }

    def _is_small(self, ledger):
        if ledger.queued_count > MAX_MOVES_AT_ONCE:
            return False
        clients = self.env["logistics.client.value"].sudo()
        known = clients.search_count([("company_id", "=", self.company_id.id)])
        return known <= MAX_CLIENTS_AT_ONCE
