"""Price freight charges: pure Python, exact decimals, no Odoo."""

from .basis import Basis
from .cargo import (
    AIR,
    AIR_INCH,
    COURIER,
    COURIER_INCH,
    GROUND,
    GROUND_INCH,
    ROAD_GROUPAGE,
    SEA_WM,
    Cargo,
    CargoItem,
    Throw,
    VolumetricRule,
    chargeable_weight,
    volumetric_weight,
    weight_or_measure,
)
from .charge import Break, Charge, ChargePart, ChargeResult, Rating
from .errors import RatingError
from .explanation import Explanation
from .margin import (
    MarginLine,
    MarginResult,
    MarginRule,
    apply_margin,
    margin_percent,
    match_rule,
)
from .rating import rate, select_break
from .rounding import Direction, currency_rounder, round_step

__all__ = [
    "AIR",
    "AIR_INCH",
    "COURIER",
    "COURIER_INCH",
    "GROUND",
    "GROUND_INCH",
    "ROAD_GROUPAGE",
    "SEA_WM",
    "Basis",
    "Break",
    "Cargo",
    "CargoItem",
    "Charge",
    "ChargePart",
    "ChargeResult",
    "Direction",
    "Explanation",
    "MarginLine",
    "MarginResult",
    "MarginRule",
    "Rating",
    "RatingError",
    "Throw",
    "VolumetricRule",
    "apply_margin",
    "chargeable_weight",
    "currency_rounder",
    "margin_percent",
    "match_rule",
    "rate",
    "round_step",
    "select_break",
    "volumetric_weight",
    "weight_or_measure",
]
