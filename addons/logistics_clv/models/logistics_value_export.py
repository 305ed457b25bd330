from odoo import models
from odoo.exceptions import UserError

from ..value_workbook import ClientLine, WorkbookData, WorkbookError, write_workbook
from . import value_workbook_sql as workbook_sql

BATCH_SIZE = 5_000

# Column of logistics.client.value by attribute of a client's line.
CLIENT_COLUMNS = {
    "first_order": "first_order",
    "last_order": "last_order",
    "order_days": "order_days",
    "revenue": "revenue",
    "direct_cost": "cost",
    "cost_to_serve": "cost_to_serve",
    "contribution": "historical",
    "p_alive": "p_alive",
    "expected_orders": "expected_orders",
    "expected_margin": "expected_margin",
    "current_value": "predicted",
    "current_low": "predicted_low",
    "current_high": "predicted_high",
    "run_rate_value": "run_rate_value",
    "potential": "potential",
    "segment": "segment",
    "band": "band",
}
# Unknown where a client has not ordered yet.
_PREDICTED = (
    "expected_orders",
    "expected_margin",
    "current_value",
    "current_low",
    "current_high",
    "run_rate_value",
)


class LogisticsValueExport(models.AbstractModel):
    """Hand the values of a run to the workbook writer."""

    _name = "logistics.value.export"
    _description = "Client value: workbook of a run"

    def _write_workbook(self, stream, report=None):
        """Write the xlsx workbook of the run to the stream; return its totals.

        :param report: called with the number of clients written so far, now and then;
            it may raise to break off
        """
        self.ensure_one()
        self._check_values_present()
        try:
            return write_workbook(stream, self._prepare_workbook_data(report))
        except WorkbookError as error:
            raise UserError(
                self.env._(
                    "A sheet holds at most %(maximum)s clients, and this run has "
                    "%(count)s. Export the list of client values in parts instead.",
                    maximum=error.params["maximum"],
                    count=self.client_count,
                )
            ) from error

    def _log_workbook(self):
        """Write into the export log that the user took the values out."""
        values = self.env["logistics.client.value"].search([("run_id", "=", self.id)])
        log = self.env["logistics.export.log"].with_company(self.company_id)
        log._log(values, list(CLIENT_COLUMNS.values()), "workbook")

    def _check_values_present(self):
        values = self.env["logistics.client.value"]
        if self.client_count and not values.search([("run_id", "=", self.id)], limit=1):
            raise UserError(
                self.env._(
                    "The values of this run have been replaced by a later one. Open "
                    "the workbook of that run, or compute this one again."
                )
            )

    def _prepare_workbook_data(self, report=None):
        currency = self.currency_id
        revenue, cost = self._get_ledger_totals()
        differences, has_more = self._get_difference_lines()
        return WorkbookData(
            title=self.company_id.name,
            subtitle=self._get_workbook_subtitle(),
            currency=currency.name,
            decimals=currency.decimal_places,
            symbol=currency.symbol or currency.name,
            symbol_first=currency.position == "before",
            clients=self._iter_client_lines(report),
            absent=self._get_absent_columns(),
            tiers=[tier.code for tier in self._get_all("logistics.value.tier")],
            stages=[stage.name for stage in self._get_all("logistics.lifecycle.stage")],
            bands=list(self._get_bands().values()),
            segments=self._get_segment_names(),
            reconciliation=self._get_reconciliation_lines(),
            periods=self._get_period_lines(),
            differences=differences,
            has_more_differences=has_more,
            parameters=self._get_parameter_lines(),
            fits=self._get_fit_lines(),
            cohorts=self._get_cohort_cells(),
            holdouts=self._get_holdout_data(),
            notes=(self.notes or "").splitlines(),
            labels=self._get_workbook_labels(),
            ledger_revenue=revenue,
            ledger_cost=cost,
            ledger_cost_to_serve=sum(
                served for served, __ in self._get_client_costs().values()
            ),
        )

    def _get_workbook_subtitle(self):
        """Return what every figure depends on, printed on every sheet and page."""
        return self.env._(
            "As of %(date)s, horizon %(months)s months, discount rate %(rate)s %% a "
            "year; %(currency)s at the rates of the booked documents",
            date=self.as_of_date,
            currency=self.currency_id.name,
            months=self.horizon_months,
            rate=self.discount_rate,
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

    def _get_absent_columns(self):
        """Return the attributes of a client's line that this run knows nothing of."""
        absent = set()
        if self.segment_by == "none":
            absent.add("segment")
        if not self.company_id.currency_id.is_zero(self.potential):
            return frozenset(absent)
        values = self.env["logistics.client.value"]
        offered = [("run_id", "=", self.id), ("potential", "!=", 0)]
        if not values.search(offered, limit=1):
            absent.add("potential")
        return frozenset(absent)

    def _get_all(self, model):
        return self.env[model].search([("active", "in", (True, False))])

    def _get_bands(self):
        field = self.env["logistics.client.value"]._fields["band"]
        return dict(field._description_selection(self.env))

    def _get_segment_names(self):
        return sorted(
            segment
            for [segment] in self.env["logistics.client.value"]._read_group(
                [("run_id", "=", self.id)], ["segment"]
            )
            if segment
        )

    def _iter_client_lines(self, report=None):
        """Yield the clients by falling value, from a cursor of the database."""
        names = {
            "tier": {
                tier.id: tier.code for tier in self._get_all("logistics.value.tier")
            },
            "stage": {
                stage.id: stage.name
                for stage in self._get_all("logistics.lifecycle.stage")
            },
            "band": self._get_bands(),
        }
        self.env.flush_all()
        values = self.env["logistics.client.value"]._search([("run_id", "=", self.id)])
        cr = self.env.cr
        columns = list(CLIENT_COLUMNS.values())
        cr.execute(workbook_sql.open_clients(values.subselect(), columns))
        done = 0
        while True:
            cr.execute(workbook_sql.fetch_clients(BATCH_SIZE))
            rows = cr.fetchall()
            for row in rows:
                yield self._prepare_client_line(row, names)
            done += len(rows)
            if report:
                report(done)
            if len(rows) < BATCH_SIZE:
                break
        cr.execute(workbook_sql.close_clients())

    def _prepare_client_line(self, row, names):
        name, reference, salesperson, tier_id, stage_id, *amounts = row
        vals = dict(zip(CLIENT_COLUMNS, amounts, strict=True))
        if not vals["order_days"]:
            vals |= dict.fromkeys(_PREDICTED)
        if vals["band"] == "none":
            vals["p_alive"] = None
        vals["band"] = names["band"].get(vals["band"], "")
        vals["segment"] = vals["segment"] or ""
        return ClientLine(
            name=name,
            reference=reference,
            salesperson=salesperson,
            tier=names["tier"].get(tier_id) or "",
            stage=names["stage"].get(stage_id) or "",
            **vals,
        )
