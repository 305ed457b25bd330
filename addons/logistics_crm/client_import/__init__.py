"""Make sense of the rows of a table of customers, contacts or lanes: pure Python."""

from .cells import CellIssue, parse_row
from .headers import Mapping, guess_mapping, label_key, signature
from .targets import KEY_FIELDS, TARGETS, Kind, Target, missing_targets

__all__ = [
    "KEY_FIELDS",
    "TARGETS",
    "CellIssue",
    "Kind",
    "Mapping",
    "Target",
    "guess_mapping",
    "label_key",
    "missing_targets",
    "parse_row",
    "signature",
]
