"""Grades of clients by their share of the value of all, with a memory.

By share: clients in the order of their value, the highest first; whoever stands within
the first 80 % of all positive value is an A, within 95 % a B, the other profitable ones
are C, those without profit D. By threshold: so much value at least. A client moves only
if it is past the border by a margin, so that nobody goes to and fro each month.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import ValuationError
from .rows import as_columns

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class TierRule:
    """How clients fall into grades 0, 1, 2 ...; the last one is for no profit.

    :param borders: the end of each grade but the last two: shares of all positive
        value, ascending (0.80, 0.95), or with ``by_threshold`` least values, falling
    :param by_threshold: borders are money, not shares
    :param margin: how far past a border a client must be to leave its grade: share
        points (0.02), or with ``by_threshold`` a part of the border (0.10)
    """

    borders: Sequence[float] = (0.80, 0.95)
    by_threshold: bool = False
    margin: float = 0.02

    def __post_init__(self) -> None:
        borders = list(self.borders)
        ordered = sorted(borders, reverse=self.by_threshold)
        if borders != ordered or len(set(borders)) != len(borders):
            raise ValuationError("borders_unordered")
        if not self.by_threshold and any(not 0 < border < 1 for border in borders):
            raise ValuationError("bad_share")
        if self.by_threshold and any(not border > 0 for border in borders):
            raise ValuationError("not_positive", name="borders")
        if not 0 <= self.margin < 1:
            raise ValuationError("bad_margin")

    @property
    def grades(self) -> int:
        """How many there are: one per border, the rest with profit, and without."""
        return len(self.borders) + 2


def assign(
    value: ArrayLike, rule: TierRule | None = None, previous: ArrayLike | None = None
) -> IntArray:
    """Return the grade of each client, 0 the best.

    Clients must come in a settled order (by id): it decides between equals.

    :param value: (n,) value, in one currency, of any sign
    :param previous: (n,) grade so far, below zero for none
    :raises ValuationError: ``not_finite``, ``shape_mismatch``
    """
    rule = rule or TierRule()
    (value,) = as_columns(value=value)
    grades = _grades(value, rule, 0.0)
    if previous is None or not rule.margin:
        return grades
    previous = np.asarray(previous, dtype=np.int64)
    if previous.shape != value.shape:
        raise ValuationError(
            "shape_mismatch", name="previous", expected=len(value), got=len(previous)
        )
    known = (previous >= 0) & (previous < rule.grades)
    # With all borders moved against the client it has to be past them by the margin.
    best, worst = _grades(value, rule, rule.margin), _grades(value, rule, -rule.margin)
    kept = np.clip(previous, best, worst)
    no_profit = rule.grades - 1
    # Profit or not is no question of margins.
    sure = (grades == no_profit) | (previous == no_profit)
    return np.where(known & ~sure, kept, grades)


def _grades(value: FloatArray, rule: TierRule, shift: float) -> IntArray:
    """Return grades with every border moved in the clients' favour by ``shift``."""
    profitable = value > 0
    if rule.by_threshold:
        borders = np.array(rule.borders) * (1.0 - shift)
        grades = (value[:, None] < borders).sum(axis=1)
    else:
        # A border at or beyond 1 would take in everybody.
        borders = np.minimum(np.array(rule.borders) + shift, 1.0 - 1e-12)
        before = share_before(value)
        grades = (before[:, None] >= borders - 1e-12).sum(axis=1)
    return np.where(profitable, grades, rule.grades - 1).astype(np.int64)


def share_before(value: ArrayLike) -> FloatArray:
    """Return the share of all positive value of those ahead of each client, 0..1.

    The client that crosses a border still belongs above it.
    """
    (value,) = as_columns(value=value)
    order = np.argsort(-value, kind="stable")
    gains = np.maximum(value[order], 0.0)
    total = math.fsum(gains)
    share = np.empty(len(value))
    ahead = np.cumsum(gains) - gains
    share[order] = np.minimum(ahead / total, 1.0) if total > 0 else 0.0
    return share
