"""Pareto/NBD: orders at random, and the end of the relationship at any moment.

While alive a client orders as a Poisson process with a rate that varies over clients
as Gamma(r, alpha), and lives for an exponential time whose rate varies as
Gamma(s, beta). A reference model: to compare with, not the default.

Source: Schmittlein, Morrison, Colombo (1987), Counting your customers, Management
Science 33:1-24; Fader, Hardie (2005), A note on deriving the Pareto/NBD model.
"""

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, gammaln, hyperu, loggamma

from .beta_geometric import mean_gap
from .errors import ValuationError
from .estimation import Objective, maximise
from .rows import as_columns, check_not_negative, group_rows

FloatArray = NDArray[np.float64]

_LOG_LIMIT = math.log(1e4)
# Equal steps on the logit of the unit interval: exact to ten digits, also where the
# integrand has a branch point at an end.
_LOGITS = np.arange(-26.0, 26.25, 0.5)
_NODES = expit(_LOGITS)
_WEIGHTS = 0.5 * _NODES * expit(-_LOGITS)
# The imaginary step of a derivative that loses no digits.
_STEP = 1e-30


class ParetoParameters(NamedTuple):
    """One number for each parameter, in the order of all arrays of this module."""

    r: float
    alpha: float
    s: float
    beta: float


_UNKNOWN = ParetoParameters(math.nan, math.nan, math.nan, math.nan)


@dataclass(frozen=True, eq=False)
class ParetoNbdFit:
    """Parameters of a Pareto/NBD model with what is known about their quality.

    :ivar r: shape of the order rates over clients
    :ivar alpha: scale of the order rates, in the time unit of the data
    :ivar s: shape of the rates at which clients drop out
    :ivar beta: scale of the rates at which clients drop out, in the same unit
    :ivar log_likelihood, converged, iterations, n, standard_errors, at_boundary: as
        of BG/NBD
    """

    r: float
    alpha: float
    s: float
    beta: float
    log_likelihood: float = math.nan
    converged: bool = False
    iterations: int = 0
    n: float = 0.0
    standard_errors: ParetoParameters = _UNKNOWN
    at_boundary: bool = False

    @property
    def parameters(self) -> ParetoParameters:
        """The four parameters as one tuple."""
        return ParetoParameters(self.r, self.alpha, self.s, self.beta)

    def log_likelihoods(self, x: ArrayLike, tx: ArrayLike, T: ArrayLike) -> FloatArray:
        """Return each client's log-likelihood; shapes broadcast."""
        return _log_likelihoods(self.parameters, *_history(x, tx, T))[0]

    def p_alive(self, x: ArrayLike, tx: ArrayLike, T: ArrayLike) -> FloatArray:
        """Return the probability, 0..1, that each client is still there."""
        together, alive = _log_likelihoods(self.parameters, *_history(x, tx, T))
        return np.exp(alive - together)

    def expected_orders(
        self, t: ArrayLike, x: ArrayLike, tx: ArrayLike, T: ArrayLike
    ) -> FloatArray:
        """Return the order days expected within ``t`` from now; shapes broadcast.

        :param t: horizon in time units, >= 0
        """
        r, alpha, s, beta = self.parameters
        x, tx, age = _history(x, tx, T)
        t = np.asarray(t, dtype=np.float64)
        check_not_negative(horizon=t)
        log_rest = -np.log1p(t / (beta + age))
        power = (s - 1.0) * log_rest
        # expm1(power) / (s - 1), which is log_rest at s = 1.
        ratio = np.where(power == 0, 1.0, np.expm1(power) / np.where(power, power, 1.0))
        lifetime = (beta + age) * -log_rest * ratio
        return self.p_alive(x, tx, age) * (r + x) / (alpha + age) * lifetime

    def expected_orders_new(self, t: ArrayLike) -> FloatArray:
        """Return the repeat order days expected from a new client within ``t``."""
        return self.expected_orders(t, 0.0, 0.0, 0.0)

    def discounted_residual_orders(
        self, delta: float, x: ArrayLike, tx: ArrayLike, T: ArrayLike
    ) -> FloatArray:
        """Return the discounted orders expected for ever after (DERT).

        Source: Fader, Hardie, Lee (2005), RFM and CLV: using iso-value curves for
        customer base analysis, Journal of Marketing Research 42:415-430, equation 4.

        :param delta: continuous discount rate per time unit, > 0
        """
        if not (math.isfinite(delta) and delta > 0):
            raise ValuationError("bad_rate", rate=delta)
        r, alpha, s, beta = self.parameters
        x, tx, age = _history(x, tx, T)
        together, _alive = _log_likelihoods(self.parameters, x, tx, age)
        log_factor = (
            r * math.log(alpha)
            + s * math.log(beta)
            + (s - 1.0) * math.log(delta)
            + gammaln(r + x + 1.0)
            - gammaln(r)
            - (r + x + 1.0) * np.log(alpha + age)
            - together
        )
        return np.exp(log_factor) * hyperu(s, s, delta * (beta + age))


