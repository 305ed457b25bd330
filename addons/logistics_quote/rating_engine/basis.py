"""What a charge is counted by."""

from enum import StrEnum


class Basis(StrEnum):
    """Charge bases; the values are what the rate library stores."""

    # once for what is ordered
    SHIPMENT = "shipment"
    BILL = "bill"
    HOUSE = "house"
    DECLARATION = "declaration"
    AT_COST = "at_cost"
    # equipment
    CONTAINER = "container"
    TEU = "teu"
    FEU = "feu"
    TRUCK = "truck"
    # weight and measure
    WM = "wm"
    GROSS_KG = "gross_kg"
    HUNDRED_KG = "hundred_kg"
    TONNE = "tonne"
    CHARGEABLE_KG = "chargeable_kg"
    CBM = "cbm"
    LDM = "ldm"
    # count
    PALLET = "pallet"
    PIECE = "piece"
    ORDER = "order"
    ORDER_LINE = "order_line"
    UNIT_PICKED = "unit_picked"
    LABEL = "label"
    HS_LINE = "hs_line"
    # distance and time
    KM = "km"
    HOUR = "hour"
    DAY = "day"
    CONTAINER_DAY = "container_day"
    PALLET_DAY = "pallet_day"
    PALLET_WEEK = "pallet_week"
    PALLET_MONTH = "pallet_month"
    CBM_DAY = "cbm_day"
    # percentages
    PERCENT = "percent"
    PERCENT_FREIGHT = "percent_freight"
    PERCENT_FREIGHT_SURCHARGES = "percent_freight_surcharges"
    PERCENT_VALUE = "percent_value"

    @property
    def unit(self) -> str:
        """Short unit label; a chargeable weight takes that of its rule instead."""
        return UNITS[self]

    @property
    def is_percent(self) -> bool:
        return self in PERCENT_BASES

    @property
    def is_once(self) -> bool:
        """Counted as one unless the cargo says how many."""
        return self in ONCE_BASES


UNITS = {
    Basis.SHIPMENT: "shipment",
    Basis.BILL: "bill of lading",
    Basis.HOUSE: "house bill",
    Basis.DECLARATION: "declaration",
    Basis.AT_COST: "at cost",
    Basis.CONTAINER: "container",
    Basis.TEU: "TEU",
    Basis.FEU: "FEU",
    Basis.TRUCK: "truck",
    Basis.WM: "W/M",
    Basis.GROSS_KG: "kg",
    Basis.HUNDRED_KG: "100 kg",
    Basis.TONNE: "t",
    Basis.CHARGEABLE_KG: "kg",
    Basis.CBM: "CBM",
    Basis.LDM: "LDM",
    Basis.PALLET: "pallet",
    Basis.PIECE: "piece",
    Basis.ORDER: "order",
    Basis.ORDER_LINE: "order line",
    Basis.UNIT_PICKED: "unit",
    Basis.LABEL: "label",
    Basis.HS_LINE: "HS line",
    Basis.KM: "km",
    Basis.HOUR: "hour",
    Basis.DAY: "day",
    Basis.CONTAINER_DAY: "container-day",
    Basis.PALLET_DAY: "pallet-day",
    Basis.PALLET_WEEK: "pallet-week",
    Basis.PALLET_MONTH: "pallet-month",
    Basis.CBM_DAY: "CBM-day",
    Basis.PERCENT: "%",
    Basis.PERCENT_FREIGHT: "%",
    Basis.PERCENT_FREIGHT_SURCHARGES: "%",
    Basis.PERCENT_VALUE: "%",
}
PERCENT_BASES = frozenset(
    {
        Basis.PERCENT,
        Basis.PERCENT_FREIGHT,
        Basis.PERCENT_FREIGHT_SURCHARGES,
        Basis.PERCENT_VALUE,
    }
)
ONCE_BASES = frozenset(
    {Basis.SHIPMENT, Basis.BILL, Basis.HOUSE, Basis.DECLARATION, Basis.AT_COST}
)
