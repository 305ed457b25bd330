"""What is known of the clients of a base, checked and turned into weeks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .discounting import DAYS_PER_WEEK
from .errors import Note
from .rows import as_columns, check_not_negative

FloatArray = NDArray[np.float64]

_COLUMNS = ("frequency", "recency_days", "age_days", "margin_total")
_OPTIONAL_COLUMNS = (
    "margin_squares",
    "first_margin",
    "log_gap_days",
    "recent_weight",
    "recent_margin",
    "recent_squares",
)


@dataclass(frozen=True, slots=True, eq=False)
class ClientFacts:
    """What is known of n clients on the snapshot date; arrays of length n, same order.

    :param frequency: order days after the first one (x), an integer >= 0
    :param recency_days: days from the first to the last order day (tx)
    :param age_days: days from the first order day to the snapshot (T)
    :param margin_total: contribution of all ``frequency + 1`` order days together, in
        the currency of the result; may be negative
    :param margin_squares: sum of the squared contribution of each order day; optional,
        lets the credibility weights come from the data
    :param first_margin: contribution of the first order day; optional, keeps trial
        orders out of the Gamma-Gamma model, as in its published applications
    :param log_gap_days: sum of ln(days) over the gaps between order days; optional,
        tells how regular a client is, which MBG/CNBD-k needs
    :param recent_weight: sum of the weights of the order days that count for the
        margin to come, old ones less; with the next two in place of all days alike
    :param recent_margin: sum of weight times contribution of these days
    :param recent_squares: sum of weight times squared contribution of these days
    """

    frequency: FloatArray
    recency_days: FloatArray
    age_days: FloatArray
    margin_total: FloatArray
    margin_squares: FloatArray | None = None
    first_margin: FloatArray | None = None
    log_gap_days: FloatArray | None = None
    recent_weight: FloatArray | None = None
    recent_margin: FloatArray | None = None
    recent_squares: FloatArray | None = None

    def select(self, rows: NDArray) -> "ClientFacts":
        """Return the facts of some clients only."""
        columns = {
            name: None if (column := getattr(self, name)) is None else column[rows]
            for name in (*_COLUMNS, *_OPTIONAL_COLUMNS)
        }
        return ClientFacts(**columns)


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Clean facts: x order days after the first; tx and T in weeks; margins.

    ``typical_days`` and ``typical_margin``: the order days that tell what a further
    one earns; without the first one where its margin is known. ``weight``,
    ``weighted_margin`` and ``weighted_squares``: the days behind the credibility mean.
    """

    x: FloatArray
    tx: FloatArray
    age: FloatArray
    log_gaps: FloatArray | None
    margin: FloatArray
    typical_days: FloatArray
    typical_margin: FloatArray
    weight: FloatArray
    weighted_margin: FloatArray
    weighted_squares: FloatArray | None

    @property
    def typical_mean(self) -> FloatArray:
        return self.typical_margin / np.maximum(self.typical_days, 1.0)

    @property
    def past(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """x, tx and T as every order model takes them."""
        return self.x, self.tx, self.age

    def select(self, rows: NDArray) -> "History":
        """Return the history of some clients only."""
        return History(
            *(
                None if (column := getattr(self, name)) is None else column[rows]
                for name in self.__dataclass_fields__
            )
        )


def clean(facts: ClientFacts, notes: list[Note]) -> History:
    """Check the facts, clip what dates from the future, and turn days into weeks.

    :raises ValuationError: ``shape_mismatch``, ``not_finite``, ``negative`` (name)
    """
    columns = {name: getattr(facts, name) for name in _COLUMNS}
    for name in _OPTIONAL_COLUMNS:
        if (column := getattr(facts, name)) is not None:
            columns[name] = column
    columns = dict(zip(columns, as_columns(**columns), strict=True))
    x, recency, age, margin = (columns[name] for name in _COLUMNS)
    check_not_negative(frequency=x)
    if future := int(np.count_nonzero(age < 0)):
        notes.append(Note("age_clipped", {"clients": future}))
    age = np.maximum(age, 0.0)
    if outside := int(np.count_nonzero((recency < 0) | (recency > age))):
        notes.append(Note("recency_clipped", {"clients": outside}))
    recency = np.where(x > 0, np.clip(recency, 0.0, age), 0.0)
    first = columns.get("first_margin")
    log_gaps = columns.get("log_gap_days")
    weight, weighted, squares = x + 1.0, margin, columns.get("margin_squares")
    if "recent_weight" in columns:
        # Without a recent order day all that there were have to do.
        recent = columns["recent_weight"] > 0
        weight = np.where(recent, columns["recent_weight"], weight)
        weighted = np.where(recent, columns["recent_margin"], weighted)
        if squares is not None:
            squares = np.where(recent, columns["recent_squares"], squares)
    return History(
        x,
        recency / DAYS_PER_WEEK,
        age / DAYS_PER_WEEK,
        None if log_gaps is None else log_gaps - x * np.log(DAYS_PER_WEEK),
        margin,
        x + 1.0 if first is None else x,
        margin if first is None else np.where(x > 0, margin - first, 0.0),
        weight,
        weighted,
        squares,
    )
