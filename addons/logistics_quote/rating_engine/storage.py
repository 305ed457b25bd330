"""For how many periods goods in store are charged.

Proration as warehouses agree it: every period that has begun counts in full; or day by
day, as a share of the period; or, for months, half a month where the goods come after
its middle or leave by it.
"""

import calendar
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from .errors import RatingError

HALF = Decimal("0.5")
DAYS_PER_WEEK = 7
MIDDLE = 15


class Proration(StrEnum):
    FULL = "full"  # a period that has begun counts
    DAILY = "daily"  # days over the days of the period
    HALF_MONTH = "half_month"  # months: halves, split at the 15th day of the cycle


def stored_weeks(first: date, last: date, proration: Proration) -> Decimal:
    """Return the weeks from the first to the last day in store, both counted."""
    days = _count_days(first, last)
    if proration is Proration.DAILY:
        return Decimal(days) / DAYS_PER_WEEK
    if proration is Proration.HALF_MONTH:
        raise RatingError("invalid_charge", charge=None, reason="half_week")
    return Decimal(-(-days // DAYS_PER_WEEK))


def stored_months(
    first: date, last: date, proration: Proration, cycle_day: int = 1
) -> Decimal:
    """Return the months from the first to the last day in store, both counted.

    :param cycle_day: day on which a billing month begins; the 15th day of the cycle
        is its middle, so with 5 the cut is the 19th
    """
    _count_days(first, last)
    if not 1 <= cycle_day <= 28:
        raise RatingError("invalid_charge", charge=None, reason="cycle_day")
    total = Decimal(0)
    start = _cycle_start(first, cycle_day)
    while start <= last:
        following = _next_cycle(start)
        end = following - timedelta(days=1)
        inside = max(first, start), min(last, end)
        total += _share(start, end, *inside, proration)
        start = following
    return total


def _share(
    start: date, end: date, first: date, last: date, proration: Proration
) -> Decimal:
    """Return the part of one billing month that is charged."""
    match proration:
        case Proration.FULL:
            return Decimal(1)
        case Proration.DAILY:
            return Decimal((last - first).days + 1) / ((end - start).days + 1)
    middle = start + timedelta(days=MIDDLE - 1)
    begins_late = first > middle
    ends_early = last <= middle
    return HALF if begins_late or ends_early else Decimal(1)


def _cycle_start(day: date, cycle_day: int) -> date:
    if day.day >= cycle_day:
        return day.replace(day=cycle_day)
    before = day.replace(day=1) - timedelta(days=1)
    return before.replace(day=cycle_day)


def _next_cycle(start: date) -> date:
    days = calendar.monthrange(start.year, start.month)[1]
    return start + timedelta(days=days)


def _count_days(first: date, last: date) -> int:
    if last < first:
        raise RatingError("free_time_dates", start=first, end=last)
    return (last - first).days + 1
