"""Builders that the tests share: real files from rows of values."""

import csv
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from odoo.addons.logistics_quote.rate_import import (
    ParsedFile,
    parse,
    read_sheet_file,
)

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "tests" / "samples"
SEED = ROOT / "addons" / "logistics_crm" / "data" / "logistics.location.csv"
TODAY = date(2026, 11, 23)
CONTAINERS = {"20GP", "40GP", "40HC", "45HC", "20RF", "40RH"}
PORTS = {
    "CNSHA": "CNSHA",
    "SHANGHAI": "CNSHA",
    "CNNGB": "CNNGB",
    "NINGBO": "CNNGB",
    "DEHAM": "DEHAM",
    "HAMBURG": "DEHAM",
    "NLRTM": "NLRTM",
    "ROTTERDAM": "NLRTM",
    "LOS ANGELES": "USLAX",
    "LONG BEACH": "USLGB",
    "LOS ANGELES/LONG BEACH AREA": "USLAX",
    "CNCKG": "CNCKG",
    "PVG": "PVG",
    "FRA": "FRA",
    "YYZ": "YYZ",
    "LHR": "LHR",
}
HEADER = ["POL", "POD", "20GP", "40GP", "40HC", "Currency", "Effective", "Expiry"]
DATES = [date(2026, 10, 1), date(2027, 3, 31)]
LANE = ["CNSHA", "DEHAM", 1050, 1800, 1850, "USD", *DATES]

Rows = list[list[Any]]


def find_port(label: str) -> str | None:
    return PORTS.get(label.upper())


def find_container(label: str) -> str | None:
    return label if label in CONTAINERS else None


def make_xlsx(rows: Rows, change: Callable[[Worksheet], object] | None = None) -> bytes:
    """Return a workbook of one sheet, after ``change`` has had its way with it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Rates"
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    return save(book)


def save(book: Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def read(data: bytes, filename: str = "rates.xlsx", **options: Any) -> ParsedFile:
    return parse(
        read_sheet_file(data, filename),
        resolve_location=find_port,
        resolve_container=find_container,
        today=TODAY,
        **options,
    )


def read_rows(
    rows: Rows, change: Callable[[Worksheet], object] | None = None, **options: Any
) -> ParsedFile:
    return read(make_xlsx(rows, change), **options)


def read_lane(header: list[Any], row: list[Any]) -> ParsedFile:
    return read_rows([header, row])


def places(parsed: ParsedFile) -> list[tuple[str, str]]:
    return [(lane.origin, lane.destination) for lane in parsed.lanes]


def errors(parsed: ParsedFile) -> list[tuple[str | None, int | None, str]]:
    return [(error.column, error.row, error.code) for error in parsed.errors]


def remarks(parsed: ParsedFile, code: str) -> list[Any]:
    return [remark for remark in parsed.remarks if remark.code == code]


def seeded_places() -> set[str]:
    with SEED.open(newline="") as file:
        return {
            row[column]
            for row in csv.DictReader(file)
            for column in ("code", "iata_code")
            if row[column]
        }
