"""How good a prediction was: what was predicted beside what happened.

The models are fitted up to some months ago and predict the months since. Their figures
stand beside those of two plain rules, the run rate and "as in the year before", for a
model that does not beat these is not worth its name.

Sources: Wang, Liu, Miao (2019), A deep probabilistic model for customer lifetime value
prediction (decile chart, normalised Gini); Wuebben, v. Wangenheim (2008), Instant
customer base analysis: managerial heuristics often "get it right".
"""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import rankdata

from .rows import as_columns

FloatArray = NDArray[np.float64]

DECILES = 10
# Top-decile capture that the model must add to that of the better plain rule.
_POINTS_FOR_A = 0.05
# The base correction is believed only so far.
CORRECTION_BOUNDS = (0.7, 1.3)


class Grade(StrEnum):
    """A beats the plain rules clearly, B is as good, C is worse: do not use it."""

    A = "a"
    B = "b"
    C = "c"
    NONE = "none"  # too few clients or nothing happened: no grade


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How one forecast of n clients compares with what happened.

    :ivar mae: mean absolute error per client
    :ivar rmse: root of the mean squared error
    :ivar total_ratio: predicted total / actual total; NaN if nothing happened
    :ivar correlation: Pearson's; NaN if one of the two does not vary
    :ivar spearman: correlation of the ranks; NaN likewise
    :ivar gini: normalised Gini, 1 = perfect ranking; NaN if nothing happened
    :ivar top_decile: share of the actual total that the predicted top tenth brought
    """

    mae: float
    rmse: float
    total_ratio: float
    correlation: float
    spearman: float
    gini: float
    top_decile: float


@dataclass(frozen=True, slots=True)
class Decile:
    """Clients ranked by their prediction, a tenth of them; sums over its clients."""

    number: int
    clients: int
    predicted: float
    actual: float


@dataclass(frozen=True, slots=True)
class Validation:
    """The page that the reader of a valuation sees.

    :ivar clients: n
    :ivar model, run_rate, last_year: accuracy of the three forecasts
    :ivar deciles: ten rows, the highest predictions first
    :ivar auc: chance that a client who ordered was ranked above one who did not, by
        the probability of an order; NaN if all or none ordered
    :ivar brier: mean squared error of that probability
    :ivar base_correction: actual / predicted total, within bounds; 1 if unknown
    :ivar grade: see ``Grade``
    :ivar use_run_rate: the model lost: fall back
    """

    clients: int
    model: Accuracy
    run_rate: Accuracy
    last_year: Accuracy
    deciles: tuple[Decile, ...]
    auc: float
    brier: float
    base_correction: float
    grade: Grade
    use_run_rate: bool


def validate(
    actual: ArrayLike,
    predicted: ArrayLike,
    run_rate: ArrayLike,
    last_year: ArrayLike,
    p_order: ArrayLike,
    ordered: ArrayLike,
    *,
    min_clients: int = 50,
) -> Validation:
    """Compare forecasts with what happened; every array has one entry per client.

    :param actual: what happened in the holdout: order days, or contribution in money
    :param predicted: what the model had expected of it
    :param run_rate: the same by the rate so far
    :param last_year: the same by the period before of the same length
    :param p_order: the model's probability of at least one order day
    :param ordered: order days in the holdout
    :raises ValuationError: ``shape_mismatch``, ``not_finite``
    """
    actual, predicted, run_rate, last_year, p_order, ordered = as_columns(
        actual=actual,
        predicted=predicted,
        run_rate=run_rate,
        last_year=last_year,
        p_order=p_order,
        ordered=ordered,
    )
    model, plain, before = (
        measure(actual, forecast) for forecast in (predicted, run_rate, last_year)
    )
    yes = ordered > 0
    grade = _grade(model, (plain, before), len(actual), min_clients)
    return Validation(
        clients=len(actual),
        model=model,
        run_rate=plain,
        last_year=before,
        deciles=_deciles(actual, predicted),
        auc=area_under_curve(p_order, yes),
        brier=_mean((p_order - yes) ** 2),
        base_correction=_correction(actual, predicted),
        grade=grade,
        use_run_rate=grade is Grade.C,
    )


def measure(actual: FloatArray, predicted: FloatArray) -> Accuracy:
    """Return the accuracy of one forecast."""
    error = predicted - actual
    total = math.fsum(actual)
    return Accuracy(
        mae=_mean(np.abs(error)),
        rmse=math.sqrt(_mean(error**2)) if len(error) else math.nan,
        total_ratio=math.fsum(predicted) / total if total else math.nan,
        correlation=_correlation(predicted, actual),
        spearman=_correlation(rankdata(predicted), rankdata(actual)),
        gini=normalised_gini(actual, predicted),
        top_decile=top_decile_capture(actual, predicted),
    )


def normalised_gini(actual: FloatArray, predicted: FloatArray) -> float:
    """Return the Gini of the ranking by prediction over that by what happened."""
    if len(actual) < 2 or not math.fsum(actual) > 0:
        return math.nan
    perfect = _gini(actual, actual)
    return _gini(actual, predicted) / perfect if perfect else math.nan


def top_decile_capture(actual: FloatArray, predicted: FloatArray) -> float:
    """Return the share of the actual total brought by the predicted top tenth."""
    total = math.fsum(actual)
    size = math.ceil(len(actual) / DECILES)
    if not size or not total > 0:
        return math.nan
    return math.fsum(_spread_ties(actual, predicted)[:size]) / total


def area_under_curve(score: FloatArray, yes: NDArray[np.bool_]) -> float:
    """Return the chance that a yes has a higher score than a no; ties count half."""
    positives = int(np.count_nonzero(yes))
    negatives = len(yes) - positives
    if not positives or not negatives:
        return math.nan
    ranks = math.fsum(rankdata(score)[yes])
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives)


def _gini(actual: FloatArray, ranked_by: FloatArray) -> float:
    """Return the area between the curve of cumulated shares and equal shares."""
    shares = np.cumsum(_spread_ties(actual, ranked_by)) / math.fsum(actual)
    return _mean(shares) - (len(actual) + 1) / (2 * len(actual))


def _spread_ties(actual: FloatArray, ranked_by: FloatArray) -> FloatArray:
    """Return ``actual`` from the highest rank down; the tied get their mean each.

    So no order among equals, the database's or another, moves a figure.
    """
    _values, which, counts = np.unique(
        -ranked_by, return_inverse=True, return_counts=True
    )
    means = np.bincount(which, actual) / counts
    return np.repeat(means, counts)


def _deciles(actual: FloatArray, predicted: FloatArray) -> tuple[Decile, ...]:
    spread = _spread_ties(actual, predicted)
    ranked = np.sort(predicted)[::-1]
    edges = [len(actual) * number // DECILES for number in range(DECILES + 1)]
    return tuple(
        Decile(
            number + 1,
            edges[number + 1] - edges[number],
            math.fsum(ranked[edges[number] : edges[number + 1]]),
            math.fsum(spread[edges[number] : edges[number + 1]]),
        )
        for number in range(DECILES)
    )


def _correction(actual: FloatArray, predicted: FloatArray) -> float:
    expected, happened = math.fsum(predicted), math.fsum(actual)
    if not expected > 0 or not happened > 0:
        return 1.0
    return min(max(happened / expected, CORRECTION_BOUNDS[0]), CORRECTION_BOUNDS[1])


def _grade(
    model: Accuracy, plain: tuple[Accuracy, ...], clients: int, min_clients: int
) -> Grade:
    best = max((rule.top_decile for rule in plain), default=math.nan)
    if clients < min_clients or math.isnan(model.top_decile) or math.isnan(best):
        return Grade.NONE
    gain = model.top_decile - best
    if gain >= _POINTS_FOR_A:
        return Grade.A
    return Grade.B if gain >= 0 else Grade.C


def _mean(values: FloatArray) -> float:
    return math.fsum(values) / len(values) if len(values) else math.nan


def _correlation(left: FloatArray, right: FloatArray) -> float:
    if len(left) < 2 or np.ptp(left) == 0 or np.ptp(right) == 0:
        return math.nan
    return float(np.corrcoef(left, right)[0, 1])
