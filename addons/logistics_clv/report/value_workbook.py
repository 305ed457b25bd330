"""Write the value workbook: summary, clients, reconciliation and parameters as xlsx.

Pure: no Odoo here, only the standard library and xlsxwriter. The caller hands over
translated labels, numbers, and the clients as an iterable that is read once.
"""

import heapq
import re
import tempfile
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

Number = int | float | Decimal

DEFAULT_LABELS: Mapping[str, str] = {
    "sheet_summary": "Summary",
    "sheet_clients": "Clients",
    "sheet_reconciliation": "Ledger reconciliation",
    "sheet_parameters": "Parameters",
    "client": "Client",
    "reference": "Reference",
    "tier": "Tier",
    "stage": "Stage",
    "first_order": "First order",
    "last_order": "Last order",
    "order_days": "Order days",
    "revenue": "Revenue",
    "direct_cost": "Direct cost",
    "cost_to_serve": "Cost-to-serve",
    "contribution": "Contribution",
    "p_alive": "Still active",
    "expected_orders": "Expected orders, 12 months",
    "expected_margin": "Expected margin per order",
    "current_value": "Current value",
    "run_rate_value": "Run rate value",
    "total_value": "Total value",
    "total": "Total",
    "clients": "Clients",
    "account": "Account",
    "account_name": "Account name",
    "booked": "Booked",
    "ledger": "Value ledger",
    "difference": "Difference",
    "reason": "Reason",
    "parameter": "Parameter",
    "value": "Value",
    "remark": "Remark",
    "notes": "Notes",
    "figure": "Figure",
    "this_workbook": "This workbook",
    "value_ledger_total": "Value ledger",
    "top_clients": "Clients of highest value",
    "whale_curve": "Cumulative value by share of clients",
    "share_of_clients": "Share of clients",
    "cumulative_value": "Cumulative value",
}

MAXIMUM_ROWS = 1_048_576
_HEADER_ROW = 3
_FIRST_ROW = 4
_WHALE_STEPS = 50


class WorkbookError(Exception):
    """The data do not fit: code ``too_many_rows`` (maximum)."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One client; money in the workbook's currency, None where nothing is known.

    :param p_alive: probability that the client still buys, 0..1
    :param expected_orders: order days expected in the next 12 months
    :param expected_margin: contribution expected per order day
    :param current_value: discounted contribution expected over the horizon
    :param run_rate_value: the same by the simple run rate
    :param cost_to_serve: already taken off the contribution
    """

    name: str
    reference: str = ""
    tier: str = ""
    stage: str = ""
    first_order: date | None = None
    last_order: date | None = None
    order_days: int = 0
    revenue: Number = 0
    direct_cost: Number = 0
    contribution: Number = 0
    p_alive: float | None = None
    expected_orders: float | None = None
    expected_margin: Number | None = None
    current_value: Number | None = None
    run_rate_value: Number | None = None
    cost_to_serve: Number = 0


