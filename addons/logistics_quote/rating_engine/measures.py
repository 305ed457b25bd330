"""How much of a basis the cargo has."""

from collections.abc import Callable
from decimal import Decimal

from .basis import Basis
from .cargo import ZERO, Cargo
from .chargeable import SEA_WM, VolumetricRule, chargeable_weight, weight_or_measure
from .errors import RatingError

ONE = Decimal(1)
HUNDRED = Decimal(100)
THOUSAND = Decimal(1000)

_QUANTITIES: dict[Basis, Callable[[Cargo], Decimal]] = {
    Basis.CONTAINER: lambda cargo: Decimal(sum(cargo.containers.values())),
    Basis.TEU: lambda cargo: cargo.teu,
    Basis.FEU: lambda cargo: cargo.teu / 2,
    Basis.GROSS_KG: lambda cargo: cargo.gross_kg,
    Basis.HUNDRED_KG: lambda cargo: cargo.gross_kg / HUNDRED,
    Basis.TONNE: lambda cargo: cargo.gross_kg / THOUSAND,
    Basis.CBM: lambda cargo: cargo.volume_m3,
    Basis.LDM: lambda cargo: cargo.ldm,
    Basis.PALLET: lambda cargo: cargo.pallets,
    Basis.PIECE: lambda cargo: Decimal(cargo.pieces),
}


class Measures:
    """Quantities of one cargo, each reckoned once."""

    def __init__(self, cargo: Cargo) -> None:
        self.cargo = cargo
        self._known: dict[tuple[Basis, VolumetricRule | None], Decimal] = {}

    def quantity(self, basis: Basis, volumetric: VolumetricRule | None) -> Decimal:
        """Return the quantity, not rounded; zero if the cargo does not tell.

        Raise RatingError ``volumetric_rule_missing`` for a chargeable weight without
        a rule.
        """
        key = basis, volumetric
        quantity = self._known.get(key)
        if quantity is None:
            quantity = self._known[key] = self._measure(basis, volumetric)
        return quantity

    def _measure(self, basis: Basis, volumetric: VolumetricRule | None) -> Decimal:
        cargo = self.cargo
        if (count := cargo.counts.get(basis)) is not None:
            return count
        if basis.is_once:
            return ONE
        if basis is Basis.WM:
            return weight_or_measure(cargo, volumetric or SEA_WM)
        if basis is Basis.CHARGEABLE_KG:
            if volumetric is None:
                raise RatingError("volumetric_rule_missing")
            return chargeable_weight(cargo, volumetric)
        measure = _QUANTITIES.get(basis)
        return measure(cargo) if measure else ZERO
