"""Rows become lanes; what is wrong names its cell, and nothing is lost."""

from datetime import date, datetime
from decimal import Decimal
from time import monotonic
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sheet_builders import (
    CONTAINERS,
    DATES,
    HEADER,
    LANE,
    errors,
    find_port,
    places,
    read,
    read_lane,
    read_rows,
    remarks,
    save,
)

from odoo.addons.logistics_quote.rate_import import (
    REMEDIES,
    PriceMark,
    Sheet,
    SheetError,
    SurchargeUnit,
    parse,
    parser,
)


def test_fcl_row_becomes_a_lane() -> None:
    header = [*HEADER, "Carrier", "S/C No", "T/T", "Free days", "Via", "Commodity"]
    row = [*LANE, "Great Line", "GL-1", "30-33 days", 14, "Singapore", "FAK"]
    (lane,) = read_lane(header, row).lanes
    assert (lane.origin, lane.destination) == ("CNSHA", "DEHAM")
    assert lane.container_prices == {"20GP": 1050, "40GP": 1800, "40HC": 1850}
    assert all(isinstance(price, Decimal) for price in lane.container_prices.values())
    assert (lane.currency, lane.valid_from, lane.valid_to) == ("USD", *DATES)
    assert (lane.carrier, lane.contract_number) == ("Great Line", "GL-1")
    assert (lane.transit_days, lane.free_days) == (33, 14)
    assert (lane.routing, lane.commodity) == ("Singapore", "FAK")
    assert (lane.sheet, lane.row) == ("Rates", 2)


def test_air_row_becomes_a_lane() -> None:
    header = ["Origin", "Destination", "Curr", "Min", "N", 45, "+100", "Density"]
    row = ["PVG", "FRA", "CNY", 320, "N/A", 10, "9.00", "1:6"]
    parsed = read_lane([*header, "As-if weight"], [*row, "Y"])
    (lane,) = parsed.lanes
    assert lane.breaks == ((45, 10), (100, 9))
    assert (lane.minimum, lane.currency, lane.cm3_per_kg) == (320, "CNY", 6000)
    assert lane.apply_as_if is True


def test_multi_port_cells_make_a_lane_each() -> None:
    row = ["SHANGHAI/NINGBO", "Hamburg; Rotterdam", *LANE[2:]]
    assert places(read_lane(HEADER, row)) == [
        ("CNSHA", "DEHAM"),
        ("CNSHA", "NLRTM"),
        ("CNNGB", "DEHAM"),
        ("CNNGB", "NLRTM"),
    ]


@pytest.mark.parametrize(
    ("cell", "ports"),
    [
        ("shanghai", ["CNSHA"]),
        ("Shanghai (CNSHA)", ["CNSHA"]),
        ("Shanghai (Yangshan)", ["CNSHA"]),
        ("CNSHA - Shanghai", ["CNSHA"]),
        ("Shanghai*", ["CNSHA"]),
        ("SHANGHAI/CNSHA", ["CNSHA"]),
        ("Shanghai & Ningbo", ["CNSHA", "CNNGB"]),
        ("Shanghai, Ningbo", ["CNSHA", "CNNGB"]),
        ("Shanghai, China", ["CNSHA"]),
        ("Los Angeles/Long Beach", ["USLAX", "USLGB"]),
        ("Los Angeles/Long Beach Area", ["USLAX"]),
        ("SHANGHAI\nNINGBO", ["CNSHA", "CNNGB"]),
    ],
)
def test_ports_as_carriers_write_them(cell: str, ports: list[str]) -> None:
    parsed = read_lane(HEADER, [cell, *LANE[1:]])
    assert [lane.origin for lane in parsed.lanes] == ports
    assert bool(remarks(parsed, "location_shortened")) is (cell == "Shanghai, China")


def test_unknown_port_is_an_error_and_the_others_stay() -> None:
    parsed = read_lane(HEADER, ["SHANGHAI/ATLANTIS", *LANE[1:]])
    assert places(parsed) == [("CNSHA", "DEHAM")]
    (error,) = parsed.errors
    assert (error.sheet, error.row, error.column) == ("Rates", 2, "A")
    assert (error.code, error.remedy) == ("location_unknown", "add_location_alias")
    assert str(error) == "Rates!A2: location_unknown (label=ATLANTIS)"


