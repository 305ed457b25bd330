"""MBG/NBD: as BG/NBD, with drop-out possible after the first order too.

Source: Batislam, Denizel, Filiztekin (2007), International Journal of Research in
Marketing 24:201-209.
"""

from dataclasses import dataclass
from typing import ClassVar

from numpy.typing import ArrayLike

from .beta_geometric import BetaGeometricFit, Prior


@dataclass(frozen=True, eq=False)
class MbgNbdFit(BetaGeometricFit):
    """A fitted MBG/NBD model; its P(alive) is meaningful for one-time clients too."""

    extra_chances: ClassVar[int] = 1


def fit(
    frequency: ArrayLike,
    recency: ArrayLike,
    age: ArrayLike,
    weights: ArrayLike | None = None,
    *,
    prior: Prior | None = None,
) -> MbgNbdFit:
    """Estimate an MBG/NBD model; parameters, result and errors as ``bg_nbd.fit``."""
    return MbgNbdFit.fit(frequency, recency, age, weights, prior=prior)
