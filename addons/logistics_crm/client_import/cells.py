"""Turn the cells of a row into values, and say which cannot be read."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

# by its full name: a pure package of its own, which no model stands behind
# pylint: disable-next=odoo-addons-relative-import
from odoo.addons.logistics_crm.sheet_files import (
    BadValue,
    CellValue,
    column_letter,
)

from .targets import TARGETS, Kind, missing_targets

MAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;]+")
DATE_FORMATS = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%Y.%m.%d", "%Y年%m月%d日")
MAX_TEXT = 5_000


@dataclass(frozen=True, slots=True)
class CellIssue:
    """Why a row cannot be used: a code to translate, and the column's letter."""

    column: str
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


class _BadCell(Exception):
    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code)


def parse_row(
    kind: Kind, columns: Mapping[int, str], values: Sequence[CellValue | None]
) -> tuple[dict[str, object], list[CellIssue]]:
    """Return {field: text, number or ISO date} of the filled cells, and what is wrong.

    Codes: ``formula_error``, ``formula_not_calculated``, ``not_a_mail_address``,
    ``not_a_number``, ``number_ambiguous``, ``number_negative``, ``not_a_date``,
    ``text_too_long``, ``required_empty``.
    """
    row: dict[str, object] = {}
    issues: list[CellIssue] = []
    for index, name in columns.items():
        value = values[index] if index < len(values) else None
        if value is None:
            continue
        try:
            row[name] = _read(TARGETS[kind][name].type, value)
        except _BadCell as problem:
            letter = column_letter(index + 1)
            issues.append(CellIssue(letter, problem.code, problem.params))
    if not issues:
        issues += [
            CellIssue("", "required_empty", {"fields": group})
            for group in missing_targets(kind, [name for name in row if row[name]])
        ]
    return row, issues


def _read(type_: str, value: CellValue) -> object:
    if isinstance(value, BadValue):
        raise _BadCell(value.code, value=value.text)
    if type_ == "number":
        return _read_number(value)
    if type_ == "date":
        return _read_date(value)
    text = _as_text(value)
    if len(text) > MAX_TEXT:
        raise _BadCell("text_too_long", limit=MAX_TEXT)
    if type_ == "email" and text and not MAIL.search(text):
        raise _BadCell("not_a_mail_address", value=text)
    return text


def _as_text(value: CellValue) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, Decimal):
        return format(value, "f")
    text = unicodedata.normalize("NFC", str(value)).replace("\0", "")
    return text.replace("\u3000", " ").strip()


def _read_number(value: CellValue) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise _BadCell("not_a_number", value=str(value))
    if isinstance(value, str):
        text = unicodedata.normalize("NFKC", value).strip().removesuffix("%")
        text = re.sub(r"[\s'’]", "", text)
        if re.fullmatch(r"[-+]?\d{1,3}[.,]\d{3}", text) and not text.startswith("0"):
            # 1.250 are thousands here and a bit more than one there
            raise _BadCell("number_ambiguous", value=value)
        if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d+)?", text):
            text = text.replace(",", "")
        elif re.fullmatch(r"[-+]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?", text):
            text = text.replace(".", "").replace(",", ".")
        elif re.fullmatch(r"[-+]?\d+,\d+", text):
            text = text.replace(",", ".")
        if not re.fullmatch(r"[-+]?\d+(\.\d+)?", text) or len(text) > 18:
            raise _BadCell("not_a_number", value=value)
        value = Decimal(text)
    number = float(value)
    if number < 0:
        raise _BadCell("number_negative", value=str(value))
    return number


def _read_date(value: CellValue) -> str:
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    for form in DATE_FORMATS:
        try:
            return datetime.strptime(str(value).strip(), form).date().isoformat()
        except ValueError:
            continue
    raise _BadCell("not_a_date", value=str(value))
