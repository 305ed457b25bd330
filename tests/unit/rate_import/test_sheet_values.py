"""Each kind of cell means one thing, or is refused."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.logistics_crm.sheet_files.currencies import find_currency
from odoo.addons.logistics_quote.rate_import import PriceMark
from odoo.addons.logistics_quote.rate_import.dates import (
    parse_date,
    parse_days,
    parse_validity,
)
from odoo.addons.logistics_quote.rate_import.values import (
    ValueProblem,
    parse_currency,
    parse_price,
    parse_prices,
    parse_yes_no,
)

START, END = date(2026, 10, 1), date(2027, 3, 31)


@pytest.mark.parametrize(
    ("value", "amount", "currency"),
    [
        (1850, "1850", None),
        (Decimal("1850.5"), "1850.5", None),
        ("1850", "1850", None),
        ("1,850", "1850", None),
        ("1,850.50", "1850.50", None),
        ("1.850,50", "1850.50", None),
        ("1 850", "1850", None),
        ("1'850", "1850", None),
        ("1,234,567", "1234567", None),
        ("1850.5", "1850.5", None),
        ("1850,5", "1850.5", None),
        ("1850.-", None, None),
        ("0.850", "0.850", None),
        ("USD 1,850", "1850", "USD"),
        ("USD1850", "1850", "USD"),
        ("1850 EUR", "1850", "EUR"),
        ("US$1,850", "1850", "USD"),
        ("$ 1,850", "1850", "$"),
        ("€900", "900", "EUR"),
        ("RMB 500", "500", "CNY"),
        ("１８５０", "1850", None),
    ],
)
def test_price(value: Any, amount: str | None, currency: str | None) -> None:
    if amount is None:
        with pytest.raises(ValueProblem, match="price_unreadable"):
            parse_price(value, whole=True)
        return
    price = parse_price(value, whole=True)
    assert (price.amount, price.currency) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    ("value", "mark"),
    [
        ("INCL", PriceMark.INCLUDED),
        ("incl.", PriceMark.INCLUDED),
        ("Included", PriceMark.INCLUDED),
        ("N/A", PriceMark.NOT_AVAILABLE),
        ("n.a.", PriceMark.NOT_AVAILABLE),
        ("No service", PriceMark.NOT_AVAILABLE),
        ("-", PriceMark.NONE),
        ("—", PriceMark.NONE),
        (None, PriceMark.BLANK),
        ("POA", PriceMark.ON_REQUEST),
        ("on request", PriceMark.ON_REQUEST),
    ],
)
def test_marks_instead_of_a_price_are_kept_apart(value: Any, mark: PriceMark) -> None:
    price = parse_price(value, whole=True)
    assert (price.amount, price.mark) == (None, mark)


@pytest.mark.parametrize(
    ("value", "whole", "code"),
    [
        ("1.850", True, "number_ambiguous"),
        ("1,850", False, "number_ambiguous"),
        ("-50", True, "price_negative"),
        ("(50)", True, "price_negative"),
        (-50, True, "price_negative"),
        ("subject to BAF", True, "price_unreadable"),
        ("1,85,0", True, "price_unreadable"),
        ("1850 2000", True, "price_unreadable"),
        (True, True, "price_unreadable"),
        (date(2026, 10, 1), True, "price_unreadable"),
    ],
)
def test_doubtful_price_is_refused(value: Any, whole: bool, code: str) -> None:
    with pytest.raises(ValueProblem) as caught:
        parse_price(value, whole=whole)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("text", "amount"), [("3.850", "3.850"), ("3,85", "3.85"), ("12.5", "12.5")]
)
def test_price_per_kilogram_has_decimals(text: str, amount: str) -> None:
    assert parse_price(text, whole=False).amount == Decimal(amount)


@given(
    st.decimals(0, 999_999, places=2),
    st.sampled_from([",.", ".,", " .", "'."]),
    st.booleans(),
)
def test_any_written_amount_is_read_back(
    amount: Decimal, signs: str, whole: bool
) -> None:
    thousand, decimal = signs
    text = f"{amount:,.2f}".replace(",", "t").replace(".", decimal)
    assert parse_price(text.replace("t", thousand), whole=whole).amount == amount


@pytest.mark.parametrize(
    ("value", "amounts"),
    [
        ("1800/1850", [1800, 1850]),
        ("USD 1,800 / 1,850", [1800, 1850]),
        ("1800\n1850", [1800, 1850]),
        (1800, [1800, 1800]),
        ("1800", [1800, 1800]),
        ("N/A", [None, None]),
        ("1800/-", [1800, None]),
    ],
)
def test_cell_for_two_container_types(value: Any, amounts: list[int | None]) -> None:
    prices = parse_prices(value, 2)
    assert [price.amount for price in prices] == amounts
    if "USD" in str(value):
        assert {price.currency for price in prices} == {"USD"}


def test_other_number_of_prices_than_types_is_refused() -> None:
    with pytest.raises(ValueProblem, match="price_count"):
        parse_prices("900/1800/1850", 2)


@pytest.mark.parametrize(
    "value",
    [
        date(2026, 10, 1),
        datetime(2026, 10, 1, 12, 30),
        "2026-10-01",
        "2026/10/1",
        "2026.10.01",
        "2026年10月1日",
        "20261001",
        "2026-10-01T00:00:00",
        "2026-10-01 00:00",
        "01/10/2026",
        "1.10.2026",
        "01-10-26",
        "1 Oct 2026",
        "01-OCT-26",
        "1st October 2026",
        "Oct 1, 2026",
        "October 1 2026",
        46296,
        "46296",
        Decimal("46296.5"),
    ],
)
def test_date(value: Any) -> None:
    assert parse_date(value) == START


def test_serial_of_the_1904_system() -> None:
    assert parse_date(46296 - 1462, date_1904=True) == START


@pytest.mark.parametrize(
    "value", ["10/25/2026", "31/02/2026", "Oct", "2026", 12, True, "next week"]
)
def test_doubtful_date_is_refused(value: Any) -> None:
    with pytest.raises(ValueProblem, match="date_unreadable"):
        parse_date(value)


@pytest.mark.parametrize("value", ["UFN", "until further notice", "-"])
def test_open_end(value: str) -> None:
    assert parse_date(value) is None


@pytest.mark.parametrize(
    "value",
    [
        "01/10/2026 - 31/03/2027",
        "2026-10-01 to 2027-03-31",
        "1 Oct 2026 – 31 Mar 2027",
        "2026-10-01~2027-03-31",
        "01/10/2026-31/03/2027",
        "2026-10-01 至 2027-03-31",
    ],
)
def test_validity_in_one_cell(value: str) -> None:
    assert parse_validity(value) == (START, END)


@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)))
def test_any_written_date_is_read_back(day: date) -> None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%b-%Y", "%B %d, %Y", "%Y%m%d"):
        assert parse_date(day.strftime(form)) == day
    assert parse_date((day - date(1899, 12, 30)).days) == day


@pytest.mark.parametrize(
    ("value", "days"),
    [
        (32, 32),
        (Decimal("32.0"), 32),
        ("32", 32),
        ("32 days", 32),
        ("30-32", 32),
        ("30 to 32 days", 32),
        ("abt. 32 days", 32),
        ("14 days combined", 14),
    ],
)
def test_days(value: Any, days: int) -> None:
    assert parse_days(value) == days


@pytest.mark.parametrize("value", ["7+7", "7 dem 7 det", "long", -1, 3.5, "1000000"])
def test_doubtful_days_are_refused(value: Any) -> None:
    with pytest.raises(ValueProblem, match="days_unreadable"):
        parse_days(Decimal(str(value)) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("USD", "USD"),
        ("us$", "USD"),
        ("Currency: EUR", "EUR"),
        ("RMB", "CNY"),
        ("HK$", "HKD"),
        ("PLUSD", None),
        ("BUSAN", None),
        ("20GP", None),
    ],
)
def test_currency_in_text(text: str, currency: str | None) -> None:
    assert find_currency(text) == currency


def test_unknown_currency_is_refused() -> None:
    with pytest.raises(ValueProblem, match="currency_unknown"):
        parse_currency("XXX")


@pytest.mark.parametrize(
    ("value", "answer"),
    [("Y", True), ("yes", True), (True, True), ("No", False), ("?", None)],
)
def test_yes_or_no(value: Any, answer: bool | None) -> None:
    assert parse_yes_no(value) is answer
