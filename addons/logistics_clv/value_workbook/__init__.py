"""The value workbook as xlsx: pure, only the standard library, numpy and xlsxwriter.

The caller hands over translated labels, numbers, and the clients as an iterable that
is read once; rows go to disk as they come, so memory does not grow with the clients.
"""

from .data import (
    AccuracyLine,
    ClientLine,
    CohortCell,
    DecileLine,
    DifferenceLine,
    FitLine,
    HoldoutData,
    ParameterLine,
    PeriodLine,
    ReconciliationLine,
    WorkbookData,
    WorkbookError,
    WorkbookTotals,
)
from .labels import DEFAULT_LABELS
from .workbook import write_workbook

__all__ = [
    "DEFAULT_LABELS",
    "AccuracyLine",
    "ClientLine",
    "CohortCell",
    "DecileLine",
    "DifferenceLine",
    "FitLine",
    "HoldoutData",
    "ParameterLine",
    "PeriodLine",
    "ReconciliationLine",
    "WorkbookData",
    "WorkbookError",
    "WorkbookTotals",
    "write_workbook",
]
