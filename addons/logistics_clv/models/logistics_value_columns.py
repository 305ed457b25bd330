import math

import numpy as np

from odoo import models

from ..valuation.contracts import contract_value
from ..valuation.silence import activity, usual_gap

# Share of the revenue with a known cost from which on a profit is not provisional.
ENOUGH_COVERAGE = 0.9
_DAYS_PER_MONTH = 30.4375


class LogisticsValueColumns(models.AbstractModel):
    """Turn facts and prediction into the columns of the client values."""

    _name = "logistics.value.columns"
    _description = "Client value: columns of a run"

    def _prepare_value_columns(self, facts, ordering, prediction):
        """Return the columns of logistics.client.value as (SQL type, list)."""
        columns = self._prepare_history_columns(facts)
        columns |= self._prepare_silence_columns(facts)
        columns |= self._prepare_prediction_columns(facts, ordering, prediction)
        return columns

    def _prepare_history_columns(self, facts):
        digits = self.currency_id.decimal_places
        days = facts["order_days"]
        served = facts["cost_to_serve"]
        revenues = [float(revenue) for revenue in facts["revenue"]]
        coverage = [
            min(max(1 - float(unknown) / revenue, 0), 1) if revenue > 0 else 1
            for unknown, revenue in zip(facts["unknown_revenue"], revenues, strict=True)
        ]
        estimated = [
            min(max(float(amount) / revenue, 0), 1) if revenue > 0 else 0
            for amount, revenue in zip(
                facts["estimated_revenue"], revenues, strict=True
            )
        ]
        mean = np.round(facts["typical_total"] / np.maximum(days, 1), digits)
        columns = {
            "client_id": ("int", list(facts["client_id"])),
            "revenue": ("numeric", list(facts["revenue"])),
            "cost": (
                "numeric",
                [
                    revenue - historical - cost
                    for revenue, historical, cost in zip(
                        facts["revenue"], facts["historical"], served, strict=True
                    )
                ],
            ),
            "cost_to_serve": ("numeric", served),
            "acquisition_cost": ("numeric", facts["acquisition_cost"]),
            "historical": ("numeric", list(facts["historical"])),
            "first_order": ("date", list(facts["first_order"])),
            "last_order": ("date", list(facts["last_order"])),
            "is_older": ("bool", list(facts["is_older"])),
            "mean_contribution": ("numeric", mean.tolist()),
            "cost_coverage": ("numeric", np.round(coverage, 4).tolist()),
            "estimated_share": ("numeric", np.round(estimated, 4).tolist()),
            "is_provisional": ("bool", [share < ENOUGH_COVERAGE for share in coverage]),
            "frequency": ("int", np.maximum(days - 1, 0).astype(int).tolist()),
            "revenue_year": ("numeric", list(facts["revenue_year"])),
        }
        for name in ("order_days", "order_days_year", "order_days_before"):
            columns[name] = ("int", facts[name].astype(int).tolist())
        for name in ("contribution_year", "contribution_before"):
            columns[name] = ("numeric", np.round(facts[name], digits).tolist())
        return columns

    def _prepare_silence_columns(self, facts):
        """Return the usual gap of each client and how unusual its silence is."""
        ordering = facts["model_days"] > 0
        gaps = np.where(ordering, facts["model_days"] - 1, 0)
        total = gaps.sum()
        base = facts["recency_days"].sum() / total if total > 0 else _DAYS_PER_MONTH
        facts["base_gap"] = float(base)
        usual = usual_gap(gaps, facts["recency_days"], base)
        silent = np.maximum(facts["age_days"] - facts["recency_days"], 0)
        ratio = silent / np.maximum(usual, 1e-9)
        # how even the gaps are: 1 like clockwork, towards 0 at random
        with np.errstate(divide="ignore", invalid="ignore"):
            mean_gap = facts["recency_days"] / gaps
            even = np.exp(facts["log_gap_days"] / gaps) / mean_gap
        even = np.where(gaps >= 2, np.clip(np.nan_to_num(even), 0, 1), 0)
        return {
            "usual_gap": ("numeric", _known(np.round(usual, 1), ordering)),
            "silent_days": ("int", np.where(ordering, silent, 0).astype(int).tolist()),
            "silence_ratio": ("numeric", _known(np.round(ratio, 2), ordering)),
            "regularity": ("numeric", np.round(even, 3).tolist()),
        }

    def _prepare_prediction_columns(self, facts, ordering, prediction):
        digits = self.currency_id.decimal_places
        count = len(facts["client_id"])

        def spread(values, decimals=digits):
            """Put the predicted values where the ordering clients stand."""
            column = np.zeros(count)
            if prediction is not None:
                column[ordering] = np.round(values, decimals)
            return column

        year = prediction.horizons.index(12) if prediction else 0
        predicted = spread(prediction and prediction.value)
        p_alive = spread(prediction and prediction.p_alive, 4)
        expected = spread(prediction and prediction.expected_orders[:, year], 4)
        margin = spread(prediction and prediction.expected_margin)
        historical = np.asarray(facts["historical"], dtype=float)
        source = str(prediction.order_source) if prediction else "none"
        numbers = {
            "predicted": predicted,
            "predicted_low": spread(prediction and prediction.value_low),
            "predicted_high": spread(prediction and prediction.value_high),
            "run_rate_value": spread(prediction and prediction.run_rate_value),
            "total": np.round(historical + predicted, digits),
            "expected_orders": np.round(expected, 2),
            "expected_margin": margin,
            "expected_year": np.round(expected * margin, digits),
            "p_order": spread(prediction and prediction.p_order[:, year], 4),
            "run_rate_orders": spread(
                prediction and prediction.run_rate_orders[:, year], 2
            ),
        }
        return {
            name: ("numeric", values.tolist()) for name, values in numbers.items()
        } | {
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
            "estimate": (
                "varchar",
                [source if ordered else "none" for ordered in ordering],
            ),
        }

    def _add_contracts(self, columns, facts):
        """Value clients under contract by what is agreed, then by renewals.

        The month's margin is that of the last year; the band goes from no renewal to
        all of them.
        """
        left = self._get_contract_months(facts)
        rows = np.flatnonzero(~np.isnan(left))
        if not rows.size:
            return
        digits = self.currency_id.decimal_places
        months = np.clip(facts["age_days"][rows] / _DAYS_PER_MONTH, 1, 12)
        lasting = facts["typical_total"][rows] / np.maximum(
            facts["order_days"][rows], 1
        )
        # net of cost-to-serve: the mean of an order day is, the year's sum is not
        margin = lasting * facts["order_days_year"][rows] / months
        figures = {}
        settings = (self.horizon_months, self.discount_rate / 100)
        renewals = np.zeros(rows.size)
        figures["predicted"] = contract_value(margin, left[rows], renewals, *settings)
        month = np.arange(self.horizon_months)
        discount = (1 + self.discount_rate / 100) ** (-(month + 0.5) / 12)
        agreed = margin * (np.clip(left[rows, None] - month, 0, 1) @ discount)
        forever = margin * discount.sum()
        figures["predicted_low"] = np.minimum(agreed, forever)
        figures["predicted_high"] = np.maximum(agreed, forever)
        historical = np.asarray(facts["historical"], dtype=float)[rows]
        figures["total"] = historical + figures["predicted"]
        for name, values in figures.items():
            for row, value in zip(rows, np.round(values, digits), strict=True):
                columns[name][1][row] = float(value)
        for row in rows:
            columns["estimate"][1][row] = "contract"

    def _add_potential(self, columns, offers):
        """Add what the offers of each client come to, beside the other values."""
        digits = self.currency_id.decimal_places
        potential = dict.fromkeys(columns["client_id"][1], 0.0)
        for offer in offers:
            potential[offer["client_id"]] += offer["amount"]
        values = [round(amount, digits) for amount in potential.values()]
        columns["potential"] = ("numeric", values)
        columns["lifetime_value"] = (
            "numeric",
            [
                round(total + amount, digits)
                for total, amount in zip(columns["total"][1], values, strict=True)
            ],
        )

    def _add_segment_names(self, columns, segments, names, ordering):
        columns["segment"] = (
            "varchar",
            [None] * len(ordering)
            if segments is None
            else [names.get(segment) for segment in segments.tolist()],
        )


def _known(values, known):
    return [
        value if is_known else None
        for value, is_known in zip(values.tolist(), known, strict=True)
    ]


def _get_band(p_alive):
    return "none" if math.isnan(p_alive) else str(activity(p_alive))
