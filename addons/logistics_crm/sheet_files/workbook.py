"""Read the sheets of an xlsx workbook."""

import io
import re
import zipfile
import zlib
from datetime import date, datetime, time
from decimal import Decimal

import openpyxl
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from .currencies import find_currency
from .errors import Remark, SheetError
from .sheet import (
    MAX_CELLS,
    BadValue,
    CellValue,
    Position,
    Sheet,
    column_letter,
    ranges,
)

MAX_UNPACKED_BYTES = 150_000_000
MAX_RATIO = 200
SMALL_BYTES = 20_000_000  # may be packed as well as it likes
MAX_PARTS = 5_000
MAX_NUMBER = 1e15

# What openpyxl raises on damaged parts depends on the part.
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    InvalidFileException,
    SyntaxError,  # of lxml and of the standard parser
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)

DOCTYPE = re.compile(rb"<!doctype", re.IGNORECASE)
CELL = re.compile(rb"<(?:\w+:)?c[ >/]")
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
SHEET = re.compile(rb"<(?:\w+:)?sheet\s")


def read_workbook(data: bytes, suffix: str) -> list[Sheet]:
    try:
        return _read_sheets(data, suffix)
    except SheetError:
        raise
    except DAMAGE as error:
        raise SheetError("damaged_file", reason=str(error)) from error


def _read_sheets(data: bytes, suffix: str) -> list[Sheet]:
    has_formulas, sheets = check_archive(data, suffix, MAX_CELLS)
    book = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    formulas = None
    if has_formulas:
        formulas = openpyxl.load_workbook(io.BytesIO(data))
    if len(book.sheetnames) < sheets:
        # openpyxl leaves out a sheet whose part is missing
        raise SheetError("damaged_file", reason="a sheet is missing")
    return [_read_worksheet(book, sheet, formulas) for sheet in book.worksheets]


def check_archive(data: bytes, suffix: str, max_cells: int) -> tuple[bool, int]:
    """Refuse what is no workbook or not safe; tell of formulas and count sheets."""
    has_formulas = False
    sheets = cells = 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        names = {part.filename for part in parts}
        # zipfile never unpacks more than the size stated here
        unpacked = sum(part.file_size for part in parts)
        if (
            unpacked > MAX_UNPACKED_BYTES
            or len(parts) > MAX_PARTS
            or (unpacked > SMALL_BYTES and unpacked > MAX_RATIO * len(data))
        ):
            raise SheetError("unpacks_too_large", size=unpacked)
        if "xl/workbook.bin" in names:
            raise SheetError("binary_workbook")
        if suffix == ".xlsm" or any(name.endswith("vbaProject.bin") for name in names):
            raise SheetError("macro_file")
        if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
            raise SheetError("not_a_workbook")
        for part in parts:
            if part.flag_bits & 0x1:
                raise SheetError("password_protected")
            if not part.filename.endswith((".xml", ".rels")):
                continue
            content = archive.read(part)
            if b"\0" in content:  # UTF-16
                content = content.replace(b"\0", b"")
            if DOCTYPE.search(content):
                # entities could expand without end, or read other files
                raise SheetError("unsafe_file", part=part.filename)
            if part.filename.startswith("xl/worksheets/"):
                has_formulas = has_formulas or bool(FORMULA.search(content))
                # before openpyxl makes an object of each
                cells += sum(1 for _cell in CELL.finditer(content))
                if cells > max_cells:
                    raise SheetError("too_many_cells", limit=max_cells)
            if part.filename == "xl/workbook.xml":
                sheets = len(SHEET.findall(content))
    return has_formulas, sheets


