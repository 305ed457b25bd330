"""Stream the rows of long tables: flat memory however many there are."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import PurePath

import openpyxl
from openpyxl.utils.cell import range_boundaries

from .delimited import find_delimiter, read_text
from .errors import Remark, SheetError
from .sheet import BadValue, CellValue, Row, RowSource
from .workbook import DAMAGE, check_archive, clean_value

MAX_STREAMED_CELLS = 5_000_000
MAX_MERGED = 20_000  # areas of one sheet that are filled; the rest stay as they are
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s+ref="([A-Z0-9:]+)"')


def delimited_rows(data: bytes, filename: str) -> RowSource:
    text, encoding = read_text(data, filename)
    delimiter = find_delimiter(text)
    name = PurePath(filename).stem

    def rows() -> Iterator[Row]:
        cells = 0
        try:
            # the number of a row counts records, as a spreadsheet program shows them
            lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            for number, line in enumerate(lines, 1):
                values = [content.strip() or None for content in line]
                cells += len(values)
                if cells > MAX_STREAMED_CELLS:
                    raise SheetError("too_many_cells", limit=MAX_STREAMED_CELLS)
                if any(values):
                    yield number, values
        except csv.Error as error:
            raise SheetError("damaged_file", reason=str(error)) from error

    remarks = ()
    if encoding:
        remarks = (Remark(name, None, None, "encoding_guessed", {"text": encoding}),)
    return RowSource(name, rows, remarks=remarks)


def workbook_rows(data: bytes, suffix: str) -> list[RowSource]:
    try:
        has_formulas, count = check_archive(data, suffix, MAX_STREAMED_CELLS)
        book = openpyxl.load_workbook(
            io.BytesIO(data), read_only=True, data_only=True, keep_links=False
        )
        sheets = list(book.worksheets)
        if len(book.sheetnames) < count:
            raise SheetError("damaged_file", reason="a sheet is missing")
        formulas = None
        if has_formulas:
            formulas = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, keep_links=False
            )
        return [
            RowSource(
                sheet.title,
                _stream(sheet, formulas and formulas[sheet.title], data),
                hidden=sheet.sheet_state != "visible",
            )
            for sheet in sheets
        ]
    except SheetError:
        raise
    except DAMAGE as error:
        raise SheetError("damaged_file", reason=str(error)) from error


def _stream(sheet, formulas, data):
    """Return what yields the rows of a worksheet, from the first, each time."""

    def rows() -> Iterator[Row]:
        try:
            merged = _merged_areas(sheet, data)
            # the file may state wrong dimensions, or one stray cell far below
            sheet.reset_dimensions()
            shown = _values(sheet)
            if formulas:
                formulas.reset_dimensions()
                shown = _mark_uncalculated(shown, _values(formulas))
            corners: dict[tuple[int, int, int, int], CellValue] = {}
            for number, values in shown:
                if merged or corners:
                    _fill_merged(number, values, merged, corners)
                if any(value is not None for value in values):
                    yield number, values
        except SheetError:
            raise
        except DAMAGE as error:
            raise SheetError("damaged_file", reason=str(error)) from error

    return rows


def _values(sheet) -> Iterator[Row]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        values: list[CellValue | None] = []
        for cell in row:
            value = clean_value(cell.value)
            if value is not None and cell.data_type == "e":
                value = BadValue("formula_error", str(value))
            values.append(value)
        yield number, values


def _mark_uncalculated(shown: Iterator[Row], stated: Iterator[Row]) -> Iterator[Row]:
    """Mark formulas whose result the file does not hold: they would look blank."""
    for (number, values), (_number, formulas) in zip(shown, stated, strict=True):
        for index, formula in enumerate(formulas):
            if (
                values[index] is None
                and isinstance(formula, str)
                and formula.startswith("=")
            ):
                values[index] = BadValue("formula_not_calculated", formula)
        yield number, values


def _merged_areas(sheet, data: bytes) -> list[tuple[int, int, int, int]]:
    """Return (first column, first row, last column, last row), in order of rows."""
    part = sheet._worksheet_path.lstrip("/")  # pylint: disable=protected-access
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = MERGED.findall(archive.read(part))
    areas = [range_boundaries(ref.decode()) for ref in found[:MAX_MERGED]]
    return sorted(areas, key=lambda area: area[1])


def _fill_merged(number, values, merged, corners) -> None:
    """Repeat the value of merged cells, and forget areas that have ended."""
    for area in [area for area in corners if area[3] < number]:
        del corners[area]
    while merged and merged[0][1] <= number:
        first_column, _first, _last_column, _last = area = merged.pop(0)
        if first_column <= len(values):
            corners[area] = values[first_column - 1]
    for (first_column, _first, last_column, _last), value in corners.items():
        if value is None:
            continue
        # a merged title may reach beyond the last cell with a value
        for column in range(first_column, min(last_column, len(values)) + 1):
            values[column - 1] = value
