"""The workbook in the making: sheets, cells and charts as every sheet needs them."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from xlsxwriter.utility import quote_sheetname, xl_col_to_name, xl_rowcol_to_cell
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from .columns import Columns
from .data import Number, WorkbookData
from .formats import make_formats
from .labels import DEFAULT_LABELS

# Title, facts and an empty row, then the column titles of the first table.
HEADER_ROW = 3
FIRST_ROW = 4
_HEADER_LIMIT = 255  # characters in a printed header
_RISKY = ("=", "+", "-", "@", "\t", "\r")


class Book:
    """Sheets appear in the order they are added; rows only ever go downwards."""

    def __init__(self, book: Workbook, data: WorkbookData) -> None:
        self.book = book
        self.data = data
        self.labels = {**DEFAULT_LABELS, **data.labels}
        self.formats = make_formats(book, data.decimals, data.symbol, data.symbol_first)
        self.columns = Columns(data.absent)
        self.names: dict[str, str] = {}

    def add_sheet(self, key: str, widths: Sequence[int]) -> Worksheet:
        """Add a sheet with title, facts, print setup and column widths."""
        # Excel forbids these characters and more than 31 in a sheet's name.
        name = re.sub(r"[\[\]:*?/\\]", " ", self.labels[key]).strip(" '")[:31]
        sheet = self.book.add_worksheet(name or DEFAULT_LABELS[key])
        self.names[key] = quote_sheetname(sheet.get_name())
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_header("&L" + self._print_text(self.data.title))
        sheet.set_footer("&L" + self._print_text(self.data.subtitle) + "&R&A &P / &N")
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, self.data.title, self.formats["title"])
        sheet.write_string(1, 0, self.data.subtitle, self.formats["subtitle"])
        return sheet

    def _print_text(self, text: str) -> str:
        return text[: (_HEADER_LIMIT - 20) // 2].replace("&", "&&")

    def write_header(
        self, sheet: Worksheet, row: int, labels: Iterable[str], column: int = 0
    ) -> None:
        for index, label in enumerate(labels, column):
            sheet.write_string(row, index, label, self.formats["header"])

    def freeze_header(self, sheet: Worksheet, columns: int = 1) -> None:
        """Keep the column titles in view, and repeat them on every printed page."""
        sheet.freeze_panes(FIRST_ROW, columns)
        sheet.repeat_rows(HEADER_ROW)

    def write_section(self, sheet: Worksheet, row: int, key: str) -> None:
        sheet.write_string(row, 0, self.labels[key], self.formats["section"])

    def write_cell(
        self, sheet: Worksheet, row: int, column: int, value: Any, kind: str
    ) -> None:
        cell_format = self.formats[kind]
        if value is None or value == "" or value != value:  # NaN: unknown as well
            sheet.write_blank(row, column, None, cell_format)
        elif isinstance(value, str):
            if kind == "text" and value.startswith(_RISKY):
                cell_format = self.formats["quoted"]
            sheet.write_string(row, column, value, cell_format)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, cell_format)
        else:
            sheet.write_number(row, column, float(value), cell_format)

    def write_formula(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        formula: str,
        value: Number,
        kind: str,
    ) -> None:
        """Write a formula, and its result for a viewer that does not calculate."""
        sheet.write_formula(
            row, column, f"={formula}", self.formats[kind], _plain(value)
        )

    def write_sum(
        self,
        sheet: Worksheet,
        rows: tuple[int, int],
        column: int,
        value: Number,
        kind: str = "money_total",
    ) -> None:
        """Write below the rows (first, next after last) what they add up to."""
        first, row = rows
        letter = xl_col_to_name(column)
        formula = f"SUM({letter}{first + 1}:{letter}{row})" if row > first else "0"
        self.write_formula(sheet, row, column, formula, value, kind)

    def write_difference(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        columns: tuple[int, int],
        values: tuple[Number | None, Number | None],
        kind: str = "money",
    ) -> None:
        """Write left minus right, rounded so that binary dust is no finding."""
        left, right = (xl_rowcol_to_cell(row, place) for place in columns)
        places = self.data.decimals
        self.write_formula(
            sheet,
            row,
            column,
            f"ROUND({left}-{right},{places})",
            round(decimal(values[0]) - decimal(values[1]), places),
            kind,
        )

    def write_ratio(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        cells: tuple[str, str],
        values: tuple[Number, Number],
        kind: str,
    ) -> None:
        """Write a quotient, nothing where there is nothing to divide by."""
        part, whole = cells
        share = float(values[0]) / float(values[1]) if values[1] else ""
        self.write_formula(
            sheet, row, column, f'IF({whole}=0,"",{part}/{whole})', share, kind
        )

    def add_chart(
        self, kind: str, title: str, *, money: bool = True, legend: bool = False
    ) -> Any:
        chart = self.book.add_chart({"type": kind})
        chart.set_title({"name": self.labels[title], "name_font": {"size": 12}})
        chart.set_legend({"position": "bottom"} if legend else {"none": True})
        chart.set_x_axis({"label_position": "low"})
        axis: dict[str, Any] = {
            "num_format": "#,##0" if money else "0%",
            "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}},
        }
        if money:
            axis["name"] = self.data.currency
        chart.set_y_axis(axis)
        return chart

    def add_series(
        self,
        chart: Any,
        sheet: Worksheet,
        rows: tuple[int, int],
        columns: tuple[int, int],
        cached: tuple[Sequence[Any], Sequence[float]],
        name: str,
    ) -> None:
        """Let the chart show two columns of the rows (first, last)."""
        place, (first, last) = sheet.get_name(), rows
        chart.add_series(
            {
                "name": name,
                "categories": [place, first, columns[0], last, columns[0]],
                "values": [place, first, columns[1], last, columns[1]],
                # In constant memory the writer cannot look these up itself.
                "categories_data": list(cached[0]),
                "values_data": [_plain(value) for value in cached[1]],
            }
        )


def decimal(value: Number | None) -> Decimal:
    """Return the amount as written, without binary dust."""
    if value is None or value != value:
        return Decimal(0)
    return value if isinstance(value, Decimal) else Decimal(str(value))


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value
