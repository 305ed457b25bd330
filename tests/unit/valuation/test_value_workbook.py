"""The workbook as a reader opens it: sheets, formulas, cached values, charts."""

import importlib.util
import io
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

from odoo.addons.logistics_clv import value_workbook as writer
from odoo.addons.logistics_clv.value_workbook import clients as clients_sheet

OFFICE = Path(__file__).parents[3] / "addons/logistics_clv/tests/office.py"


def load_office() -> ModuleType:
    """Load the file alone: its package holds tests that need Odoo."""
    spec = importlib.util.spec_from_file_location("office", OFFICE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


office = load_office()

CLIENTS = (
    writer.ClientLine(
        "Hanse Import", "C1", "A", "mature", date(2024, 1, 8), date(2026, 11, 2), 47,
        Decimal("120000.10"), Decimal("90000.05"), Decimal("30000.05"),
        0.97, 18.4, Decimal("640.00"), Decimal("30100.20"), Decimal("28000.00"),
        segment="Sea", band="Active", salesperson="Ann", potential=Decimal("1200.50"),
        current_low=Decimal("20000"), current_high=Decimal("41000"),
    ),
    writer.ClientLine(
        "=HYPERLINK(\"http://example.com\")", "C2", "D", "lapsed", date(2025, 3, 1),
        date(2025, 9, 1), 3, Decimal("900.30"), Decimal("1000.20"),
        Decimal("-99.90"), 0.12, 0.2, Decimal("-33.30"), Decimal("-15.55"),
        Decimal("-80.00"), segment="Air", band="Probably lost",
    ),
    writer.ClientLine(
        "宁波货运", "C3", "B", "growing", order_days=12,
        revenue=Decimal("5000.07"), direct_cost=Decimal("4000.01"),
        contribution=Decimal("1000.06"), p_alive=float("nan"),
        current_value=Decimal("2500.00"), potential=Decimal("0.40"), segment="Sea",
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
    fits=(writer.FitLine("Expected orders", "r", "0.243", "0.013", -9582.4, 2357),),
    tiers=("A", "B", "C", "D"),
    stages=("growing", "mature", "lapsed"),
    bands=("Active", "Probably lost"),
    segments=("Sea", "Air"),
    periods=(
        writer.PeriodLine(date(2026, 9, 1), 100000, 100000, 90000, 90000),
        writer.PeriodLine(
            date(2026, 10, 1),
            Decimal("25900.47"),
            Decimal("25900.47"),
            Decimal("5000.76"),
            Decimal("5000.26"),
        ),
    ),
    differences=(
        writer.DifferenceLine(
            date(2026, 10, 3),
            "MISC/1",
            "=Someone",
            "Cost",
            Decimal("0.50"),
            0,
            "Journal entry",
        ),
    ),
    has_more_differences=True,
    cohorts=(
        writer.CohortCell("2026 Q1", 0, 4, 4, Decimal("100")),
        writer.CohortCell("2026 Q1", 1, 4, 3, Decimal("80")),
        writer.CohortCell("2026 Q1", 2, 4, 2, Decimal("50")),
        writer.CohortCell("2026 Q2", 0, 2, 2, Decimal("-10")),
        writer.CohortCell("2026 Q2", 1, 2, 1, Decimal("30")),
    ),
    holdouts=(
        writer.HoldoutData(
            "Order days",
            (writer.DecileLine(1, 5, 50, 40), writer.DecileLine(2, 5, 10, 20)),
            (writer.AccuracyLine("Model", 1.5), writer.AccuracyLine("Run rate", 2.5)),
            (writer.ParameterLine("Grade", "A"), writer.ParameterLine("AUC", 0.7)),
        ),
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


def column_of(sheet, label: str) -> int:
    return next(cell.column for cell in sheet[4] if cell.value == label)


def find_row(sheet, label: str) -> tuple:
    return next(row for row in sheet.iter_rows(values_only=True) if row[0] == label)


@pytest.fixture(scope="module")
def formulas() -> openpyxl.Workbook:
    return openpyxl.load_workbook(write())


@pytest.fixture(scope="module")
def values() -> openpyxl.Workbook:
    return openpyxl.load_workbook(write(), data_only=True)


class TestSheets:
    def test_sheets_start_with_title_and_subtitle(self, formulas) -> None:
        assert formulas.sheetnames == [
            "Summary", "Clients", "Whale Curve", "Tiers", "Segments", "Cohorts",
            "Holdout", "Parameters", "Ledger reconciliation",
        ]  # fmt: skip
        for sheet in formulas:
            assert sheet["A1"].value == "Freight GmbH"
            assert sheet["A2"].value == DATA.subtitle

    def test_facts_are_printed_on_every_page(self, formulas) -> None:
        for sheet in formulas:
            assert sheet.oddHeader.left.text == "Freight GmbH"
            assert sheet.oddFooter.left.text == DATA.subtitle
            assert sheet.page_setup.orientation == "landscape"
            assert sheet.print_title_rows == "$4:$4"

    def test_headers_stay_in_view(self, formulas) -> None:
        assert all(sheet.freeze_panes for sheet in formulas)
        assert formulas["Clients"].freeze_panes == "B5"
        assert formulas["Cohorts"].freeze_panes == "C5"

    def test_filter_spares_the_total(self, formulas) -> None:
        assert formulas["Clients"].auto_filter.ref == "A4:X7"

    def test_names_are_text_even_if_they_look_like_formulas(self, formulas) -> None:
        cell = formulas["Clients"]["A6"]
        assert cell.value == '=HYPERLINK("http://example.com")'
        assert cell.data_type == "s"
        assert cell.quotePrefix
        with zipfile.ZipFile(write()) as archive:
            xml = archive.read("xl/worksheets/sheet2.xml").decode()
        assert "<f>HYPERLINK" not in xml

    def test_unknown_is_left_empty(self, formulas) -> None:
        sheet = formulas["Clients"]
        first_order, p_alive = (column_of(sheet, name) for name in (
            "First order", "Still active",
        ))  # fmt: skip
        assert sheet.cell(7, first_order).value is None
        assert sheet.cell(7, p_alive).value is None

    def test_parameters_keep_their_type(self, formulas) -> None:
        sheet = formulas["Parameters"]
        assert sheet["B5"].value == 0.243
        assert sheet["B6"].value.date() == date(2026, 11, 23)
        assert sheet["B7"].value == "BG/NBD"
        assert [cell.value for cell in sheet[10]][:5] == [
            "Expected orders", "r", "0.243", "0.013", -9582.4,
        ]  # fmt: skip

    def test_notes_are_on_the_summary(self, formulas) -> None:
        assert find_row(formulas["Summary"], DATA.notes[0])

    def test_column_that_is_not_known_is_left_out(self) -> None:
        absent = frozenset({"potential", "current_low", "current_high", "segment"})
        book = openpyxl.load_workbook(write(replace(DATA, absent=absent)))
        assert "Segments" not in book.sheetnames
        sheet = book["Clients"]
        labels = [cell.value for cell in sheet[4]]
        assert "Potential" not in labels
        total = sheet.cell(5, column_of(sheet, "Client value")).value
        assert total.count("+") == 1


class TestTotals:
    def test_every_result_is_what_libreoffice_calculates(self) -> None:
        content = write().getvalue()
        assert office.compare(content) == []
        assert office.count_formulas(content) > 150

    def test_workbook_without_anything_calculates_too(self) -> None:
        data = writer.WorkbookData("Freight GmbH", "2026-11-23", "EUR", 2, ())
        assert office.compare(write(data).getvalue()) == []

    @pytest.mark.parametrize(
        ("label", "total"),
        [
            ("Order days", 62), ("Revenue", 125900.47), ("Direct cost", 95000.26),
            ("Net contribution", 30900.21), ("Current value", 32584.65),
            ("Run-rate value", 27920.0), ("Potential", 1200.90),
            ("Client value", 63484.86), ("Value with potential", 64685.76),
        ],
    )  # fmt: skip
    def test_total_follows_the_filter(self, formulas, values, label, total) -> None:
        column = column_of(formulas["Clients"], label)
        letter = openpyxl.utils.get_column_letter(column)
        assert formulas["Clients"].cell(8, column).value == (
            f"=SUBTOTAL(109,{letter}5:{letter}7)"
        )
        written = values["Clients"].cell(8, column).value
        assert written == pytest.approx(total, abs=1e-9)
        assert find_row(values["Summary"], label)[1] == pytest.approx(total, abs=1e-9)

    def test_totals_are_returned_to_the_cent(self) -> None:
        totals = writer.write_workbook(io.BytesIO(), DATA)
        assert totals.clients == 3
        assert totals.revenue == DATA.ledger_revenue
        assert totals.direct_cost == DATA.ledger_cost
        assert totals.contribution == Decimal("30900.21")
        assert totals.total_value == (totals.contribution + totals.current_value)
        assert totals.lifetime_value == totals.total_value + totals.potential

    def test_summary_equals_the_ledger(self, formulas, values) -> None:
        for label in ("Revenue", "Direct cost", "Net contribution"):
            _label, ours, _ledger, difference = find_row(formulas["Summary"], label)[:4]
            assert ours.startswith("=SUM(Clients!")
            assert difference.startswith("=ROUND(")
            _label, ours, ledger, difference = find_row(values["Summary"], label)[:4]
            assert ours == pytest.approx(ledger, abs=1e-9)
            assert difference == 0
        assert find_row(values["Summary"], "Clients")[1] == 3

    def test_reconciliation_shows_the_difference_of_a_month(self, values) -> None:
        sheet = values["Ledger reconciliation"]
        assert [sheet[f"D{row}"].value for row in (5, 6, 7)] == [0, 0, 0]
        assert [sheet[f"G{row}"].value for row in (5, 6, 7)] == [0, 0.5, 0.5]

    def test_reconciliation_lists_reasons_and_documents(self, values) -> None:
        sheet = values["Ledger reconciliation"]
        rows = [row[:7] for row in sheet.iter_rows(values_only=True)]
        reason = next(row for row in rows if row[5] == "manual entry")
        assert reason[4] == -0.5
        document = next(row for row in rows if row[1] == "MISC/1")
        assert document[4:] == (0.5, "=Someone", "Cost: Journal entry")
        assert find_row(sheet, writer.DEFAULT_LABELS["more_differences"])

    def test_tier_without_a_name_is_counted(self) -> None:
        nobody = replace(CLIENTS[0], tier="", stage="")
        data = replace(DATA, clients=(*CLIENTS, nobody))
        content = write(data).getvalue()
        assert office.compare(content) == []
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
        assert find_row(book["Tiers"], "(none)")[1] == 1


class TestTables:
    def test_tiers_count_and_add_up_the_clients(self, formulas, values) -> None:
        sheet = formulas["Tiers"]
        assert sheet["A5"].value == "A"  # the order given, not the alphabet's
        assert sheet["B5"].value == '=COUNTIFS(Clients!$E$5:$E$7,"="&$A5)'
        assert sheet["D5"].value == (
            '=SUMIFS(Clients!$K$5:$K$7,Clients!$E$5:$E$7,"="&$A5)'
        )
        rows = list(values["Tiers"].iter_rows(min_row=5, max_row=8, values_only=True))
        assert [row[0] for row in rows] == ["A", "B", "D", "Total"]
        assert [row[1] for row in rows] == [1, 1, 1, 3]

    def test_matrix_of_stage_and_tier(self, values) -> None:
        rows = [row[:6] for row in values["Tiers"].iter_rows(values_only=True)]
        start = next(i for i, row in enumerate(rows) if row[1:4] == ("A", "B", "D"))
        assert rows[start + 1] == ("growing", 0, 1, 0, 1, None)
        assert rows[start + 4] == ("Total", 1, 1, 1, 3, None)

    def test_cohorts_show_retention_and_contribution(self, values) -> None:
        rows = list(values["Cohorts"].iter_rows(max_col=5, values_only=True))
        assert rows[4] == ("2026 Q1", 4, 4, 3, 2)
        assert rows[5] == ("2026 Q2", 2, 2, 1, None)
        retention = next(i for i, row in enumerate(rows) if row[0] == "All")
        assert rows[retention][2:] == (1, pytest.approx(4 / 6), 0.5)
        last = [row for row in rows if row[0] == "2026 Q1"][-1]
        assert last[2:] == (25, 45, 57.5)

    def test_cohorts_have_a_heat_map(self, formulas) -> None:
        assert len(list(formulas["Cohorts"].conditional_formatting)) == 2

    def test_holdout_shows_deciles_and_rules(self, values) -> None:
        rows = list(values["Holdout"].iter_rows(max_col=5, values_only=True))
        assert rows[4] == (1, 5, 50, 40, 1.25)
        assert find_row(values["Holdout"], "Total")[1:4] == (10, 60, 60)
        assert find_row(values["Holdout"], "Run rate")[1] == 2.5
        assert find_row(values["Holdout"], "Grade")[1] == "A"

    def test_whale_curve_falls_where_clients_cost_money(self, values) -> None:
        rows = list(values["Whale Curve"].iter_rows(min_row=5, values_only=True))
        curve = [row[:4] for row in rows if row[0] is not None]
        assert [row[0] for row in curve] == [0, 1, 2, 3]
        assert [row[2] for row in curve] == pytest.approx(
            [0, 60100.25, 63600.31, 63484.86]
        )
        figures = {row[5]: row[6] for row in rows if row[5]}
        assert figures["Highest share of value"] == pytest.approx(63600.31 / 63484.86)
        assert figures["Check: difference to the Clients sheet"] == 0

    def test_top_clients_are_ranked_whatever_the_order(self, values) -> None:
        rows = list(values["Summary"].iter_rows(max_col=2, values_only=True))
        start = rows.index(("Clients of highest value", "Client value"))
        assert [name for name, _value in rows[start + 1 : start + 4]] == [
            "Hanse Import", "宁波货运", '=HYPERLINK("http://example.com")',
        ]  # fmt: skip


class TestFormats:
    @pytest.mark.parametrize(
        ("decimals", "symbol", "first", "expected"),
        [
            (2, "", False, "#,##0.00;[Red]-#,##0.00"),
            (0, "¥", True, '"¥" #,##0;[Red]-"¥" #,##0'),
            (3, "KD", False, '#,##0.000 "KD";[Red]-#,##0.000 "KD"'),
        ],
    )
    def test_money_looks_like_the_currency(
        self, decimals: int, symbol: str, first: bool, expected: str
    ) -> None:
        data = replace(DATA, decimals=decimals, symbol=symbol, symbol_first=first)
        book = openpyxl.load_workbook(write(data))
        sheet = book["Clients"]
        column = column_of(sheet, "Revenue")
        assert sheet.cell(5, column).number_format == expected
        assert sheet.cell(8, column).number_format == expected

    def test_labels_are_translated_and_sheet_names_made_legal(self) -> None:
        labels = {
            "sheet_clients": "客户/价值: [全部]",
            "sheet_summary": "Ann's summary of every single client",
            "revenue": "收入",
        }
        content = write(replace(DATA, labels=labels)).getvalue()
        book = openpyxl.load_workbook(io.BytesIO(content))
        assert book.sheetnames[:2] == [
            "Ann's summary of every single c",
            "客户 价值   全部",
        ]
        assert book.worksheets[1]["K4"].value == "收入"
        summed = find_row(book.worksheets[0], "收入")[1]
        assert summed == "=SUM('客户 价值   全部'!$K$5:$K$7)"
        assert office.compare(content) == []


class TestCharts:
    def test_every_sheet_with_figures_has_native_charts(self, formulas) -> None:
        charts = {
            sheet.title: [type(chart).__name__ for chart in sheet._charts]
            for sheet in formulas
        }
        assert charts == {
            "Summary": ["BarChart", "BarChart"],
            "Clients": [],
            "Whale Curve": ["ScatterChart"],
            "Tiers": ["BarChart", "BarChart", "BarChart"],
            "Segments": ["BarChart"],
            "Cohorts": ["LineChart", "LineChart"],
            "Holdout": ["BarChart"],
            "Parameters": [],
            "Ledger reconciliation": ["BarChart"],
        }

    def test_charts_carry_their_values(self) -> None:
        with zipfile.ZipFile(write()) as archive:
            charts = [
                archive.read(name).decode()
                for name in archive.namelist()
                if name.startswith("xl/charts/chart")
            ]
        assert sum("<c:v>60100.25</c:v>" in chart for chart in charts) >= 2


class TestSize:
    def test_no_clients_make_an_empty_workbook(self) -> None:
        data = writer.WorkbookData("Freight GmbH", "2026-11-23", "EUR", 2, ())
        book = openpyxl.load_workbook(write(data), data_only=True)
        assert book["Clients"]["K5"].value == 0
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
        monkeypatch.setattr(clients_sheet, "MAXIMUM_ROWS", 20)
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
