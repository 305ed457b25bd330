"""What a charge is counted by."""

from enum import StrEnum


class Basis(StrEnum):
    """Charge bases; the values are what the rate library stores."""

    SHIPMENT = "shipment"
    CONTAINER = "container"
    TEU = "teu"
    FEU = "feu"
    WM = "wm"
    GROSS_KG = "gross_kg"
    HUNDRED_KG = "hundred_kg"
    TONNE = "tonne"
    CHARGEABLE_KG = "chargeable_kg"
    CBM = "cbm"
    LDM = "ldm"
    PIECE = "piece"
    PERCENT = "percent"
    PERCENT_FREIGHT = "percent_freight"

    @property
    def unit(self) -> str:
        """Short unit label; a chargeable weight takes that of its rule instead."""
        return UNITS[self]

    @property
    def is_percent(self) -> bool:
        return self in PERCENT_BASES


UNITS = {
    Basis.SHIPMENT: "shipment",
    Basis.CONTAINER: "container",
    Basis.TEU: "TEU",
    Basis.FEU: "FEU",
    Basis.WM: "W/M",
    Basis.GROSS_KG: "kg",
    Basis.HUNDRED_KG: "100 kg",
    Basis.TONNE: "t",
    Basis.CHARGEABLE_KG: "kg",
    Basis.CBM: "CBM",
    Basis.LDM: "LDM",
    Basis.PIECE: "piece",
    Basis.PERCENT: "%",
    Basis.PERCENT_FREIGHT: "%",
}
PERCENT_BASES = frozenset({Basis.PERCENT, Basis.PERCENT_FREIGHT})
