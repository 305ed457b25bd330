"""The weights that carriers charge for cargo.

Sources: IATA cm3/6000 on the whole consignment with dimensions in whole
centimetres; courier cm3/5000 or in3/139 per pound; W/M 1 CBM = 1000 kg; loading
metres = length x width / 2.4 m.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from functools import cached_property

from .cargo import CM3_PER_M3, ZERO, Cargo
from .errors import RatingError
from .rounding import Direction, round_step

ONE = Decimal(1)
CM_PER_INCH = Decimal("2.54")
CM3_PER_IN3 = CM_PER_INCH**3
KG_PER_LB = Decimal("0.45359237")


class Throw(StrEnum):
    """How much of the volumetric weight over the gross weight is charged."""

    FULL = "full"
    HALF = "half"
    FREE = "free"


@dataclass(frozen=True)
class VolumetricRule:
    """How volume becomes weight: exactly one of the four ratios is given.

    The inch ratios work on dimensions in whole inches; ``in3_per_lb`` gives, and
    rounds, a weight in pounds. ``kg_per_ldm`` adds loading metres (road groupage).
    ``unit_kg`` is the weight of one W/M unit: 1000 for "1000 kg or 3 CBM", 500 where
    a consolidator counts 1 CBM = 500 kg.
    """

    kg_per_m3: Decimal | None = None
    cm3_per_kg: Decimal | None = None
    in3_per_kg: Decimal | None = None
    in3_per_lb: Decimal | None = None
    kg_per_ldm: Decimal | None = None
    rounding_step: Decimal = Decimal("0.5")
    rounding_direction: Direction = Direction.UP
    round_dimensions: bool = True
    throw: Throw = Throw.FULL
    unit_kg: Decimal = Decimal(1000)

    def __post_init__(self) -> None:
        ratios = (self.kg_per_m3, self.cm3_per_kg, self.in3_per_kg, self.in3_per_lb)
        given = [ratio for ratio in ratios if ratio is not None]
        if len(given) != 1 or not given[0] > 0 or not self.unit_kg > 0:
            raise RatingError("invalid_volumetric_rule", ratios=given)

    @property
    def weight_unit(self) -> str:
        return "lb" if self.in3_per_lb else "kg"

    @property
    def dimension_unit_cm(self) -> Decimal:
        return CM_PER_INCH if self.in3_per_kg or self.in3_per_lb else ONE

    @cached_property
    def divisor_cm3(self) -> Decimal | None:
        """Cubic centimetres per weight unit; None when only kg per m3 is exact."""
        if self.cm3_per_kg:
            return self.cm3_per_kg
        if inches := self.in3_per_kg or self.in3_per_lb:
            return inches * CM3_PER_IN3
        # 166.67 or 166.6667 kg per m3 is a rounded 6000 cm3 per kg. Taken literally,
        # 324 kg becomes 324.00006 kg and is rounded up to 324.5 kg.
        assert self.kg_per_m3 is not None
        if self.kg_per_m3 == self.kg_per_m3.to_integral_value():
            return None
        divisor = round_step(
            CM3_PER_M3 / self.kg_per_m3, Decimal(100), Direction.NEAREST
        )
        last_digit = Decimal((0, (1,), int(self.kg_per_m3.as_tuple().exponent)))
        if divisor and abs(CM3_PER_M3 / divisor - self.kg_per_m3) < last_digit:
            return divisor
        return None

    def convert_volume(self, volume_m3: Decimal) -> Decimal:
        """Return the weight, in the rule's unit, that a volume stands for."""
        if self.divisor_cm3 is None:
            return volume_m3 * (self.kg_per_m3 or ZERO)
        return volume_m3 * CM3_PER_M3 / self.divisor_cm3


# Usual ratios, as data: carriers and services override them.
SEA_WM = VolumetricRule(kg_per_m3=Decimal(1000), rounding_step=ZERO)
AIR = VolumetricRule(cm3_per_kg=Decimal(6000))
AIR_INCH = VolumetricRule(in3_per_kg=Decimal(366))
COURIER = VolumetricRule(cm3_per_kg=Decimal(5000))
COURIER_INCH = VolumetricRule(in3_per_lb=Decimal(139), rounding_step=ONE)
GROUND = VolumetricRule(cm3_per_kg=Decimal(3000), rounding_step=ONE)
GROUND_INCH = VolumetricRule(in3_per_lb=Decimal(194), rounding_step=ONE)
ROAD_GROUPAGE = VolumetricRule(
    kg_per_m3=Decimal(333), kg_per_ldm=Decimal(1750), rounding_step=ONE
)


def volumetric_weight(cargo: Cargo, rule: VolumetricRule) -> Decimal:
    """Return the volumetric weight of the consignment, not rounded."""
    volume_cm3 = ZERO
    for item in cargo.items:
        dimensions = item.dimensions_cm
        if item.volume_m3 is not None or not dimensions:
            volume_cm3 += item.total_volume_m3 * CM3_PER_M3
            continue
        length, width, height = (
            _round_dimension(dimension, rule) for dimension in dimensions
        )
        volume_cm3 += length * width * height * item.pieces
    weight = rule.convert_volume(volume_cm3 / CM3_PER_M3)
    if rule.kg_per_ldm:
        weight = max(weight, cargo.ldm * rule.kg_per_ldm)
    return weight


def _round_dimension(dimension_cm: Decimal, rule: VolumetricRule) -> Decimal:
    if not rule.round_dimensions:
        return dimension_cm
    unit = rule.dimension_unit_cm
    return (dimension_cm / unit).quantize(ONE, ROUND_HALF_UP) * unit


def chargeable_weight(cargo: Cargo, rule: VolumetricRule) -> Decimal:
    """Return the rounded weight that is charged, in the rule's weight unit."""
    gross = cargo.gross_kg
    if rule.weight_unit == "lb":
        gross /= KG_PER_LB
    volumetric = volumetric_weight(cargo, rule)
    if rule.throw == Throw.FREE or volumetric <= gross:
        weight = gross
    elif rule.throw == Throw.HALF:
        weight = (gross + volumetric) / 2
    else:
        weight = volumetric
    return round_step(weight, rule.rounding_step, rule.rounding_direction)


def weight_or_measure(cargo: Cargo, rule: VolumetricRule = SEA_WM) -> Decimal:
    """Return W/M units (revenue tons) by the rule's ratio; its rounding is unused."""
    weight = max(cargo.gross_kg, rule.convert_volume(cargo.volume_m3))
    return weight / rule.unit_kg