def fit(
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    weights: ArrayLike | None = None,
) -> ParetoNbdFit:
    """Estimate a Pareto/NBD model by maximum likelihood.

    Parameters and errors as ``bg_nbd.fit``.
    """
    if weights is None:
        weights = np.ones(np.size(frequency))
    x, tx, age, weights = as_columns(
        frequency=frequency, recency=recency, age=age, weights=weights
    )
    check_not_negative(frequency=x, recency=tx, age=age, weights=weights)
    if not weights.sum() > 0:
        raise ValuationError("no_data")
    tx = np.where(x > 0, np.minimum(tx, age), 0.0)
    (x, tx, age), weights = group_rows([x, tx, age], weights)
    unit = mean_gap(x, tx, age, weights)
    bound = np.full(4, _LOG_LIMIT)
    start = np.log([1.0, 1.0, 1.0, 5.0])
    found = maximise(
        _objective(x, tx / unit, age / unit, weights), start, -bound, bound
    )
    scale = np.array([1.0, unit, 1.0, unit])
    parameters = ParetoParameters(*(found.parameters * scale).tolist())
    rows = ParetoNbdFit(*parameters).log_likelihoods(x, tx, age)
    return ParetoNbdFit(
        *parameters,
        log_likelihood=float(weights @ rows),
        converged=found.converged,
        iterations=found.iterations,
        n=float(weights.sum()),
        standard_errors=ParetoParameters(*(found.standard_errors * scale).tolist()),
        at_boundary=found.at_boundary,
    )


def _objective(
    x: FloatArray, tx: FloatArray, age: FloatArray, weights: FloatArray
) -> Objective:
    """Return the negative log-likelihood; its gradient by the complex step."""

    def negative_log_likelihood(theta: FloatArray) -> tuple[float, FloatArray]:
        gradient = np.empty(4)
        value = 0.0
        for index in range(4):
            moved = theta.astype(np.complex128)
            moved[index] += 1j * _STEP
            rows = _log_likelihoods(ParetoParameters(*np.exp(moved)), x, tx, age)[0]
            total = weights @ rows
            value, gradient[index] = total.real, total.imag / _STEP
        return -float(value), -gradient

    return negative_log_likelihood


def _log_likelihoods(
    parameters: ParetoParameters, x: FloatArray, tx: FloatArray, age: FloatArray
) -> tuple[NDArray, NDArray]:
    """Return ln of the likelihood, and ln of that of the history and being alive.

    The chance to have left at a moment y after the last order is integrated in
    v = ((alpha + tx) / (alpha + y))^(r + s + x), where the integrand is bounded:
    ((alpha + y) / (beta + y))^(s + 1). Complex parameters are welcome.
    """
    r, alpha, s, beta = parameters
    total = r + s + x
    log_then = np.log(alpha + tx)
    constant = loggamma(r + x) - loggamma(r) + r * np.log(alpha) + s * np.log(beta)
    alive = constant - (r + x) * np.log(alpha + age) - s * np.log(beta + age)
    log_low = total * (log_then - np.log(alpha + age))
    low = np.exp(log_low)
    width = 1.0 - low
    integral = np.zeros_like(width)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        v = low + width * node
        moment = (alpha + tx) * np.exp(-np.log(v) / total) - alpha
        integral = integral + weight * np.exp(
            (s + 1.0) * np.log((alpha + moment) / (beta + moment))
        )
    # ln(1 + s / total * dead / alive), with the powers that both share taken out.
    ratio = (
        s / total * width * integral
        * np.exp(s * np.log(beta + age) + (r + x) * np.log(alpha + age)
                 - total * log_then)
    )  # fmt: skip
    return alive + np.log(1.0 + ratio), alive


def _history(
    x: ArrayLike, tx: ArrayLike, age: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    x, tx, age = (np.asarray(values, dtype=np.float64) for values in (x, tx, age))
    for name, values in (("frequency", x), ("recency", tx), ("age", age)):
        if not np.isfinite(values).all():
            raise ValuationError("not_finite", name=name)
    check_not_negative(frequency=x, recency=tx, age=age)
    return x, np.where(x > 0, np.minimum(tx, age), 0.0), age
