from datetime import date, timedelta

import pytest

from odoo.addons.logistics_crm.ownership import (
    Protection,
    Standing,
    claims_left,
    cooling_until,
)

TODAY = date(2026, 11, 24)
RULE = Protection(days=90, warning_days=14)


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


def test_counts_from_the_latest_date() -> None:
    assert RULE.until(days(-100), None, days(-10)) == days(80)


def test_without_a_date_or_a_period_there_is_no_end() -> None:
    assert RULE.until(None, None) is None
    assert Protection(0).until(TODAY) is None


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (None, Standing.UNLIMITED),
        (days(15), Standing.PROTECTED),
        (days(14), Standing.WARNING),
        (days(0), Standing.WARNING),
        (days(-1), Standing.EXPIRED),
    ],
)
def test_standing(until: date | None, expected: Standing) -> None:
    assert RULE.standing(TODAY, until) is expected


def test_without_warning_days_none_is_given() -> None:
    assert Protection(90).standing(TODAY, TODAY) is Standing.PROTECTED


@pytest.mark.parametrize(
    ("warned", "expected"),
    [(None, False), (days(-14), False), (days(-15), True)],
)
def test_returns_only_after_the_warning(warned: date | None, expected: bool) -> None:
    assert RULE.may_return(TODAY, days(-1), warned) is expected


def test_still_protected_does_not_return() -> None:
    assert not RULE.may_return(TODAY, days(0), days(-30))
    assert Protection(90).may_return(TODAY, days(-1), None)


@pytest.mark.parametrize(
    ("cap", "owned", "expected"), [(0, 500, None), (10, 4, 6), (10, 12, 0)]
)
def test_claims_left(cap: int, owned: int, expected: int | None) -> None:
    assert claims_left(cap, owned) == expected


def test_cooling() -> None:
    assert cooling_until(TODAY, 30) == days(30)
    assert cooling_until(None, 30) is None
    assert cooling_until(TODAY, 0) is None
