"""Shifted beta-geometric: clients under contract who renew or leave at its end.

Each client leaves at the end of a period with a probability of its own, which varies
over clients as Beta(alpha, beta): those who are left are ever more loyal.

Source: Fader, Hardie (2007), How to project customer retention, Journal of Interactive
Marketing 21(1):76-90.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaln, psi

from .errors import ValuationError
from .estimation import Objective, maximise
from .rows import as_columns, check_not_negative, group_rows

FloatArray = NDArray[np.float64]

_LOG_LIMIT = math.log(1e4)


@dataclass(frozen=True, slots=True, eq=False)
class SbgFit:
    """Parameters of a shifted beta-geometric model.

    :ivar alpha, beta: shapes of the probability to leave at the end of a period
    :ivar log_likelihood, converged, n, standard_errors, at_boundary: as of BG/NBD
    """

    alpha: float
    beta: float
    log_likelihood: float = math.nan
    converged: bool = False
    n: float = 0.0
    standard_errors: tuple[float, float] = (math.nan, math.nan)
    at_boundary: bool = False

    def survival(self, periods: ArrayLike) -> FloatArray:
        """Return the share of clients that is left after so many renewals."""
        periods = np.asarray(periods, dtype=np.float64)
        check_not_negative(periods=periods)
        return np.exp(
            betaln(self.alpha, self.beta + periods) - betaln(self.alpha, self.beta)
        )

    def retention(self, renewal: ArrayLike) -> FloatArray:
        """Return the probability of the renewal with this number, 1 = the first.

        (beta + t - 1) / (alpha + beta + t - 1) for a client that is still there.
        """
        renewal = np.asarray(renewal, dtype=np.float64)
        if np.any(renewal < 1):
            raise ValuationError("not_positive", name="renewal")
        return (self.beta + renewal - 1) / (self.alpha + self.beta + renewal - 1)

    def discounted_periods(
        self, renewals: ArrayLike, periods: int, rate: float
    ) -> FloatArray:
        """Return the further periods expected of a client under contract, discounted.

        The renewal is decided at the end of the current period: the first further
        period counts in full.

        :param renewals: renewals that the client has made so far; shapes broadcast
        :param periods: further periods that count, finite by design
        :param rate: effective discount rate per period, 0.10 = 10 %
        """
        if periods < 0:
            raise ValuationError("negative", name="periods")
        if not (math.isfinite(rate) and rate > -1.0):
            raise ValuationError("bad_rate", rate=rate)
        renewals = np.asarray(renewals, dtype=np.float64)
        check_not_negative(renewals=renewals)
        total = np.zeros(renewals.shape)
        here = np.ones(renewals.shape)
        for ahead in range(1, periods + 1):
            here = here * self.retention(renewals + ahead)
            total += here / (1.0 + rate) ** (ahead - 1)
        return total


def fit(
    renewals: ArrayLike, left: ArrayLike, weights: ArrayLike | None = None
) -> SbgFit:
    """Estimate a shifted beta-geometric model by maximum likelihood.

    :param renewals: (n,) renewals that a client has made
    :param left: (n,) whether it left at the end of the period after these
    :param weights: (n,) clients that a row stands for; one each by default
    :raises ValuationError: ``shape_mismatch``, ``not_finite``, ``negative``,
        ``no_data``
    """
    if weights is None:
        weights = np.ones(np.size(renewals))
    renewals, left, weights = as_columns(renewals=renewals, left=left, weights=weights)
    check_not_negative(renewals=renewals, left=left, weights=weights)
    if not weights.sum() > 0:
        raise ValuationError("no_data")
    left = np.where(left > 0, 1.0, 0.0)
    (renewals, left), weights = group_rows([renewals, left], weights)
    bound = np.full(2, _LOG_LIMIT)
    found = maximise(_objective(renewals, left, weights), np.zeros(2), -bound, bound)
    alpha, beta = found.parameters.tolist()
    return SbgFit(
        alpha,
        beta,
        log_likelihood=-found.value,
        converged=found.converged,
        n=float(weights.sum()),
        standard_errors=tuple(found.standard_errors.tolist()),
        at_boundary=found.at_boundary,
    )


def _objective(
    renewals: FloatArray, left: FloatArray, weights: FloatArray
) -> Objective:
    def negative_log_likelihood(theta: FloatArray) -> tuple[float, FloatArray]:
        alpha, beta = np.exp(theta).tolist()
        rows = betaln(alpha + left, beta + renewals) - betaln(alpha, beta)
        both = psi(alpha + beta) - psi(alpha + beta + left + renewals)
        d_alpha = weights @ (psi(alpha + left) - psi(alpha) + both)
        d_beta = weights @ (psi(beta + renewals) - psi(beta) + both)
        return -float(weights @ rows), -np.array([d_alpha * alpha, d_beta * beta])

    return negative_log_likelihood
