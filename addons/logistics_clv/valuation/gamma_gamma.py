"""Gamma-Gamma: the mean value of an order varies over clients, not with frequency.

Source: Fader, Hardie (2013), The Gamma-Gamma model of monetary value (note 025).
Needs values above zero; where there are losses use ``credibility``.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, psi

from .errors import ValuationError
from .estimation import Objective, maximise
from .rows import as_columns, dot, group_rows

FloatArray = NDArray[np.float64]

_LOG_LIMIT = math.log(1e5)


@dataclass(frozen=True, slots=True, eq=False)
class GammaGammaFit:
    """A fitted Gamma-Gamma model.

    :ivar p: shape of the values of one client's orders
    :ivar q: shape of the clients' scales
    :ivar v: scale of the clients' scales, in money
    :ivar log_likelihood: of the mean values at these parameters
    :ivar converged: the optimum is one: gradient zero, curvature definite, no bound
    :ivar n: clients
    :ivar standard_errors: of p, q, v from the Hessian; NaN if not identified
    :ivar at_boundary: a parameter ran away or is not identified by the data
    """

    p: float
    q: float
    v: float
    log_likelihood: float = math.nan
    converged: bool = False
    n: int = 0
    iterations: int = 0
    standard_errors: tuple[float, float, float] = (math.nan, math.nan, math.nan)
    at_boundary: bool = False

    @property
    def population_mean(self) -> float:
        """Mean value per order over all clients, in money; infinite if q <= 1."""
        return self.p * self.v / (self.q - 1.0) if self.q > 1.0 else math.inf

    def expected_value(self, x: ArrayLike, mean: ArrayLike) -> FloatArray:
        """Return the value expected of one more order, in money.

        :param x: orders behind ``mean``; without any the population mean results
        :param mean: each client's mean value per order; shapes broadcast
        """
        x = np.asarray(x, dtype=np.float64)
        mean = np.where(x > 0, np.asarray(mean, dtype=np.float64), 0.0)
        weight = self.p * x + self.q - 1.0
        with np.errstate(divide="ignore"):
            expected = self.p * (self.v + x * mean) / weight
        return np.where(weight > 0, expected, math.inf)


def fit(frequency: ArrayLike, mean_value: ArrayLike) -> GammaGammaFit:
    """Estimate a Gamma-Gamma model by maximum likelihood.

    :param frequency: (n,) orders behind each mean; rows with zero are left out
    :param mean_value: (n,) mean value per order, in money, above zero
    :return: the fit; look at ``converged`` and ``at_boundary`` before using it
    :raises ValuationError: ``shape_mismatch``, ``not_finite``, ``negative``,
        ``not_positive`` (a mean value of zero or less), ``no_data``
    """
    x, mean = as_columns(frequency=frequency, mean_value=mean_value)
    if x.size and x.min() < 0:
        raise ValuationError("negative", name="frequency")
    x, mean = x[x > 0], mean[x > 0]
    if not len(x):
        raise ValuationError("no_data")
    if mean.min() <= 0:
        raise ValuationError("not_positive", name="mean_value")
    clients = len(x)
    (x, mean), weights = group_rows([x, mean], np.ones(clients))
    # Money is counted in average orders while searching.
    unit = dot(weights * x, mean) / dot(weights, x)
    bound = np.full(3, _LOG_LIMIT)
    start = np.log([2.0, 3.0, 1.0])
    found = maximise(_objective(x, mean / unit, weights), start, -bound, bound)
    scale = np.array([1.0, 1.0, unit])
    p, q, v = (found.parameters * scale).tolist()
    return GammaGammaFit(
        p,
        q,
        v,
        # d(mean / unit) instead of d(mean): one logarithm of the unit per client.
        log_likelihood=-found.value - clients * math.log(unit),
        converged=found.converged,
        n=clients,
        iterations=found.iterations,
        standard_errors=tuple((found.standard_errors * scale).tolist()),
        at_boundary=found.at_boundary,
    )


def _objective(x: FloatArray, mean: FloatArray, weights: FloatArray) -> Objective:
    """Return the negative log-likelihood with its gradient in log-parameters."""
    counts, row = np.unique(x, return_inverse=True)
    count_weights = np.bincount(row, weights)
    total = weights.sum()
    spent = x * mean
    log_spent = np.log(spent)
    weighted_x = weights * x
    spent_orders = dot(weighted_x, log_spent)
    constant = dot(weights, np.log(mean))

    def negative_log_likelihood(theta: FloatArray) -> tuple[float, FloatArray]:
        p, q, v = np.exp(theta).tolist()
        log_sum = np.log(v + spent)
        psi_both = psi(p * counts + q)
        orders_gap = spent_orders - dot(weighted_x, log_sum)
        log_gap = total * theta[2] - dot(weights, log_sum)
        value = (
            count_weights @ (gammaln(p * counts + q) - gammaln(p * counts) - gammaln(q))
            + p * orders_gap
            + q * log_gap
            - constant
        )
        d_p = count_weights @ (counts * (psi_both - psi(p * counts))) + orders_gap
        d_q = count_weights @ (psi_both - psi(q)) + log_gap
        d_v = total * q / v - (weights * (p * x + q) / (v + spent)).sum()
        return -float(value), -np.array([d_p * p, d_q * q, d_v * v])

    return negative_log_likelihood
