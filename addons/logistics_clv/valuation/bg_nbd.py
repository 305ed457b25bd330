"""BG/NBD: orders at random, drop-out possible after every repeat order.

Source: Fader, Hardie, Lee (2005), "Counting your customers" the easy way, Marketing
Science 24(2):275-284.
"""

from dataclasses import dataclass

from numpy.typing import ArrayLike

from .beta_geometric import BetaGeometricFit, Prior


@dataclass(frozen=True, eq=False)
class BgNbdFit(BetaGeometricFit):
    """A fitted BG/NBD model. Without a repeat order it calls a client alive."""


def fit(
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    prior: Prior | None = None,
) -> BgNbdFit:
    """Estimate a BG/NBD model by maximum likelihood.

    :param frequency: (n,) order days after the first one, x
    :param recency: (n,) time from the first to the last order day, tx
    :param age: (n,) time from the first order day to now, T; any one time unit
    :param weights: (n,) clients that a row stands for; one each by default
    :param prior: weak prior on the log-parameters; none by default
    :return: the fit; look at ``converged`` and ``at_boundary`` before using it
    :raises ValuationError: ``shape_mismatch``, ``not_finite``, ``negative``,
        ``no_data``
    """
    return BgNbdFit.fit(frequency, recency, age, weights, prior=prior)
