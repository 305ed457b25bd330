"""Which margin applies, and what it earns."""

from decimal import Decimal
from typing import Any

import pytest
from rating_builders import ROUND, convert

from odoo.addons.logistics_quote.rating_engine import (
    MarginLine,
    MarginResult,
    MarginRule,
    apply_margin,
    margin_percent,
    match_rule,
)


def rule(key: str, **values: Any) -> MarginRule:
    return MarginRule(key, **values)


def line(key: str = "a", buy: str = "100", **values: Any) -> MarginLine:
    values = {"quantity": Decimal(1), "currency": "USD", **values}
    return MarginLine(key, Decimal(buy), **values)


def sell(lines: list[MarginLine], *rules: MarginRule) -> tuple[MarginResult, ...]:
    return apply_margin(lines, rules, convert=convert, round_amount=ROUND)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([rule("all"), rule("mode", mode="air")], "mode"),
        ([rule("mode", mode="air"), rule("section", section="main")], "section"),
        ([rule("section", section="main"), rule("tier", tier="A")], "tier"),
        ([rule("tier", tier="A", mode="air"), rule("partner", partner="7")], "partner"),
        ([rule("late", sequence=20), rule("early", sequence=5)], "early"),
        ([rule("b"), rule("a")], "a"),
        ([rule("sea", mode="fcl"), rule("other", partner="8")], None),
        ([rule("both", mode="air", section="origin"), rule("all")], "all"),
    ],
)
def test_most_specific_rule_then_sequence(
    rules: list[MarginRule], expected: str | None
) -> None:
    subject = line(partner="7", tier="A", mode="air", section="main")
    found = match_rule(subject, rules)
    assert (found and found.key) == expected


def test_percent_is_added_to_the_buy_price() -> None:
    (result,) = sell([line(buy="1850.55")], rule("r", percent=Decimal("12.5")))
    assert result.sell == Decimal("2081.87")
    assert result.profit == Decimal("231.32")
    assert str(result.explanation) == "1,850.55 USD + 231.32 USD = 2,081.87 USD"


def test_amount_per_unit_is_converted_to_the_currency_of_the_line() -> None:
    (result,) = sell(
        [line(buy="3700", quantity=Decimal(2))],
        rule("r", amount_per_unit=Decimal(200), currency="EUR"),
    )
    assert result.sell == 4200


def test_minimum_profit_counts_all_lines_of_the_rule_and_lands_on_the_dearest() -> None:
    results = sell(
        [line("a", "100"), line("b", "300"), line("c", "50", section="origin")],
        rule("main", percent=Decimal(10), minimum_profit=Decimal(75)),
        rule("origin", section="origin", percent=Decimal(100)),
    )
    assert [result.profit for result in results] == [10, 65, 50]
    assert [result.explanation.code for result in results] == [
        "margin",
        "margin_minimum",
        "margin",
    ]


def test_minimum_profit_already_earned_changes_nothing() -> None:
    (result,) = sell(
        [line()], rule("r", percent=Decimal(80), minimum_profit=Decimal(75))
    )
    assert result.profit == 80


@pytest.mark.parametrize(
    ("flag", "code"),
    [("is_excluded", "margin_excluded"), ("is_disbursement", "margin_at_cost")],
)
def test_excluded_charges_and_disbursements_are_sold_at_cost(
    flag: str, code: str
) -> None:
    (result,) = sell(
        [line(**{flag: True})],
        rule("r", percent=Decimal(10), minimum_profit=Decimal(75)),
    )
    assert (result.sell, result.rule, result.explanation.code) == (100, None, code)


def test_charge_without_rule_is_sold_at_cost_and_says_so() -> None:
    (result,) = sell([line()])
    assert result.profit == 0
    assert str(result.explanation) == "100.00 USD, no margin rule applies"


def test_published_profit_of_two_containers() -> None:
    # example F1: ocean freight 1,850 sold at 2,100, handling 120 sold at 155
    results = sell(
        [
            line("OFR", "3700", quantity=Decimal(2), section="main"),
            line("OTHC", "240", quantity=Decimal(2), section="origin"),
        ],
        rule("main", section="main", amount_per_unit=Decimal(250)),
        rule("origin", section="origin", amount_per_unit=Decimal(35)),
    )
    assert [result.sell for result in results] == [4200, 310]


def test_margin_percent_is_of_the_selling_price() -> None:
    percent = margin_percent(Decimal(4590), Decimal(3970))
    assert percent is not None
    assert round(percent, 1) == Decimal("13.5")
    assert margin_percent(Decimal(0), Decimal(10)) is None
