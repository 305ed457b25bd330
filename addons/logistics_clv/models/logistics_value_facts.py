import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import models

from ..valuation import ClientFacts
from . import value_facts_sql as facts_sql

# Columns that are counted with, as floating-point arrays.
_NUMBERS = (
    "order_days",
    "order_days_year",
    "order_days_before",
    "contribution_year",
    "contribution_before",
    "model_days",
    "recency_days",
    "age_days",
    "margin_total",
    "margin_squares",
    "first_margin",
    "log_gap_days",
    "recent_weight",
    "recent_margin",
    "recent_squares",
)


class LogisticsValueFacts(models.AbstractModel):
    """Collect what a valuation run has to know of all clients, in a few queries."""

    _name = "logistics.value.facts"
    _description = "Client value: facts of a run"

    def _collect_facts(self):
        """Return the facts of all clients as one array per column."""
        self.env["logistics.client.day"]._refresh_checked(self.company_id)
        facts = self._fetch_facts(self.as_of_date)
        self._subtract_cost_to_serve(facts)
        return facts

    def _collect_past_facts(self):
        """Return the facts of a year ago, and what the clients did since.

        Late vendor bills of the time before count: they say what its orders earned.
        """
        past = self.as_of_date - relativedelta(years=1)
        facts = self._fetch_facts(past, booked_until=self.as_of_date)
        self.env.cr.execute(
            facts_sql.client_outcomes(self.company_id.id, past, self.as_of_date)
        )
        found = {client_id: row for client_id, *row in self.env.cr.fetchall()}
        outcomes = [found.get(client_id, (0, 0)) for client_id in facts["client_id"]]
        for index, name in enumerate(("orders_after", "contribution_after")):
            facts[name] = np.array([row[index] for row in outcomes], dtype=float)
        return facts

    def _fetch_facts(self, as_of, booked_until=None):
        self.env.cr.execute(
            facts_sql.client_facts(
                self.company_id.id,
                as_of,
                booked_until=booked_until,
                break_from=self.break_from,
                break_until=self.break_until,
            )
        )
        names = [column.name for column in self.env.cr.description]
        rows = list(zip(*self.env.cr.fetchall(), strict=True)) or [()] * len(names)
        facts = dict(zip(names, rows, strict=True))
        for name in _NUMBERS:
            facts[name] = np.asarray(facts[name], dtype=float)
        facts["typical_total"] = np.asarray(facts["historical"], dtype=float)
        return facts

    def _prepare_client_facts(self, facts, rows):
        """Return the facts of some clients as the pure package takes them."""
        return ClientFacts(
            frequency=facts["model_days"][rows] - 1,
            recency_days=facts["recency_days"][rows],
            age_days=facts["age_days"][rows],
            **{
                name: facts[name][rows]
                for name in _NUMBERS[_NUMBERS.index("margin_total") :]
            },
        )

    def _get_segments(self, facts):
        """Return the number of each client's segment, -1 for none, and the names."""
        if self.segment_by == "none":
            return None, {}
        if self.segment_by == "mode":
            query = facts_sql.client_modes(self.company_id.id, self.as_of_date)
            records = self.env["logistics.transport.mode"]
        else:
            query = facts_sql.client_categories(self.company_id.id)
            records = self.env["res.partner.category"]
        self.env.cr.execute(query)
        found = dict(self.env.cr.fetchall())
        segments = [found.get(client_id, -1) for client_id in facts["client_id"]]
        records = records.with_context(active_test=False).browse({*found.values()})
        return (
            np.array(segments, dtype=int),
            {record.id: record.display_name for record in records.exists()},
        )

    def _get_contract_months(self, facts):
        """Return by client the months left of its contract, NaN without one."""
        left = np.full(len(facts["client_id"]), np.nan)
        if not self.use_contracts:
            return left
        self.env["res.partner"].flush_model(["logistics_contract_renewal_date"])
        self.env.cr.execute(
            facts_sql.client_contracts(self.company_id.id, self.as_of_date)
        )
        ends = dict(self.env.cr.fetchall())
        for index, client_id in enumerate(facts["client_id"]):
            if end := ends.get(client_id):
                left[index] = (end - self.as_of_date).days / 30.4375
        return left
