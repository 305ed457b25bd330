"""The CDNOW 1/10 sample, summarised per customer as the models want it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cache

import numpy as np
from numpy.typing import NDArray

from odoo.addons.test_logistics.cdnow import read_purchases

CALIBRATION_END = date(1997, 9, 30)
HOLDOUT_WEEKS = 39


@dataclass(frozen=True, slots=True)
class Sample:
    """One entry per customer; times in days, money in dollars."""

    frequency: NDArray[np.float64]
    recency: NDArray[np.float64]
    age: NDArray[np.float64]
    spent: NDArray[np.float64]  # all order days of the calibration period
    squares: NDArray[np.float64]
    repeat_spent: NDArray[np.float64]  # without the first order day
    repeat_squares: NDArray[np.float64]
    holdout_orders: NDArray[np.float64]
    holdout_spent: NDArray[np.float64]

    @property
    def recency_weeks(self) -> NDArray[np.float64]:
        """Weeks with two decimals, as in the published data file."""
        return np.round(self.recency / 7, 2)

    @property
    def age_weeks(self) -> NDArray[np.float64]:
        return np.round(self.age / 7, 2)

    @property
    def repeat_mean(self) -> NDArray[np.float64]:
        return self.repeat_spent / np.maximum(self.frequency, 1)


@cache
def load_sample() -> Sample:
    """Return the sample, orders of one day merged."""
    purchases: dict[str, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for purchase in read_purchases():
        purchases[purchase.customer][purchase.day] += float(purchase.amount)
    return Sample(*np.array([_summarise(days) for days in purchases.values()]).T)


def _summarise(purchases: dict[date, float]) -> tuple[float, ...]:
    days = sorted(day for day in purchases if day <= CALIBRATION_END)
    spent = np.array([purchases[day] for day in days])
    later = [purchases[day] for day in purchases if day > CALIBRATION_END]
    return (
        len(days) - 1,
        (days[-1] - days[0]).days,
        (CALIBRATION_END - days[0]).days,
        spent.sum(),
        (spent**2).sum(),
        spent[1:].sum(),
        (spent[1:] ** 2).sum(),
        len(later),
        sum(later),
    )
