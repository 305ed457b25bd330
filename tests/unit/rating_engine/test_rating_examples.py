"""The engine gives the published answers."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rating_builders import build_cargo, build_charge, build_rule, rate_all

from odoo.addons.logistics_quote.rating_engine import (
    chargeable_weight,
    margin_percent,
    volumetric_weight,
)

FILE = Path(__file__).with_name("worked_examples.toml")
EXAMPLES = tomllib.loads(FILE.read_text())["example"]
CENT = Decimal("0.01")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["id"])
def test_worked_example_gives_published_answer(example: dict[str, Any]) -> None:
    answers = answer(example)
    assert {key: answers[key] for key in example["expect"]} == {
        key: _expected(key, value) for key, value in example["expect"].items()
    }


def answer(example: dict[str, Any]) -> dict[str, Any]:
    others = ("counts", "goods_value", "goods_currency")
    cargo = build_cargo(
        *example["items"], **{name: example[name] for name in others if name in example}
    )
    digits = len(example["expect"].get("volume", "").partition(".")[2])
    answers: dict[str, Any] = {"volume": round(cargo.volume_m3, digits)}
    if "rule" in example:
        rule = build_rule(example["rule"])
        answers["volumetric"] = volumetric_weight(cargo, rule).quantize(CENT)
        answers["chargeable"] = chargeable_weight(cargo, rule)
    if "charges" in example:
        currency = example["charges"][0]["currency"]
        charges = [build_charge(**values) for values in example["charges"]]
        bought = rate_all(charges, cargo, currency)
        chosen = set(example["expect"].get("amounts", {}))
        explained = set(example["expect"].get("explained", {}))
        measured = set(example["expect"].get("quantities", {}))
        answers |= {
            "total": bought.total,
            "mandatory_total": bought.mandatory_total,
            "amounts": {
                line.code: line.amount for line in bought.results if line.code in chosen
            },
            "quantities": {
                line.code: line.quantity
                for line in bought.results
                if line.code in measured
            },
            "explained": {
                line.code: str(line.explanation)
                for line in bought.results
                if line.code in explained
            },
        }
    if "sell_charges" in example:
        charges = [build_charge(**values) for values in example["sell_charges"]]
        sold = rate_all(charges, cargo, currency)
        percent = margin_percent(sold.total, bought.total)
        assert percent is not None
        answers |= {
            "sell_total": sold.total,
            "profit": sold.total - bought.total,
            "profit_percent": round(percent, 1),
        }
    return answers


def _expected(key: str, value: Any) -> Any:
    if key == "explained":
        return value
    if isinstance(value, dict):
        return {name: Decimal(number) for name, number in value.items()}
    return Decimal(value)
