"""Price freight charges: pure Python, exact decimals, no Odoo."""

from .basis import Basis
from .breaks import Break, BreakType, Slice, cut_slices, select_break
from .cargo import Cargo, CargoItem
from .chargeable import (
    AIR,
    AIR_INCH,
    COURIER,
    COURIER_INCH,
    GROUND,
    GROUND_INCH,
    ROAD_GROUPAGE,
    SEA_WM,
    Throw,
    VolumetricRule,
    chargeable_weight,
    volumetric_weight,
    weight_or_measure,
)
from .charge import Charge, ChargePart, ChargeResult, Rating
from .condition import BandOf, Condition
from .errors import RatingError
from .explanation import Explanation
from .free_time import (
    DayCount,
    FreeTimeResult,
    FreeTimeRule,
    Tier,
    TierStart,
    charge_days,
    is_weekday,
    working_days,
)
from .margin import (
    MarginLine,
    MarginResult,
    MarginRule,
    apply_margin,
    margin_percent,
    match_rule,
)
from .rating import rate
from .rounding import Direction, currency_rounder, round_step
from .storage import Proration, stored_months, stored_weeks

__all__ = [
    "AIR",
    "AIR_INCH",
    "COURIER",
    "COURIER_INCH",
    "GROUND",
    "GROUND_INCH",
    "ROAD_GROUPAGE",
    "SEA_WM",
    "BandOf",
    "Basis",
    "Break",
    "BreakType",
    "Cargo",
    "CargoItem",
    "Charge",
    "ChargePart",
    "ChargeResult",
    "Condition",
    "DayCount",
    "Direction",
    "Explanation",
    "FreeTimeResult",
    "FreeTimeRule",
    "MarginLine",
    "MarginResult",
    "MarginRule",
    "Proration",
    "Rating",
    "RatingError",
    "Slice",
    "Throw",
    "Tier",
    "TierStart",
    "VolumetricRule",
    "apply_margin",
    "charge_days",
    "chargeable_weight",
    "currency_rounder",
    "cut_slices",
    "is_weekday",
    "margin_percent",
    "match_rule",
    "rate",
    "round_step",
    "select_break",
    "stored_months",
    "stored_weeks",
    "volumetric_weight",
    "weight_or_measure",
    "working_days",
]
