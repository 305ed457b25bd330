"""Formulas over drivers: read without eval, refused with the place of the trouble."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.logistics_clv.valuation import ValuationError, driver_formula

COUNTS = {"orders": Decimal(4), "quotes": Decimal(10), "mails": Decimal(25)}


@pytest.mark.parametrize(
    ("formula", "value"),
    [
        ("orders", 4),
        ("orders + 0.5 * quotes", 9),
        ("orders + quotes * 2 - mails / 5", 19),
        ("(orders + quotes) * 2", 28),
        ("10 - 3 - 2", 5),
        ("100 / 10 / 5", 2),
        ("min(orders, quotes, 3)", 3),
        ("max(orders, 2 * (quotes - 7))", 6),
        ("-orders + quotes", 6),
        ("2 * -3 + quotes", 4),
        ("25*orders+15*customs_entries", 100),
        ("orders / visits", 0),
        ("orders - quotes", 0),
        ("min(7)", 7),
    ],
)
def test_formula_is_evaluated(formula: str, value: float) -> None:
    node = driver_formula.parse(formula)
    assert driver_formula.evaluate(node, COUNTS) == value


def test_codes_of_a_formula() -> None:
    node = driver_formula.parse("orders + min(quotes, 2) * orders / (mails + 1)")
    assert driver_formula.codes(node) == {"orders", "quotes", "mails"}


@pytest.mark.parametrize(
    ("formula", "at"),
    [
        ("", None),
        ("orders +", None),
        ("(orders", None),
        ("orders)", 7),
        ("orders quotes", 8),
        ("orders ** 2", 9),
        ("__import__('os')", 1),
        ("orders.write", 7),
        ("min()", 5),
        ("min", None),
        ("orders, quotes", 7),
        ("1.", 2),
        ("Orders", 1),
        ("(" * 60 + "1" + ")" * 60, 41),
        ("1 + " * 200 + "1", driver_formula.LONGEST),
    ],
)
def test_trouble_is_told_with_its_place(formula: str, at: int | None) -> None:
    with pytest.raises(ValuationError) as caught:
        driver_formula.parse(formula)
    assert caught.value.code == "bad_formula"
    assert caught.value.params["at"] == at


@given(st.text(alphabet="abminx019.+-*/(), _$'\"\n", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        node = driver_formula.parse(text)
    except ValuationError as error:
        assert error.code == "bad_formula"
    else:
        assert driver_formula.evaluate(node, {}) >= 0


numbers = st.integers(0, 50)


@given(numbers, numbers, numbers)
def test_arithmetic_is_that_of_python(a: int, b: int, c: int) -> None:
    node = driver_formula.parse(f"{a} * x + {b} * (y - {c}) + max({c}, x)")
    counts = {"x": Decimal(a), "y": Decimal(b)}
    expected = a * a + b * (b - c) + max(c, a)
    assert driver_formula.evaluate(node, counts) == max(expected, 0)
