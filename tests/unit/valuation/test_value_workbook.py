"""The workbook as a reader opens it: sheets, formulas, cached values, charts."""

import importlib.util
import io
import math
import re
import sys
import tempfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest

SOURCE = Path(__file__).parents[3] / "addons/logistics_clv/report/value_workbook.py"


def load_writer() -> ModuleType:
    """Load the file alone: its package may hold report models, which need Odoo."""
    spec = importlib.util.spec_from_file_location("value_workbook", SOURCE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


writer = load_writer()

CLIENTS = (
    writer.ClientLine(
        "Hanse Import", "C1", "A", "mature", date(2024, 1, 8), date(2026, 11, 2), 47,
        Decimal("120000.10"), Decimal("90000.05"), Decimal("30000.05"),
        0.97, 18.4, Decimal("640.00"), Decimal("30100.20"), Decimal("28000.00"),
    ),
    writer.ClientLine(
        "=HYPERLINK(\"http://example.com\")", "C2", "D", "lapsed", date(2025, 3, 1),
        date(2025, 9, 1), 3, Decimal("900.30"), Decimal("1000.20"),
        Decimal("-99.90"), 0.12, 0.2, Decimal("-33.30"), Decimal("-15.55"),
        Decimal("-80.00"),
    ),
    writer.ClientLine(
        "宁波货运", "C3", "B", "growing", order_days=12,
        revenue=Decimal("5000.07"), direct_cost=Decimal("4000.01"),
        contribution=Decimal("1000.06"), p_alive=float("nan"),
        current_value=Decimal("2500.00"),
    ),
)  # fmt: skip
RECONCILIATION = (
    writer.ReconciliationLine(
        "400000", "Freight revenue", Decimal("125900.47"), Decimal("125900.47")
    ),
    writer.ReconciliationLine(
        "600000", "Carriers", Decimal("-95000.76"), Decimal("-95000.26"), "manual entry"
    ),
)
DATA = writer.WorkbookData(
    title="Freight GmbH",
    subtitle="2026-11-23 · EUR · 36 months · 10 %",
    currency="EUR",
    decimals=2,
    clients=CLIENTS,
    reconciliation=RECONCILIATION,
    parameters=(
        writer.ParameterLine("r", 0.243, "shape of the order rates"),
        writer.ParameterLine("Snapshot", date(2026, 11, 23)),
        writer.ParameterLine("Model", "BG/NBD"),
    ),
    notes=("1 client has margins of zero or less",),
    ledger_revenue=Decimal("125900.47"),
    ledger_cost=Decimal("95000.26"),
)


def write(data=DATA) -> io.BytesIO:
    stream = io.BytesIO()
    writer.write_workbook(stream, data)
    stream.seek(0)
    return stream


def find_row(sheet, label: str) -> tuple:
    return next(row for row in sheet.iter_rows(values_only=True) if row[0] == label)


def calculate(book: openpyxl.Workbook, sheet, formula: str) -> float:
    """Work out a formula from the cells it names, as a spreadsheet would."""
    formula = formula.removeprefix("=")
    if match := re.fullmatch(r"(SUM|COUNTA)\((.+)\)", formula):
        name, area = match.groups()
        sheet, area = resolve(book, sheet, area)
        cells = [cell for row in sheet[area] for cell in row]
        if name == "COUNTA":
            return sum(cell.value is not None for cell in cells)
        return math.fsum(read(book, sheet, cell) for cell in cells)
    if match := re.fullmatch(r"ROUND\((\w+)-(\w+),(\d)\)", formula):
        left, right = (read(book, sheet, sheet[name]) for name in match.groups()[:2])
        return round(left - right, int(match[3]))
    return math.fsum(
        read(book, where, where[name])
        for where, name in (resolve(book, sheet, part) for part in formula.split("+"))
    )


def resolve(book: openpyxl.Workbook, sheet, reference: str) -> tuple:
    name, _mark, area = reference.rpartition("!")
    return (book[name.strip("'")] if name else sheet), area


def read(book: openpyxl.Workbook, sheet, cell) -> float:
    if cell.data_type == "f":
        return calculate(book, sheet, cell.value)
    return cell.value or 0


@pytest.fixture(scope="module")
def formulas() -> openpyxl.Workbook:
    return openpyxl.load_workbook(write())


@pytest.fixture(scope="module")
def values() -> openpyxl.Workbook:
    return openpyxl.load_workbook(write(), data_only=True)


class TestSheets:
    def test_four_sheets_start_with_title_and_subtitle(self, formulas) -> None:
        assert formulas.sheetnames == [
            "Summary", "Clients", "Ledger reconciliation", "Parameters",
        ]  # fmt: skip
        for sheet in formulas:
            assert sheet["A1"].value == "Freight GmbH"
            assert sheet["A2"].value == DATA.subtitle

    def test_headers_stay_in_view(self, formulas) -> None:
        assert formulas["Clients"].freeze_panes == "B5"
        assert formulas["Ledger reconciliation"].freeze_panes == "B5"
        assert formulas["Clients"].print_title_rows == "$4:$4"

    def test_filter_spares_the_total(self, formulas) -> None:
        assert formulas["Clients"].auto_filter.ref == "A4:Q7"

    def test_names_are_text_even_if_they_look_like_formulas(self, formulas) -> None:
        cell = formulas["Clients"]["A6"]
        assert cell.value == '=HYPERLINK("http://example.com")'
        # Written inline as a string, not as a formula.
        with zipfile.ZipFile(write()) as archive:
            xml = archive.read("xl/worksheets/sheet2.xml").decode()
        assert "<f>HYPERLINK" not in xml

    def test_unknown_is_left_empty(self, formulas) -> None:
        sheet = formulas["Clients"]
        assert sheet["E7"].value is None
        assert sheet["L7"].value is None

    def test_parameters_keep_their_type(self, formulas) -> None:
        sheet = formulas["Parameters"]
        assert sheet["B5"].value == 0.243
        assert sheet["B6"].value.date() == date(2026, 11, 23)
        assert sheet["B7"].value == "BG/NBD"

    def test_notes_are_on_the_summary(self, formulas) -> None:
        assert find_row(formulas["Summary"], DATA.notes[0])


class TestTotals:
    @pytest.mark.parametrize(
        ("column", "total"),
        [
            ("G", 62), ("H", 125900.47), ("I", 95000.26), ("K", 30900.21),
            ("O", 32584.65), ("P", 27920.0), ("Q", 63484.86),
        ],
    )  # fmt: skip
    def test_total_is_a_sum_formula_with_its_value(
        self, formulas, values, column: str, total: float
    ) -> None:
        assert formulas["Clients"][f"{column}8"].value == f"=SUM({column}5:{column}7)"
        assert values["Clients"][f"{column}8"].value == pytest.approx(total, abs=1e-9)

    def test_totals_are_returned_to_the_cent(self) -> None:
        totals = writer.write_workbook(io.BytesIO(), DATA)
        assert totals.clients == 3
        assert totals.revenue == DATA.ledger_revenue
        assert totals.direct_cost == DATA.ledger_cost
        assert totals.contribution == Decimal("30900.21")
        assert totals.total_value == totals.contribution + totals.current_value

    def test_summary_equals_the_ledger(self, formulas, values) -> None:
        for label in ("Revenue", "Direct cost", "Contribution"):
            _label, ours, _ledger, difference = find_row(formulas["Summary"], label)[:4]
            assert ours.startswith("=Clients!")
            assert difference.startswith("=ROUND(")
            _label, ours, ledger, difference = find_row(values["Summary"], label)[:4]
            assert ours == pytest.approx(ledger, abs=1e-9)
            assert difference == 0
        assert find_row(values["Summary"], "Clients")[1] == 3

    def test_reconciliation_shows_the_difference(self, formulas, values) -> None:
        sheet = values["Ledger reconciliation"]
        assert [sheet[f"E{row}"].value for row in (5, 6, 7)] == [0, -0.5, -0.5]
        assert sheet["F6"].value == "manual entry"
        sheet = formulas["Ledger reconciliation"]
        assert sheet["C7"].value == "=SUM(C5:C6)"
        assert sheet["E7"].value == "=ROUND(C7-D7,2)"

    def test_total_value_of_a_client_opens_into_its_parts(self, formulas) -> None:
        assert formulas["Clients"]["Q5"].value == "=K5+O5"

    def test_every_formula_recalculates_to_its_cached_value(
        self, formulas, values
    ) -> None:
        checked = 0
        for sheet in formulas:
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                if cell.data_type == "f":
                    cached = values[sheet.title][cell.coordinate].value
                    assert calculate(formulas, sheet, cell.value) == pytest.approx(
                        cached, abs=1e-9
                    ), (sheet.title, cell.coordinate, cell.value)
                    checked += 1
        assert checked > 20


class TestFormats:
    @pytest.mark.parametrize(
        ("decimals", "expected"),
        [
            (2, "#,##0.00;[Red]-#,##0.00"),
            (0, "#,##0;[Red]-#,##0"),
            (3, "#,##0.000;[Red]-#,##0.000"),
        ],
    )
    def test_money_has_the_decimals_of_the_currency(
        self, decimals: int, expected: str
    ) -> None:
        book = openpyxl.load_workbook(write(replace(DATA, decimals=decimals)))
        assert book["Clients"]["H5"].number_format == expected
        assert book["Clients"]["Q8"].number_format == expected

    def test_labels_are_translated_and_sheet_names_made_legal(self) -> None:
        labels = {
            "sheet_clients": "客户/价值: [全部]",
            "sheet_summary": "Ann's summary of every single client",
            "revenue": "收入",
        }
        book = openpyxl.load_workbook(write(replace(DATA, labels=labels)))
        assert book.sheetnames[:2] == [
            "Ann's summary of every single c",
            "客户 价值   全部",
        ]
        assert book.worksheets[1]["H4"].value == "收入"
        assert find_row(book.worksheets[0], "收入")[1] == "='客户 价值   全部'!H8"


class TestCharts:
    def test_summary_has_columns_and_a_cumulative_line(self, formulas) -> None:
        kinds = {type(chart).__name__ for chart in formulas["Summary"]._charts}
        assert kinds == {"BarChart", "LineChart"}

    def test_charts_carry_their_values(self) -> None:
        with zipfile.ZipFile(write()) as archive:
            charts = [
                archive.read(name).decode()
                for name in archive.namelist()
                if name.startswith("xl/charts/chart")
            ]
        assert len(charts) == 2
        assert all("<c:v>60100.25</c:v>" in chart for chart in charts)

    def test_top_clients_are_ranked_whatever_the_order(self, values) -> None:
        rows = list(values["Summary"].iter_rows(max_col=2, values_only=True))
        start = rows.index(("Clients of highest value", "Total value"))
        assert [name for name, _value in rows[start + 1 : start + 4]] == [
            "Hanse Import", "宁波货运", '=HYPERLINK("http://example.com")',
        ]  # fmt: skip

    def test_whale_curve_falls_where_clients_cost_money(self, values) -> None:
        rows = list(values["Summary"].iter_rows(max_col=2, values_only=True))
        start = rows.index(("Share of clients", "Cumulative value"))
        curve = rows[start + 1 : start + 5]
        assert [round(share, 3) for share, _value in curve] == [0, 0.333, 0.667, 1]
        assert [value for _share, value in curve] == pytest.approx(
            [0, 60100.25, 63600.31, 63484.86]
        )


class TestSize:
    def test_no_clients_make_an_empty_workbook(self) -> None:
        data = writer.WorkbookData("Freight GmbH", "2026-11-23", "EUR", 2, ())
        book = openpyxl.load_workbook(write(data), data_only=True)
        assert book["Clients"]["H5"].value == 0
        assert find_row(book["Summary"], "Clients")[1] == 0
        assert book["Summary"]._charts == []

    def test_memory_does_not_grow_with_the_clients(self) -> None:
        peaks = []
        for count in (1_000, 4_000):
            data = replace(DATA, clients=generate(count))
            tracemalloc.start()
            with tempfile.TemporaryFile() as sink:
                writer.write_workbook(sink, data)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] < peaks[0] + 300_000

    def test_failure_leaves_no_temporary_files(self, monkeypatch, tmp_path) -> None:
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        with pytest.raises(ZeroDivisionError):
            write(replace(DATA, clients=(CLIENTS[1 // n] for n in (1, 0))))
        assert list(tmp_path.iterdir()) == []

    def test_more_rows_than_a_sheet_has_are_refused(self, monkeypatch) -> None:
        monkeypatch.setattr(writer, "MAXIMUM_ROWS", 20)
        with pytest.raises(writer.WorkbookError) as refused:
            write(replace(DATA, clients=generate(16)))
        assert refused.value.code == "too_many_rows"
        assert refused.value.params == {"maximum": 15}
        write(replace(DATA, clients=generate(15)))


def generate(count: int) -> Iterator[object]:
    return (
        replace(CLIENTS[0], name=f"Client {index}", reference=f"C{index}")
        for index in range(count)
    )
