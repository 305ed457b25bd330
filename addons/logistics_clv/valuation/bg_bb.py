"""BG/BB: a client takes or leaves each of a series of fixed opportunities to buy.

For scheduled departures and yearly tenders. While alive a client takes each opportunity
with a probability that varies over clients as Beta(alpha, beta), and drops out before
each with one that varies as Beta(gamma, delta). A reference model.

Source: Fader, Hardie, Shang (2010), Customer-base analysis in a discrete-time
noncontractual setting, Marketing Science 29:1086-1108.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, logsumexp, psi

from .errors import ValuationError
from .estimation import Objective, maximise
from .rows import as_columns, check_not_negative, group_rows

FloatArray = NDArray[np.float64]

_LOG_LIMIT = math.log(1e4)


class BgBbParameters(NamedTuple):
    """One number for each parameter, in the order of all arrays of this module."""

    alpha: float
    beta: float
    gamma: float
    delta: float


_UNKNOWN = BgBbParameters(math.nan, math.nan, math.nan, math.nan)


@dataclass(frozen=True, eq=False)
class BgBbFit:
    """Parameters of a BG/BB model with what is known about their quality.

    :ivar alpha, beta: shapes of the probability to take an opportunity
    :ivar gamma, delta: shapes of the probability to drop out before one
    :ivar log_likelihood, converged, iterations, n, standard_errors, at_boundary: as
        of BG/NBD
    """

    alpha: float
    beta: float
    gamma: float
    delta: float
    log_likelihood: float = math.nan
    converged: bool = False
    iterations: int = 0
    n: float = 0.0
    standard_errors: BgBbParameters = _UNKNOWN
    at_boundary: bool = False

    @property
    def parameters(self) -> BgBbParameters:
        """The four parameters as one tuple."""
        return BgBbParameters(self.alpha, self.beta, self.gamma, self.delta)

    def log_likelihoods(self, x: ArrayLike, tx: ArrayLike, n: ArrayLike) -> FloatArray:
        """Return each client's log-likelihood; shapes broadcast.

        :param x: opportunities taken
        :param tx: number of the last one taken, 0 if none
        :param n: opportunities so far
        """
        x, tx, n = _history(x, tx, n)
        return logsumexp(_log_terms(self.parameters, x, tx, n)[0], axis=0)

    def p_alive(self, x: ArrayLike, tx: ArrayLike, n: ArrayLike) -> FloatArray:
        """Return the probability that a client is there at opportunity n + 1."""
        x, tx, n = _history(x, tx, n)
        terms = _log_terms(self.parameters, x, tx, n)[0]
        _alpha, _beta, gamma, delta = self.parameters
        survives = betaln(gamma, delta + n + 1.0) - betaln(gamma, delta + n)
        return np.exp(terms[0] + survives - logsumexp(terms, axis=0))

    def expected_orders(
        self, periods: int, x: ArrayLike, tx: ArrayLike, n: ArrayLike
    ) -> FloatArray:
        """Return the opportunities expected to be taken of the next ``periods``."""
        if periods < 0:
            raise ValuationError("negative", name="periods")
        x, tx, n = _history(x, tx, n)
        alpha, beta, gamma, delta = self.parameters
        ahead = np.arange(1.0, periods + 1.0).reshape(-1, *[1] * x.ndim)
        survival = np.exp(
            betaln(gamma, delta + n + ahead) - betaln(gamma, delta + n + 1.0)
        ).sum(axis=0)
        return self.p_alive(x, tx, n) * (alpha + x) / (alpha + beta + n) * survival

    def expected_orders_new(self, periods: int) -> FloatArray:
        """Return the orders expected of the first ``periods`` opportunities."""
        return self.expected_orders(periods, 0.0, 0.0, 0.0)


def fit(
    frequency: ArrayLike,
    recency: ArrayLike,
    opportunities: ArrayLike,
    weights: ArrayLike | None = None,
) -> BgBbFit:
    """Estimate a BG/BB model by maximum likelihood.

    :param frequency: (n,) opportunities taken, x
    :param recency: (n,) number of the last one taken, tx
    :param opportunities: (n,) opportunities so far
    :param weights: (n,) clients that a row stands for; one each by default
    :raises ValuationError: ``shape_mismatch``, ``not_finite``, ``negative``,
        ``no_data``
    """
    if weights is None:
        weights = np.ones(np.size(frequency))
    x, tx, n, weights = as_columns(
        frequency=frequency,
        recency=recency,
        opportunities=opportunities,
        weights=weights,
    )
    check_not_negative(weights=weights)
    if not weights.sum() > 0:
        raise ValuationError("no_data")
    x, tx, n = _history(x, tx, n)
    (x, tx, n), weights = group_rows([x, tx, n], weights)
    bound = np.full(4, _LOG_LIMIT)
    found = maximise(
        _objective(x, tx, n, weights), np.log([1.0, 1.0, 1.0, 3.0]), -bound, bound
    )
    parameters = BgBbParameters(*found.parameters.tolist())
    return BgBbFit(
        *parameters,
        log_likelihood=-found.value,
        converged=found.converged,
        iterations=found.iterations,
        n=float(weights.sum()),
        standard_errors=BgBbParameters(*found.standard_errors.tolist()),
        at_boundary=found.at_boundary,
    )


def _objective(
    x: FloatArray, tx: FloatArray, n: FloatArray, weights: FloatArray
) -> Objective:
    def negative_log_likelihood(theta: FloatArray) -> tuple[float, FloatArray]:
        parameters = BgBbParameters(*np.exp(theta).tolist())
        terms, slopes = _log_terms(parameters, x, tx, n, slopes=True)
        together = logsumexp(terms, axis=0)
        share = np.exp(terms - together)
        gradient = np.array([weights @ (share * slope).sum(axis=0) for slope in slopes])
        return -float(weights @ together), -gradient * np.exp(theta)

    return negative_log_likelihood


def _log_terms(
    parameters: BgBbParameters,
    x: FloatArray,
    tx: FloatArray,
    n: FloatArray,
    *,
    slopes: bool = False,
) -> tuple[FloatArray, list[FloatArray]]:
    """Return ln of each way the history can have come about, and its derivatives.

    The first row: alive all the time. Row i + 1: dropped out before opportunity
    tx + i + 1, for i < n - tx; -inf beyond.
    """
    alpha, beta, gamma, delta = parameters
    silent = int((n - tx).max(initial=0.0))
    i = np.arange(silent, dtype=np.float64).reshape(-1, *[1] * x.ndim)
    possible = i < n - tx
    last = np.where(possible, tx + i, n)  # opportunities seen alive
    seen = np.concatenate([n[None], last])
    died = np.concatenate([np.zeros((1, *n.shape)), np.ones(last.shape)])
    terms = (
        betaln(alpha + x, beta + seen - x)
        - betaln(alpha, beta)
        + betaln(gamma + died, delta + seen)
        - betaln(gamma, delta)
    )
    terms[1:] = np.where(possible, terms[1:], -np.inf)
    if not slopes:
        return terms, []
    taken = psi(alpha + beta) - psi(alpha + beta + seen)
    left = psi(gamma + delta) - psi(gamma + delta + died + seen)
    return terms, [
        psi(alpha + x) - psi(alpha) + taken,
        psi(beta + seen - x) - psi(beta) + taken,
        psi(gamma + died) - psi(gamma) + left,
        psi(delta + seen) - psi(delta) + left,
    ]


def _history(
    x: ArrayLike, tx: ArrayLike, n: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    x, tx, n = np.broadcast_arrays(
        *(np.asarray(values, dtype=np.float64) for values in (x, tx, n))
    )
    for name, values in (("frequency", x), ("recency", tx), ("opportunities", n)):
        if not np.isfinite(values).all():
            raise ValuationError("not_finite", name=name)
    check_not_negative(frequency=x, recency=tx, opportunities=n)
    if np.any(x > tx) or np.any(tx > n):
        raise ValuationError("bad_history")
    return x, tx, n