def test_code_column_helps_a_name_that_is_not_known() -> None:
    header = ["POL", "POL code", *HEADER[1:]]
    assert places(read_lane(header, ["Shang-hai", "CNSHA", *LANE[1:]])) == [
        ("CNSHA", "DEHAM")
    ]


def test_place_of_receipt_comes_before_the_port() -> None:
    (lane,) = read_lane(["PLOR", *HEADER], ["CNCKG", *LANE]).lanes
    assert (lane.origin, lane.port_of_loading) == ("CNCKG", "CNSHA")


def test_two_types_in_one_column() -> None:
    header = ["POL", "POD", "20GP", "40GP/40HC", "Currency"]
    parsed = read_rows(
        [
            header,
            ["CNSHA", "DEHAM", 1050, "1800/1850", "USD"],
            ["CNNGB", "DEHAM", 1050, 1800, "USD"],
            ["CNNGB", "NLRTM", 1050, "1800/1850/1900", "USD"],
        ]
    )
    assert [lane.container_prices["40GP"] for lane in parsed.lanes[:2]] == [1800, 1800]
    assert [lane.container_prices["40HC"] for lane in parsed.lanes[:2]] == [1850, 1800]
    assert errors(parsed) == [("D", 4, "price_count")]
    assert parsed.lanes[2].container_prices == {"20GP": 1050}


def test_marks_are_four_different_things() -> None:
    header = ["POL", "POD", "20GP", "40GP", "40HC", "45HC", "Currency"]
    row = ["CNSHA", "DEHAM", "N/A", "-", 1850, None, "USD"]
    (lane,) = read_lane([*header, "BAF 40HC"], [*row, "INCL"]).lanes
    assert lane.container_marks == {
        "20GP": PriceMark.NOT_AVAILABLE,
        "40GP": PriceMark.NONE,
        "45HC": PriceMark.BLANK,
    }
    (surcharge,) = lane.surcharges
    assert surcharge.container_marks == {"40HC": PriceMark.INCLUDED}
    assert surcharge.is_included


def test_surcharge_of_a_size_holds_for_its_types_without_their_own() -> None:
    header = [*HEADER[:6], "BAF 20", "BAF 40", "BAF 40HC", "LSS 40"]
    (lane,) = read_lane(header, [*LANE[:6], 100, 200, 250, "300/310"]).lanes
    baf, lss = lane.surcharges
    assert baf.container_prices == {"20GP": 100, "40GP": 200, "40HC": 250}
    assert lss.container_prices == {"40GP": 300, "40HC": 310}
    assert (baf.label, baf.unit, baf.column) == ("BAF", SurchargeUnit.CONTAINER, "G")


def test_surcharge_per_container_and_per_document() -> None:
    header = [*HEADER[:6], "PSS per container", "DOC per B/L (CNY)"]
    (lane,) = read_lane(header, [*LANE[:6], 150, "450"]).lanes
    pss, doc = lane.surcharges
    assert pss.container_prices == {"20GP": 150, "40GP": 150, "40HC": 150}
    assert (doc.unit, doc.amount, doc.currency) == (SurchargeUnit.SHIPMENT, 450, "CNY")


def test_blank_surcharge_is_left_out() -> None:
    header = [*HEADER[:6], "BAF 20", "DOC per B/L"]
    (lane,) = read_lane(header, [*LANE[:6], None, None]).lanes
    assert lane.surcharges == ()


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("01/10/2026", "31/03/2027"),
        ("2026-10-01", "2027-03-31"),
        (46296, 46477),
        (datetime(2026, 10, 1), datetime(2027, 3, 31)),
    ],
)
def test_dates_in_any_form(start: Any, end: Any) -> None:
    (lane,) = read_lane(HEADER, [*LANE[:6], start, end]).lanes
    assert (lane.valid_from, lane.valid_to) == (*DATES,)


@pytest.mark.parametrize(
    ("column", "value", "letter", "code"),
    [
        (0, None, "A", "location_missing"),
        (1, "ATLANTIS", "B", "location_unknown"),
        (2, "call me", "C", "price_unreadable"),
        (3, "1.800", "D", "number_ambiguous"),
        (4, -5, "E", "price_negative"),
        (5, "XXX", "F", "currency_unknown"),
        (6, "13/13/2026", "G", "date_unreadable"),
        (7, date(2026, 9, 1), "H", "dates_reversed"),
        (4, "=1+1", "E", "formula_not_calculated"),
    ],
)
def test_error_names_its_cell(column: int, value: Any, letter: str, code: str) -> None:
    row = list(LANE)
    row[column] = value
    parsed = read_lane(HEADER, row)
    assert errors(parsed) == [(letter, 2, code)]
    assert parsed.errors[0].remedy == REMEDIES[code]
    # a wrong price leaves the other prices; a wrong place or date leaves nothing
    assert len(parsed.lanes) == (2 <= column <= 5)


