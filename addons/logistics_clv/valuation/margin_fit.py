"""Which margin model a base gets, and how far its margins can be trusted."""

import numpy as np
from numpy.typing import NDArray

from . import credibility, gamma_gamma
from .credibility import CredibilityFit
from .errors import Note
from .facts import History
from .gamma_gamma import GammaGammaFit
from .order_fit import MoneyModel, PredictionSettings

FloatArray = NDArray[np.float64]
MarginFit = GammaGammaFit | CredibilityFit

# Correlation of orders and margin beyond which their independence is doubtful.
_CORRELATION_LIMIT = 0.3
# Clients from which on the outermost hundredth of the means is pulled in.
_ENOUGH_FOR_PERCENTILES = 100


def fit_margin(
    history: History, settings: PredictionSettings, notes: list[Note]
) -> tuple[MarginFit | None, MoneyModel]:
    """Fit credibility weights, or Gamma-Gamma where asked and every margin allows."""
    if not len(history.x):
        return None, MoneyModel.CREDIBILITY
    _note_dependence(history.x, history.margin / (history.x + 1.0), notes)
    if settings.money_model is not MoneyModel.CREDIBILITY:
        known = history.typical_days > 0
        clients = int(np.count_nonzero(known))
        losses = int(np.count_nonzero(history.typical_mean[known] <= 0))
        if losses:
            notes.append(Note("margins_not_positive", {"clients": losses}))
        elif clients < settings.min_clients:
            notes.append(Note("few_margins", {"clients": clients}))
        else:
            fit = gamma_gamma.fit(history.typical_days, history.typical_mean)
            if fit.converged and fit.q > 1.0:
                return fit, MoneyModel.GAMMA_GAMMA
            notes.append(Note("gamma_gamma_unusable"))
    fit = credibility.fit(
        history.weight,
        history.weighted_margin,
        history.weighted_squares,
        observations=history.x + 1.0,
    )
    if not fit.estimated:
        notes.append(Note("credibility_by_default", {"k": fit.k}))
    return fit, MoneyModel.CREDIBILITY


def expected_margin(fit: MarginFit | None, history: History) -> FloatArray:
    """Return the contribution expected of one more order day of every client."""
    if isinstance(fit, GammaGammaFit):
        return fit.expected_value(history.typical_days, history.typical_mean)
    if fit is None:
        return history.margin / (history.x + 1.0)
    return fit.expected_value(history.weight, _own_mean(history, fit.k))


def _own_mean(history: History, k: float) -> FloatArray:
    """Return each client's own mean margin, freak results of few orders pulled in.

    A mean outside the first or last hundredth counts as that hundredth, unless there
    are so many orders behind it that it counts for more than the mean of all.
    """
    mean = history.weighted_margin / history.weight
    if len(mean) < _ENOUGH_FOR_PERCENTILES:
        return mean
    usual = np.clip(mean, *np.percentile(mean, [1.0, 99.0]))
    return np.where(history.weight < k, usual, mean)


def margin_variances(
    fit: MarginFit | None, history: History
) -> tuple[FloatArray, FloatArray]:
    """Return the variance of one order day's margin, and of its expected value."""
    zeros = np.zeros_like(history.x)
    if isinstance(fit, CredibilityFit) and fit.estimated:
        weight = history.weight / (history.weight + fit.k)
        return zeros + fit.within, fit.between * (1.0 - weight)
    if isinstance(fit, GammaGammaFit):
        return _gamma_gamma_variances(fit, history)
    return zeros, zeros


def _gamma_gamma_variances(
    fit: GammaGammaFit, history: History
) -> tuple[FloatArray, FloatArray]:
    """Return both variances; the margin of an order is Gamma(p, nu), nu is unknown.

    nu is Gamma(q + p x, v + x m), so 1 / nu has finite moments for q + p x > 2.
    """
    shape = np.maximum(fit.q + fit.p * history.typical_days, 2.05)
    scale = fit.v + history.typical_margin
    inverse = scale / (shape - 1.0)
    inverse_square = scale**2 / ((shape - 1.0) * (shape - 2.0))
    return fit.p * inverse_square, fit.p**2 * (inverse_square - inverse**2)


def _note_dependence(x: FloatArray, mean: FloatArray, notes: list[Note]) -> None:
    """Warn when clients who order more often earn clearly more or less per order."""
    repeated = x > 0
    x, mean = x[repeated], mean[repeated]
    if len(x) < 20 or np.ptp(x) == 0 or np.ptp(mean) == 0:
        return
    correlation = float(np.corrcoef(x, mean)[0, 1])
    if abs(correlation) > _CORRELATION_LIMIT:
        notes.append(
            Note("margin_depends_on_orders", {"correlation": round(correlation, 2)})
        )
