"""Whale curve: the share of total profit that the best clients bring together.

Clients in the order of their profit, the highest first; the cumulated profit over the
total rises above 100 % and is pulled down again by those who cost money.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .rows import as_columns

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class WhaleCurve:
    """Points of the curve, and what it says.

    :ivar clients: share of clients, 0..1, ascending
    :ivar profit: their share of the total; NaN if the total is not positive
    :ivar total: profit of all clients
    :ivar peak: the highest share, 1 if nobody loses money
    :ivar peak_clients: share of clients at the peak
    :ivar erosion: what is lost again, ``peak - 1``
    """

    clients: FloatArray
    profit: FloatArray
    total: float
    peak: float
    peak_clients: float
    erosion: float


def whale_curve(profit: ArrayLike, points: int = 100) -> WhaleCurve:
    """Return the curve of (n,) profits at so many points, the origin and peak too."""
    (profit,) = as_columns(profit=profit)
    count, total = len(profit), math.fsum(profit)
    ordered = np.sort(profit)[::-1]
    winners = int(np.count_nonzero(ordered > 0))
    at = np.unique(
        np.concatenate([np.round(np.linspace(0, count, points + 1)), [winners]])
    ).astype(int)
    cumulated = np.concatenate([[0.0], np.cumsum(ordered)])[at]
    share = cumulated / total if total > 0 else np.full(len(at), math.nan)
    peak = math.fsum(ordered[:winners]) / total if total > 0 else math.nan
    return WhaleCurve(
        clients=at / max(count, 1),
        profit=share,
        total=total,
        peak=peak,
        peak_clients=winners / count if count else math.nan,
        erosion=peak - 1.0,
    )
