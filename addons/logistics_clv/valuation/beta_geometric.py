"""Machinery shared by BG/NBD and MBG/NBD.

Both say: while alive a client orders as a Poisson process with a rate that varies
over clients as Gamma(r, alpha), and at certain moments drops out with a probability
that varies as Beta(a, b). Under BG/NBD the moments are the repeat orders (x of them
so far), under MBG/NBD also the first order (x + 1). That count of ``chances`` to drop
out is the only difference, so everything below is written in terms of it.

All of it works in log space and on arrays; time may have any unit as long as it is
the same everywhere (the package uses weeks).
"""

import math
from dataclasses import dataclass
from typing import ClassVar, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, expit, gammaln, polygamma, psi

from .errors import ValuationError
from .estimation import Estimate, Objective, maximise, refine
from .rows import (
    as_columns,
    check_not_negative,
    distinct_rows,
    dot,
    group_rows,
)

FloatArray = NDArray[np.float64]

_LOG_LIMIT = math.log(1e4)
_SERIES_TERMS = 600
_SERIES_TOLERANCE = 1e-12
_LARGEST_ERROR = 1e-9
_BLOCK_ROWS = 4096
# Rows of a sample that brings the search so near that Newton steps do the rest.
_SAMPLE_ROWS = 5000


class Parameters(NamedTuple):
    """One number for each parameter, in the order of all arrays of this module."""

    r: float
    alpha: float
    a: float
    b: float


UNKNOWN = Parameters(math.nan, math.nan, math.nan, math.nan)

# Shape of order behaviour assumed before any data: rate of average spread, drop-out
# probability of 1/6 per order. The scale alpha follows the tempo of the base.
TEMPLATE_SHAPE = Parameters(r=1.0, alpha=1.0, a=1.0, b=5.0)


@dataclass(frozen=True, slots=True)
class Prior:
    """Weak normal prior on the log-parameters, which keeps small bases sensible.

    :param centre: parameters in the middle of the prior; ``alpha`` in time units
    :param deviation: standard deviation of each log-parameter
    """

    centre: Parameters
    deviation: float = 1.0


