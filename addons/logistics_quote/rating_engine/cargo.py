"""Cargo: what is carried, and how much of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType

from .basis import Basis
from .errors import RatingError

ZERO = Decimal(0)
CM3_PER_M3 = Decimal(1_000_000)
TRAILER_WIDTH_CM = Decimal(240)
CM_PER_M = Decimal(100)


@dataclass(frozen=True, slots=True)
class CargoItem:
    """One line of cargo; weight and volume are totals of the line.

    ``volume_m3`` overrules the dimensions: leave it empty when it was computed from
    them, so that the rounding of dimensions is not lost. ``dangerous_class`` is that
    of the UN recommendations ("3", "2.1"), ``commodity`` an HS code of any length.
    """

    pieces: int = 0
    weight_kg: Decimal = ZERO
    length_cm: Decimal | None = None
    width_cm: Decimal | None = None
    height_cm: Decimal | None = None
    volume_m3: Decimal | None = None
    container_type: str | None = None
    container_count: int = 0
    teu: Decimal = ZERO
    pallets: Decimal = ZERO
    dangerous_class: str | None = None
    is_reefer: bool = False
    commodity: str | None = None

    def __post_init__(self) -> None:
        for measure in (
            "pieces",
            "weight_kg",
            "length_cm",
            "width_cm",
            "height_cm",
            "volume_m3",
            "container_count",
            "teu",
            "pallets",
        ):
            value = getattr(self, measure)
            if value is not None and not value >= 0:
                raise RatingError("negative_quantity", measure=measure, value=value)
        if self.container_count and not self.container_type:
            raise RatingError("container_type_missing", count=self.container_count)

    @property
    def dimensions_cm(self) -> tuple[Decimal, Decimal, Decimal] | None:
        if self.length_cm and self.width_cm and self.height_cm:
            return self.length_cm, self.width_cm, self.height_cm
        return None

    @property
    def total_volume_m3(self) -> Decimal:
        if self.volume_m3 is not None:
            return self.volume_m3
        if dimensions := self.dimensions_cm:
            length, width, height = dimensions
            return length * width * height * self.pieces / CM3_PER_M3
        return ZERO

    @property
    def ldm(self) -> Decimal:
        """Loading metres on a trailer of 2.4 m inside width, nothing stacked."""
        if self.length_cm and self.width_cm:
            area = self.length_cm * self.width_cm * self.pieces
            return area / TRAILER_WIDTH_CM / CM_PER_M
        return ZERO


@dataclass(frozen=True)
class Cargo:
    """The items of one request, and what else its charges are counted by.

    :param items: cargo lines
    :param counts: quantities that do not follow from the items: kilometres, hours,
        days, bills of lading, order lines ...; per basis
    :param goods_value: for what is a percentage of it, in ``goods_currency``
    """

    items: tuple[CargoItem, ...] = ()
    counts: Mapping[Basis, Decimal] = field(default_factory=dict)
    goods_value: Decimal = ZERO
    goods_currency: str | None = None

    def __post_init__(self) -> None:
        for measure, value in self.counts.items():
            if not value >= 0:
                raise RatingError("negative_quantity", measure=measure, value=value)
        if not self.goods_value >= 0:
            raise RatingError(
                "negative_quantity", measure="goods_value", value=self.goods_value
            )

    def select(self, keep: Callable[[CargoItem], bool]) -> "Cargo":
        """Return this cargo with some of its items only."""
        items = tuple(item for item in self.items if keep(item))
        if len(items) == len(self.items):
            return self
        return Cargo(items, self.counts, self.goods_value, self.goods_currency)

    @cached_property
    def pieces(self) -> int:
        return sum(item.pieces for item in self.items)

    @cached_property
    def pallets(self) -> Decimal:
        return sum((item.pallets for item in self.items), ZERO)

    @cached_property
    def gross_kg(self) -> Decimal:
        return sum((item.weight_kg for item in self.items), ZERO)

    @cached_property
    def volume_m3(self) -> Decimal:
        return sum((item.total_volume_m3 for item in self.items), ZERO)

    @cached_property
    def ldm(self) -> Decimal:
        return sum((item.ldm for item in self.items), ZERO)

    @cached_property
    def teu(self) -> Decimal:
        return sum((item.teu * item.container_count for item in self.items), ZERO)

    @cached_property
    def containers(self) -> MappingProxyType[str, int]:
        """Number of containers per type, in the order of the items."""
        counts: dict[str, int] = {}
        for item in self.items:
            if item.container_type and item.container_count:
                count = counts.get(item.container_type, 0)
                counts[item.container_type] = count + item.container_count
        return MappingProxyType(counts)
