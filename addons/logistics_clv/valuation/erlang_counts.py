"""How many orders a regular client places: counting Erlang gaps with drop-out.

After the last order a client goes through random stages at a rate that is known as
Gamma(shape, alpha + tx). Every k-th stage is an order, and each order may be the last.
By now (``silence`` after the last order) fewer than k stages have passed. Within the
horizon ``t`` the number m of stages since the last order is negative binomial, and
given m the stages before now are binomial with the share silence / (silence + t): so

    P(m, alive and fewer than k before now)
        = (shape)_m / m! * (1 - v)^shape * v^m * P(Binomial(m, share) < k),
    v = (silence + t) / (alpha + T + t),

and m stages give floor(m / k) orders, of which the n-th happens if the client survives
the n - 1 orders before it. One sum over m gives every moment; no term is negative, and
the relative error stays below 2e-5 (below 1e-7 with fewer than 600 stages).
"""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln

from .beta_geometric import Parameters
from .errors import ValuationError
from .rows import check_not_negative

FloatArray = NDArray[np.float64]

_BLOCK_ROWS = 4096
# Terms that are added one by one; what lies beyond is integrated.
_EXACT_TERMS = 600
_NODES = 160
_TOLERANCE = 1e-8
_DEVIATIONS = 9.0


def horizon(t: ArrayLike) -> FloatArray:
    """Return horizons as an array; refuse negative and infinite ones."""
    t = np.asarray(t, dtype=np.float64)
    if not np.isfinite(t).all():
        raise ValuationError("not_finite", name="horizon")
    check_not_negative(horizon=t)
    return t


