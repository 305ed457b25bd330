"""Credibility mean: trust a client's own mean the more, the more orders are behind it.

Source: Buhlmann (1967), Experience rating and credibility, ASTIN Bulletin 4:199-207,
with the weights of Buhlmann and Straub (1970). Works with losses, where the
Gamma-Gamma model cannot.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import ValuationError
from .rows import as_columns

FloatArray = NDArray[np.float64]

# K where the data cannot tell, and the range within which the data are believed.
DEFAULT_K = 4.0
K_BOUNDS = (1.0, 50.0)


@dataclass(frozen=True, slots=True, eq=False)
class CredibilityFit:
    """How much a client's own mean counts against the mean of all.

    :ivar population_mean: mean value per order over clients, in money
    :ivar k: orders at which own mean and population mean count alike
    :ivar within: variance of the orders of one client, money squared; NaN if unknown
    :ivar between: variance of the clients' true means; NaN if unknown
    :ivar n: clients
    :ivar estimated: ``k`` comes from the data, not from ``DEFAULT_K``
    """

    population_mean: float
    k: float
    within: float
    between: float
    n: int
    estimated: bool

    def expected_value(self, x: ArrayLike, mean: ArrayLike) -> FloatArray:
        """Return the value expected of one more order, in money; shapes broadcast.

        :param x: orders behind ``mean``; without any the population mean results
        :param mean: each client's mean value per order, of any sign
        """
        x = np.asarray(x, dtype=np.float64)
        mean = np.where(x > 0, np.asarray(mean, dtype=np.float64), 0.0)
        return (x * mean + self.k * self.population_mean) / (x + self.k)


def fit(
    count: ArrayLike,
    total: ArrayLike,
    squares: ArrayLike | None = None,
    *,
    observations: ArrayLike | None = None,
) -> CredibilityFit:
    """Estimate credibility weights from the clients' orders.

    :param count: (n,) orders of each client, or the sum of their weights; rows with
        zero are left out
    :param total: (n,) sum of weight times value, in money, of any sign
    :param squares: (n,) sum of weight times squared value; without it ``DEFAULT_K`` is
        used, for the spread of the means alone does not tell the two variances apart
    :param observations: (n,) orders of each client if ``count`` is their weight
    :raises ValuationError: ``shape_mismatch``, ``not_finite``, ``negative``,
        ``no_data``
    """
    columns = {"count": count, "total": total}
    if squares is not None:
        columns["squares"] = squares
    if observations is not None:
        columns["observations"] = observations
    columns = dict(zip(columns, as_columns(**columns), strict=True))
    count, total = columns["count"], columns["total"]
    if count.size and count.min() < 0:
        raise ValuationError("negative", name="count")
    known = count > 0
    count, total = count[known], total[known]
    if not len(count):
        raise ValuationError("no_data")
    mean = total / count
    if squares is not None:
        orders = columns.get("observations", columns["count"])[known]
        within, between = _variances(count, mean, columns["squares"][known], orders)
    else:
        within = between = math.nan
    k, estimated = DEFAULT_K, False
    if within >= 0 and (within > 0 or between > 0):
        ratio = within / between if between > 0 else math.inf
        k, estimated = float(np.clip(ratio, *K_BOUNDS)), True
    weight = count / (count + k)
    # fsum: the same digits in whatever order the clients come.
    population_mean = math.fsum(weight * mean) / math.fsum(weight)
    return CredibilityFit(population_mean, k, within, between, len(count), estimated)


def _variances(
    weight: FloatArray, mean: FloatArray, squares: FloatArray, orders: FloatArray
) -> tuple[float, float]:
    """Return the variance within and between clients (Buhlmann-Straub)."""
    clients, freedom = len(weight), math.fsum(orders) - len(orders)
    if clients < 2 or freedom <= 0:
        return math.nan, math.nan
    spread = math.fsum(np.maximum(squares - weight * mean**2, 0.0))
    within = spread / freedom
    total = math.fsum(weight)
    grand = math.fsum(weight * mean) / total
    between = (math.fsum(weight * (mean - grand) ** 2) - (clients - 1) * within) / (
        total - math.fsum(weight**2) / total
    )
    return within, max(between, 0.0)
