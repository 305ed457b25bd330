"""MBG/CNBD-k: as MBG/NBD, but clients may order more regularly than at random.

The time between two orders of a client is Erlang(k) with the client's own rate: the
client goes through k random stages before the next order. k = 1 is MBG/NBD, a large k
clockwork. Each order, the first one too, may be the last.

Source: Platzer, Reutterer (2016), Ticking away the moments: timing regularity helps to
better predict customer activity, Marketing Science 35:779-799, with the drop-out of
Reutterer, Platzer, Schroeder (2020), Leveraging purchase regularity for predicting
customer behavior the easy way, International Journal of Research in Marketing.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, expit, gammaln, psi

from . import erlang_counts, mbg_nbd
from .beta_geometric import (
    TEMPLATE_SHAPE,
    UNKNOWN,
    Parameters,
    Prior,
    mean_gap,
)
from .erlang_counts import log_stage_sum
from .errors import ValuationError
from .estimation import Estimate, Objective, maximise, refine
from .rows import as_columns, check_not_negative, dot, group_rows

FloatArray = NDArray[np.float64]

LARGEST_K = 6
_LOG_LIMIT = math.log(1e4)
# Clients that decide on k; drawn evenly, so the same ones each time.
_SAMPLE_CLIENTS = 20_000


@dataclass(frozen=True, eq=False)
class MbgCnbdFit:
    """Parameters of an MBG/CNBD-k model with what is known about their quality.

    :ivar r: shape of the stage rates over clients
    :ivar alpha: scale of the stage rates, in the time unit of the data; a client's
        mean rate of orders is r / (k * alpha)
    :ivar a: first shape of the drop-out probabilities
    :ivar b: second shape of the drop-out probabilities
    :ivar k: stages between two orders; 1 = at random
    :ivar log_likelihood: of the data at these parameters, without any prior
    :ivar by_k: log-likelihood of each k that was tried, on the clients that decided
    :ivar converged, iterations, n, standard_errors, at_boundary: as of BG/NBD
    """

    r: float
    alpha: float
    a: float
    b: float
    k: int = 1
    log_likelihood: float = math.nan
    converged: bool = False
    iterations: int = 0
    n: float = 0.0
    standard_errors: Parameters = UNKNOWN
    covariance: FloatArray | None = None
    at_boundary: bool = False
    by_k: tuple[tuple[int, float], ...] = ()

    @property
    def parameters(self) -> Parameters:
        """The four continuous parameters as one tuple."""
        return Parameters(self.r, self.alpha, self.a, self.b)

    def log_likelihoods(
        self,
        x: ArrayLike,
        tx: ArrayLike,
        T: ArrayLike,
        log_gaps: ArrayLike = 0.0,
    ) -> FloatArray:
        """Return each client's log-likelihood; shapes broadcast.

        :param log_gaps: sum of the logarithms of the gaps between order days
        """
        x, tx, age = _history(x, tx, T)
        constant = _gap_terms(self.k, x, np.asarray(log_gaps, dtype=np.float64))
        r, alpha, a, b = self.parameters
        shape = r + self.k * x
        log_odds, log_stages = _log_odds_dead(self.parameters, self.k, x, tx, age)
        return (
            constant
            + r * math.log(alpha)
            - gammaln(r)
            + (betaln(a, b + x + 1.0) - betaln(a, b))
            + gammaln(shape)
            - shape * np.log(alpha + age)
            + log_stages
            + np.logaddexp(0.0, log_odds)
        )

    def p_alive(self, x: ArrayLike, tx: ArrayLike, T: ArrayLike) -> FloatArray:
        """Return the probability, 0..1, that each client has not dropped out.

        :param x: order days after the first one
        :param tx: time from the first to the last order day
        :param T: time from the first order day to now; shapes broadcast
        """
        x, tx, age = _history(x, tx, T)
        return expit(-_log_odds_dead(self.parameters, self.k, x, tx, age)[0])

    def p_order(
        self, t: ArrayLike, x: ArrayLike, tx: ArrayLike, T: ArrayLike
    ) -> FloatArray:
        """Return the probability of at least one order day within ``t`` from now."""
        x, tx, age = _history(x, tx, T)
        t = erlang_counts.horizon(t)
        log_odds, log_stages = _log_odds_dead(self.parameters, self.k, x, tx, age)
        shape = self.r + self.k * x
        waiting = np.maximum(age - tx, 0.0) + t
        later = self.alpha + tx + waiting
        none_yet = (
            log_stage_sum(self.k, shape, waiting / later)[0]
            - log_stages
            + shape * (np.log(self.alpha + age) - np.log(later))
        )
        return expit(-log_odds) * -np.expm1(np.minimum(none_yet, 0.0))

    def expected_orders(
        self, t: ArrayLike, x: ArrayLike, tx: ArrayLike, T: ArrayLike
    ) -> FloatArray:
        """Return the order days expected within ``t`` from now, given the history.

        :param t: horizon in time units, >= 0; x, tx, T as for ``p_alive``
        """
        if self.k == 1:
            return mbg_nbd.MbgNbdFit(*self.parameters).expected_orders(t, x, tx, T)
        return self.order_moments(t, x, tx, T)[0]

    def order_moments(
        self, t: ArrayLike, x: ArrayLike, tx: ArrayLike, T: ArrayLike
    ) -> tuple[FloatArray, FloatArray]:
        """Return mean and mean square of the order days within ``t`` from now."""
        x, tx, age = _history(x, tx, T)
        alive = self.p_alive(x, tx, age)
        first, second = erlang_counts.moments_alive(
            self.parameters, self.k, erlang_counts.horizon(t), x, tx, age
        )
        return alive * first, alive * second

    def expected_orders_new(self, t: ArrayLike) -> FloatArray:
        """Return the repeat order days expected from a new client within ``t``."""
        return self.expected_orders(t, 0.0, 0.0, 0.0)


def fit(
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    log_gaps: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    k: int | None = None,
    prior: Prior | None = None,
) -> MbgCnbdFit:
    """Estimate an MBG/CNBD-k model by maximum likelihood.

    :param frequency: (n,) order days after the first one, x
    :param recency: (n,) time from the first to the last order day, tx
    :param age: (n,) time from the first order day to now, T; any one time unit
    :param log_gaps: (n,) sum of the logarithms of the x gaps, in that unit; 0 if x = 0
    :param weights: (n,) clients that a row stands for; one each by default
    :param k: stages between orders; by default the most likely of 1 to 6
    :param prior: weak prior on the log-parameters; its ``alpha`` is that of k = 1
    :return: the fit; look at ``converged`` and ``at_boundary`` before using it
    :raises ValuationError: ``shape_mismatch``, ``not_finite``, ``negative``,
        ``no_data``, ``bad_k`` (k)
    """
    if k is not None and not 1 <= k <= 100:
        raise ValuationError("bad_k", k=k)
    rows = _Rows.prepare(frequency, recency, age, log_gaps, weights)
    if k is not None:
        return rows.fit(k, prior)
    sample = rows.sample()
    best, tried, falls = None, [], 0
    for candidate in range(1, LARGEST_K + 1):
        found = sample.fit(candidate, prior)
        # An optimum that is none says nothing about k.
        value = found.log_likelihood if found.converged else -math.inf
        tried.append((candidate, value))
        if best is None or value > best.log_likelihood or not best.converged:
            falls = 0
            best = found if best is None or found.converged else best
        else:
            falls += 1
        if falls == 2:
            break
    if sample is not rows:
        best = rows.fit(best.k, prior, near=best)
    return replace(best, by_k=tuple(tried))


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Distinct histories with the clients behind each; ``log_gaps`` summed over all."""

    x: FloatArray
    tx: FloatArray
    age: FloatArray
    log_gaps: FloatArray
    weights: FloatArray

    @classmethod
    def prepare(
        cls,
        frequency: ArrayLike,
        recency: ArrayLike,
        age: ArrayLike,
        log_gaps: ArrayLike,
        weights: ArrayLike | None,
    ) -> "_Rows":
        if weights is None:
            weights = np.ones(np.size(frequency))
        x, tx, age, log_gaps, weights = as_columns(
            frequency=frequency,
            recency=recency,
            age=age,
            log_gaps=log_gaps,
            weights=weights,
        )
        check_not_negative(frequency=x, recency=tx, age=age, weights=weights)
        if not weights.sum() > 0:
            raise ValuationError("no_data")
        tx = np.where(x > 0, np.minimum(tx, age), 0.0)
        log_gaps = np.where(x > 0, log_gaps, 0.0)
        columns, weights = group_rows([x, tx, age, log_gaps], weights)
        return cls(*columns, weights)

    def sample(self) -> "_Rows":
        """Return every so-manyth row; rows are sorted, so it is a fair sample."""
        if len(self.x) <= 2 * _SAMPLE_CLIENTS:
            return self
        some = slice(None, None, len(self.x) // _SAMPLE_CLIENTS)
        return _Rows(
            self.x[some],
            self.tx[some],
            self.age[some],
            self.log_gaps[some],
            self.weights[some],
        )

    def fit(
        self, k: int, prior: Prior | None, near: MbgCnbdFit | None = None
    ) -> MbgCnbdFit:
        """Fit one k; time is counted in mean gaps of the base while searching."""
        unit = mean_gap(self.x, self.tx, self.age, self.weights) / k
        centre = prior and np.log(
            prior.centre._replace(alpha=prior.centre.alpha / (k * unit))
        )
        objective = _objective(
            k,
            self.x,
            self.tx / unit,
            self.age / unit,
            self.weights,
            centre=centre,
            deviation=prior.deviation if prior else math.inf,
        )
        bound = np.full(4, _LOG_LIMIT)
        found = None
        if near is not None and near.converged:
            theta = np.log(near.parameters._replace(alpha=near.alpha / unit))
            found = refine(objective, theta, -bound, bound, near.iterations)
        if found is None or not found.converged:
            found = maximise(objective, np.log(TEMPLATE_SHAPE), -bound, bound)
        return self._as_fit(k, found, unit)

    def _as_fit(self, k: int, found: Estimate, unit: float) -> MbgCnbdFit:
        scale = np.array([1.0, unit, 1.0, 1.0])
        parameters = (found.parameters * scale).tolist()
        rows = MbgCnbdFit(*parameters, k).log_likelihoods(
            self.x, self.tx, self.age, self.log_gaps
        )
        return MbgCnbdFit(
            *parameters,
            k,
            log_likelihood=dot(self.weights, rows),
            converged=found.converged,
            iterations=found.iterations,
            n=float(self.weights.sum()),
            standard_errors=Parameters(*(found.standard_errors * scale).tolist()),
            covariance=found.covariance,
            at_boundary=found.at_boundary,
        )


def _objective(
    k: int,
    x: FloatArray,
    tx: FloatArray,
    age: FloatArray,
    weights: FloatArray,
    *,
    centre: FloatArray | None,
    deviation: float,
) -> Objective:
    """Return the negative log-likelihood with its gradient in log-parameters.

    The gaps themselves are left out: for one k they change nothing.
    """
    counts, x_row = np.unique(x, return_inverse=True)
    x_weights = np.bincount(x_row, weights)
    total = weights.sum()
    silence = age - tx

    def negative_log_likelihood(theta: FloatArray) -> tuple[float, FloatArray]:
        r, alpha, a, b = np.exp(theta).tolist()
        shapes = r + k * counts
        shape = shapes[x_row]
        log_then, log_now = np.log(alpha + tx), np.log(alpha + age)
        share = silence / (alpha + age)
        log_stages, by_shape, by_share = log_stage_sum(k, shape, share, slopes=True)
        log_chance = theta[2] - np.log(b + counts)
        log_odds = log_chance[x_row] + shape * (log_now - log_then) - log_stages
        dead = weights * expit(log_odds)
        alive = weights - dead

        value = (
            x_weights @ (betaln(a, b + counts + 1.0) - betaln(a, b))
            + x_weights @ (gammaln(shapes) - gammaln(r))
            + total * r * theta[1]
            - dot(weights, shape * log_now)
            + dot(weights, log_stages)
            + dot(weights, np.logaddexp(0.0, log_odds))
        )
        d_r = (
            x_weights @ (psi(shapes) - psi(r))
            + total * theta[1]
            - dot(alive, log_now - by_shape)
            - dot(dead, log_then)
        )
        d_alpha = (
            total * r / alpha
            - dot(alive, (shape + by_share * share) / (alpha + age))
            - dot(dead, shape / (alpha + tx))
        )
        psi_total = psi(a + b) - psi(a + b + counts + 1.0)
        by_count = np.bincount(x_row, dead, minlength=len(counts))
        d_a = x_weights @ psi_total + dead.sum() / a
        d_b = (
            x_weights @ (psi(b + counts + 1.0) - psi(b) + psi_total)
            - (by_count / (b + counts)).sum()
        )
        gradient = np.array([d_r * r, d_alpha * alpha, d_a * a, d_b * b])
        if centre is not None:
            away = (theta - centre) / deviation
            value -= 0.5 * (away @ away)
            gradient -= away / deviation
        return -float(value), -gradient

    return negative_log_likelihood


def _log_odds_dead(
    parameters: Parameters, k: int, x: FloatArray, tx: FloatArray, age: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return ln(P(dropped out) / P(alive)), and ln of the sum over stages."""
    r, alpha, a, b = parameters
    shape = r + k * x
    silence = np.maximum(age - tx, 0.0)
    log_stages = log_stage_sum(k, shape, silence / (alpha + age))[0]
    waited = shape * np.log1p(silence / (alpha + tx))
    return math.log(a) - np.log(b + x) + waited - log_stages, log_stages


def _gap_terms(k: int, x: FloatArray, log_gaps: FloatArray) -> FloatArray:
    return (k - 1) * log_gaps - x * math.lgamma(k)


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
