from odoo import fields, models
from odoo.tools import SQL

from . import value_job_report_sql as report_sql
from .value_status_sql import ESTIMATED_SOURCES


class LogisticsValueJob(models.Model):
    """Quoted against actual: what a job was quoted to cost, and what it did cost."""

    _name = "logistics.value.job"
    _description = "Client value: quoted against actual"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "order_id"

    order_id = fields.Many2one("sale.order", "Job", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", "Company Currency", readonly=True)
    client_id = fields.Many2one("res.partner", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    mode_id = fields.Many2one("logistics.transport.mode", readonly=True)
    origin_id = fields.Many2one("logistics.location", readonly=True)
    destination_id = fields.Many2one("logistics.location", readonly=True)
    vessel_id = fields.Many2one("logistics.vessel", readonly=True)
    date = fields.Date("First Invoiced", readonly=True)
    revenue = fields.Monetary(readonly=True)
    quoted_cost = fields.Monetary(
        readonly=True, help="Buy prices of the order, for what is invoiced."
    )
    actual_cost = fields.Monetary(readonly=True, help="Booked direct cost.")
    open_cost = fields.Monetary(
        "Estimates Open",
        readonly=True,
        help="Quoted cost that no vendor bill has replaced yet.",
    )
    cost = fields.Monetary("Direct Cost", readonly=True)
    variance = fields.Monetary(
        "Variance to Quote",
        readonly=True,
        help="Direct cost less quoted cost: above zero, it cost more than quoted.",
    )
    contribution = fields.Monetary(readonly=True)
    margin_rate = fields.Float(
        "Margin (%)",
        compute="_compute_rates",
        aggregator="avg",
        digits=(16, 1),
        help="Contribution as a share of revenue; in groups, of their sums.",
    )
    quoted_margin_rate = fields.Float(
        "Quoted Margin (%)",
        compute="_compute_rates",
        aggregator="avg",
        digits=(16, 1),
        help="Revenue less quoted cost as a share of revenue; in groups, of the sums.",
    )
    uncovered_revenue = fields.Monetary("Revenue without Cost", readonly=True)
    state = fields.Selection(
        [
            ("final", "Final"),
            ("estimated", "Estimates open"),
            ("no_cost", "Cost missing"),
        ],
        "Certainty",
        readonly=True,
        help="Provisional while estimates are open, or while the cost of more than a "
        "tenth of the revenue is not known.",
    )

    @property
    def _table_query(self):
        return report_sql.jobs(ESTIMATED_SOURCES)

    def _compute_rates(self):
        for job in self:
            revenue = job.revenue
            job.margin_rate = 100 * job.contribution / revenue if revenue else 0
            job.quoted_margin_rate = (
                100 * (revenue - job.quoted_cost) / revenue if revenue else 0
            )

    def _read_group_select(self, aggregate_spec, query):
        """Take rates from the sums of the group, not as a mean of rates."""

        def column(name):
            return self._field_to_sql(self._table, name, query)

        name, __, __ = aggregate_spec.partition(":")
        if name == "margin_rate":
            part = column("contribution")
        elif name == "quoted_margin_rate":
            part = SQL("%s - %s", column("revenue"), column("quoted_cost"))
        else:
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "100 * SUM(%s)::float8 / NULLIF(SUM(%s), 0)::float8",
            part,
            column("revenue"),
        )

    def action_open_entries(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Value Entries of %(job)s", job=self.display_name),
            "res_model": "logistics.value.entry",
            "views": [(False, "list"), (False, "pivot")],
            "domain": [
                ("order_id", "=", self.order_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }
