"""How far the value of a client may turn out from what is expected of it.

The orders to come are a count with known mean, mean square and chance to be zero; the
margin of each varies, and its mean is known only so well. Their product is taken as
nothing with the chance of no order, else as gamma distributed with the right mean and
variance. An approximation: the tests hold it against simulated clients.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv

from .facts import History
from .mbg_cnbd_k import MbgCnbdFit
from .order_fit import OrderFit

FloatArray = NDArray[np.float64]

COVERAGE = 0.80
# Standard error of a log-parameter below which it adds nothing to see to a band.
_NEGLIGIBLE_ERROR = 0.05
_DIFFERENCE = 1e-3


def order_moments(
    fit: OrderFit | None, weeks: float, history: History, run_rate: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return mean, mean square and chance of at least one order day within weeks.

    :param run_rate: order days per week, taken as Poisson where there is no model
    """
    if fit is None:
        mean = run_rate * weeks
        return mean, mean + mean**2, -np.expm1(-mean)
    if not isinstance(fit, MbgCnbdFit):
        # Mean and chance are those of the model; the spread is taken from MBG/NBD.
        like = MbgCnbdFit(*fit.parameters)
        first, second = like.order_moments(weeks, *history.past)
        mean = fit.expected_orders(weeks, *history.past)
        ratio = np.divide(mean, first, out=np.ones_like(mean), where=first > 0)
        return mean, second * ratio**2, fit.p_order(weeks, *history.past)
    mean, square = fit.order_moments(weeks, *history.past)
    return mean, square, fit.p_order(weeks, *history.past)


def parameter_variance(
    fit: OrderFit | None, weeks: float, history: History, mean: FloatArray
) -> FloatArray:
    """Return the relative variance of the mean for what the fit does not know.

    By the delta method on the log-parameters; zero where they are known well.
    """
    covariance = getattr(fit, "covariance", None)
    nothing = np.zeros_like(mean)
    if covariance is None or not np.isfinite(covariance).all():
        return nothing
    if math.sqrt(np.diag(covariance).max()) < _NEGLIGIBLE_ERROR:
        return nothing
    slopes = []
    for index, name in enumerate(fit.parameters._fields):
        value = fit.parameters[index] * math.exp(_DIFFERENCE)
        moved = MbgCnbdFit(*fit.parameters._replace(**{name: value}), fit.k)
        later = moved.expected_orders(weeks, *history.past)
        with np.errstate(divide="ignore", invalid="ignore"):
            slope = np.log(later / mean) / _DIFFERENCE
        slopes.append(np.where(np.isfinite(slope), slope, 0.0))
    slopes = np.array(slopes)
    return np.einsum("in,ij,jn->n", slopes, covariance, slopes)


def value_band(
    moments: tuple[FloatArray, FloatArray, FloatArray],
    margin: FloatArray,
    margin_variances: tuple[FloatArray, FloatArray],
    relative_variance: FloatArray,
    factor: FloatArray,
    coverage: float = COVERAGE,
) -> tuple[FloatArray, FloatArray]:
    """Return the lower and upper end of the value's band; (n,) each.

    :param moments: mean, mean square and chance of at least one order day
    :param margin: contribution expected per order day, of any sign
    :param margin_variances: of one order day's margin, and of the expected margin
    :param relative_variance: of the mean, from the parameters
    :param factor: what turns order days times margin into value: discounting
    :param coverage: share of clients that should end up inside, 0.8 = 80 %
    """
    mean, square, p_order = moments
    within, between = margin_variances
    p_order = np.clip(p_order, 1e-12, 1.0)
    expected = mean * np.abs(margin) / p_order
    second = (mean * within + square * (margin**2 + between)) / p_order
    variance = np.maximum(second - expected**2, 0.0) + expected**2 * relative_variance
    tail = (1.0 - coverage) / 2.0
    low, high = (
        _quantile(level, 1.0 - p_order, expected, variance)
        for level in (tail, 1.0 - tail)
    )
    ends = np.sign(margin) * low * factor, np.sign(margin) * high * factor
    return np.minimum(*ends), np.maximum(*ends)


def _quantile(
    level: float, p_zero: FloatArray, mean: FloatArray, variance: FloatArray
) -> FloatArray:
    """Return a quantile of what is zero with p_zero, else gamma distributed."""
    known = (mean > 0) & (level > p_zero)
    inside = np.where(known, (level - p_zero) / np.maximum(1.0 - p_zero, 1e-12), 0.5)
    certain = variance <= 1e-12 * mean**2
    shape = np.where(certain | ~known, 1.0, mean**2 / np.where(certain, 1.0, variance))
    scale = np.where(known, mean / shape, 0.0)
    result = np.where(certain, mean, gammaincinv(shape, inside) * scale)
    return np.where(known, result, 0.0)
