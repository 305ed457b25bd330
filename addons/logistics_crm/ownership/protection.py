"""Protection of an owner: how long a client stays with somebody who rests."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum


class Standing(Enum):
    UNLIMITED = "unlimited"  # the stage takes no client away
    PROTECTED = "protected"
    WARNING = "warning"  # the owner is to be told
    EXPIRED = "expired"  # back to the pool, once the warning has run its time


@dataclass(frozen=True)
class Protection:
    """What a stage grants: `days` without work (0: for ever), a warning before."""

    days: int
    warning_days: int = 0

    def until(self, *dates: date | None) -> date | None:
        """Return the last protected day, counted from the latest of the dates.

        The dates are those of the last work, of the last change of owner and of the
        day when protection was introduced: none of them may cost a client at once.
        """
        known = [day for day in dates if day]
        if not self.days or not known:
            return None
        return max(known) + timedelta(days=self.days)

    def standing(self, today: date, until: date | None) -> Standing:
        if until is None:
            return Standing.UNLIMITED
        if today > until:
            return Standing.EXPIRED
        if self.warning_days and today >= until - timedelta(days=self.warning_days):
            return Standing.WARNING
        return Standing.PROTECTED

    def may_return(self, today: date, until: date | None, warned: date | None) -> bool:
        """Say whether the client goes: the time is over and the warning was in time.

        A run that was down for a month warns first and takes the client afterwards.
        """
        if self.standing(today, until) is not Standing.EXPIRED:
            return False
        if not self.warning_days:
            return True
        return bool(warned) and today > warned + timedelta(days=self.warning_days)


def claims_left(cap: int, owned: int) -> int | None:
    """Return how many clients somebody may still claim; None: any number."""
    return max(cap - owned, 0) if cap else None


def cooling_until(lost: date | None, days: int) -> date | None:
    """Return the last day on which a former owner may not claim the client back."""
    return lost + timedelta(days=days) if lost and days else None