def test_row_without_any_price_is_an_error_or_a_remark() -> None:
    blank = read_lane(HEADER, ["CNSHA", "DEHAM", None, None, None, "USD", *DATES])
    assert errors(blank) == [("C", 2, "price_missing")]
    marked = read_lane(HEADER, ["CNSHA", "DEHAM", "N/A", "-", None, "USD", *DATES])
    assert not marked.errors
    assert remarks(marked, "lane_not_offered")
    assert not marked.lanes


def test_currency_of_cell_heading_format_or_title() -> None:
    header = ["POL", "POD", "20GP", "40HC"]
    ports = ["CNSHA", "DEHAM"]
    assert read_lane(header, [*ports, "EUR 900", 1800]).lanes[0].currency == "EUR"
    assert read_lane([*ports[:0], "POL", "POD", "20GP (GBP)"], [*ports, 9]).lanes[
        0
    ].currency == ("GBP")
    titled = read_rows([["Currency:", "CAD"], header, [*ports, 900, 1800]])
    assert titled.lanes[0].currency == "CAD"

    def style(sheet: Worksheet) -> None:
        sheet["C2"].number_format = '"USD" #,##0'

    assert read_rows([header, [*ports, 900, 1800]], style).lanes[0].currency == "USD"


def test_contradicting_currencies_are_refused() -> None:
    parsed = read_lane(HEADER, ["CNSHA", "DEHAM", "EUR 900", *LANE[3:]])
    assert errors(parsed) == [("C", 2, "currency_conflict")]
    assert not parsed.lanes


@pytest.mark.parametrize(
    ("stated", "currency", "said"), [(None, "USD", True), ("CAD", "CAD", False)]
)
def test_bare_dollar_sign(stated: str | None, currency: str, said: bool) -> None:
    row = ["CNSHA", "DEHAM", "$1,050", "$1,800", "$1,850", stated, *DATES]
    parsed = read_lane(HEADER, row)
    assert parsed.lanes[0].currency == currency
    assert bool(remarks(parsed, "dollar_read_as_usd")) is said


def test_missing_currency_and_validity_are_said_once() -> None:
    header = ["POL", "POD", "20GP", "40HC"]
    rows = [["CNSHA", "DEHAM", 1, 2], ["CNNGB", "DEHAM", 1, 2]]
    parsed = read_rows([header, *rows])
    assert [lane.currency for lane in parsed.lanes] == [None, None]
    assert len(remarks(parsed, "currency_missing")) == 1
    assert len(remarks(parsed, "validity_missing")) == 1


def test_titles_sections_and_footnotes_are_remarks() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A1:H1")
        sheet.merge_cells("A4:H4")

    parsed = read_rows(
        [
            ["GREAT LINE"],
            ["Contract No: GL-77", None, None, "Carrier", "Great Line"],
            HEADER,
            ["NORTH EUROPE"],
            LANE,
            [],
            ["* plus 50 per container in peak season"],
        ],
        merge,
    )
    (lane,) = parsed.lanes
    assert lane.contract_number == "GL-77"
    assert [(remark.row, remark.text) for remark in remarks(parsed, "note")] == [
        (1, "GREAT LINE"),
        (2, "Contract No: GL-77 | Carrier | Great Line"),
        (4, "NORTH EUROPE"),
        (7, "* plus 50 per container in peak season"),
    ]
    assert not parsed.errors


def test_validity_above_the_table_holds_for_its_rows() -> None:
    header = ["POL", "POD", "20GP", "40HC"]
    parsed = read_rows(
        [["Validity: 1 Oct 2026 - 31 Mar 2027"], header, ["CNSHA", "DEHAM", 1, 2]]
    )
    assert (parsed.lanes[0].valid_from, parsed.lanes[0].valid_to) == (*DATES,)


