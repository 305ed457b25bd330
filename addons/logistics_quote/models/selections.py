"""Selections that several models share; the bases are those of the rating engine."""

BASES = [
    ("shipment", "Shipment"),
    ("container", "Container"),
    ("teu", "TEU"),
    ("feu", "FEU"),
    ("wm", "W/M"),
    ("gross_kg", "Gross kg"),
    ("hundred_kg", "100 kg"),
    ("tonne", "Tonne"),
    ("chargeable_kg", "Chargeable kg"),
    ("cbm", "CBM"),
    ("ldm", "Loading Metre"),
    ("piece", "Piece"),
    ("percent", "% of Charges"),
    ("percent_freight", "% of Freight"),
]
RATE_TYPES = [
    ("contract", "Contract"),
    ("spot", "Spot"),
    ("tariff", "Tariff"),
    ("named_account", "Named Account"),
]
SECTIONS = [
    ("origin", "Origin"),
    ("main", "Main Carriage"),
    ("destination", "Destination"),
    ("customs", "Customs"),
    ("insurance", "Insurance"),
]
SECTION_ORDER = {section: index for index, (section, _label) in enumerate(SECTIONS)}
