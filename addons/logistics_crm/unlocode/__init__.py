"""Reading the UN/LOCODE list as UNECE publishes it. Plain Python, no Odoo."""

from .archive import read_files
from .coordinates import great_circle_km, parse_coordinates
from .errors import UnlocodeError
from .functions import Functions, classify
from .reader import Entry, Problem, Skipped, Synonym, read_list

__all__ = [
    "Entry",
    "Functions",
    "Problem",
    "Skipped",
    "Synonym",
    "UnlocodeError",
    "classify",
    "great_circle_km",
    "parse_coordinates",
    "read_files",
    "read_list",
]
