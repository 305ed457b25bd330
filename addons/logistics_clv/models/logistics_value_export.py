from odoo import models
from odoo.exceptions import UserError

from ..report.value_workbook import (
    ClientLine,
    ParameterLine,
    ReconciliationLine,
    WorkbookData,
    write_workbook,
)

BATCH_SIZE = 5_000


class LogisticsValueExport(models.AbstractModel):
    """Hand the values of a run to the workbook writer."""

    _name = "logistics.value.export"
    _description = "Client value: workbook of a run"

    def _write_workbook(self, stream):
        """Write the xlsx workbook of the run to the stream; return its totals."""
        self.ensure_one()
        self._check_values_present()
        return write_workbook(stream, self._prepare_workbook_data())

    def _check_values_present(self):
        values = self.env["logistics.client.value"]
        if self.client_count and not values.search([("run_id", "=", self.id)], limit=1):
            raise UserError(
                self.env._(
                    "The values of this run have been replaced by a later one. Open "
                    "the workbook of that run, or compute this one again."
                )
            )

    def _prepare_workbook_data(self):
        revenue, cost = self._get_ledger_totals()
        return WorkbookData(
            title=self.company_id.name,
            subtitle=self.env._(
                "As of %(date)s, %(currency)s, horizon %(months)s months, discount "
                "rate %(rate)s %% a year",
                date=self.as_of_date,
                currency=self.currency_id.name,
                months=self.horizon_months,
                rate=self.discount_rate,
            ),
            currency=self.currency_id.name,
            decimals=self.currency_id.decimal_places,
            clients=self._iter_client_lines(),
            reconciliation=self._get_reconciliation_lines(),
            parameters=self._get_parameter_lines(),
            notes=(self.notes or "").splitlines(),
            labels=self._get_workbook_labels(),
            ledger_revenue=revenue,
            ledger_cost=cost,
            ledger_cost_to_serve=sum(
                served for served, __ in self._get_client_costs().values()
            ),
        )

    def _get_ledger_totals(self):
        """Return revenue and direct cost up to the date of the run."""
        [totals] = self.env["logistics.value.entry"]._read_group(
            [
                ("company_id", "=", self.company_id.id),
                ("date", "<=", self.as_of_date),
            ],
            aggregates=["revenue:sum", "cost:sum"],
        )
        return [total or 0 for total in totals]

    def _iter_client_lines(self):
        """Yield the clients by falling value, without holding all of them."""
        values = self.env["logistics.client.value"].search([("run_id", "=", self.id)])
        for start in range(0, len(values), BATCH_SIZE):
            batch = values[start : start + BATCH_SIZE]
            for value in batch:
                yield self._prepare_client_line(value)
            self.env.invalidate_all()

    def _prepare_client_line(self, value):
        ordering = value.order_days > 0
        return ClientLine(
            name=value.client_id.display_name,
            reference=value.client_id.ref or "",
            tier=value.tier_id.code or "",
            stage=value.stage_id.name or "",
            first_order=value.first_order or None,
            last_order=value.last_order or None,
            order_days=value.order_days,
            revenue=value.revenue,
            direct_cost=value.cost,
            cost_to_serve=value.cost_to_serve,
            contribution=value.historical,
            p_alive=value.p_alive if value.band != "none" else None,
            expected_orders=value.expected_orders if ordering else None,
            expected_margin=value.expected_margin if ordering else None,
            current_value=value.predicted if ordering else None,
            run_rate_value=value.run_rate_value if ordering else None,
        )

    def _get_reconciliation_lines(self):
        """Return income as it is and cost as negative: both add up to contribution."""
        reconciliation = self.env["logistics.value.reconciliation"]
        sides, reasons = (
            dict(reconciliation._fields[name]._description_selection(self.env))
            for name in ("side", "category")
        )
        return [
            ReconciliationLine(
                account=sides[side],
                name=self.env._("%(count)s documents", count=count),
                booked=booked if side == "income" else -booked,
                ledger=ledger if side == "income" else -ledger,
                reason="" if category == "ledger" else reasons[category],
            )
            for side, category, count, booked, ledger in reconciliation._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("date", "<=", self.as_of_date),
                ],
                ["side", "category"],
                ["__count", "booked:sum", "ledger:sum"],
                order="side desc, category",
            )
        ]

    def _get_parameter_lines(self):
        def describe(name):
            return self._fields[name].get_description(self.env, ["string"])["string"]

        def label(name):
            selection = self._fields[name]._description_selection(self.env)
            return dict(selection).get(self[name], "")

        lines = [
            ParameterLine(describe("as_of_date"), self.as_of_date),
            ParameterLine(describe("horizon_months"), self.horizon_months),
            ParameterLine(describe("discount_rate"), self.discount_rate),
            ParameterLine(describe("client_count"), self.client_count),
            ParameterLine(describe("repeat_client_count"), self.repeat_client_count),
            ParameterLine(describe("cost_coverage"), round(self.cost_coverage, 4)),
            ParameterLine(describe("order_source"), label("order_source")),
            ParameterLine(describe("margin_source"), label("margin_source")),
        ]
        purposes = dict(
            self.fit_ids._fields["purpose"]._description_selection(self.env)
        )
        for fit in self.fit_ids:
            lines.append(
                ParameterLine(
                    f"{purposes[fit.purpose]}: {fit.model}",
                    fit.parameters,
                    self.env._(
                        "log-likelihood %(value)s, N %(count)s",
                        value=round(fit.log_likelihood, 4),
                        count=fit.observations,
                    ),
                )
            )
        return lines

    def _get_workbook_labels(self):
        return {
            "sheet_summary": self.env._("Summary"),
            "sheet_clients": self.env._("Clients"),
            "sheet_reconciliation": self.env._("Ledger reconciliation"),
            "sheet_parameters": self.env._("Parameters"),
            "client": self.env._("Client"),
            "reference": self.env._("Reference"),
            "tier": self.env._("Tier"),
            "stage": self.env._("Stage"),
            "first_order": self.env._("First order"),
            "last_order": self.env._("Last order"),
            "order_days": self.env._("Order days"),
            "revenue": self.env._("Revenue"),
            "direct_cost": self.env._("Direct cost"),
            "cost_to_serve": self.env._("Cost-to-serve"),
            "contribution": self.env._("Net contribution"),
            "p_alive": self.env._("Still active"),
            "expected_orders": self.env._("Expected orders, 12 months"),
            "expected_margin": self.env._("Expected contribution per order"),
            "current_value": self.env._("Current value"),
            "run_rate_value": self.env._("Run-rate value"),
            "total_value": self.env._("Client value"),
            "total": self.env._("Total"),
            "clients": self.env._("Clients"),
            "account": self.env._("Category"),
            "account_name": self.env._("Documents"),
            "booked": self.env._("Income accounts"),
            "ledger": self.env._("Value ledger"),
            "difference": self.env._("Difference"),
            "reason": self.env._("Reason"),
            "parameter": self.env._("Parameter"),
            "value": self.env._("Value"),
            "remark": self.env._("Remark"),
            "notes": self.env._("Notes"),
            "figure": self.env._("Figure"),
            "this_workbook": self.env._("This workbook"),
            "value_ledger_total": self.env._("Value ledger"),
            "top_clients": self.env._("Clients of highest value"),
            "whale_curve": self.env._("Cumulative value by share of clients"),
            "share_of_clients": self.env._("Share of clients"),
            "cumulative_value": self.env._("Cumulative value"),
        }