def log_stage_sum(
    k: int, shape: FloatArray, share: FloatArray, *, slopes: bool = False
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return ln of the sum over j < k of (shape)_j / j! * share^j, and its slopes.

    :param share: 0..1, the part of the time that lies after the last order
    :param slopes: also return the derivatives by shape and by share, else zeros
    """
    shape, share = np.broadcast_arrays(shape, share)
    total = np.ones(shape.shape)
    zeros = np.zeros(shape.shape)
    if k == 1:
        return zeros, zeros, zeros
    term = np.ones(shape.shape)
    by_shape, by_share = zeros, zeros
    harmonic = zeros
    for j in range(1, k):
        if slopes:
            harmonic = harmonic + 1.0 / (shape + (j - 1))
            by_share = by_share + term * (shape + (j - 1))  # derivative of term j
        term = term * (shape + (j - 1)) * share / j
        total = total + term
        if slopes:
            by_shape = by_shape + term * harmonic
    return np.log(total), by_shape / total, by_share / total


def moments_alive(
    parameters: Parameters,
    k: int,
    t: FloatArray,
    x: FloatArray,
    tx: FloatArray,
    age: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return mean and mean square of the orders within ``t`` of clients who are alive.

    Rows are taken in blocks that stay in the processor's cache.
    """
    t, x, tx, age = np.broadcast_arrays(t, x, tx, age)
    flat = [np.ascontiguousarray(values).ravel() for values in (t, x, tx, age)]
    first, second = np.zeros(t.size), np.zeros(t.size)
    counts = _Counts(parameters, k)
    # Rows that need alike many terms together: a block is as slow as its slowest.
    order = np.argsort(counts.mean_stages(*flat), kind="stable")
    for start in range(0, t.size, _BLOCK_ROWS):
        rows = order[start : start + _BLOCK_ROWS]
        first[rows], second[rows] = counts.moments(*(part[rows] for part in flat))
    return first.reshape(t.shape), second.reshape(t.shape)


class _Counts:
    """The sum over stages for one set of parameters."""

    def __init__(self, parameters: Parameters, k: int) -> None:
        self.r, self.alpha, self.a, self.b = parameters
        self.k = k

    def mean_stages(
        self, t: FloatArray, x: FloatArray, tx: FloatArray, age: FloatArray
    ) -> FloatArray:
        """Return about how many stages the horizon brings, given alive."""
        return (self.r + self.k * x) * t / (self.alpha + age)

    def moments(
        self, t: FloatArray, x: FloatArray, tx: FloatArray, age: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        shape = self.r + self.k * x
        later = self.alpha + age + t
        passed = (age - tx) + t
        v = passed / later
        log_rest = np.log((self.alpha + tx) / later)
        share = np.divide(age - tx, passed, out=np.zeros_like(t), where=passed > 0)
        # P(fewer than k stages before now), by which everything is divided.
        log_base = shape * np.log((self.alpha + tx) / (self.alpha + age))
        log_base += log_stage_sum(self.k, shape, (age - tx) / (self.alpha + age))[0]

        # Given that the client is alive, what is to come is negative binomial too.
        mean = self.mean_stages(t, x, tx, age)
        spread = later / (self.alpha + age)
        deviation = np.sqrt(mean * spread)
        low = np.maximum(mean - _DEVIATIONS * deviation - 20.0, 0.0)
        low = np.floor(low / self.k) * self.k
        high = 2 * self.k + mean + 2 * _DEVIATIONS * deviation + 40.0 * spread
        rows = _Rows(shape, v, log_rest, share, self.b + x + 1.0, log_base)
        first, second = self._add(rows, low, high)
        first[t == 0] = second[t == 0] = 0.0
        return first, second

    def _add(
        self, rows: "_Rows", low: FloatArray, high: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Add the terms from ``low`` on, order by order, until they no longer count."""
        k, a = self.k, self.a
        first, second = np.zeros(len(low)), np.zeros(len(low))
        active = np.arange(len(low))
        m = low.copy()
        orders = low / k
        # Chances of m stages of which j < k were before now, for each j.
        split = np.exp(rows.log_split(m, np.arange(k)[:, None]))
        done, squared = rows.surviving_orders(a, orders)
        chance = rows.survival(a, orders)
        steps = 0
        while len(active) and steps < _EXACT_TERMS:
            before, after = rows.v * rows.share, rows.v * (1.0 - rows.share)
            weight = np.zeros(len(active))
            for _stage in range(k):
                weight += split.sum(axis=0)
                growth = (rows.shape + m) / (m + 1.0)
                moved = split * after
                moved[1:] += split[:-1] * before
                split = moved * growth
                m += 1.0
            first[active] += weight * done
            second[active] += weight * squared
            # The next order happens if none of its forerunners was the last one.
            orders += 1.0
            done += chance
            squared += (2.0 * orders - 1.0) * chance
            chance *= (rows.beta + orders - 1.0) / (a + rows.beta + orders - 1.0)
            steps += k
            if steps % (8 * k) == 0:
                rest = split.sum(axis=0) * squared * rows.reach(k, m)
                keep = (rest > _TOLERANCE * second[active]) & (m < high[active])
                keep |= m < low[active] + 2 * k
                if not keep.all():
                    active, rows, split = active[keep], rows.take(keep), split[:, keep]
                    m, orders, chance = m[keep], orders[keep], chance[keep]
                    done, squared = done[keep], squared[keep]
        if len(active):
            tail = self._integrate(rows, m, np.maximum(high[active], m + 1.0))
            first[active] += tail[0]
            second[active] += tail[1]
        return first, second

    def _integrate(
        self, rows: "_Rows", low: FloatArray, high: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Integrate from stage ``low`` to ``high``: so far out the terms are smooth.

        floor(m / k) counts as m less the mean of what is cut off, (k - 1) / 2.
        """
        nodes, weights = _legendre(_NODES)
        start = np.log(low - 0.5)[:, None]
        half = (np.log(high)[:, None] - start) / 2.0
        m = np.exp(start + half * (nodes + 1.0))
        wide = rows.columns()
        density = sum(np.exp(wide.log_split(m, float(j))) for j in range(self.k))
        density *= m * half * weights
        orders = np.maximum(m - (self.k - 1) / 2.0, 0.0) / self.k
        done, squared = wide.surviving_orders(self.a, orders)
        return (density * done).sum(axis=1), (density * squared).sum(axis=1)


class _Rows:
    """What one client's sum needs; (n,) arrays, or columns of shape (n, 1)."""

    def __init__(
        self,
        shape: FloatArray,
        v: FloatArray,
        log_rest: FloatArray,
        share: FloatArray,
        beta: FloatArray,
        log_base: FloatArray,
    ) -> None:
        self.shape = shape
        self.v = v
        self.log_rest = log_rest
        self.share = share
        self.beta = beta
        self.log_base = log_base

    def _parts(self) -> tuple[FloatArray, ...]:
        return (
            self.shape,
            self.v,
            self.log_rest,
            self.share,
            self.beta,
            self.log_base,
        )

    def take(self, keep: NDArray[np.bool_]) -> "_Rows":
        return _Rows(*(part[keep] for part in self._parts()))

    def columns(self) -> "_Rows":
        return _Rows(*(part[:, None] for part in self._parts()))

    def log_split(self, m: FloatArray, j: FloatArray | float) -> FloatArray:
        """Return ln of the chance of m stages, j of them before now, given alive."""
        after = m - j
        with np.errstate(divide="ignore", invalid="ignore"):
            result = (
                gammaln(self.shape + m)
                - gammaln(self.shape)
                - gammaln(j + 1.0)
                - gammaln(np.maximum(after, 0.0) + 1.0)
                + self.shape * self.log_rest
                - self.log_base
                + np.where(m > 0, m * np.log(self.v), 0.0)
                + np.where(j > 0, j * np.log(self.share), 0.0)
                + np.where(after > 0, after * np.log1p(-self.share), 0.0)
            )
        return np.where(after >= 0, result, -np.inf)

    def reach(self, k: int, m: FloatArray) -> FloatArray:
        """Return a bound for the sum of all terms from m on, in terms of the first."""
        ratio = self.v * (1.0 - self.share) * (self.shape + m)
        ratio /= np.maximum(m + 1.0 - k, 1.0)
        falling = ratio < 1.0
        return np.where(falling, 1.0 / np.where(falling, 1.0 - ratio, 1.0), 1e300)

    def survival(self, a: float, orders: FloatArray) -> FloatArray:
        """Return the chance to survive so many more orders."""
        beta, total = self.beta, a + self.beta
        return np.exp(
            gammaln(beta + orders)
            - gammaln(beta)
            - gammaln(total + orders)
            + gammaln(total)
        )

    def surviving_orders(
        self, a: float, orders: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        """Return mean and mean square of the orders placed of ``orders`` possible ones.

        The sums over n of R_n and (2 n - 1) R_n, R_n being the chance to survive n - 1
        orders, telescope; a is moved off their poles at 1 and 2.
        """
        for pole in (1.0, 2.0):
            if abs(a - pole) < 1e-5:
                a = pole + 1e-5
        beta = self.beta
        total = a + beta
        with np.errstate(over="ignore"):
            left = self.survival(a, orders)
        single = ((total - 1.0) - (total + orders - 1.0) * left) / (a - 1.0)
        slope = 1.0 / (2.0 - a)
        offset = slope * beta / (a - 1.0)
        ranked = (slope * orders + offset) * (total + orders - 1.0) * left
        ranked -= offset * (total - 1.0)
        return single, single + 2.0 * ranked


@cache
def _legendre(size: int) -> tuple[FloatArray, FloatArray]:
    return np.polynomial.legendre.leggauss(size)
