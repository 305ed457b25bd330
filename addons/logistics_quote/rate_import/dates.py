"""The meaning of date cells, and of numbers of days."""

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo.addons.logistics_crm.sheet_files import BadValue, CellValue
from odoo.addons.logistics_crm.sheet_files.currencies import normalise

from .values import DASHES, MAX_TEXT, ValueProblem, compact

UNTIL_FURTHER_NOTICE = {"UFN", "UNTILFURTHERNOTICE", "OPEN", "TBA", "NA"}
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "JAN JANUARY",
            "FEB FEBRUARY",
            "MAR MARCH",
            "APR APRIL",
            "MAY",
            "JUN JUNE",
            "JUL JULY",
            "AUG AUGUST",
            "SEP SEPT SEPTEMBER",
            "OCT OCTOBER",
            "NOV NOVEMBER",
            "DEC DECEMBER",
        ),
        1,
    )
    for name in names.split()
}
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年 ](\d{1,2})[-/.月 ](\d{1,2})日?")
_COMPACT = re.compile(r"(20\d{2})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_DAY_NAME = re.compile(
    r"(\d{1,2})(?:ST|ND|RD|TH)?[-/. ]*([A-Z]{3,9})[-/., ]*(\d{4}|\d{2})"
)
_NAME_DAY = re.compile(
    r"([A-Z]{3,9})[-/. ]*(\d{1,2})(?:ST|ND|RD|TH)?[-/., ]+(\d{4}|\d{2})"
)
_TIME = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?Z?$")
EXCEL_EPOCH = date(1899, 12, 30)
MAC_EPOCH = date(1904, 1, 1)
SERIALS = range(25_569, 73_051)  # 1970 to 2099


def parse_date(value: CellValue, *, date_1904: bool = False) -> date | None:
    """Read a date: text is day first or ISO; None for "until further notice"."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, BadValue):
        raise ValueProblem(value.code, value=value.text)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _parse_serial(value, date_1904)
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        raise ValueProblem("date_unreadable", value=str(value))
    if compact(value) in UNTIL_FURTHER_NOTICE or DASHES.fullmatch(value.strip()):
        return None
    text = _TIME.sub("", normalise(value))
    if text.isdigit() and int(text) in SERIALS:
        return _parse_serial(int(text), date_1904)
    with suppress(ValueError, KeyError):  # 31 February, a word that is no month
        if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _DAY_FIRST.fullmatch(text):
            return date(_year(found[3]), int(found[2]), int(found[1]))
        if found := _DAY_NAME.fullmatch(text):
            return date(_year(found[3]), MONTHS[found[2]], int(found[1]))
        if found := _NAME_DAY.fullmatch(text):
            return date(_year(found[3]), MONTHS[found[1]], int(found[2]))
    raise ValueProblem("date_unreadable", value=value)


RANGE_SEPARATORS = (
    r"\s+(?:-|–|—|TO|TILL|UNTIL)\s+",
    r"\s*[~～至–—]\s*",
    r"(?<=\d{4})-(?=\d{1,2}[./])",  # 01/10/2026-31/03/2027
)


def parse_validity(
    value: CellValue, *, date_1904: bool = False
) -> tuple[date | None, date | None]:
    """Read "from - to" in one cell."""
    if isinstance(value, str) and len(value) <= MAX_TEXT:
        for separator in RANGE_SEPARATORS:
            parts = re.split(separator, value.strip(), flags=re.IGNORECASE)
            if len(parts) == 2:
                start, end = (parse_date(part, date_1904=date_1904) for part in parts)
                return start, end
    raise ValueProblem("date_unreadable", value=str(value))


def _parse_serial(value: int | Decimal, date_1904: bool) -> date:
    if int(value) not in SERIALS:
        raise ValueProblem("date_unreadable", value=str(value))
    epoch = MAC_EPOCH if date_1904 else EXCEL_EPOCH
    return epoch + timedelta(days=int(value))


def _year(digits: str) -> int:
    return int(digits) if len(digits) == 4 else 2000 + int(digits)


def parse_days(value: CellValue) -> int:
    """Read a number of days; of a range the longer."""
    if isinstance(value, BadValue):
        raise ValueProblem(value.code, value=value.text)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        if 0 <= value < 1000 and value == int(value):
            return int(value)
    elif isinstance(value, str) and len(value) <= MAX_TEXT:
        found = re.fullmatch(
            r"(?:ABT\.? |APPROX\.? )?(?:(\d{1,3}) ?(?:-|TO|~) ?)?(\d{1,3})"
            r" ?(?:D|DAYS?|天)?(?: .{0,12})?",
            normalise(value),
        )
        if found and not re.search(r"\d", normalise(value)[found.end(2) :]):
            return max(int(found[1] or 0), int(found[2]))
    raise ValueProblem("days_unreadable", value=str(value))