@dataclass(frozen=True, slots=True)
class ReconciliationLine:
    """One account: what the books say, what the ledger holds, and why they differ."""

    account: str
    name: str
    booked: Number
    ledger: Number
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One parameter; ``value`` is written as number, date or text by its type."""

    name: str
    value: Number | date | str | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class WorkbookData:
    """Everything that the workbook shows.

    :param title: heading of every sheet, e.g. the company's name
    :param subtitle: line below it on every sheet: snapshot date, currency, horizon,
        rate, as one translated text
    :param currency: ISO code of all money in the workbook
    :param decimals: decimals of that currency
    :param clients: read once, in any order (descending total value reads best)
    :param reconciliation: one line per account, a few hundred at most
    :param parameters: model parameters and settings of the valuation run
    :param notes: translated notes and warnings, shown on the summary
    :param labels: translations; keys are those of ``DEFAULT_LABELS``
    :param ledger_revenue: control total from the ledger itself, None if unknown
    :param ledger_cost: control total of direct cost, positive
    :param ledger_cost_to_serve: control total of cost-to-serve, positive
    :param top_clients: clients in the column chart
    """

    title: str
    subtitle: str
    currency: str
    decimals: int
    clients: Iterable[ClientLine]
    reconciliation: Sequence[ReconciliationLine] = ()
    parameters: Sequence[ParameterLine] = ()
    notes: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    ledger_revenue: Number | None = None
    ledger_cost: Number | None = None
    ledger_cost_to_serve: Number = 0
    top_clients: int = 20


@dataclass(frozen=True, slots=True)
class WorkbookTotals:
    """What was written, so that the caller can check it against the ledger."""

    clients: int
    revenue: Decimal
    direct_cost: Decimal
    cost_to_serve: Decimal
    contribution: Decimal
    current_value: Decimal
    run_rate_value: Decimal
    total_value: Decimal


# Client columns: label key, attribute of ClientLine, format, width.
_COLUMNS: Sequence[tuple[str, str, str, int]] = (
    ("client", "name", "text", 34),
    ("reference", "reference", "text", 12),
    ("tier", "tier", "text", 7),
    ("stage", "stage", "text", 14),
    ("first_order", "first_order", "date", 11),
    ("last_order", "last_order", "date", 11),
    ("order_days", "order_days", "integer", 10),
    ("revenue", "revenue", "money", 15),
    ("direct_cost", "direct_cost", "money", 15),
    ("cost_to_serve", "cost_to_serve", "money", 15),
    ("contribution", "contribution", "money", 15),
    ("p_alive", "p_alive", "percent", 11),
    ("expected_orders", "expected_orders", "quantity", 12),
    ("expected_margin", "expected_margin", "money", 15),
    ("current_value", "current_value", "money", 15),
    ("run_rate_value", "run_rate_value", "money", 15),
    ("total_value", "", "money", 15),
)
_COLUMN = {key: index for index, (key, *_rest) in enumerate(_COLUMNS)}
_SUMMED = (
    "revenue",
    "direct_cost",
    "cost_to_serve",
    "contribution",
    "current_value",
    "run_rate_value",
    "total_value",
)


def write_workbook(stream: BinaryIO, data: WorkbookData) -> WorkbookTotals:
    """Write the workbook to ``stream`` and return the totals written.

    Memory stays constant but for eight bytes a client (the cumulative curve). Totals
    are SUM formulas; the sums go along as their cached values, so that a viewer which
    does not calculate shows them too. Total value is contribution plus current value.

    :raises WorkbookError: ``too_many_rows``
    """
    # A folder of its own, so that nothing stays behind if the clients break off.
    with tempfile.TemporaryDirectory(prefix="value_workbook_") as folder:
        book = xlsxwriter.Workbook(
            stream,
            {
                "constant_memory": True,
                "tmpdir": folder,
                "default_date_format": "yyyy-mm-dd",
                # Names are text, whatever character they begin with.
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
            },
        )
        try:
            totals = _Writer(book, data).write_sheets()
        except BaseException:
            for sheet in book.worksheets():
                sheet.row_data_fh.close()
            raise
        book.close()
    return totals


class _Writer:
    """The workbook in the making; sheets appear in order, rows only ever downwards."""

    def __init__(self, book: Workbook, data: WorkbookData) -> None:
        self.book = book
        self.data = data
        self.labels = {**DEFAULT_LABELS, **data.labels}
        self.formats = _make_formats(book, data.decimals)
        self.names: dict[str, str] = {}
        self.summary = self._add_sheet("sheet_summary")
        self.clients = self._add_sheet("sheet_clients")
        self.reconciliation = self._add_sheet("sheet_reconciliation")
        self.parameters = self._add_sheet("sheet_parameters")
        self.sums = dict.fromkeys(_SUMMED, Decimal(0))
        self.count = 0

    def write_sheets(self) -> WorkbookTotals:
        """Fill the sheets; the summary last, for it refers to all others."""
        values, top = self._write_clients()
        self._write_reconciliation()
        self._write_parameters()
        self._write_summary(values, top)
        self.summary.activate()
        return WorkbookTotals(clients=self.count, **self.sums)

    def _add_sheet(self, key: str) -> Worksheet:
        # Excel forbids these characters and more than 31 in a sheet's name.
        name = re.sub(r"[\[\]:*?/\\]", " ", self.labels[key]).strip(" '")[:31]
        sheet = self.book.add_worksheet(name or DEFAULT_LABELS[key])
        self.names[key] = quote_sheetname(sheet.get_name())
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R&P / &N")
        return sheet

    def _start(self, sheet: Worksheet, widths: Sequence[int]) -> None:
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)
        sheet.write_string(0, 0, self.data.title, self.formats["title"])
        sheet.write_string(1, 0, self.data.subtitle, self.formats["subtitle"])

    def _write_header(self, sheet: Worksheet, keys: Iterable[str]) -> None:
        """Write column titles that stay in view and repeat on every printed page."""
        for column, key in enumerate(keys):
            sheet.write_string(
                _HEADER_ROW, column, self.labels[key], self.formats["header"]
            )
        sheet.freeze_panes(_FIRST_ROW, 0 if sheet is self.summary else 1)
        sheet.repeat_rows(_HEADER_ROW)

    def _write_cell(
        self, sheet: Worksheet, row: int, column: int, value: Any, kind: str
    ) -> None:
        cell_format = self.formats[kind]
        if value is None or value == "" or value != value:  # NaN: unknown as well
            sheet.write_blank(row, column, None, cell_format)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, cell_format)
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, cell_format)
        else:
            sheet.write_number(row, column, float(value), cell_format)

    def _write_sum(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        value: Decimal,
        kind: str = "money_total",
    ) -> None:
        letter = xl_col_to_name(column)
        formula = f"=SUM({letter}{_FIRST_ROW + 1}:{letter}{row})"
        if row == _FIRST_ROW:
            formula = "=0"
        sheet.write_formula(row, column, formula, self.formats[kind], float(value))

    def _write_clients(self) -> tuple[array, list[tuple[float, int, str]]]:
        """Stream the clients; return their total values and the highest of them."""
        sheet = self.clients
        self._start(sheet, [width for *_rest, width in _COLUMNS])
        self._write_header(sheet, (key for key, *_rest in _COLUMNS))
        values = array("d")
        top: list[tuple[float, int, str]] = []
        contribution, current = (
            xl_col_to_name(_COLUMN[key]) for key in ("contribution", "current_value")
        )
        row = _FIRST_ROW
        order_days = 0
        for line in self.data.clients:
            if row >= MAXIMUM_ROWS - 1:
                raise WorkbookError("too_many_rows", maximum=MAXIMUM_ROWS - 5)
            for column, (_key, attribute, kind, _width) in enumerate(_COLUMNS[:-1]):
                self._write_cell(sheet, row, column, getattr(line, attribute), kind)
            total = _decimal(line.contribution) + _decimal(line.current_value)
            sheet.write_formula(
                row,
                _COLUMN["total_value"],
                f"={contribution}{row + 1}+{current}{row + 1}",
                self.formats["money"],
                float(total),
            )
            self.sums["total_value"] += total
            for key in _SUMMED[:-1]:
                self.sums[key] += _decimal(getattr(line, key))
            order_days += line.order_days
            values.append(float(total))
            # The row breaks ties, the earlier client first.
            entry = (float(total), -row, line.name)
            if len(top) < self.data.top_clients:
                heapq.heappush(top, entry)
            elif top:
                heapq.heappushpop(top, entry)
            row += 1
        self.count = row - _FIRST_ROW
        self._write_client_totals(row, order_days)
        sheet.autofilter(_HEADER_ROW, 0, max(row - 1, _HEADER_ROW), len(_COLUMNS) - 1)
        return values, sorted(top, reverse=True)

    def _write_client_totals(self, row: int, order_days: int) -> None:
        sheet = self.clients
        for column, (key, *_rest) in enumerate(_COLUMNS):
            if key in _SUMMED:
                self._write_sum(sheet, row, column, self.sums[key])
            elif key == "order_days":
                self._write_sum(
                    sheet, row, column, Decimal(order_days), "integer_total"
                )
            else:
                text = self.labels["total"] if column == 0 else ""
                sheet.write_string(row, column, text, self.formats["text_total"])

    def _write_reconciliation(self) -> None:
        sheet = self.reconciliation
        self._start(sheet, (34, 40, 16, 16, 16, 50))
        self._write_header(
            sheet,
            ("account", "account_name", "booked", "ledger", "difference", "reason"),
        )
        booked = ledger = Decimal(0)
        row = _FIRST_ROW
        for line in self.data.reconciliation:
            for column, (value, kind) in enumerate(
                (
                    (line.account, "text"),
                    (line.name, "text"),
                    (line.booked, "money"),
                    (line.ledger, "money"),
                )
            ):
                self._write_cell(sheet, row, column, value, kind)
            self._write_difference(
                sheet, row, 4, ("C", "D"), (line.booked, line.ledger), "money"
            )
            self._write_cell(sheet, row, 5, line.reason, "text")
            booked += _decimal(line.booked)
            ledger += _decimal(line.ledger)
            row += 1
        last = row - 1
        sheet.write_string(row, 0, self.labels["total"], self.formats["text_total"])
        sheet.write_string(row, 1, "", self.formats["text_total"])
        self._write_sum(sheet, row, 2, booked)
        self._write_sum(sheet, row, 3, ledger)
        self._write_difference(
            sheet, row, 4, ("C", "D"), (booked, ledger), "money_total"
        )
        sheet.write_string(row, 5, "", self.formats["text_total"])
        sheet.autofilter(_HEADER_ROW, 0, max(last, _HEADER_ROW), 5)

    def _write_difference(
        self,
        sheet: Worksheet,
        row: int,
        column: int,
        letters: tuple[str, str],
        values: tuple[Number, Number],
        kind: str,
    ) -> None:
        """Write left minus right, rounded so that binary dust is no finding."""
        left, right = letters
        difference = _decimal(values[0]) - _decimal(values[1])
        sheet.write_formula(
            row,
            column,
            f"=ROUND({left}{row + 1}-{right}{row + 1},{self.data.decimals})",
            self.formats[kind],
            float(round(difference, self.data.decimals)),
        )

    def _write_parameters(self) -> None:
        sheet = self.parameters
        self._start(sheet, (40, 24, 70))
        self._write_header(sheet, ("parameter", "value", "remark"))
        for row, line in enumerate(self.data.parameters, _FIRST_ROW):
            kind = "date" if isinstance(line.value, date) else "parameter"
            self._write_cell(sheet, row, 0, line.name, "text")
            self._write_cell(sheet, row, 1, line.value, kind)
            self._write_cell(sheet, row, 2, line.remark, "wrapped")

    def _write_summary(
        self, values: array, top: Sequence[tuple[float, int, str]]
    ) -> None:
        sheet = self.summary
        self._start(sheet, (38, 18, 18, 18))
        self._write_header(
            sheet, ("figure", "this_workbook", "value_ledger_total", "difference")
        )
        row = self._write_figures(_FIRST_ROW)
        for index, note in enumerate((self.labels["notes"], *self.data.notes)):
            if not self.data.notes:
                break
            kind = "header" if index == 0 else "text"
            sheet.write_string(row + 1 + index, 0, note, self.formats[kind])
        row += 2 + len(self.data.notes)
        # Tables stand below the charts that show them.
        charts_row, row = row, row + 20
        self._write_top(charts_row, row, top)
        self._write_whale(charts_row, row + len(top) + 3, values)

    def _write_figures(self, row: int) -> int:
        """Write each total with the ledger's own figure beside it; return next row."""
        sheet = self.summary
        where = self.names["sheet_clients"]
        total_row = _FIRST_ROW + self.count + 1
        sheet.write_string(row, 0, self.labels["clients"], self.formats["text"])
        last = max(total_row - 1, _FIRST_ROW + 1)
        sheet.write_formula(
            row,
            1,
            f"=COUNTA({where}!A{_FIRST_ROW + 1}:A{last})" if self.count else "=0",
            self.formats["integer"],
            self.count,
        )
        controls = {
            "revenue": self.data.ledger_revenue,
            "direct_cost": self.data.ledger_cost,
        }
        if None not in controls.values():
            controls["cost_to_serve"] = self.data.ledger_cost_to_serve
            controls["contribution"] = (
                _decimal(self.data.ledger_revenue)
                - _decimal(self.data.ledger_cost)
                - _decimal(self.data.ledger_cost_to_serve)
            )
        for key in _SUMMED:
            row += 1
            letter = xl_col_to_name(_COLUMN[key])
            sheet.write_string(row, 0, self.labels[key], self.formats["text"])
            sheet.write_formula(
                row,
                1,
                f"={where}!{letter}{total_row}",
                self.formats["money"],
                float(self.sums[key]),
            )
            control = controls.get(key)
            if control is not None:
                self._write_cell(sheet, row, 2, control, "money")
                self._write_difference(
                    sheet, row, 3, ("B", "C"), (self.sums[key], control), "money"
                )
        return row + 1

    def _write_top(
        self, charts_row: int, row: int, top: Sequence[tuple[float, int, str]]
    ) -> None:
        """Write the clients of highest value and their column chart."""
        sheet, where = self.summary, self.names["sheet_clients"]
        letter = xl_col_to_name(_COLUMN["total_value"])
        for column, key in enumerate(("top_clients", "total_value")):
            sheet.write_string(row, column, self.labels[key], self.formats["header"])
        for index, (value, negative_row, name) in enumerate(top, row + 1):
            sheet.write_string(index, 0, name, self.formats["text"])
            sheet.write_formula(
                index,
                1,
                f"={where}!{letter}{1 - negative_row}",
                self.formats["money"],
                value,
            )
        if not top:
            return
        chart = self.book.add_chart({"type": "column"})
        self._add_series(
            chart,
            row,
            ([name for _value, _row, name in top], [value for value, *_rest in top]),
            "top_clients",
            "total_value",
        )
        sheet.insert_chart(charts_row, 0, chart, {"x_scale": 1.15, "y_scale": 1.3})

    def _write_whale(self, charts_row: int, row: int, values: array) -> None:
        """Write cumulative value, highest client first, and its line chart."""
        sheet = self.summary
        for column, key in enumerate(("share_of_clients", "cumulative_value")):
            sheet.write_string(row, column, self.labels[key], self.formats["header"])
        curve = _cumulate(values)
        for index, (share, cumulative) in enumerate(curve, row + 1):
            self._write_cell(sheet, index, 0, share, "percent")
            self._write_cell(sheet, index, 1, cumulative, "money")
        if not values:
            return
        chart = self.book.add_chart({"type": "line"})
        shares, cumulatives = map(list, zip(*curve, strict=True))
        self._add_series(
            chart,
            row,
            (shares, cumulatives),
            "whale_curve",
            "cumulative_value",
            every=10,
        )
        sheet.insert_chart(
            charts_row, 4, chart, {"x_scale": 1.15, "y_scale": 1.3, "x_offset": 12}
        )

    def _add_series(
        self,
        chart: Any,
        header_row: int,
        cached: tuple[list[Any], list[float]],
        title: str,
        series: str,
        every: int | None = None,
    ) -> None:
        """Let the chart show the two columns below ``header_row`` of the summary."""
        name = self.summary.get_name()
        first, last = header_row + 1, header_row + len(cached[1])
        chart.add_series(
            {
                "name": self.labels[series],
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
                # In constant memory the writer cannot look these up itself.
                "categories_data": cached[0],
                "values_data": cached[1],
            }
        )
        chart.set_title({"name": self.labels[title], "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        axis: dict[str, Any] = {"label_position": "low"}
        if every:
            axis |= {"interval_unit": every, "num_format": "0%"}
        chart.set_x_axis(axis)
        chart.set_y_axis(
            {
                "name": self.data.currency,
                "num_format": "#,##0",
                "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}},
            }
        )


def _make_formats(book: Workbook, decimals: int) -> dict[str, Format]:
    """Return the cell formats by kind; losses are red."""
    places = "." + "0" * decimals if decimals else ""
    money = f"#,##0{places};[Red]-#,##0{places}"
    total = {"bold": True, "top": 1}
    options: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 14},
        "subtitle": {"italic": True, "font_color": "#555555"},
        "header": {
            "bold": True,
            "text_wrap": True,
            "valign": "top",
            "bottom": 1,
            "bg_color": "#E8EEF4",
        },
        "text": {},
        "wrapped": {"text_wrap": True, "valign": "top"},
        "text_total": total,
        "date": {"num_format": "yyyy-mm-dd", "align": "left"},
        "integer": {"num_format": "#,##0"},
        "integer_total": {"num_format": "#,##0", **total},
        "quantity": {"num_format": "#,##0.0"},
        "percent": {"num_format": "0%"},
        "parameter": {"num_format": "General", "align": "left"},
        "money": {"num_format": money},
        "money_total": {"num_format": money, **total},
    }
    return {kind: book.add_format(choice) for kind, choice in options.items()}


def _cumulate(values: array) -> list[tuple[float, float]]:
    """Return (share of clients, cumulative value) at some fifty steps, from zero."""
    ranked = sorted(values, reverse=True)
    count = len(ranked)
    stops = {round(count * step / _WHALE_STEPS) for step in range(_WHALE_STEPS + 1)}
    points = [(0.0, 0.0)] if count else []
    cumulative = 0.0
    for position, value in enumerate(ranked, 1):
        cumulative += value
        if position in stops:
            points.append((position / count, cumulative))
    return points


def _decimal(value: Number | None) -> Decimal:
    """Return the amount as written, without binary dust."""
    if value is None or value != value:
        return Decimal(0)
    return value if isinstance(value, Decimal) else Decimal(str(value))
