"""How unusual a client's silence is: the plain figure beside the probability.

On simulated bases the ratio tells lost clients nearly as well as the model does, and
everybody can check it: silent for 41 days, orders every 9 days, 4.6 times the usual.
"""

from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .rows import as_columns, check_not_negative

FloatArray = NDArray[np.float64]

# Gaps of the base that count beside a client's own.
_GAPS_OF_BASE = 2.0


class Activity(StrEnum):
    """What the probability of being active is called."""

    ACTIVE = "active"
    WATCH = "watch"
    RISK = "risk"
    LOST = "lost"


# Least probability of being active, and what it is called from there on.
ACTIVITY_BANDS = (
    (0.8, Activity.ACTIVE),
    (0.5, Activity.WATCH),
    (0.2, Activity.RISK),
    (0.0, Activity.LOST),
)
# Silence ratio from which on to watch, to raise the alarm, and to give up.
SILENCE_BANDS = (2.0, 4.0, 6.0)


def usual_gap(
    frequency: ArrayLike, recency_days: ArrayLike, base_gap_days: float
) -> FloatArray:
    """Return the usual days between order days of each client.

    (sum of own gaps + 2 * gap of the base) / (number of own gaps + 2).
    """
    x, recency = as_columns(frequency=frequency, recency_days=recency_days)
    check_not_negative(frequency=x, recency_days=recency)
    return (recency + _GAPS_OF_BASE * base_gap_days) / (x + _GAPS_OF_BASE)


def silence_ratio(
    frequency: ArrayLike,
    recency_days: ArrayLike,
    age_days: ArrayLike,
    base_gap_days: float,
) -> FloatArray:
    """Return days since the last order day over the usual gap; (n,), >= 0."""
    gap = usual_gap(frequency, recency_days, base_gap_days)
    recency, age = as_columns(recency_days=recency_days, age_days=age_days)
    return np.maximum(age - recency, 0.0) / np.maximum(gap, 1e-9)


def activity(p_alive: float) -> Activity:
    """Return what a probability of being active is called."""
    return next(name for least, name in ACTIVITY_BANDS if p_alive >= least)
