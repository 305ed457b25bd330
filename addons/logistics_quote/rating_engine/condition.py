"""For which cargo a charge is due: dangerous, cooled, heavy, in certain equipment."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from .cargo import Cargo, CargoItem
from .errors import RatingError


class BandOf(StrEnum):
    """What a weight band looks at."""

    CONSIGNMENT = "consignment"  # all of the cargo together
    CONTAINER = "container"  # the cargo in one container, without its tare
    PIECE = "piece"


@dataclass(frozen=True, slots=True)
class Condition:
    """What cargo must be for a charge to be due; what is left empty does not matter.

    All of it must hold. What holds for some items only makes the charge due for these
    (the reefer plug of two containers out of five) unless ``whole_consignment``.

    :param dangerous: only dangerous goods, or only harmless ones
    :param dangerous_classes: only these; "2" stands for 2.1, 2.2 and 2.3 too
    :param reefer: only temperature-controlled cargo, or only other
    :param commodities: only HS codes that begin with one of these
    :param excluded_commodities: none of these
    :param container_types: only cargo in these
    :param over_kg: more than this weight; exclusive, as tariffs put it ("> 12,000 kg")
    :param up_to_kg: at most this weight; inclusive
    :param band_of: the weight of what
    :param whole_consignment: one item that fits makes the charge due for all cargo
    """

    dangerous: bool | None = None
    dangerous_classes: tuple[str, ...] = ()
    reefer: bool | None = None
    commodities: tuple[str, ...] = ()
    excluded_commodities: tuple[str, ...] = ()
    container_types: tuple[str, ...] = ()
    over_kg: Decimal | None = None
    up_to_kg: Decimal | None = None
    band_of: BandOf = BandOf.CONSIGNMENT
    whole_consignment: bool = False

    def __post_init__(self) -> None:
        if (
            self.over_kg is not None
            and self.up_to_kg is not None
            and self.over_kg >= self.up_to_kg
        ):
            raise RatingError("invalid_condition", reason="empty_band")
        if self.dangerous is False and self.dangerous_classes:
            raise RatingError("invalid_condition", reason="harmless_classes")

    def select(self, cargo: Cargo) -> Cargo | None:
        """Return the cargo that the charge is due for; None if it is for none."""
        if self.band_of is BandOf.CONSIGNMENT and not self._in_band(cargo.gross_kg):
            return None
        tests = self._item_tests()
        if not tests:
            return cargo
        chosen = cargo.select(lambda item: all(test(item) for test in tests))
        if not chosen.items:
            return None
        return cargo if self.whole_consignment else chosen

    def _item_tests(self) -> list[Callable[[CargoItem], bool]]:
        """Return a question per criterion that is given."""
        tests: list[Callable[[CargoItem], bool]] = []
        if self.dangerous is not None:
            tests.append(lambda item: bool(item.dangerous_class) is self.dangerous)
        if self.dangerous_classes:
            tests.append(
                lambda item: any(
                    item.dangerous_class == wanted
                    or (item.dangerous_class or "").startswith(f"{wanted}.")
                    for wanted in self.dangerous_classes
                )
            )
        if self.reefer is not None:
            tests.append(lambda item: item.is_reefer is self.reefer)
        if self.commodities:
            tests.append(
                lambda item: (item.commodity or "").startswith(self.commodities)
            )
        if self.excluded_commodities:
            tests.append(
                lambda item: (
                    not (item.commodity or "").startswith(self.excluded_commodities)
                )
            )
        if self.container_types:
            tests.append(lambda item: item.container_type in self.container_types)
        if self.band_of is BandOf.CONTAINER:
            tests.append(
                lambda item: (
                    bool(item.container_count)
                    and self._in_band(item.weight_kg / item.container_count)
                )
            )
        elif self.band_of is BandOf.PIECE:
            tests.append(
                lambda item: (
                    bool(item.pieces) and self._in_band(item.weight_kg / item.pieces)
                )
            )
        return tests

    def _in_band(self, weight: Decimal) -> bool:
        return (self.over_kg is None or weight > self.over_kg) and (
            self.up_to_kg is None or weight <= self.up_to_kg
        )
