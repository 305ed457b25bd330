"""Allocate a cost pool to clients by a driver, to the last cent.

Kaplan & Anderson, "Time-Driven Activity-Based Costing" (HBR, November 2004): the rate
is the cost of the capacity supplied over the practical capacity in minutes; a client
bears rate x minutes used, and what is not used stays with nobody. The set-based twin
of ``allocate`` is ``cost_allocation_sql.py``; a test holds them together.

All amounts are decimals of one currency, and always

    pool = allocated + unused + unallocated
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

from .errors import ValuationError

ZERO = Decimal(0)
MINUTES_PER_HOUR = 60
DAYS_PER_YEAR = 365
# What is beyond this digit decides nothing: both twins round there before they cut.
HAIR = Decimal("1e-10")


class Method(StrEnum):
    """How a pool is allocated."""

    RATE = "rate"  # a price per count, entered
    TIME = "time"  # minutes per count, at the cost of a minute
    SHARE = "share"  # the whole pool, by the share of counts
    INTEREST = "interest"  # capital cost of amount x days, at a yearly rate


@dataclass(frozen=True, slots=True)
class Pool:
    """What is to be allocated and how; ``amount`` is what the books hold.

    ``amount`` of an imputed pool (interest) is None: it is what is allocated.
    ``team_cost`` is the cost of the capacity supplied, the amount itself by default.
    """

    method: Method
    amount: Decimal | None
    rounding: Decimal = Decimal("0.01")
    unit_cost: Decimal = ZERO
    capacity_minutes: Decimal = ZERO
    team_cost: Decimal | None = None
    yearly_rate: Decimal = ZERO  # 0.08 = 8 %


@dataclass(frozen=True, slots=True)
class Allocation:
    """The parts by client and what is left of the pool, each to the cent.

    ``rounding_remainder`` is what rounding each part by itself would have added or
    lost: so much was put right on the parts with the largest remainders.
    """

    parts: Mapping[Hashable, Decimal]
    amount: Decimal
    allocated: Decimal
    unused: Decimal
    unallocated: Decimal
    rounding_remainder: Decimal


def practical_capacity(people: Decimal, hours: Decimal, percent: Decimal) -> Decimal:
    """Return the minutes a team really has: 80 to 85 % of the time paid for."""
    return people * hours * MINUTES_PER_HOUR * percent / 100


def capacity_rate(team_cost: Decimal, capacity_minutes: Decimal) -> Decimal:
    """Return the cost of a minute of capacity supplied.

    :raises ValuationError: ``not_positive`` for no capacity
    """
    if capacity_minutes <= 0:
        raise ValuationError("not_positive", name="capacity_minutes")
    return team_cost / capacity_minutes


def minutes(
    base: Decimal,
    terms: Sequence[tuple[Decimal, Decimal]],
    events: Decimal = Decimal(1),
) -> Decimal:
    """Return t = b0 + sum b_k x_k, with ``base`` for each of the events.

    :param terms: pairs of minutes and counts, b_k and x_k
    """
    return base * events + sum((each * count for each, count in terms), ZERO)


def lateness_cost(late: Sequence[tuple[Decimal, int]], yearly_rate: Decimal) -> Decimal:
    """Return the capital cost of late money: sum A x max(0, days late) / 365 x i."""
    money_days = sum((amount * max(0, days) for amount, days in late), ZERO)
    return money_days * yearly_rate / DAYS_PER_YEAR


# Upper limit of days overdue, and the share expected to be lost: an assumption to edit.
LOSS_MATRIX = (
    (0, Decimal("0.003")),
    (30, Decimal("0.01")),
    (60, Decimal("0.03")),
    (90, Decimal("0.08")),
    (180, Decimal("0.20")),
    (None, Decimal("0.50")),
)


def expected_loss(
    open_items: Sequence[tuple[Decimal, int]], matrix=LOSS_MATRIX
) -> Decimal:
    """Return the loss expected on open items by a provision matrix (IFRS 9, B5.5.35).

    :param open_items: pairs of open amount and days overdue, 0 or less when not due
    """

    def rate(days: int) -> Decimal:
        return next(share for limit, share in matrix if limit is None or days <= limit)

    return sum((amount * rate(days) for amount, days in open_items), ZERO)


def apportion(
    exact: Sequence[Decimal], total: Decimal, rounding: Decimal
) -> tuple[Decimal, ...]:
    """Round the parts so that they add up to the rounded total (largest remainder).

    Each part is cut to the unit below; the units that lack go one each to the parts
    with the largest remainders, of equal ones to the first.
    """
    units = [_tidy(part / rounding) for part in exact]
    whole = [unit.to_integral_value(ROUND_FLOOR) for unit in units]
    lacking = int(_round_units(total / rounding) - sum(whole, ZERO))
    order = sorted(
        range(len(units)), key=lambda index: (whole[index] - units[index], index)
    )
    lucky = set(order[:lacking])
    return tuple(
        (unit + (index in lucky)) * rounding for index, unit in enumerate(whole)
    )


def allocate(pool: Pool, counts: Mapping[Hashable, Decimal]) -> Allocation:
    """Allocate the pool to the clients by their counts (by minutes if time-driven).

    :param counts: count, minutes or amount x days by client, in the order that
        decides between equal remainders; clients of zero get no part
    :raises ValuationError: ``negative`` for a count, ``not_positive`` for no capacity
    """
    counts = {client: count for client, count in counts.items() if count}
    if any(count < 0 for count in counts.values()):
        raise ValuationError("negative", name="counts")
    weight, divisor = _price(pool, sum(counts.values(), ZERO))
    exact = [weight * count / divisor for count in counts.values()]
    target = pool.amount if pool.method is Method.SHARE else sum(exact, ZERO)
    if not exact:
        target = ZERO
    assert target is not None
    parts = apportion(exact, target, pool.rounding)
    allocated = sum(parts, ZERO)
    alone = sum((_round(part, pool.rounding) for part in exact), ZERO)
    amount = allocated if pool.amount is None else pool.amount
    unused = ZERO
    if pool.method is Method.TIME:
        team_cost = amount if pool.team_cost is None else pool.team_cost
        unused = _round(team_cost, pool.rounding) - allocated
    return Allocation(
        parts=dict(zip(counts, parts, strict=True)),
        amount=amount,
        allocated=allocated,
        unused=unused,
        unallocated=amount - allocated - unused,
        rounding_remainder=allocated - alone,
    )


def _price(pool: Pool, total: Decimal) -> tuple[Decimal, Decimal]:
    """Return by what a count is multiplied and then divided: late division is exact."""
    if pool.method is Method.RATE:
        return pool.unit_cost, Decimal(1)
    if pool.method is Method.INTEREST:
        return pool.yearly_rate, Decimal(DAYS_PER_YEAR)
    if pool.method is Method.SHARE:
        return pool.amount or ZERO, total or Decimal(1)
    team_cost = pool.amount if pool.team_cost is None else pool.team_cost
    capacity_rate(team_cost or ZERO, pool.capacity_minutes)
    return team_cost or ZERO, pool.capacity_minutes


def _tidy(value: Decimal) -> Decimal:
    return value.quantize(HAIR, ROUND_HALF_UP)


def _round_units(value: Decimal) -> Decimal:
    return _tidy(value).to_integral_value(ROUND_HALF_UP)


def _round(value: Decimal, rounding: Decimal) -> Decimal:
    return _round_units(value / rounding) * rounding
