"""Which service level a client is entitled to."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """Scope of a service level; None means any."""

    id: int
    stage: int | None = None
    tier: int | None = None
    company: int | None = None
    sequence: int = 0

    def covers(self, stage: int, tier: int | None, company: int | None) -> bool:
        return (
            self.stage in (None, stage)
            and self.tier in (None, tier)
            and self.company in (None, company)
        )

    @property
    def specificity(self) -> int:
        """Weigh what the level names: stage before tier before company.

        The stage says what a client needs now, the tier how much of it.
        """
        return (
            4 * (self.stage is not None)
            + 2 * (self.tier is not None)
            + (self.company is not None)
        )


def best_level(
    levels: Iterable[Level], stage: int, tier: int | None, company: int | None
) -> Level | None:
    """Return the most specific level that covers the client, the first of equals."""
    return min(
        (level for level in levels if level.covers(stage, tier, company)),
        key=lambda level: (-level.specificity, level.sequence, level.id),
        default=None,
    )
