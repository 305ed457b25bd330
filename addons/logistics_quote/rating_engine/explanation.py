"""A charge that says how it was reckoned."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

TEMPLATES = {
    "shipment": "{rate} {currency} per {unit}",
    "quantity": "{base}{quantity} x {rate}{by} = {amount} {currency}",
    "as_if": "{base}{actual} as {quantity} x {rate} = {amount} {currency}",
    "less_free": (
        "{base}{actual} less {free} free = {quantity} x {rate}{by}"
        " = {amount} {currency}"
    ),
    "graduated": "{base}{slices} = {amount} {currency}",
    "graduated_less_free": (
        "{base}{actual} less {free} free: {slices} = {amount} {currency}"
    ),
    "all_free": "{actual}, free up to {free}",
    "days": "{actual} less {free} free: {slices} = {amount} {currency}",
    "days_charged": "{actual} less {free} free: {quantity} to be charged",
    "containers": "{base}{parts} = {amount} {currency}",
    "percent": "{rate} % of {base_amount} {currency} = {amount} {currency}",
    "percent_value": (
        "{rate} % of {uplift} % of {base_amount} {currency} = {amount} {currency}"
    ),
    "at_cost": "{amount} {currency}, at cost",
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
# What is counted keeps its unit as it is written: kg, CBM, TEU, W/M ...
_WITHOUT_PLURAL = frozenset(
    {"kg", "lb", "t", "km", "CBM", "LDM", "TEU", "FEU", "W/M", "100 kg", "%", "at cost"}
)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A code and its parameters; ``str()`` gives plain English.

    Decimals stay decimals in the parameters, so that a translation can format them.
    ``minimum`` and ``maximum`` hold the explanation that they replace in ``reckoned``.
    ``base`` (a flat amount) and ``by`` (quantity and unit of another measure that
    chose the break) are left out of the parameters where there is none.
    """

    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        texts: dict[str, Any] = {"base": "", "by": ""}
        for name, value in self.params.items():
            texts[name] = self._text(name, value)
        return TEMPLATES[self.code].format_map(texts)

    def _text(self, name: str, value: Any) -> Any:
        if name in ("quantity", "actual", "free"):
            return format_quantity(value, self.params["unit"])
        if name == "base":
            return f"{format_amount(value)} + "
        if name == "by":
            return f" (at {format_quantity(*value)})"
        if name == "parts":
            return " + ".join(
                f"{part.quantity} x {part.container_type} x {format_amount(part.rate)}"
                for part in value
            )
        if name == "slices":
            return " + ".join(
                f"{format_quantity(part.quantity, self.params['unit'])}"
                f" x {format_amount(part.rate)}"
                for part in value
            )
        if name in ("rate", "uplift") and self.code.startswith("percent"):
            return format_number(value)
        return format_amount(value) if isinstance(value, Decimal) else value


def format_number(value: Decimal) -> str:
    """Return the number with no needless zeros and thousands grouped."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def format_amount(value: Decimal) -> str:
    """Return the number with at least two decimals."""
    whole, _, decimals = format_number(value).partition(".")
    return f"{whole}.{decimals:0<2}"


def format_quantity(quantity: Decimal, unit: str) -> str:
    label = unit if quantity == 1 else _plural(unit)
    if label[0].isdigit():  # "3 x 100 kg"
        label = f"x {label}"
    return f"{format_number(round(quantity, 6))} {label}"


def _plural(unit: str) -> str:
    if unit in _WITHOUT_PLURAL:
        return unit
    if unit.startswith("bill of "):
        return unit.replace("bill", "bills", 1)
    return f"{unit}s"
