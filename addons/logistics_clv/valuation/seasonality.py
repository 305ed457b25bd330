"""Which months are strong: an index for the months to come, from all clients."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import ValuationError

FloatArray = NDArray[np.float64]

MONTHS = 12
_YEARS_OF_TREND = 2


def seasonal_index(totals: ArrayLike, first_month: int) -> FloatArray:
    """Return twelve factors, January first, that add up to 12.

    Each month is compared with the mean of the twelve around it, so a trend does not
    look like a season. With less than two full years every factor is 1.

    :param totals: (n,) volume of consecutive months, >= 0
    :param first_month: calendar month of the first, 1..12
    :raises ValuationError: ``negative``, ``bad_month``
    """
    totals = np.asarray(totals, dtype=np.float64)
    if totals.size and totals.min() < 0:
        raise ValuationError("negative", name="totals")
    if not 1 <= first_month <= MONTHS:
        raise ValuationError("bad_month", month=first_month)
    if len(totals) < _YEARS_OF_TREND * MONTHS:
        return np.ones(MONTHS)
    # Half of both ends: thirteen months weigh as twelve and lie around their middle.
    kernel = np.array([0.5, *[1.0] * (MONTHS - 1), 0.5]) / MONTHS
    trend = np.convolve(totals, kernel, mode="valid")
    middle = totals[MONTHS // 2 : MONTHS // 2 + len(trend)]
    month = (first_month - 1 + MONTHS // 2 + np.arange(len(trend))) % MONTHS
    known = trend > 0
    sums = np.bincount(month[known], middle[known] / trend[known], minlength=MONTHS)
    counts = np.bincount(month[known], minlength=MONTHS)
    index = np.where(counts > 0, sums / np.maximum(counts, 1), 1.0)
    total = index.sum()
    return index * MONTHS / total if total > 0 else np.ones(MONTHS)
