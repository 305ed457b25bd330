"""Charges in, results out: the engine's values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from .basis import Basis
from .breaks import Break, BreakType
from .cargo import ZERO, Cargo
from .chargeable import VolumetricRule
from .condition import Condition
from .errors import RatingError
from .explanation import Explanation
from .rounding import Direction


@dataclass(frozen=True)
class Charge:
    """One priced line of a rate.

    - ``rate``: per unit of the basis; a percentage for the percent bases; per
      container where ``container_prices`` is empty; the rate below the first of
      ``breaks`` when it is not zero (the N rate of an air tariff); the amount itself
      for what is charged at cost.
    - ``base_amount``: on top, whatever the quantity (flat plus per unit).
    - ``free_quantity``: units that are not charged; nothing is if all of them are.
    - ``breaks``: the whole quantity takes the rate of the break it reaches; with
      ``as_if`` any higher break is charged at its own quantity if that is cheaper.
      ``break_type`` graduated: each slice takes its own rate. ``break_basis``: the
      break is looked up by another measure of the cargo, without as-if.
    - ``minimum``, ``maximum``: of the charge's amount, in its currency.
    - ``percent_of``, ``percent_of_families``: charge codes and families, for the
      percent basis. ``is_freight`` and ``is_surcharge`` say what the percentages of
      freight without and with its surcharges are taken of.
    - ``value_uplift``, ``value_includes_freight``: a percentage of goods value is
      taken of uplift x (value + freight): 1.10 and yes for marine insurance.
    - ``condition``: the cargo that it is due for; all without one.
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
    base_amount: Decimal = ZERO
    free_quantity: Decimal = ZERO
    break_type: BreakType = BreakType.WHOLE
    break_basis: Basis | None = None
    family: str | None = None
    is_surcharge: bool = False
    percent_of_families: tuple[str, ...] = ()
    value_uplift: Decimal = Decimal(1)
    value_includes_freight: bool = False
    condition: Condition | None = None

    def __post_init__(self) -> None:
        if self.breaks:
            self._check_breaks()
        if (
            self.minimum is not None
            and self.maximum is not None
            and self.minimum > self.maximum
        ):
            self._refuse("min_over_max")
        if self.free_quantity:
            if self.free_quantity < 0:
                raise RatingError("negative_price", charge=self.key)
            if self.basis.is_percent or self.basis is Basis.CONTAINER:
                self._refuse("free_quantity")

    def _check_breaks(self) -> None:
        if self.basis.is_percent or self.basis is Basis.CONTAINER:
            self._refuse("breaks")
        quantities = {step.from_quantity for step in self.breaks}
        if len(quantities) < len(self.breaks):
            self._refuse("same_break")
        if any(
            step.from_quantity < 0 or step.rate < 0 or step.base_amount < 0
            for step in self.breaks
        ):
            raise RatingError("negative_price", charge=self.key)
        if self.break_type is BreakType.GRADUATED:
            if self.break_basis not in (None, self.basis):
                self._refuse("graduated_by_other")
            if any(step.base_amount for step in self.breaks):
                self._refuse("graduated_base")

    def _refuse(self, reason: str) -> None:
        raise RatingError("invalid_charge", charge=self.key, reason=reason)


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

    ``quantity`` is the one charged: the break's when the as-if rule applied, without
    the free units; ``actual_quantity`` is the cargo's own. ``amount`` is rounded in
    the charge's currency, ``converted`` in the target currency. ``parts`` is empty
    unless several container types share the charge and neither minimum nor maximum
    decided it.
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
    """All charges of one request; ``total`` counts the optional ones too.

    ``not_due``: keys of the charges whose condition the cargo does not meet, and of
    percentages of nothing but these.
    """

    results: tuple[ChargeResult, ...]
    total: Decimal
    currency: str
    measures: Cargo
    not_due: tuple[str, ...] = ()

    @property
    def mandatory_total(self) -> Decimal:
        return sum((line.converted for line in self.results if line.mandatory), ZERO)

    def result(self, key: str) -> ChargeResult:
        return next(line for line in self.results if line.key == key)
