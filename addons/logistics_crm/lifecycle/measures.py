"""What is measured of a client, and how each measure follows from stored facts.

Days on which orders were placed are order days; several orders of a day are one. The
usual interval of a client is (sum of own gaps + 2 * gap of the base) / (number of own
gaps + 2), so that a client with one order takes that of the base.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_GAPS_OF_BASE = 2
# A client with more of all orders than this is compared with the others only.
_DOMINANT = 0.3
# A year before with fewer orders than this says nothing about a trend.
LEAST_ORDERS_FOR_TREND = 3


class MeasureKind(StrEnum):
    """How a measure changes while nothing happens."""

    FIXED = "fixed"  # not at all
    WINDOW = "window"  # when something leaves its window
    AGE = "age"  # grows by one a day
    RATIO = "ratio"  # grows by one part of the usual interval a day


class Measure(StrEnum):
    """Names of the measures; the values are what rules store."""

    TENURE_DAYS = "tenure_days"
    ORDER_COUNT = "order_count"
    ORDER_DAYS = "order_days"
    ORDERS_90 = "orders_90"
    ORDERS_365 = "orders_365"
    SHIPMENTS_90 = "shipments_90"
    SHIPMENTS_365 = "shipments_365"
    DAYS_SINCE_LAST = "days_since_last"
    SILENCE_RATIO = "silence_ratio"
    VOLUME_TREND = "volume_trend"
    QUARTER_TREND = "quarter_trend"
    CONTRIBUTION_365 = "contribution_365"
    OPEN_CASES = "open_cases"
    OVERDUE_DAYS = "overdue_days"
    OVERDUE_AMOUNT = "overdue_amount"


MEASURES: Mapping[Measure, MeasureKind] = {
    Measure.TENURE_DAYS: MeasureKind.AGE,
    Measure.ORDER_COUNT: MeasureKind.FIXED,
    Measure.ORDER_DAYS: MeasureKind.FIXED,
    Measure.ORDERS_90: MeasureKind.WINDOW,
    Measure.ORDERS_365: MeasureKind.WINDOW,
    Measure.SHIPMENTS_90: MeasureKind.WINDOW,
    Measure.SHIPMENTS_365: MeasureKind.WINDOW,
    Measure.DAYS_SINCE_LAST: MeasureKind.AGE,
    Measure.SILENCE_RATIO: MeasureKind.RATIO,
    Measure.VOLUME_TREND: MeasureKind.WINDOW,
    Measure.QUARTER_TREND: MeasureKind.WINDOW,
    Measure.CONTRIBUTION_365: MeasureKind.WINDOW,
    Measure.OPEN_CASES: MeasureKind.FIXED,
    Measure.OVERDUE_DAYS: MeasureKind.AGE,
    Measure.OVERDUE_AMOUNT: MeasureKind.WINDOW,
}


@dataclass(frozen=True, slots=True)
class ClientFacts:
    """What the database knows of one client.

    :param first_order: day of the first order; None without any
    :param last_order: day of the last one
    :param order_count: orders so far
    :param order_days: days with an order
    :param orders_90: orders of the last 90 days; and so on
    :param previous_90: orders of the same 90 days a year before
    :param previous_365: orders of the year before the last 365 days
    :param contribution_365: money of the last 365 days, in one currency
    :param overdue_since: due day of the oldest open receivable that is overdue
    :param overdue_amount: money
    """

    first_order: date | None = None
    last_order: date | None = None
    order_count: int = 0
    order_days: int = 0
    orders_90: int = 0
    previous_90: int = 0
    orders_365: int = 0
    previous_365: int = 0
    shipments_90: int = 0
    shipments_365: int = 0
    contribution_365: float = 0.0
    open_cases: int = 0
    overdue_since: date | None = None
    overdue_amount: float = 0.0


@dataclass(frozen=True, slots=True)
class Base:
    """What is known of all clients together.

    :param gap_days: usual interval between order days
    :param orders_365: orders of the last 365 days; and so on as in the facts
    """

    gap_days: float = 30.4375
    orders_365: float = 0.0
    previous_365: float = 0.0
    orders_90: float = 0.0
    previous_90: float = 0.0


def base_gap(gap_sum: float, gaps: float, usual: float = 30.4375) -> float:
    """Return the mean interval of a base, the usual one counting as two gaps."""
    return (gap_sum + _GAPS_OF_BASE * usual) / (gaps + _GAPS_OF_BASE)


def usual_interval(facts: ClientFacts, base: Base) -> float:
    """Return the days that usually lie between two order days of a client."""
    if not facts.first_order or not facts.last_order:
        return base.gap_days
    span = (facts.last_order - facts.first_order).days
    gaps = max(facts.order_days - 1, 0)
    return (span + _GAPS_OF_BASE * base.gap_days) / (gaps + _GAPS_OF_BASE)


def measure(facts: ClientFacts, name: Measure, today: date, base: Base) -> float | None:
    """Return one measure of a client; None where there is nothing to measure.

    Trends are in percent, corrected for season and market by what all clients together
    did: +20 means 20 % more than if the client had followed the others.
    """
    match name:
        case Measure.TENURE_DAYS:
            return _days(facts.first_order, today)
        case Measure.DAYS_SINCE_LAST:
            return _days(facts.last_order, today)
        case Measure.OVERDUE_DAYS:
            return _days(facts.overdue_since, today) or 0
        case Measure.SILENCE_RATIO:
            silent = _days(facts.last_order, today)
            if silent is None:
                return None
            return silent / max(usual_interval(facts, base), 1.0)
        case Measure.VOLUME_TREND:
            return _trend(
                facts.orders_365,
                facts.previous_365,
                base.orders_365,
                base.previous_365,
            )
        case Measure.QUARTER_TREND:
            return _trend(
                facts.orders_90, facts.previous_90, base.orders_90, base.previous_90
            )
        case _:
            return float(getattr(facts, name.value))


def _days(since: date | None, today: date) -> float | None:
    return None if since is None else float(max((today - since).days, 0))


def _trend(now: int, before: int, all_now: float, all_before: float) -> float | None:
    if before < LEAST_ORDERS_FOR_TREND:
        return None
    if before > _DOMINANT * all_before:
        # such a client would be its own season
        all_now, all_before = all_now - now, all_before - before
    growth = all_now / all_before if all_before > 0 else 1.0
    if growth <= 0:
        return None
    return 100.0 * (now / (before * growth) - 1.0)
