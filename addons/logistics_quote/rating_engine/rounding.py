"""Rounding of quantities to a step; amounts are rounded by the caller's currency."""

from collections.abc import Callable, Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from enum import StrEnum

RoundAmount = Callable[[Decimal, str], Decimal]
Convert = Callable[[Decimal, str, str], Decimal]

# Divisions leave noise in the 28th digit; it must not push a quantity up a step.
NOISE = Decimal("1E-9")


class Direction(StrEnum):
    UP = "up"
    NEAREST = "nearest"
    DOWN = "down"


_DECIMAL_ROUNDING = {
    Direction.UP: ROUND_CEILING,
    Direction.NEAREST: ROUND_HALF_UP,
    Direction.DOWN: ROUND_FLOOR,
}


def round_step(
    value: Decimal, step: Decimal, direction: Direction = Direction.UP
) -> Decimal:
    """Round to a multiple of ``step``; a step of zero leaves the value alone."""
    if not step:
        return value
    steps = value.quantize(NOISE, ROUND_HALF_UP) / step
    return steps.to_integral_value(_DECIMAL_ROUNDING[direction]) * step


def currency_rounder(
    digits: Mapping[str, int] | None = None, default: int = 2
) -> RoundAmount:
    """Return a ``round_amount`` for use without a currency table."""
    exponents = {
        currency: Decimal(1).scaleb(-number)
        for currency, number in (digits or {}).items()
    }
    usual = Decimal(1).scaleb(-default)

    def round_amount(amount: Decimal, currency: str) -> Decimal:
        return amount.quantize(exponents.get(currency, usual), ROUND_HALF_UP)

    return round_amount
