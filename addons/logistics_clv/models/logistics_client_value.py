from odoo import fields, models


class LogisticsClientValue(models.Model):
    """What a client is worth to a company: the result of its last valuation run."""

    _name = "logistics.client.value"
    _description = "Client value"
    _order = "total desc, id"
    _rec_name = "client_id"
    _check_company_auto = True

    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    run_id = fields.Many2one(
        "logistics.value.run",
        "Valuation Run",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    tier_id = fields.Many2one(related="client_id.logistics_tier_id")
    stage_id = fields.Many2one(related="client_id.logistics_stage_id")
    user_id = fields.Many2one(related="client_id.user_id", string="Salesperson")

    revenue = fields.Monetary(readonly=True)
    cost = fields.Monetary("Direct Cost", readonly=True)
    cost_to_serve = fields.Monetary(
        "Cost-to-Serve",
        readonly=True,
        help="Sales, marketing, service and lateness as confirmed cost runs allocated "
        "them, up to the date of the run.",
    )
    acquisition_cost = fields.Monetary(
        readonly=True,
        help="Part of the cost-to-serve: sales and marketing before the first order "
        "day. Counted once, in the historical value.",
    )
    historical = fields.Monetary(
        "Historical Value",
        readonly=True,
        help="Contribution realised up to the date of the run, as in the ledger, less "
        "cost-to-serve.",
    )
    predicted = fields.Monetary(
        "Current Value",
        readonly=True,
        help="Contribution expected over the horizon if behaviour goes on, discounted. "
        "An estimate.",
    )
    predicted_low = fields.Monetary(
        "Current Value, Low",
        readonly=True,
        help="Four of five clients end up between this and the high figure; one in ten "
        "below.",
    )
    predicted_high = fields.Monetary(
        "Current Value, High",
        readonly=True,
        help="Four of five clients end up between the low figure and this; one in ten "
        "above.",
    )
    potential = fields.Monetary(
        readonly=True,
        help="What the next best offers are worth: volume and services that the client "
        "needs and does not buy from us, times the chance to win them. No part of the "
        "current value.",
    )
    run_rate_value = fields.Monetary(
        "Run-rate Value",
        readonly=True,
        help="The same by plain extrapolation of the orders so far: the simple figure "
        "to compare the current value with.",
    )
    total = fields.Monetary(
        "Client Value", readonly=True, help="Historical plus current value."
    )
    lifetime_value = fields.Monetary(
        "Value with Potential",
        readonly=True,
        help="Historical plus current value plus potential.",
    )

    order_days = fields.Integer(
        readonly=True, help="Days with positive net revenue up to the date of the run."
    )
    frequency = fields.Integer(
        "Repeat Order Days", readonly=True, help="Order days after the first one."
    )
    first_order = fields.Date(readonly=True)
    last_order = fields.Date(readonly=True)
    order_days_year = fields.Integer("Order Days, last 12 Months", readonly=True)
    order_days_before = fields.Integer(
        "Order Days, 12 Months before",
        readonly=True,
        help="In the twelve months before the last twelve.",
    )
    revenue_year = fields.Monetary("Revenue, last 12 Months", readonly=True)
    contribution_year = fields.Monetary(
        "Contribution, last 12 Months",
        readonly=True,
        help="Of the order days of the last twelve months, before cost-to-serve.",
    )
    contribution_before = fields.Monetary(
        "Contribution, 12 Months before",
        readonly=True,
        help="Of the order days of the twelve months before the last twelve.",
    )
    is_older = fields.Boolean(
        "Client before the Ledger",
        readonly=True,
        help="The client has been one since before its first invoice here: the first "
        "order day is not the first of all.",
    )
    cost_coverage = fields.Float(
        "Revenue with Known Cost",
        digits=(6, 4),
        readonly=True,
        aggregator=False,
        help="Share of the client's revenue whose direct cost is known.",
    )
    estimated_share = fields.Float(
        "Revenue with Estimated Cost",
        digits=(6, 4),
        readonly=True,
        aggregator=False,
        help="Share of the client's revenue for which the buy price of the order "
        "stands in for a vendor bill.",
    )
    is_provisional = fields.Boolean(
        "Provisional",
        readonly=True,
        help="The direct cost of less than 90 % of the revenue is known: contributions "
        "look too good, and trends are not to be trusted.",
    )
    segment = fields.Char(
        readonly=True, help="The segment of the run that the client falls into."
    )
    usual_gap = fields.Float(
        "Usual Days between Orders",
        digits=(12, 1),
        readonly=True,
        aggregator="avg",
        help="The client's own mean, together with two gaps of the mean client.",
    )
    silent_days = fields.Integer(
        "Days Silent", readonly=True, aggregator="avg", help="Since the last order day."
    )
    silence_ratio = fields.Float(
        digits=(12, 2),
        readonly=True,
        aggregator="avg",
        help="Days of silence over the usual days between orders. From 2 on have a "
        "look, from 4 on call, from 6 on the client is probably lost.",
    )
    regularity = fields.Float(
        digits=(6, 3),
        readonly=True,
        aggregator="avg",
        help="1: orders come like clockwork; towards 0: at random.",
    )
    mean_contribution = fields.Monetary(
        readonly=True, aggregator=False, help="Per order day."
    )

    p_alive = fields.Float(
        "Still Active",
        digits=(6, 4),
        readonly=True,
        aggregator="avg",
        help="Probability that the client still orders from us.",
    )
    band = fields.Selection(
        [
            ("active", "Active"),
            ("watch", "Watch"),
            ("risk", "At risk"),
            ("lost", "Probably lost"),
            ("none", "Unknown"),
        ],
        "Activity",
        readonly=True,
        help="Still active with a probability of 80 % and more, 50 %, 20 %, or less.",
    )
    expected_orders = fields.Float(
        "Expected Order Days, 12 Months", digits=(12, 2), readonly=True
    )
    expected_year = fields.Monetary(
        "Expected, 12 Months",
        readonly=True,
        help="Expected order days times expected contribution per order day.",
    )
    p_order = fields.Float(
        "Orders within 12 Months",
        digits=(6, 4),
        readonly=True,
        aggregator="avg",
        help="Probability of at least one order day within twelve months.",
    )
    run_rate_orders = fields.Float(
        "Run-rate Order Days, 12 Months", digits=(12, 2), readonly=True
    )
    expected_margin = fields.Monetary(
        "Expected Contribution",
        readonly=True,
        aggregator=False,
        help="Expected per order day.",
    )
    estimate = fields.Selection(
        [
            ("fitted", "Estimate: fitted on your clients"),
            ("prior", "Estimate: your clients, held near usual values"),
            ("template", "Estimate: usual values, too few clients"),
            ("run_rate", "Estimate: run rate"),
            ("contract", "Estimate: contract and renewals"),
            ("none", "No estimate"),
        ],
        readonly=True,
        help="How the current value was estimated.",
    )

    _client_company_uniq = models.Constraint(
        "UNIQUE (client_id, company_id)", "A client has one value in each company."
    )
    _total_idx = models.Index("(company_id, total DESC)")

    def action_compute(self):
        """Start a valuation run of the current company with its usual settings."""
        run = self.env["logistics.value.run"].create({})
        return run.action_compute()

    def action_open_entries(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Value Entries of %(client)s", client=self.display_name),
            "res_model": "logistics.value.entry",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [
                ("client_id", "=", self.client_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }

    def action_open_allocations(self):
        """Open what confirmed cost runs allocated to the client."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "logistics_clv.logistics_cost_allocation_action"
        )
        return action | {
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [
                ("client_id", "child_of", self.client_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }

    def action_open_contribution(self):
        """Open the steps from revenue to net contribution of the client."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "logistics_clv.logistics_value_contribution_report_action"
        )
        return action | {
            "domain": [
                ("client_id", "=", self.client_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }
