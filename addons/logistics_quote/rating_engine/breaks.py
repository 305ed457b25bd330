"""Break tables: which rate a quantity takes.

With whole-quantity breaks ("jumping") all of the quantity takes the rate of the break
that it reaches; with graduated ones each slice takes its own. Under the as-if weight
rule of air freight any higher break may be charged at its own quantity instead.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .cargo import ZERO
from .errors import RatingError


class BreakType(StrEnum):
    WHOLE = "whole"
    GRADUATED = "graduated"


@dataclass(frozen=True, slots=True)
class Break:
    """From this quantity on, this rate, and this much on top whatever the quantity."""

    from_quantity: Decimal
    rate: Decimal
    base_amount: Decimal = ZERO

    def price(self, quantity: Decimal) -> Decimal:
        return self.base_amount + quantity * self.rate


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a quantity that lies within one graduated break."""

    quantity: Decimal
    rate: Decimal

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.rate


def select_break(
    breaks: Sequence[Break], quantity: Decimal, *, as_if: bool
) -> tuple[Decimal, Break]:
    """Return the quantity to charge and its break, of breaks sorted by quantity.

    The as-if weight rule looks at every higher break, since rates may rise again; the
    own break wins a tie, then the lower one. Raise RatingError when no break applies.
    """
    best: tuple[Decimal, Break] | None = None
    best_amount = ZERO
    for step in breaks:
        if step.from_quantity <= quantity:
            best = quantity, step
            best_amount = step.price(quantity)
        elif not as_if:
            break
        else:
            amount = step.price(step.from_quantity)
            if best is None or amount < best_amount:
                best = step.from_quantity, step
                best_amount = amount
    if best is None:
        raise RatingError("break_missing", quantity=quantity)
    return best


def cut_slices(breaks: Sequence[Break], quantity: Decimal) -> tuple[Slice, ...]:
    """Return the slices of a quantity under graduated breaks sorted by quantity.

    Raise RatingError when the first break does not begin at zero: what lies below it
    has no rate.
    """
    if not breaks or breaks[0].from_quantity > 0:
        raise RatingError("break_missing", quantity=quantity)
    ends = [step.from_quantity for step in breaks[1:]]
    slices = []
    for step, end in zip(breaks, [*ends, None], strict=True):
        upper = quantity if end is None else min(end, quantity)
        if upper > step.from_quantity:
            slices.append(Slice(upper - step.from_quantity, step.rate))
    return tuple(slices)