def test_wrong_validity_above_the_table_is_said_once() -> None:
    header = ["POL", "POD", "20GP", "40HC"]
    rows = [["CNSHA", "DEHAM", 1, 2], ["CNNGB", "DEHAM", 1, 2]]
    parsed = read_rows([["Validity: soon"], header, *rows])
    assert errors(parsed) == [("A", 1, "date_unreadable")]
    assert not parsed.lanes


def test_second_table_on_a_sheet_has_its_own_columns() -> None:
    parsed = read_rows(
        [
            HEADER,
            LANE,
            [],
            ["POL", "POD", "Expiry", "40HC", "20GP", "Currency"],
            ["CNNGB", "NLRTM", DATES[1], 1900, 1100, "USD"],
        ]
    )
    assert [lane.container_prices["40HC"] for lane in parsed.lanes] == [1850, 1900]


def test_second_table_may_have_more_columns_than_the_first() -> None:
    parsed = read_rows(
        [
            ["POL", "POD", "20GP", "40HC"],
            ["CNSHA", "DEHAM", 1000, 1800],
            [*HEADER, "T/T", "Free time"],
            ["CNNGB", *LANE[1:], 30, 14],
        ]
    )
    assert places(parsed) == [("CNSHA", "DEHAM"), ("CNNGB", "DEHAM")]
    assert [lane.transit_days for lane in parsed.lanes] == [None, 30]


def test_second_table_has_its_own_titles() -> None:
    header = ["POL", "POD", "20GP", "40HC"]
    parsed = read_rows(
        [
            ["Currency: USD"],
            ["Contract No: A1"],
            header,
            ["CNSHA", "DEHAM", 1000, 1800],
            ["Contract No: B2"],
            header,
            ["CNNGB", "DEHAM", 1000, 1800],
        ]
    )
    assert [(lane.contract_number, lane.currency) for lane in parsed.lanes] == [
        ("A1", "USD"),
        ("B2", "USD"),
    ]


def test_merged_price_and_port_hold_for_all_their_cells() -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("D3:E3")

    parsed = read_rows(
        [HEADER, LANE, [None, "NLRTM", 1000, 1700, None, "USD", *DATES]], merge
    )
    assert places(parsed) == [("CNSHA", "DEHAM"), ("CNSHA", "NLRTM")]
    assert parsed.lanes[1].container_prices["40HC"] == 1700


def test_hidden_parts_are_a_choice() -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["E"].hidden = True
        other = sheet.parent.create_sheet("Old")
        other.append(HEADER)
        other.append(LANE)
        other.sheet_state = "hidden"

    rows = [HEADER, LANE, ["CNNGB", *LANE[1:]]]
    parsed = read_rows(rows, hide)
    assert places(parsed) == [("CNSHA", "DEHAM")]
    assert "40HC" not in parsed.lanes[0].container_prices
    assert remarks(parsed, "hidden_rows")[0].params == {"first": 3, "last": 3}
    assert remarks(parsed, "hidden_columns")[0].params == {"first": "E", "last": "E"}
    assert remarks(parsed, "hidden_sheet")[0].sheet == "Old"
    everything = read_rows(rows, hide, include_hidden=True)
    assert len(everything.lanes) == 3
    assert everything.lanes[0].container_prices["40HC"] == 1850


def test_unread_column_and_sheet_are_said() -> None:
    book = Workbook()
    rates = book.active
    rates.title = "Rates"
    rates.append([*HEADER, "Colour"])
    rates.append([*LANE, "red"])
    terms = book.create_sheet("Terms")
    terms.append(["Subject to space"])
    parsed = read(save(book))
    (column,) = remarks(parsed, "column_not_read")
    assert (column.column, column.text) == ("I", "Colour")
    (sheet,) = remarks(parsed, "sheet_not_read")
    assert sheet.sheet == "Terms"
    assert [remark.text for remark in remarks(parsed, "note")] == ["Subject to space"]
    assert len(parsed.lanes) == 1


def test_cell_beside_the_table_is_kept() -> None:
    (remark,) = read_rows([HEADER, [*LANE, None, "only with soft booking"]]).remarks
    assert (remark.column, remark.row, remark.code) == ("J", 2, "note")
    assert remark.text == "only with soft booking"


def test_file_without_rates_is_an_error() -> None:
    parsed = read_rows([["Dear customer"], ["please find attached"]])
    assert [error.code for error in parsed.errors] == ["layout_unknown"]
    assert [remark.text for remark in remarks(parsed, "note")] == [
        "Dear customer",
        "please find attached",
    ]


