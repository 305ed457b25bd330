"""Builders that the tests share: engine values from short texts."""

from decimal import Decimal
from typing import Any

from odoo.addons.logistics_quote.rating_engine import (
    AIR,
    BandOf,
    Basis,
    Break,
    BreakType,
    Cargo,
    CargoItem,
    Charge,
    Condition,
    Rating,
    VolumetricRule,
    currency_rounder,
    rate,
)

PER_USD = {"USD": Decimal(1), "CNY": Decimal(8), "EUR": Decimal("0.8")}
ROUND = currency_rounder({"JPY": 0})
CM_PER_INCH = Decimal("2.54")
KG_PER_LB = Decimal("0.45359237")


def convert(amount: Decimal, source: str, target: str) -> Decimal:
    return amount / PER_USD[source] * PER_USD[target]


def build_rule(values: dict[str, Any]) -> VolumetricRule:
    return VolumetricRule(**{name: _number(value) for name, value in values.items()})


def build_item(**values: Any) -> CargoItem:
    metric: dict[str, Any] = {}
    for name, value in values.items():
        if name not in ("container_type", "dangerous_class", "commodity"):
            value = _number(value)
        if name.endswith("_in"):
            name, value = name.replace("_in", "_cm"), value * CM_PER_INCH
        elif name.endswith("_lb"):
            name, value = name.replace("_lb", "_kg"), value * KG_PER_LB
        metric[name] = value
    return CargoItem(**metric)


def build_cargo(*items: dict[str, Any], **values: Any) -> Cargo:
    counts = {
        Basis(basis): Decimal(count)
        for basis, count in values.pop("counts", {}).items()
    }
    return Cargo(
        tuple(build_item(**item) for item in items),
        counts,
        Decimal(values.pop("goods_value", 0)),
        values.pop("goods_currency", None),
    )


def build_condition(**values: Any) -> Condition:
    if band_of := values.pop("band_of", None):
        values["band_of"] = BandOf(band_of)
    return Condition(
        **{
            name: tuple(value) if isinstance(value, list) else _condition(name, value)
            for name, value in values.items()
        }
    )


def _condition(name: str, value: Any) -> Any:
    return Decimal(value) if name.endswith("_kg") else value


def build_charge(code: str = "AFR", **values: Any) -> Charge:
    values = {"key": code, "name": code, "currency": "USD", **values}
    basis = Basis(values.pop("basis"))
    breaks = values.pop("breaks", {})
    prices = values.pop("prices", {})
    rule = values.pop("rule", None)
    if condition := values.pop("condition", None):
        values["condition"] = build_condition(**condition)
    if break_basis := values.pop("break_basis", None):
        values["break_basis"] = Basis(break_basis)
    if break_type := values.pop("break_type", None):
        values["break_type"] = BreakType(break_type)
    volumetric = AIR if basis is Basis.CHARGEABLE_KG else None
    return Charge(
        code=code,
        basis=basis,
        breaks=tuple(
            Break(Decimal(quantity), Decimal(price))
            for quantity, price in breaks.items()
        ),
        container_prices={name: Decimal(price) for name, price in prices.items()},
        percent_of=tuple(values.pop("percent_of", ())),
        volumetric=build_rule(rule) if rule else volumetric,
        **{name: _charge_value(name, value) for name, value in values.items()},
    )


def rate_all(charges: list[Charge], cargo: Cargo, currency: str = "USD") -> Rating:
    return rate(charges, cargo, currency=currency, convert=convert, round_amount=ROUND)


def _charge_value(name: str, value: Any) -> Any:
    return value if name in ("key", "name", "currency", "family") else _number(value)


def _number(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return Decimal(value)
        except ArithmeticError:
            return value
    return value
