"""A charge that says how it was reckoned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .basis import Basis

TEMPLATES = {
    "shipment": "{rate} {currency} per shipment",
    "quantity": "{quantity} x {rate} = {amount} {currency}",
    "as_if": "{actual} as {quantity} x {rate} = {amount} {currency}",
    "containers": "{parts} = {amount} {currency}",
    "percent": "{rate} % of {base} {currency} = {amount} {currency}",
    "minimum": "{reckoned}, minimum {amount} {currency}",
    "maximum": "{reckoned}, maximum {amount} {currency}",
    "margin": "{buy} {currency} + {profit} {currency} = {amount} {currency}",
    "margin_minimum": (
        "{buy} {currency} + {profit} {currency} = {amount} {currency} (minimum profit)"
    ),
    "margin_excluded": "{amount} {currency}, no margin on this charge",
    "margin_at_cost": "{amount} {currency}, at cost",
    "margin_no_rule": "{amount} {currency}, no margin rule applies",
}
PLURALS = {
    Basis.CONTAINER.unit: "containers",
    Basis.PIECE.unit: "pieces",
    Basis.SHIPMENT.unit: "shipments",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code and its parameters; ``str()`` gives plain English.

    Decimals stay decimals in the parameters, so that a translation can format them.
    ``minimum`` and ``maximum`` hold the explanation that they replace in ``reckoned``.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        params = self.params
        texts: dict[str, Any] = {}
        for name, value in params.items():
            if name in ("quantity", "actual"):
                texts[name] = format_quantity(value, params["unit"])
            elif name == "parts":
                texts[name] = " + ".join(
                    f"{part.quantity} x {part.container_type}"
                    f" x {format_amount(part.rate)}"
                    for part in value
                )
            elif name == "rate" and self.code == "percent":
                texts[name] = format_number(value)
            elif isinstance(value, Decimal):
                texts[name] = format_amount(value)
            else:
                texts[name] = value
        return TEMPLATES[self.code].format_map(texts)


def format_number(value: Decimal) -> str:
    """Return the number with no needless zeros and thousands grouped."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_amount(value: Decimal) -> str:
    """Return the number with at least two decimals."""
    whole, _, decimals = format_number(value).partition(".")
    return f"{whole}.{decimals:0<2}"


def format_quantity(quantity: Decimal, unit: str) -> str:
    label = unit if quantity == 1 else PLURALS.get(unit, unit)
    if label[0].isdigit():  # "3 x 100 kg"
        label = f"x {label}"
    return f"{format_number(round(quantity, 6))} {label}"
