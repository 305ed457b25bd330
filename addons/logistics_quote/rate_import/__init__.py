"""Read carriers' rate sheets: pure Python, no Odoo."""

from odoo.addons.logistics_crm.sheet_files import (
    BadValue,
    Remark,
    Sheet,
    SheetError,
    read_sheet_file,
)

from .errors import REMEDIES, CellError
from .headers import Field, LayoutKind, SurchargeUnit, canonical_container
from .layout import Layout, detect_layout
from .parsed import ParsedFile, ParsedLane, Surcharge
from .parser import parse
from .values import PriceMark

__all__ = [
    "REMEDIES",
    "BadValue",
    "CellError",
    "Field",
    "Layout",
    "LayoutKind",
    "ParsedFile",
    "ParsedLane",
    "PriceMark",
    "Remark",
    "Sheet",
    "SheetError",
    "Surcharge",
    "SurchargeUnit",
    "canonical_container",
    "detect_layout",
    "parse",
    "read_sheet_file",
]
