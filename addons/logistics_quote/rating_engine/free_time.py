"""Demurrage, detention and storage: free days, then days that cost more and more.

Two conventions of counting are in use. Some count the day of the event (discharge,
gate-out) as the first day, others begin the day after. Free days may be calendar or
working days, and so may the days that are charged. The tiers of a tariff count either
from the first day or from the first day charged; whoever reaches a higher tier pays it
for the days within it (graduated) or for all days charged ("jumping slab").
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from .breaks import BreakType, Slice
from .cargo import ZERO
from .errors import RatingError
from .explanation import Explanation
from .rounding import RoundAmount

ONE_DAY = timedelta(days=1)
IsWorkingDay = Callable[[date], bool]


class DayCount(StrEnum):
    CALENDAR = "calendar"
    WORKING = "working"


class TierStart(StrEnum):
    """Which day is day 1 of the tiers."""

    FIRST_DAY = "first_day"  # tiers count the free days too
    FIRST_CHARGED = "first_charged"


@dataclass(frozen=True, slots=True)
class Tier:
    """From this day on, this rate per day."""

    from_day: int
    rate: Decimal


@dataclass(frozen=True, slots=True)
class FreeTimeRule:
    """How the days of one container are counted and priced.

    :param free_days: days that cost nothing
    :param free_count: what a free day is
    :param charged_count: what a day is that is charged
    :param counts_first_day: the day of the starting event is day 1
    :param tiers: rates by day; without any the days are counted, not priced
    """

    free_days: int
    free_count: DayCount = DayCount.CALENDAR
    charged_count: DayCount = DayCount.CALENDAR
    counts_first_day: bool = True
    tiers: tuple[Tier, ...] = ()
    tier_start: TierStart = TierStart.FIRST_CHARGED
    tier_type: BreakType = BreakType.GRADUATED

    def __post_init__(self) -> None:
        if self.free_days < 0:
            raise RatingError("free_time_negative", days=self.free_days)
        days = [tier.from_day for tier in self.tiers]
        if any(day < 1 for day in days) or len(set(days)) < len(days):
            raise RatingError("invalid_charge", charge=None, reason="tier_days")
        if any(tier.rate < 0 for tier in self.tiers):
            raise RatingError("negative_price", charge=None)


@dataclass(frozen=True, slots=True)
class FreeTimeResult:
    """What became of the days.

    :ivar days: counted from start to end, free ones included
    :ivar last_free_day: the last day that costs nothing; None without free days
    :ivar charged_days: how many are charged
    :ivar first_charged_day: None if none is
    :ivar slices: days and rate, in the order of the tiers
    :ivar amount: for one container, rounded in its currency
    """

    days: int
    last_free_day: date | None
    charged_days: int
    first_charged_day: date | None
    slices: tuple[Slice, ...]
    amount: Decimal
    currency: str
    explanation: Explanation


def charge_days(
    rule: FreeTimeRule,
    start: date,
    end: date,
    *,
    currency: str,
    round_amount: RoundAmount,
    is_working_day: IsWorkingDay | None = None,
) -> FreeTimeResult:
    """Count and price the days from the starting event to the ending one.

    :param start: day of discharge, gate-out, receipt ...
    :param end: day of gate-out, empty return, delivery ...; counts as a day
    :param is_working_day: tells working days from weekends and holidays; Monday to
        Friday without it
    :raises RatingError: ``free_time_dates`` when the end comes before the start
    """
    if end < start:
        raise RatingError("free_time_dates", start=start, end=end)
    working = is_working_day or is_weekday
    first = start if rule.counts_first_day else start + ONE_DAY
    days = list(_days(first, end))
    last_free = _last_free_day(rule, first, working)
    after = [day for day in days if last_free is None or day > last_free]
    if rule.charged_count is DayCount.WORKING:
        after = [day for day in after if working(day)]
    passed = 0  # days of the tiers before the first one charged
    if after and rule.tier_start is TierStart.FIRST_DAY:
        passed = (after[0] - first).days
    slices = _price(rule, passed, len(after))
    amount = round_amount(sum((part.amount for part in slices), ZERO), currency)
    return FreeTimeResult(
        days=len(days),
        last_free_day=last_free,
        charged_days=len(after),
        first_charged_day=after[0] if after else None,
        slices=slices,
        amount=amount,
        currency=currency,
        explanation=_explain(rule, len(days), len(after), slices, amount, currency),
    )


def is_weekday(day: date) -> bool:
    """Tell Monday to Friday from the weekend."""
    return day.weekday() < 5


def working_days(holidays: Iterable[date]) -> IsWorkingDay:
    """Return a calendar of weekdays without these holidays."""
    closed = frozenset(holidays)
    return lambda day: is_weekday(day) and day not in closed


def _last_free_day(
    rule: FreeTimeRule, first: date, working: IsWorkingDay
) -> date | None:
    """Return the day on which the free time ends, whether or not it is used up."""
    if not rule.free_days:
        return None
    if rule.free_count is DayCount.CALENDAR:
        return first + timedelta(days=rule.free_days - 1)
    left, day = rule.free_days, first
    # A calendar without any working day would never end.
    for _attempt in range(366 + 10 * rule.free_days):
        left -= working(day)
        if not left:
            return day
        day += ONE_DAY
    raise RatingError("free_time_calendar")


def _price(rule: FreeTimeRule, passed: int, charged: int) -> tuple[Slice, ...]:
    """Return the charged days by rate; days below the first tier cost nothing."""
    tiers = sorted(rule.tiers, key=lambda tier: tier.from_day)
    if not charged or not tiers:
        return ()
    last = passed + charged
    if rule.tier_type is BreakType.WHOLE:
        reached = [tier for tier in tiers if tier.from_day <= last]
        rate = reached[-1].rate if reached else ZERO
        return (Slice(Decimal(charged), rate),)
    slices = []
    ends: Sequence[int] = [*(tier.from_day - 1 for tier in tiers[1:]), last]
    for tier, end in zip(tiers, ends, strict=True):
        days = min(end, last) - max(tier.from_day - 1, passed)
        if days > 0:
            slices.append(Slice(Decimal(days), tier.rate))
    return tuple(slices)


def _explain(
    rule: FreeTimeRule,
    days: int,
    charged: int,
    slices: tuple[Slice, ...],
    amount: Decimal,
    currency: str,
) -> Explanation:
    params = {
        "actual": Decimal(days),
        "free": Decimal(rule.free_days),
        "unit": "day",
        "currency": currency,
        "amount": amount,
    }
    if not charged:
        return Explanation("all_free", params)
    if not slices:
        return Explanation("days_charged", params | {"quantity": Decimal(charged)})
    return Explanation("days", params | {"slices": slices})


def _days(first: date, last: date) -> Iterable[date]:
    day = first
    while day <= last:
        yield day
        day += ONE_DAY
