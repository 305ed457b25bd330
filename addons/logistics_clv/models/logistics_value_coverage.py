from odoo import fields, models
from odoo.tools import SQL

from . import value_job_report_sql as report_sql
from .value_status_sql import ESTIMATED_SOURCES


class LogisticsValueCoverage(models.Model):
    """How much of the revenue of a month has an actual, an estimated or no cost."""

    _name = "logistics.value.coverage"
    _description = "Client value: coverage of cost"
    _auto = False
    _order = "period desc, company_id"
    _rec_name = "period"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", "Company Currency", readonly=True)
    period = fields.Date(readonly=True, help="First day of the month.")
    revenue = fields.Monetary(readonly=True)
    contribution = fields.Monetary(readonly=True)
    actual_revenue = fields.Monetary(
        "With actual Cost", readonly=True, help="Revenue whose direct cost is booked."
    )
    estimated_revenue = fields.Monetary(
        "With estimated Cost",
        readonly=True,
        help="Revenue whose direct cost is the buy price of the order until the bill "
        "is there.",
    )
    uncovered_revenue = fields.Monetary(
        "Without Cost",
        readonly=True,
        help="Revenue whose direct cost is not known: it counts in full as "
        "contribution.",
    )
    coverage = fields.Float(
        "Revenue with known Cost (%)",
        compute="_compute_coverage",
        aggregator="avg",
        digits=(16, 1),
        help="Actual or estimated; in groups, from their sums.",
    )
    state = fields.Selection(
        [("covered", "Covered"), ("provisional", "Provisional")],
        "Certainty",
        readonly=True,
        help="Provisional: the cost of more than a tenth of the revenue is not known, "
        "the contribution looks too good. Leave such months out of a trend.",
    )

    @property
    def _table_query(self):
        return report_sql.coverage(ESTIMATED_SOURCES)

    def _compute_coverage(self):
        for month in self:
            covered = month.revenue - month.uncovered_revenue
            month.coverage = 100 * covered / month.revenue if month.revenue else 0

    def _read_group_select(self, aggregate_spec, query):
        """Take the share from the sums of the group, not as a mean of shares."""
        if aggregate_spec.partition(":")[0] != "coverage":
            return super()._read_group_select(aggregate_spec, query)
        revenue = self._field_to_sql(self._table, "revenue", query)
        uncovered = self._field_to_sql(self._table, "uncovered_revenue", query)
        return SQL(
            "100 * SUM(%s - %s)::float8 / NULLIF(SUM(%s), 0)::float8",
            revenue,
            uncovered,
            revenue,
        )

    def action_open_entries(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Revenue without a Cost"),
            "res_model": "logistics.value.entry",
            "views": [(False, "list"), (False, "pivot")],
            "domain": [
                ("period", "=", self.period),
                ("company_id", "=", self.company_id.id),
                ("cost_source", "=", "none"),
            ],
        }