@dataclass(frozen=True, eq=False)
class BetaGeometricFit:
    """Parameters of one model with what is known about their quality.

    :ivar r: shape of the order rates over clients
    :ivar alpha: scale of the order rates, in the time unit of the data
    :ivar a: first shape of the drop-out probabilities
    :ivar b: second shape of the drop-out probabilities
    :ivar log_likelihood: of the data at these parameters, without any prior
    :ivar converged: the optimum is one: gradient zero, curvature definite, no bound
    :ivar iterations: steps of the search
    :ivar n: clients (sum of weights)
    :ivar standard_errors: of r, alpha, a, b from the Hessian; NaN if not identified
    :ivar at_boundary: a parameter ran away or is not identified by the data
    """

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float = math.nan
    converged: bool = False
    iterations: int = 0
    n: float = 0.0
    standard_errors: Parameters = UNKNOWN
    at_boundary: bool = False

    # Chances to drop out beyond the repeat orders: the first order, or none.
    extra_chances: ClassVar[int] = 0

    @property
    def parameters(self) -> Parameters:
        """The four parameters as one tuple."""
        return Parameters(self.r, self.alpha, self.a, self.b)

    def log_likelihoods(self, x: ArrayLike, tx: ArrayLike, T: ArrayLike) -> FloatArray:
        """Return each client's log-likelihood; shapes broadcast."""
        x, tx, age = _history(x, tx, T)
        r, alpha, a, b = self.parameters
        chances = x + self.extra_chances
        log_odds = _log_odds_dead(self.parameters, x, chances, tx, age)
        return (
            (betaln(a, b + chances) - betaln(a, b))
            + (gammaln(r + x) - gammaln(r))
            + r * math.log(alpha)
            - (r + x) * np.log(alpha + age)
            + np.logaddexp(0.0, log_odds)
        )

    def p_alive(self, x: ArrayLike, tx: ArrayLike, T: ArrayLike) -> FloatArray:
        """Return the probability, 0..1, that each client has not dropped out.

        :param x: order days after the first one
        :param tx: time from the first to the last order day
        :param T: time from the first order day to now; shapes broadcast
        """
        x, tx, age = _history(x, tx, T)
        chances = x + self.extra_chances
        return expit(-_log_odds_dead(self.parameters, x, chances, tx, age))

    def p_order(
        self, t: ArrayLike, x: ArrayLike, tx: ArrayLike, T: ArrayLike
    ) -> FloatArray:
        """Return the probability of at least one order day within ``t`` from now.

        Somebody alive drops out only after an order, so the next order comes at the
        gamma-mixed Poisson rate: 1 - ((alpha + T) / (alpha + T + t))^(r + x).
        """
        x, tx, age = _history(x, tx, T)
        t = _horizon(t)
        alive = self.p_alive(x, tx, age)
        return alive * -np.expm1(-(self.r + x) * np.log1p(t / (self.alpha + age)))

    def expected_orders(
        self, t: ArrayLike, x: ArrayLike, tx: ArrayLike, T: ArrayLike
    ) -> FloatArray:
        """Return the order days expected within ``t`` from now, given the history.

        Overflow-free for any x and any parameters, a = 1 included: a power series
        that starts after the two terms which cancel in the textbook form (Fader,
        Hardie, Lee 2005, equation 10), and quadrature where that series would lose
        digits. Relative error below 1e-9.

        :param t: horizon in time units, >= 0
        :param x: order days after the first one
        :param tx: time from the first to the last order day
        :param T: time from the first order day to now; shapes broadcast
        """
        x, tx, age = _history(x, tx, T)
        alive = self.p_alive(x, tx, age)
        t = _horizon(t)
        # Given that a client is alive, the last order no longer matters: far fewer
        # pairs of orders and age are left than there are clients.
        per_client = x.ndim == age.ndim == 1 and len(x) == len(age)
        if per_client and (t.ndim == 0 or t.shape[-1] == 1):
            (x, age), which = distinct_rows([x, age])
            return alive * self._expected_given_alive(t, x, age)[..., which]
        return alive * self._expected_given_alive(t, x, age)

    def _expected_given_alive(
        self, t: FloatArray, x: FloatArray, age: FloatArray
    ) -> FloatArray:
        t, x, age = np.broadcast_arrays(t, x, age)
        return _expected_given_alive(
            self.parameters, t.ravel(), x.ravel(), age.ravel(), self.extra_chances
        ).reshape(t.shape)

    def expected_orders_new(self, t: ArrayLike) -> FloatArray:
        """Return the repeat order days expected from a new client within ``t``."""
        return self.expected_orders(t, 0.0, 0.0, 0.0)

    @classmethod
    def fit(
        cls,
        frequency: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        weights: ArrayLike | None = None,
        *,
        prior: Prior | None = None,
    ) -> Self:
        """Estimate the parameters from (n,) arrays; see the module's ``fit``."""
        x, tx, age, weights = _prepare_rows(frequency, recency, age, weights)
        # Within the search time is counted in mean gaps, so that the start and the
        # bounds of alpha suit any time unit.
        unit = mean_gap(x, tx, age, weights)
        centre = prior and np.log(
            prior.centre._replace(alpha=prior.centre.alpha / unit)
        )
        deviation = prior.deviation if prior else math.inf

        def objective(rows: slice) -> Objective:
            return _objective(
                x[rows],
                x[rows] + cls.extra_chances,
                tx[rows] / unit,
                age[rows] / unit,
                weights[rows],
                centre=centre,
                deviation=deviation,
            )

        bound = np.full(4, _LOG_LIMIT)
        start = np.log(TEMPLATE_SHAPE)
        everything = objective(slice(None))
        found = None
        if len(x) > 2 * _SAMPLE_ROWS:
            # Rows are sorted: every so-manyth is a fair sample, the same each time.
            sample = slice(None, None, len(x) // _SAMPLE_ROWS)
            near = maximise(objective(sample), start, -bound, bound)
            if near.converged:
                found = refine(everything, near.theta, -bound, bound, near.iterations)
        if found is None or not found.converged:
            found = maximise(everything, start, -bound, bound)
        return cls._from_estimate(found, unit, x, tx, age, weights)

    @classmethod
    def _from_estimate(
        cls,
        found: Estimate,
        unit: float,
        x: FloatArray,
        tx: FloatArray,
        age: FloatArray,
        weights: FloatArray,
    ) -> Self:
        scale = np.array([1.0, unit, 1.0, 1.0])
        r, alpha, a, b = (found.parameters * scale).tolist()
        rows = cls(r, alpha, a, b).log_likelihoods(x, tx, age)
        return cls(
            r,
            alpha,
            a,
            b,
            log_likelihood=dot(weights, rows),
            converged=found.converged,
            iterations=found.iterations,
            n=float(weights.sum()),
            standard_errors=Parameters(*(found.standard_errors * scale).tolist()),
            at_boundary=found.at_boundary,
        )


def mean_gap(
    frequency: FloatArray, recency: FloatArray, age: FloatArray, weights: FloatArray
) -> float:
    """Return the mean time between orders of the whole base, in time units.

    Without any repeat order: the mean age, and 1 if that is zero too.
    """
    orders = dot(weights, frequency)
    if orders > 0 and (gap := dot(weights, recency) / orders) > 0:
        return gap
    return dot(weights, age) / float(weights.sum()) or 1.0


def _prepare_rows(
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    weights: ArrayLike | None,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    if weights is None:
        weights = np.ones(np.size(frequency))
    x, tx, age, weights = as_columns(
        frequency=frequency, recency=recency, age=age, weights=weights
    )
    check_not_negative(frequency=x, recency=tx, age=age, weights=weights)
    if not weights.sum() > 0:
        raise ValuationError("no_data")
    # The unrepeated have no recency, and nobody ordered after now.
    tx = np.where(x > 0, np.minimum(tx, age), 0.0)
    (x, tx, age), weights = group_rows([x, tx, age], weights)
    return x, tx, age, weights


def _objective(
    x: FloatArray,
    chances: FloatArray,
    tx: FloatArray,
    age: FloatArray,
    weights: FloatArray,
    *,
    centre: FloatArray | None,
    deviation: float,
) -> Objective:
    """Return the negative log-likelihood with its gradient in log-parameters.

    Gamma functions depend on x alone and logarithms of alpha + T on T alone; both are
    taken once per distinct value. Rows are left with two logarithms and an ``expit``.
    """
    counts, x_row = np.unique(x, return_inverse=True)
    x_weights = np.bincount(x_row, weights)
    drops = counts + (chances[0] - x[0])
    ages, age_row = np.unique(age, return_inverse=True)
    age_weights = np.bincount(age_row, weights)
    age_orders = np.bincount(age_row, weights * x)
    total = weights.sum()
    silence = age - tx
    # Rows without a chance to drop out have no second term (BG/NBD with x = 0).
    exposed = chances > 0
    every_row = bool(exposed.all())
    x_in, tx_in, age_in = (
        (x, tx, age) if every_row else (x[exposed], tx[exposed], age[exposed])
    )
    silence_in = silence if every_row else silence[exposed]
    weights_in = weights if every_row else weights[exposed]
    x_row_in = x_row if every_row else x_row[exposed]

    def negative_log_likelihood(theta: FloatArray) -> tuple[float, FloatArray]:
        r, alpha, a, b = np.exp(theta).tolist()
        log_age = np.log(alpha + ages)
        value = (
            x_weights @ (betaln(a, b + drops) - betaln(a, b))
            + x_weights @ (gammaln(r + counts) - gammaln(r))
            + total * r * theta[1]
            - (r * age_weights + age_orders) @ log_age
        )
        psi_total = psi(a + b) - psi(a + b + drops)
        d_r = (
            x_weights @ (psi(r + counts) - psi(r))
            + total * theta[1]
            - age_weights @ log_age
        )
        d_alpha = (
            total * r / alpha - ((r * age_weights + age_orders) / (alpha + ages)).sum()
        )
        d_a = x_weights @ psi_total
        d_b = x_weights @ (psi(b + drops) - psi(b) + psi_total)

        survivals = np.where(drops > 0, b + drops - 1.0, 1.0)
        log_chance = theta[2] - np.log(survivals)
        since_last = np.log1p(silence_in / (alpha + tx_in))
        log_odds = log_chance[x_row_in] + (r + x_in) * since_last
        value += dot(weights_in, np.logaddexp(0.0, log_odds))
        dead = weights_in * expit(log_odds)
        by_count = np.bincount(x_row_in, dead, minlength=len(counts))
        d_r += dot(dead, since_last)
        d_alpha -= dot(
            dead, (r + x_in) * silence_in / ((alpha + tx_in) * (alpha + age_in))
        )
        d_a += dead.sum() / a
        d_b -= (by_count / survivals).sum()

        gradient = np.array([d_r * r, d_alpha * alpha, d_a * a, d_b * b])
        if centre is not None:
            away = (theta - centre) / deviation
            value -= 0.5 * (away @ away)
            gradient -= away / deviation
        return -float(value), -gradient

    return negative_log_likelihood


def _history(
    x: ArrayLike, tx: ArrayLike, age: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the history as arrays; x = 0 has no recency, and tx <= T."""
    x, tx, age = (np.asarray(values, dtype=np.float64) for values in (x, tx, age))
    for name, values in (("frequency", x), ("recency", tx), ("age", age)):
        if not np.isfinite(values).all():
            raise ValuationError("not_finite", name=name)
    check_not_negative(frequency=x, recency=tx, age=age)
    return x, np.where(x > 0, np.minimum(tx, age), 0.0), age


def _horizon(t: ArrayLike) -> FloatArray:
    t = np.asarray(t, dtype=np.float64)
    if not np.isfinite(t).all():
        raise ValuationError("not_finite", name="horizon")
    check_not_negative(horizon=t)
    return t


def _log_odds_dead(
    parameters: Parameters,
    x: FloatArray,
    chances: FloatArray,
    tx: FloatArray,
    age: FloatArray,
) -> FloatArray:
    """Return ln(P(dropped out) / P(alive)); -inf without a chance to drop out."""
    r, alpha, a, b = parameters
    silence = (r + x) * np.log1p((age - tx) / (alpha + tx))
    survivals = np.where(chances > 0, b + chances - 1.0, 1.0)
    log_odds = math.log(a) - np.log(survivals) + silence
    return np.where(chances > 0, log_odds, -np.inf)


def _expected_given_alive(
    parameters: Parameters,
    t: FloatArray,
    x: FloatArray,
    age: FloatArray,
    extra_chances: int,
) -> FloatArray:
    """Return the order days expected within ``t`` from clients who are alive; (n,).

    Rows are taken in blocks that stay in the processor's cache.
    """
    result = np.empty_like(t)
    for start in range(0, len(t), _BLOCK_ROWS):
        rows = slice(start, start + _BLOCK_ROWS)
        result[rows] = _expected_block(
            parameters, t[rows], x[rows], age[rows], extra_chances
        )
    return result


def _expected_block(
    parameters: Parameters,
    t: FloatArray,
    x: FloatArray,
    age: FloatArray,
    extra_chances: int,
) -> FloatArray:
    """Sum the series for every row, and integrate where it would lose digits.

    With z = t / (alpha + T + t), L = ln(1 - z), e the chances to drop out beyond the
    repeat orders, A = a + b + e - 1 - r and C = a + b + e + x - 1, Euler's
    transformation of the published 2F1 form gives
    C * [(1 - (1 - z)^(a - 1)) / (a - 1) - (1 - z)^(a - 1) * G],
    G = sum over n >= 1 of (A)_n (a)_(n - 1) / ((C)_n n!) * z^n:
    the pole at a = 1 and the powers of x are gone.
    """
    r, alpha, a, b = parameters
    z = t / (alpha + age + t)
    log_rest = np.log1p(-z)
    c = a + b + extra_chances - 1.0 + x
    power = (a - 1.0) * log_rest
    # expm1(power) / power, which is 1 at a = 1.
    ratio = np.ones_like(power)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        np.divide(np.expm1(power), power, out=ratio, where=power != 0)
        first = -log_rest * ratio
        factor = np.exp(power)
        total, size, done = _series(a + b + extra_chances - 1.0 - r, a, c, z)
        result = c * (first - factor * total)
        # What rounding and the terms left out may have cost.
        lost = c * (2.2e-16 * np.abs(first) + _SERIES_TOLERANCE * factor * size)
        safe = done & (c > 0) & (lost < _LARGEST_ERROR * result)
    result[z == 0] = 0.0
    unsafe = np.flatnonzero(~safe & (z > 0))
    if len(unsafe):
        result[unsafe] = _quadrature(
            a,
            b + extra_chances + x[unsafe],
            r + x[unsafe],
            t[unsafe] / (alpha + age[unsafe]),
        )
    return result


def _series(
    first: float, a: float, c: FloatArray, z: FloatArray
) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
    """Sum (A)_n (a)_(n-1) / ((C)_n n!) z^n over n >= 1 for every row.

    :param first: A; every term has the same sign if it is positive
    :return: the sums, the sums of absolute terms, and which rows have converged
    """
    total = np.zeros_like(z)
    size = np.zeros_like(z)
    done = np.zeros(z.shape, dtype=bool)
    rows = np.arange(len(z))
    term = first / c * z
    part = term.copy()
    alternates = first < 0
    part_size = np.abs(term) if alternates else part
    for n in range(1, _SERIES_TERMS):
        if n % 8 == 0:
            absolute = np.abs(term)
            # The rest is about that of a geometric series with ratio z.
            small = absolute <= _SERIES_TOLERANCE * (1.0 - z) * part_size
            stop = small | ~np.isfinite(absolute)
            if stop.any():
                stopped = rows[stop]
                total[stopped], size[stopped] = part[stop], part_size[stop]
                done[stopped] = small[stop]
                keep = ~stop
                rows, term, c, z = rows[keep], term[keep], c[keep], z[keep]
                part = part[keep]
                part_size = part_size[keep] if alternates else part
                if not len(rows):
                    break
        term *= z
        term /= c + n
        term *= (first + n) * (a + n - 1.0) / (n + 1.0)
        part += term
        if alternates:
            part_size += np.abs(term)
    return total, size, done


def _quadrature(
    a: float, c: FloatArray, shape: FloatArray, reach: FloatArray
) -> FloatArray:
    """Integrate the expected orders of clients alive over the drop-out probability.

    E = integral of Beta(p; a, c) * [1 - (1 + p * reach)^-shape] / p over 0 < p < 1,
    with reach = t / (alpha + T) and shape = r + x. In s = logit(p) the integrand is
    analytic up to |Im s| < pi and falls exponentially on both sides, so equal steps
    converge to full precision; no term is negative, so none cancel.

    :param c: (n,) second shape of the posterior drop-out probability, b + chances
    :return: (n,) order days
    """
    deviation = np.sqrt(polygamma(1, a) + polygamma(1, c))
    step = np.minimum(0.25, 0.5 * deviation)
    centre = psi(a) - psi(c)
    log_beta = betaln(a, c)
    first_order = shape * reach
    spread = 10.0 * deviation
    # Beyond the flat points the integrand is a pure exponential, whose sum is known.
    flat_low = -40.0 - np.log1p(c + first_order + reach)
    flat_high = 40.0 + np.log1p(a + first_order)
    low = centre - 42.0 / a - spread - np.log1p(first_order)
    low = np.maximum(low, flat_low)
    high = np.minimum(centre + 42.0 / c + spread, flat_high)
    steps = np.ceil((high - low) / step)

    def integrand(s: FloatArray) -> FloatArray:
        log_p, log_q = -np.logaddexp(0.0, -s), -np.logaddexp(0.0, s)
        p = np.exp(log_p)
        per_p = first_order.copy()
        np.divide(
            -np.expm1(-shape * np.log1p(p * reach)), p, out=per_p, where=p > 1e-200
        )
        # Beta density times dp/ds: p^a (1 - p)^c.
        return np.exp(a * log_p + c * log_q - log_beta) * per_p

    total = integrand(low) / np.expm1(np.minimum(a * step, 700.0))
    for index in range(int(steps.max()) + 1):
        total += np.where(index <= steps, integrand(low + index * step), 0.0)
    total += integrand(low + steps * step) / np.expm1(np.minimum(c * step, 700.0))
    return total * step
