"""Cost-to-serve: allocation to the cent, after Kaplan & Anderson (2004)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.logistics_clv.valuation import ValuationError
from odoo.addons.logistics_clv.valuation.cost_allocation import (
    Method,
    Pool,
    allocate,
    apportion,
    capacity_rate,
    expected_loss,
    lateness_cost,
    minutes,
    practical_capacity,
)

D = Decimal
CENT = D("0.01")
# Kaplan & Anderson 2004, a quarter of a customer service department.
COST, CAPACITY = D(560_000), D(700_000)
EVENTS = {"order": (8, 49_000), "inquiry": (44, 1_400), "credit check": (50, 2_500)}


def time_pool(amount=COST, **values) -> Pool:
    return Pool(Method.TIME, amount, capacity_minutes=CAPACITY, **values)


def test_kaplan_anderson_2004_rate_of_a_minute() -> None:
    assert capacity_rate(COST, CAPACITY) == D("0.80")


def test_practical_capacity_of_a_team() -> None:
    assert practical_capacity(D(10), D(160), D(80)) == 76_800


@pytest.mark.parametrize(
    ("event", "cost"), [("order", "6.40"), ("inquiry", "35.20"), ("credit check", "40")]
)
def test_kaplan_anderson_2004_cost_of_an_event(event: str, cost: str) -> None:
    each, _count = EVENTS[event]
    assert capacity_rate(COST, CAPACITY) * each == D(cost)
    assert allocate(time_pool(), {"client": D(each)}).parts == {"client": D(cost)}


def test_kaplan_anderson_2004_unused_capacity_stays_with_nobody() -> None:
    used = {event: D(each * count) for event, (each, count) in EVENTS.items()}
    assert sum(used.values()) == 578_600
    result = allocate(time_pool(), used)
    assert result.allocated == D(462_880)
    assert result.unused == D(97_120)
    assert result.unallocated == 0


def test_kaplan_anderson_2004_by_count_of_each_event() -> None:
    orders = minutes(D(8), [(D(44), D(1_400)), (D(50), D(2_500))], D(49_000))
    assert orders == 578_600


def test_time_equation_of_a_customs_entry() -> None:
    # 25 + 15 customs + 20 dangerous goods + 10 per amendment
    terms = [(D(15), D(1)), (D(20), D(1)), (D(10), D(3))]
    assert minutes(D(25), terms) == 90
    assert minutes(D(25), []) == 25


def test_capital_cost_of_lateness() -> None:
    # sum A x max(0, days late) / 365 x i
    late = [(D(36_500), 10), (D(73_000), 5), (D(50_000), -20)]
    assert lateness_cost(late, D("0.08")) == D(160)
    pool = Pool(Method.INTEREST, None, yearly_rate=D("0.08"))
    result = allocate(pool, {"a": D(365_000), "b": D(365_000)})
    assert result.parts == {"a": D(80), "b": D(80)}
    assert (result.amount, result.unallocated) == (160, 0)


def test_expected_loss_by_the_provision_matrix() -> None:
    # 0.3, 1, 3, 8, 20, 50 % for current, 1-30, 31-60, 61-90, 91-180, over 180 days
    ages = (-5, 0, 1, 30, 31, 60, 61, 90, 91, 180, 181)
    losses = [expected_loss([(D(1000), days)]) for days in ages]
    assert losses == [3, 3, 10, 10, 30, 30, 80, 80, 200, 200, 500]
    assert expected_loss([(D(1000), days) for days in ages]) == sum(losses)


def test_entered_price_leaves_the_rest_unallocated() -> None:
    pool = Pool(Method.RATE, D(1000), unit_cost=D("12.345"))
    result = allocate(pool, {"a": D(3), "b": D(7)})
    assert result.parts == {"a": D("37.04"), "b": D("86.41")}
    assert result.allocated == D("123.45")
    assert result.unallocated == D("876.55")
    assert result.rounding_remainder == D("-0.01")


def test_price_too_high_for_the_pool_shows_below_zero() -> None:
    result = allocate(Pool(Method.RATE, D(10), unit_cost=D(6)), {"a": D(2)})
    assert result.unallocated == -2


def test_share_gives_out_the_last_cent() -> None:
    result = allocate(Pool(Method.SHARE, D(100)), dict.fromkeys("abc", D(1)))
    assert list(result.parts.values()) == [D("33.34"), D("33.33"), D("33.33")]
    assert (result.unallocated, result.rounding_remainder) == (0, D("0.01"))


def test_no_count_leaves_the_whole_pool() -> None:
    for method in (Method.SHARE, Method.RATE):
        assert allocate(Pool(method, D(100)), {"a": D(0)}).unallocated == 100
    result = allocate(time_pool(), {})
    assert (result.unused, result.unallocated) == (COST, 0)


def test_team_cost_apart_from_the_books_shows_the_gap() -> None:
    result = allocate(time_pool(D(600_000), team_cost=COST), {"a": D(350_000)})
    assert (result.allocated, result.unused) == (280_000, 280_000)
    assert result.unallocated == 40_000


def test_refund_on_the_account_is_shared_like_a_cost() -> None:
    result = allocate(Pool(Method.SHARE, D("-10")), {"a": D(1), "b": D(2)})
    assert result.parts == {"a": D("-3.33"), "b": D("-6.67")}


@pytest.mark.parametrize(
    ("pool", "counts", "code"),
    [
        (Pool(Method.SHARE, D(1)), {"a": D(-1)}, "negative"),
        (Pool(Method.TIME, D(1)), {"a": D(1)}, "not_positive"),
    ],
)
def test_impossible_input_is_refused(pool, counts, code) -> None:
    with pytest.raises(ValuationError) as caught:
        allocate(pool, counts)
    assert caught.value.code == code


money = st.decimals("-1e7", "1e7", places=2)
count_lists = st.lists(st.decimals(0, 10_000, places=3), max_size=30)


@given(
    method=st.sampled_from([Method.SHARE, Method.RATE, Method.TIME]),
    amount=money,
    unit_cost=st.decimals(0, 1000, places=4),
    capacity=st.decimals(1, 1_000_000, places=1),
    rounding=st.sampled_from([D("0.01"), D("0.05"), D(1), D("0.001")]),
    values=count_lists,
)
def test_every_pool_adds_up_to_the_cent(
    method, amount, unit_cost, capacity, rounding, values
) -> None:
    amount = (amount / rounding).to_integral_value() * rounding
    pool = Pool(method, amount, rounding, unit_cost, capacity)
    result = allocate(pool, dict(enumerate(values)))
    assert result.allocated + result.unused + result.unallocated == amount
    assert sum(result.parts.values()) == result.allocated
    assert all(part % rounding == 0 for part in result.parts.values())
    assert abs(result.rounding_remainder) <= rounding * (len(result.parts) + 1) / 2
    if method is Method.SHARE and result.parts:
        assert result.unallocated == 0


@given(weights=count_lists, total=money)
def test_no_part_is_off_by_a_whole_unit(weights, total) -> None:
    whole = sum(weights)
    if not whole:
        return
    exact = [total * weight / whole for weight in weights]
    parts = apportion(exact, total, CENT)
    assert sum(parts) == total
    for part, wish in zip(parts, exact, strict=True):
        assert abs(part - wish) < CENT + D("1e-9")


@given(values=count_lists)
def test_equal_input_gives_equal_output(values) -> None:
    pool = Pool(Method.SHARE, D("99.99"))
    counts = dict(enumerate(values))
    assert allocate(pool, counts) == allocate(pool, dict(counts))
