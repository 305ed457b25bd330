"""Grades by payment behaviour, at and around every limit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.logistics_crm.credit_rating import (
    GRADES,
    PaymentBehaviour,
    ThresholdError,
    Thresholds,
    rate,
    worst,
)

DEFAULT = Thresholds()


def behaviour(days, **measures):
    return PaymentBehaviour(
        amount=Decimal(1000), weighted_days=Decimal(1000) * Decimal(days), **measures
    )


def codes(rating):
    return [reason.code for reason in rating.reasons]


@pytest.mark.parametrize(
    ("days", "grade"),
    [
        ("-20", "a"),
        ("0", "a"),
        ("0.01", "b"),
        ("15", "b"),
        ("15.01", "c"),
        ("45", "c"),
        ("45.01", "d"),
        ("400", "d"),
    ],
)
def test_average_days_late_give_the_grade(days, grade):
    rating = rate(behaviour(days), DEFAULT)
    assert rating.grade == grade
    assert codes(rating) == ["days" if grade != "d" else "days_beyond"]


def test_large_amounts_weigh_more():
    mixed = PaymentBehaviour(
        amount=Decimal(1100), weighted_days=Decimal(1000) * 2 + Decimal(100) * 90
    )
    assert mixed.days_beyond_terms == 10
    assert rate(mixed, DEFAULT).grade == "b"


def test_old_open_debt_bars_the_best_grade_only():
    old = {
        "open_amount": Decimal(100),
        "overdue_amount": Decimal(10),
        "oldest_overdue_days": 31,
    }
    assert rate(behaviour(-5, **old), DEFAULT).grade == "b"
    assert codes(rate(behaviour(-5, **old), DEFAULT)) == ["days", "old_overdue"]
    assert rate(behaviour(10, **old), DEFAULT).grade == "b"
    old["oldest_overdue_days"] = 30
    assert rate(behaviour(-5, **old), DEFAULT).grade == "a"


def test_high_share_of_overdue_lowers_by_one():
    half = {"open_amount": Decimal(100), "overdue_amount": Decimal(50)}
    assert rate(behaviour(10, **half), DEFAULT).grade == "b"
    more = {**half, "overdue_amount": Decimal("50.01")}
    assert rate(behaviour(10, **more), DEFAULT).grade == "c"
    assert rate(behaviour(60, **more), DEFAULT).grade == "d"
    assert rate(behaviour(10, **more), Thresholds(overdue_ratio=0)).grade == "b"


def test_broken_promises_lower_by_one():
    assert rate(behaviour(0, broken_promises=1), DEFAULT).grade == "a"
    rating = rate(behaviour(0, broken_promises=2, kept_promises=3), DEFAULT)
    assert rating.grade == "b"
    assert rating.reasons[-1].figures == {"count": 2, "total": 5, "grade": "b"}
    off = Thresholds(broken_promises=0)
    assert rate(behaviour(0, broken_promises=9), off).grade == "a"


def test_collection_is_the_lowest_grade_whatever_was_paid():
    rating = rate(behaviour(-10, is_legal=True), DEFAULT)
    assert (rating.grade, codes(rating)) == ("d", ["legal"])


def test_nothing_known_is_no_grade():
    rating = rate(PaymentBehaviour(), DEFAULT)
    assert (rating.grade, codes(rating)) == (None, ["no_history"])


def test_promises_alone_are_history_enough():
    rating = rate(PaymentBehaviour(broken_promises=2), DEFAULT)
    assert (rating.grade, codes(rating)) == ("d", ["no_invoices", "broken_promises"])


def test_worst_grade_of_several_companies():
    assert worst(["a", None, "c"]) == "c"
    assert worst([None]) is None


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"a_days": 20}, "order"),
        ({"c_days": 14}, "order"),
        ({"overdue_days": -1}, "negative"),
        ({"overdue_ratio": 101}, "ratio"),
    ],
)
def test_impossible_limits_are_refused(limits, code):
    with pytest.raises(ThresholdError) as raised:
        Thresholds(**limits)
    assert raised.value.code == code


@given(
    st.decimals(-400, 400, places=2),
    st.decimals(0, 50, places=2),
    st.integers(0, 5),
    st.integers(0, 200),
)
def test_paying_later_never_gives_a_better_grade(days, later, broken, age):
    measures = {"broken_promises": broken, "oldest_overdue_days": age}
    first = rate(behaviour(days, **measures), DEFAULT)
    second = rate(behaviour(days + later, **measures), DEFAULT)
    assert GRADES.index(second.grade) >= GRADES.index(first.grade)
