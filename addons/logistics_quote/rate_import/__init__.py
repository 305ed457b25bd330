"""Read carriers' rate sheets: pure Python, no Odoo."""

from .errors import REMEDIES, CellError, Remark, SheetError
from .headers import Field, LayoutKind, SurchargeUnit, canonical_container
from .layout import Layout, detect_layout
from .parsed import ParsedFile, ParsedLane, Surcharge
from .parser import parse
from .reader import read_sheet_file
from .sheet import BadValue, Sheet
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
