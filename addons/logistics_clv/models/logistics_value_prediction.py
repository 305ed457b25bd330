import math

from odoo import models

from ..valuation import MoneyModel, OrderModel, PredictionSettings, predict
from . import value_facts_sql as facts_sql

# Below this share of revenue with a known cost, contributions look too good.
ENOUGH_COVERAGE = 0.9


class LogisticsValuePrediction(models.AbstractModel):
    """Collect the facts, predict in the pure package, write all values at once."""

    _name = "logistics.value.prediction"
    _description = "Client value: prediction of a run"

    def _value_clients(self):
        for __ in self._get_value_steps():
            pass

    def _get_value_steps(self):
        """Value the clients step by step, yielding how far it is in percent.

        Nothing is written before the last step, and that in one go: whoever stops
        here, or dies, leaves the last values in place.
        """
        facts = self._collect_facts()
        yield 70
        validation = self._validate() if self.check_holdout else None
        yield 80
        segments, names = self._get_segments(facts)
        ordering = facts["model_days"] > 0
        prediction = None
        if ordering.any():
            prediction = predict(
                self._prepare_client_facts(facts, ordering),
                self._prepare_settings(validation),
                None if segments is None else segments[ordering],
            )
        yield 90
        offers = self._collect_offers(facts)
        columns = self._prepare_value_columns(facts, ordering, prediction)
        self._add_contracts(columns, facts)
        self._add_potential(columns, offers)
        self._add_segment_names(columns, segments, names, ordering)
        yield 95
        self._write_values(columns)
        self._write_offers(offers)
        self._write_validation(validation)
        self.write(self._prepare_result_vals(facts, columns, prediction, validation))
        self._write_fits(prediction, names)

    def _write_values(self, columns):
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

    def _write_fits(self, prediction, names):
        # results, which nobody enters: written for whoever may start the run
        self.fit_ids.sudo().unlink()
        if prediction is not None:
            fits = self._prepare_fit_vals_list(prediction, names)
            self.env["logistics.value.fit"].sudo().create(fits)

    def _prepare_settings(self, validation=None):
        """Return the choices of the run as the pure package takes them.

        BG/NBD holds a client without a repeat order to be alive for sure, so MBG/NBD
        says beside it who is still active.
        """
        model = OrderModel(self.order_model)
        return PredictionSettings(
            model=model,
            churn_model=OrderModel.MBG_NBD if model is OrderModel.BG_NBD else model,
            money_model=MoneyModel.AUTO
            if self.money_model == "gamma_gamma"
            else MoneyModel.CREDIBILITY,
            horizon_months=self.horizon_months,
            annual_rate=self.discount_rate / 100,
            horizons=tuple(sorted({12, self.horizon_months})),
            base_correction=validation.base_correction if validation else 1.0,
            use_run_rate=bool(validation and validation.use_run_rate),
        )

    def _prepare_result_vals(self, facts, columns, prediction, validation):
        vals = {
            "client_count": len(facts["client_id"]),
            "repeat_client_count": int((facts["order_days"] > 1).sum()),
            "historical": float(sum(facts["historical"])),
            "cost_coverage": self._get_cost_coverage(),
            "order_source": False,
            "margin_source": False,
            "base_correction": validation.base_correction if validation else 1,
            "use_run_rate": bool(validation and validation.use_run_rate),
            "grade": validation.grade if validation else "none",
            "base_gap": facts.get("base_gap", 0),
        }
        for name in (
            "predicted",
            "predicted_low",
            "predicted_high",
            "run_rate_value",
            "total",
            "potential",
        ):
            vals[name] = math.fsum(columns[name][1])
        remarks = [("no_orders", {})]
        if prediction is not None:
            remarks = [(note.code, dict(note.params)) for note in prediction.notes]
            vals["order_source"] = str(prediction.order_source)
            vals["margin_source"] = str(prediction.margin_source)
        if validation and validation.use_run_rate:
            remarks.insert(0, ("run_rate_won", {}))
        elif validation is None and self.check_holdout and prediction is not None:
            remarks.append(("no_holdout", {}))
        if facts["client_id"] and vals["cost_coverage"] < ENOUGH_COVERAGE:
            share = round(100 * vals["cost_coverage"])
            remarks.insert(0, ("cost_unknown", {"share": share}))
        if older := sum(facts["is_older"]):
            remarks.append(("older_than_ledger", {"clients": older}))
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

    def _prepare_fit_vals_list(self, prediction, names):
        fits = self.env["logistics.value.fit"]
        vals_list = []
        for segment in prediction.fits:
            label = names.get(segment.segment, "")
            for purpose, fit, source in (
                ("orders", segment.order_fit, segment.order_source),
                ("churn", segment.churn_fit, segment.churn_source),
                ("margin", segment.margin_fit, segment.margin_source),
            ):
                if fit is not None:
                    vals = fits._prepare_fit_vals(self, purpose, fit, source)
                    vals_list.append(vals | {"segment": label})
        return vals_list