def test_unknown_container_type_is_an_error_of_the_heading() -> None:
    parsed = read_lane([*HEADER, "53'HC", "40NOR"], [*LANE, 2500, 1500])
    assert errors(parsed) == [
        ("I", 1, "container_unknown"),
        ("J", 1, "container_unknown"),
    ]
    assert set(parsed.lanes[0].container_prices) < CONTAINERS


def test_two_columns_of_one_type_are_an_error() -> None:
    parsed = read_lane([*HEADER, "40HQ"], [*LANE, 9999])
    assert errors(parsed) == [("I", 1, "column_twice")]
    assert parsed.lanes[0].container_prices["40HC"] == 1850


def test_row_remarks_doubtful_days_and_zero_prices_are_said() -> None:
    header = [*HEADER, "Remarks", "Free time"]
    row = ["CNSHA", "DEHAM", 0, "POA", 1850, "USD", *DATES, "peak", "7+7"]
    parsed = read_lane(header, row)
    (lane,) = parsed.lanes
    assert (lane.remark, lane.free_days) == ("peak", None)
    codes = [(remark.column, remark.code) for remark in parsed.remarks]
    assert sorted(codes) == [
        ("C", "price_zero"),
        ("D", "price_on_request"),
        ("I", "row_note"),
        ("J", "days_as_text"),
    ]


def test_expired_and_repeated_lanes_are_said() -> None:
    old = [*LANE[:6], date(2026, 1, 1), date(2026, 6, 30)]
    parsed = read_rows([HEADER, LANE, old, LANE])
    assert [remark.row for remark in remarks(parsed, "lane_expired")] == [3]
    (twice,) = remarks(parsed, "lane_twice")
    assert (twice.row, twice.params["row"]) == (4, 2)


def test_keys_of_the_resolvers_may_be_anything() -> None:
    sheet = Sheet(
        "Rates",
        {
            (row, column): value
            for row, values in enumerate([HEADER, LANE], 1)
            for column, value in enumerate(values, 1)
        },
    )
    parsed = parse(
        [sheet],
        resolve_location=lambda label: len(label) if find_port(label) else None,
        resolve_container={"20GP": 1, "40GP": 2, "40HC": 3}.get,
        today=date(2026, 11, 23),
    )
    assert parsed.lanes[0].container_prices == {1: 1050, 2: 1800, 3: 1850}


@pytest.mark.parametrize("text", ["(" * 32_000, "A/" * 16_000, " " * 31_000 + "(x"])
def test_long_texts_take_no_time(text: str) -> None:
    rows = [HEADER, LANE, [text] * 8]
    started = monotonic()
    read_rows(rows)
    read_rows([[text] * 8, *rows])
    assert monotonic() - started < 2


def test_ports_that_multiply_without_end_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parser, "MAX_LANES", 3)
    with pytest.raises(SheetError, match="file_too_large"):
        read_lane(HEADER, ["SHANGHAI/NINGBO", "HAMBURG/ROTTERDAM", *LANE[2:]])


CELLS = st.one_of(
    st.none(),
    st.integers(-5, 60_000),
    st.decimals(-5, 60_000, places=3),
    st.dates(),
    st.booleans(),
    st.sampled_from(
        ["N/A", "-", "INCL", "SHANGHAI/NINGBO", "1800/1850", "USD 5", "$", "POL", "*"]
    ),
    st.text(max_size=12),
)


@settings(max_examples=200)
@given(st.lists(st.lists(CELLS, min_size=8, max_size=8), max_size=6))
def test_any_cells_are_read_without_failure(rows: list[list[Any]]) -> None:
    cells = {
        (row, column): value
        for row, values in enumerate([HEADER, LANE, *rows], 1)
        for column, value in enumerate(values, 1)
        if value is not None and value != ""
    }
    parsed = parse(
        [Sheet("Rates", cells)],
        resolve_location=find_port,
        resolve_container=lambda label: label if label in CONTAINERS else None,
        today=date(2026, 11, 23),
    )
    assert parsed.lanes[0].container_prices["40HC"] == 1850
    for error in parsed.errors:
        assert error.remedy
        assert error.row
    for lane in parsed.lanes:
        assert all(price >= 0 for price in lane.container_prices.values())
