import math
from dataclasses import asdict, dataclass

import numpy as np

from odoo import models

from ..valuation import holdout, predict
from ..valuation.holdout import Grade, Validation

FORECASTS = ("model", "run_rate", "last_year")


@dataclass(frozen=True)
class RunValidation:
    """How a run's model would have done a year ago, for orders and for money."""

    orders: Validation
    profit: Validation

    @property
    def grade(self):
        """The grade of the money, as values are money; of the orders failing that."""
        money = self.profit.grade
        return str(self.orders.grade if money is Grade.NONE else money)

    @property
    def base_correction(self):
        return self.orders.base_correction

    @property
    def use_run_rate(self):
        return self.grade == Grade.C


class LogisticsValueValidation(models.AbstractModel):
    """Check the model of a run on the last twelve months before it is believed."""

    _name = "logistics.value.validation"
    _description = "Client value: check of a run on the past"

    def _validate(self):
        """Predict the last twelve months from what was known before them.

        Return None where there is too little history for parameters of one's own.
        """
        facts = self._collect_past_facts()
        ordering = facts["model_days"] > 0
        settings = self._prepare_settings()
        enough = (
            ordering.sum() >= settings.min_clients
            and (facts["model_days"] > 1).sum() >= settings.min_repeaters
            and facts["age_days"].max(initial=0) >= settings.min_history_days
        )
        if not enough:
            return None
        segments, __ = self._get_segments(facts)
        prediction = predict(
            self._prepare_client_facts(facts, ordering),
            settings,
            None if segments is None else segments[ordering],
        )
        year = prediction.horizons.index(12)
        expected = prediction.expected_orders[:, year]
        plain = prediction.run_rate_orders[:, year]
        rows = {
            name: facts[name][ordering]
            for name in (
                "orders_after",
                "contribution_after",
                "order_days_year",
                "contribution_year",
                "margin_total",
                "model_days",
            )
        }
        shared = (prediction.p_order[:, year], rows["orders_after"])
        return RunValidation(
            orders=holdout.validate(
                rows["orders_after"], expected, plain, rows["order_days_year"], *shared
            ),
            profit=holdout.validate(
                rows["contribution_after"],
                expected * prediction.expected_margin,
                plain * rows["margin_total"] / rows["model_days"],
                rows["contribution_year"],
                *shared,
            ),
        )

    def _write_validation(self, validation):
        # results, which nobody enters: written for whoever may start the run
        self.holdout_ids.sudo().unlink()
        self.decile_ids.sudo().unlink()
        if validation is None:
            return
        holdouts, deciles = [], []
        for measure in ("orders", "profit"):
            found = getattr(validation, measure)
            holdouts += self._prepare_holdout_vals_list(measure, found)
            deciles += [
                {"run_id": self.id, "measure": measure, **asdict(decile)}
                for decile in found.deciles
            ]
        self.env["logistics.value.holdout"].sudo().create(holdouts)
        self.env["logistics.value.decile"].sudo().create(deciles)

    def _prepare_holdout_vals_list(self, measure, validation):
        actual = math.fsum(decile.actual for decile in validation.deciles)
        vals_list = []
        for forecast in FORECASTS:
            accuracy = getattr(validation, forecast)
            vals = {
                "run_id": self.id,
                "measure": measure,
                "forecast": forecast,
                "clients": validation.clients,
                "actual": actual,
                "predicted": accuracy.total_ratio * actual if actual else 0,
                **asdict(accuracy),
            }
            if forecast == "model":
                vals |= {
                    "auc": validation.auc,
                    "brier": validation.brier,
                    "base_correction": validation.base_correction,
                    "grade": str(validation.grade),
                }
            vals_list.append(
                {
                    name: 0 if isinstance(value, float) and np.isnan(value) else value
                    for name, value in vals.items()
                }
            )
        return vals_list