def _read_worksheet(
    book: Workbook, sheet: Worksheet, formulas: Workbook | None
) -> Sheet:
    # Only the cells that the file states: iter_rows() would walk every row up to a
    # stray cell in the last one.
    stated = sheet._cells  # pylint: disable=protected-access
    cells: dict[Position, CellValue] = {}
    currencies: dict[Position, str] = {}
    remarks = []
    for position, cell in stated.items():
        value = clean_value(cell.value)
        if cell.data_type == "e":
            value = BadValue("formula_error", str(cell.value))
        if value is not None:
            cells[position] = value
        if (
            isinstance(value, int | Decimal)
            and cell.number_format != "General"
            and (currency := find_currency(cell.number_format))
        ):
            currencies[position] = currency
        if cell.comment and cell.comment.text.strip():
            letter = column_letter(position[1])
            params = {"text": cell.comment.text.strip()}
            remarks.append(
                Remark(sheet.title, position[0], letter, "cell_comment", params)
            )
    if formulas:
        _add_uncalculated(cells, formulas[sheet.title])
    _fill_merged(sheet, cells, currencies)
    hidden_rows = frozenset(
        number for number, row in sheet.row_dimensions.items() if row.hidden
    )
    hidden_columns = frozenset(
        number
        for column in sheet.column_dimensions.values()
        if column.hidden and column.min
        for number in range(column.min, min(column.max, sheet.max_column) + 1)
    )
    hidden = sheet.sheet_state != "visible"
    return Sheet(
        sheet.title,
        cells,
        currencies,
        hidden=hidden,
        hidden_rows=hidden_rows,
        hidden_columns=hidden_columns,
        date_1904=book.epoch == CALENDAR_MAC_1904,
        remarks=(
            *_hidden_remarks(sheet.title, hidden, hidden_rows, hidden_columns, cells),
            *remarks,
        ),
    )


def clean_value(value: object) -> CellValue | None:
    """Return a cell's value with numbers exact, or None for an empty one."""
    if value is None:
        return None
    if isinstance(value, bool | int | datetime | date | time):
        return value
    if isinstance(value, float):
        if not abs(value) < MAX_NUMBER:
            return BadValue("formula_error", str(value))
        # binary noise of sums in the sheet: 1850.0000000000002
        number = round(Decimal(repr(value)), 8).normalize()
        return int(number) if number == number.to_integral_value() else number
    text = str(value).strip()
    return text or None


def _add_uncalculated(cells: dict[Position, CellValue], sheet: Worksheet) -> None:
    """Mark formulas whose result the file does not hold: they would look blank."""
    for position, cell in sheet._cells.items():  # pylint: disable=protected-access
        if cell.data_type == "f" and position not in cells:
            cells[position] = BadValue("formula_not_calculated", str(cell.value))


def _fill_merged(
    sheet: Worksheet, cells: dict[Position, CellValue], currencies: dict[Position, str]
) -> None:
    """Repeat the value of merged cells, as far as the sheet is used."""
    last_row = max((row for row, _column in cells), default=0)
    last_column = max((column for _row, column in cells), default=0)
    filled = 0
    for area in sheet.merged_cells.ranges:
        corner = area.min_row, area.min_col
        if corner not in cells:
            continue
        # a merged footnote or price may reach beyond the last cell with a value
        for row in range(area.min_row, min(area.max_row, last_row) + 1):
            for column in range(area.min_col, min(area.max_col, last_column) + 1):
                cells[row, column] = cells[corner]
                if corner in currencies:
                    currencies[row, column] = currencies[corner]
                filled += 1
                if filled > MAX_CELLS:
                    raise SheetError("too_many_cells", limit=MAX_CELLS)


def _hidden_remarks(
    name: str,
    hidden: bool,
    rows: frozenset[int],
    columns: frozenset[int],
    cells: dict[Position, CellValue],
) -> list[Remark]:
    remarks = []
    if hidden:
        remarks.append(Remark(name, None, None, "hidden_sheet"))
    used_rows = {row for row, _column in cells}
    for first, last in ranges(rows & used_rows):
        params = {"first": first, "last": last}
        remarks.append(Remark(name, first, None, "hidden_rows", params))
    used_columns = {column for _row, column in cells}
    for first, last in ranges(columns & used_columns):
        letters = {"first": column_letter(first), "last": column_letter(last)}
        remarks.append(Remark(name, None, letters["first"], "hidden_columns", letters))
    return remarks
