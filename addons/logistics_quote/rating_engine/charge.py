"""Charges in, results out: the engine's values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .basis import Basis
from .cargo import ZERO, Cargo, VolumetricRule
from .errors import RatingError
from .explanation import Explanation
from .rounding import Direction


@dataclass(frozen=True, slots=True)
class Break:
    """From this quantity on, this rate."""

    from_quantity: Decimal
    rate: Decimal


@dataclass(frozen=True)
class Charge:
    """One priced line of a rate.

    - ``rate``: per unit of the basis; a percentage for the percent bases; per
      container where ``container_prices`` is empty; the rate below the first of
      ``breaks`` when it is not zero (the N rate of an air tariff).
    - ``breaks``: the whole quantity takes the rate of the break it reaches; with
      ``as_if`` any higher break is charged at its own quantity if that is cheaper.
    - ``minimum``, ``maximum``: of the charge's amount, in its currency.
    - ``percent_of``: charge codes, for the percent basis.
    - ``volumetric``: needed for chargeable weight; W/M is 1:1000 without it.
    - ``rounding_step``: of the quantity, on top of the volumetric rule's own.
    """

    key: str
    code: str
    name: str
    basis: Basis
    currency: str
    rate: Decimal = ZERO
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    breaks: tuple[Break, ...] = ()
    as_if: bool = True
    container_prices: Mapping[str, Decimal] = field(default_factory=dict)
    percent_of: tuple[str, ...] = ()
    is_freight: bool = False
    mandatory: bool = True
    volumetric: VolumetricRule | None = None
    rounding_step: Decimal = ZERO
    rounding_direction: Direction = Direction.UP

    def __post_init__(self) -> None:
        if self.breaks:
            self._check_breaks()
        if (
            self.minimum is not None
            and self.maximum is not None
            and self.minimum > self.maximum
        ):
            raise RatingError("invalid_charge", charge=self.key, reason="min_over_max")

    def _check_breaks(self) -> None:
        if self.basis.is_percent or self.basis is Basis.CONTAINER:
            raise RatingError("invalid_charge", charge=self.key, reason="breaks")
        quantities = {step.from_quantity for step in self.breaks}
        if len(quantities) < len(self.breaks):
            raise RatingError("invalid_charge", charge=self.key, reason="same_break")
        if any(step.from_quantity < 0 or step.rate < 0 for step in self.breaks):
            raise RatingError("negative_price", charge=self.key)


@dataclass(frozen=True, slots=True)
class ChargePart:
    """The share of one container type in a charge; parts sum to its amount."""

    container_type: str
    quantity: Decimal
    rate: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ChargeResult:
    """What a charge costs.

    ``quantity`` is the one charged: the break's when the as-if rule applied, and
    ``actual_quantity`` the cargo's own. ``amount`` is rounded in the charge's
    currency, ``converted`` in the target currency. ``parts`` is empty unless several
    container types share the charge and neither minimum nor maximum decided it.
    """

    key: str
    code: str
    quantity: Decimal
    unit: str
    rate: Decimal
    amount: Decimal
    currency: str
    converted: Decimal
    explanation: Explanation
    parts: tuple[ChargePart, ...] = ()
    actual_quantity: Decimal = ZERO
    mandatory: bool = True


@dataclass(frozen=True)
class Rating:
    """All charges of one request; ``total`` counts the optional ones too."""

    results: tuple[ChargeResult, ...]
    total: Decimal
    currency: str
    measures: Cargo

    @property
    def mandatory_total(self) -> Decimal:
        return sum((line.converted for line in self.results if line.mandatory), ZERO)

    def result(self, key: str) -> ChargeResult:
        return next(line for line in self.results if line.key == key)
