import math

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import models

from ..valuation import (
    ClientFacts,
    MoneyModel,
    OrderModel,
    PredictionSettings,
    predict,
)
from . import value_facts_sql as facts_sql

# Least probability of being still active, and the band that starts there.
BANDS = ((0.8, "active"), (0.5, "watch"), (0.2, "risk"), (0.0, "lost"))

# Below this share of revenue with a known cost, contributions look too good.
ENOUGH_COVERAGE = 0.9


class LogisticsValuePrediction(models.AbstractModel):
    """Collect the facts, predict in the pure package, write all values at once."""

    _name = "logistics.value.prediction"
    _description = "Client value: prediction of a run"

    def _value_clients(self):
        facts = self._collect_facts()
        ordering = facts["order_days"] > 0
        prediction = self._predict(facts, ordering) if ordering.any() else None
        columns = self._prepare_value_columns(facts, ordering, prediction)
        self.env.cr.execute(
            facts_sql.write_values(
                self.id,
                self.company_id.id,
                self.currency_id.id,
                self.env.uid,
                columns,
            )
        )
        self.env["logistics.client.value"].invalidate_model()
        self.invalidate_recordset(["value_ids"])
        self.write(self._prepare_result_vals(facts, columns, prediction))
        self.fit_ids.sudo().unlink()
        if prediction is not None:
            fits = self._prepare_fit_vals_list(prediction)
            self.env["logistics.value.fit"].sudo().create(fits)

    def _collect_facts(self):
        """Return the facts of all clients as one array per column."""
        self.env["logistics.value.entry"].flush_model()
        year_before = self.as_of_date - relativedelta(years=1)
        self.env.cr.execute(
            facts_sql.client_facts(self.company_id.id, self.as_of_date, year_before)
        )
        names = [column.name for column in self.env.cr.description]
        rows = list(zip(*self.env.cr.fetchall(), strict=True)) or [()] * len(names)
        facts = dict(zip(names, rows, strict=True))
        for name in ("order_days", "order_days_year", "margin_squares", "first_margin"):
            facts[name] = np.asarray(facts[name], dtype=float)
        facts["margin_total"] = np.asarray(facts["historical"], dtype=float)
        self._subtract_cost_to_serve(facts)
        return facts

    def _predict(self, facts, ordering):
        first = np.array(facts["first_order"], dtype="datetime64[D]")[ordering]
        last = np.array(facts["last_order"], dtype="datetime64[D]")[ordering]
        as_of = np.datetime64(self.as_of_date, "D")
        return predict(
            ClientFacts(
                frequency=facts["order_days"][ordering] - 1,
                recency_days=(last - first).astype(float),
                age_days=(as_of - first).astype(float),
                margin_total=facts["margin_total"][ordering],
                margin_squares=facts["margin_squares"][ordering],
                first_margin=facts["first_margin"][ordering],
            ),
            self._prepare_settings(),
        )

    def _prepare_settings(self):
        return PredictionSettings(
            model=OrderModel.BG_NBD,
            churn_model=OrderModel.MBG_NBD,
            money_model=MoneyModel.AUTO,
            horizon_months=self.horizon_months,
            annual_rate=self.discount_rate / 100,
            horizons=tuple(sorted({12, self.horizon_months})),
        )

    def _prepare_value_columns(self, facts, ordering, prediction):
        """Return the columns of logistics.client.value as (SQL type, list)."""
        digits = self.currency_id.decimal_places
        count = len(facts["client_id"])

        def spread(values, decimals):
            """Put the predicted values where the ordering clients stand."""
            column = np.zeros(count)
            if prediction is not None:
                column[ordering] = np.round(values, decimals)
            return column

        year = prediction.horizons.index(12) if prediction else 0
        predicted = spread(prediction and prediction.value, digits)
        p_alive = spread(prediction and prediction.p_alive, 4)
        days = facts["order_days"]
        source = str(prediction.order_source) if prediction else "none"
        return {
            "client_id": ("int", list(facts["client_id"])),
            "revenue": ("numeric", list(facts["revenue"])),
            "cost": (
                "numeric",
                [
                    revenue - historical - served
                    for revenue, historical, served in zip(
                        facts["revenue"],
                        facts["historical"],
                        facts["cost_to_serve"],
                        strict=True,
                    )
                ],
            ),
            "cost_to_serve": ("numeric", facts["cost_to_serve"]),
            "acquisition_cost": ("numeric", facts["acquisition_cost"]),
            "historical": ("numeric", list(facts["historical"])),
            "predicted": ("numeric", predicted.tolist()),
            "run_rate_value": (
                "numeric",
                spread(prediction and prediction.run_rate_value, digits).tolist(),
            ),
            "total": (
                "numeric",
                np.round(
                    np.asarray(facts["historical"], dtype=float) + predicted, digits
                ).tolist(),
            ),
            "order_days": ("int", days.astype(int).tolist()),
            "frequency": ("int", np.maximum(days - 1, 0).astype(int).tolist()),
            "first_order": ("date", list(facts["first_order"])),
            "last_order": ("date", list(facts["last_order"])),
            "order_days_year": ("int", facts["order_days_year"].astype(int).tolist()),
            "mean_contribution": (
                "numeric",
                np.round(facts["margin_total"] / np.maximum(days, 1), digits).tolist(),
            ),
            "p_alive": (
                "numeric",
                [None if math.isnan(p) else p for p in p_alive.tolist()],
            ),
            "band": (
                "varchar",
                [
                    _get_band(p) if ordered else "none"
                    for p, ordered in zip(p_alive, ordering, strict=True)
                ],
            ),
            "expected_orders": (
                "numeric",
                spread(prediction and prediction.expected_orders[:, year], 2).tolist(),
            ),
            "run_rate_orders": (
                "numeric",
                spread(prediction and prediction.run_rate_orders[:, year], 2).tolist(),
            ),
            "expected_margin": (
                "numeric",
                spread(prediction and prediction.expected_margin, digits).tolist(),
            ),
            "estimate": (
                "varchar",
                [source if ordered else "none" for ordered in ordering],
            ),
        }

    def _prepare_result_vals(self, facts, columns, prediction):
        vals = {
            "client_count": len(facts["client_id"]),
            "repeat_client_count": int((facts["order_days"] > 1).sum()),
            "historical": float(sum(facts["historical"])),
            "predicted": sum(columns["predicted"][1]),
            "run_rate_value": sum(columns["run_rate_value"][1]),
            "total": sum(columns["total"][1]),
            "cost_coverage": self._get_cost_coverage(),
            "order_source": False,
            "margin_source": False,
        }
        remarks = [("no_orders", {})]
        if prediction is not None:
            remarks = [(note.code, dict(note.params)) for note in prediction.notes]
            vals["order_source"] = str(prediction.order_source)
            vals["margin_source"] = str(prediction.margin_source)
        if facts["client_id"] and vals["cost_coverage"] < ENOUGH_COVERAGE:
            share = round(100 * vals["cost_coverage"])
            remarks.insert(0, ("cost_unknown", {"share": share}))
        ledger_revenue, ledger_cost = self._get_ledger_totals()
        left_out = ledger_revenue - ledger_cost - vals["historical"]
        left_out -= float(sum(facts["cost_to_serve"]))
        if not self.currency_id.is_zero(left_out):
            remarks.append(("outside_clients", {"amount": left_out}))
        if facts["cost_without_orders"]:
            amount = float(facts["cost_without_orders"])
            remarks.append(("cost_without_orders", {"amount": amount}))
        vals["remarks"] = remarks
        return vals

    def _get_cost_coverage(self):
        """Return the share of the revenue whose direct cost is known."""
        revenue = dict(
            self.env["logistics.value.entry"]._read_group(
                [
                    ("company_id", "=", self.company_id.id),
                    ("date", "<=", self.as_of_date),
                ],
                ["cost_source"],
                ["revenue:sum"],
            )
        )
        total = sum(revenue.values())
        # discounts and credit notes without a cost are no revenue of unknown cost
        unknown = max(revenue.get("none", 0), 0)
        return max(1 - unknown / total, 0) if total > 0 else 0

    def _prepare_fit_vals_list(self, prediction):
        fits = (
            ("orders", prediction.order_fit, prediction.order_source),
            ("churn", prediction.churn_fit, prediction.churn_source),
            ("margin", prediction.margin_fit, prediction.margin_source),
        )
        return [
            self.env["logistics.value.fit"]._prepare_fit_vals(
                self, purpose, fit, source
            )
            for purpose, fit, source in fits
            if fit is not None
        ]


def _get_band(p_alive):
    return next((band for least, band in BANDS if p_alive >= least), "none")
