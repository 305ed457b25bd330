"""Headings are recognised as carriers write them."""

from decimal import Decimal
from typing import Any

import pytest
from sheet_builders import DATES, HEADER, LANE, find_container, make_xlsx

from odoo.addons.logistics_crm.sheet_files import column_letter, ranges
from odoo.addons.logistics_quote.rate_import import (
    Field,
    LayoutKind,
    SurchargeUnit,
    canonical_container,
    detect_layout,
    read_sheet_file,
)
from odoo.addons.logistics_quote.rate_import.headers import classify


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("20'", "20GP"),
        ("20", "20GP"),
        ("20FT", "20GP"),
        ("20'GP", "20GP"),
        ("20 DC", "20GP"),
        ("20DV", "20GP"),
        ("22G1", "20GP"),
        ("40ST", "40GP"),
        ("40’ HQ", "40HC"),
        ("40HQ", "40HC"),
        ("HQ", "40HC"),
        ("45G1", "40HC"),
        ("45'", "45HC"),
        ("45HQ", "45HC"),
        ("20RF", "20RF"),
        ("40RF", "40RH"),
        ("40'RH", "40RH"),
        ("40 NOR", "40NOR"),
        ("20OT", "20OT"),
        ("BAF", None),
        ("120", None),
    ],
)
def test_market_label_of_a_container(label: str, name: str | None) -> None:
    assert canonical_container(label) == name


@pytest.mark.parametrize(
    ("heading", "containers"),
    [
        ("20GP", ("20GP",)),
        ("40'HQ", ("40HC",)),
        ("40HC (USD)", ("40HC",)),
        ("O/F 40HC", ("40HC",)),
        ("Ocean freight\n20'GP", ("20GP",)),
        ("USD/40HC", ("40HC",)),
        ("40GP/40HC", ("40GP", "40HC")),
        ("20/40/HQ", ("20GP", "40GP", "40HC")),
        ("All in rate per 20'", ("20GP",)),
        ("40NOR", (None,)),
    ],
)
def test_price_column(heading: str, containers: tuple[str | None, ...]) -> None:
    column = classify(heading, LayoutKind.FCL_WIDE, find_container)
    assert column is not None
    assert (column.field, column.containers) == (Field.PRICE, containers)


@pytest.mark.parametrize(
    ("heading", "label", "unit", "currency"),
    [
        ("BAF 20", "BAF", SurchargeUnit.CONTAINER, None),
        ("40HC BAF", "BAF", SurchargeUnit.CONTAINER, None),
        ("LSS/20'GP (USD)", "LSS", SurchargeUnit.CONTAINER, "USD"),
        ("OTHC 40 CNY", "OTHC", SurchargeUnit.CONTAINER, "CNY"),
        ("DOC per B/L", "DOC", SurchargeUnit.SHIPMENT, None),
        ("AMS/BL USD", "AMS", SurchargeUnit.SHIPMENT, "USD"),
        ("PSS per container", "PSS", SurchargeUnit.CONTAINER, None),
        ("MYC per kg", "MYC", SurchargeUnit.CHARGEABLE_KG, None),
        ("SSC/kg (gross)", "SSC", SurchargeUnit.GROSS_KG, None),
    ],
)
def test_surcharge_column(
    heading: str, label: str, unit: SurchargeUnit, currency: str | None
) -> None:
    column = classify(heading, LayoutKind.FCL_WIDE, find_container)
    assert column is not None
    assert column.field is Field.SURCHARGE
    assert (column.surcharge, column.unit, column.currency) == (label, unit, currency)


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("P.O.L. *", Field.ORIGIN),
        ("Port of Loading", Field.ORIGIN),
        ("起运港", Field.ORIGIN),
        ("POD", Field.DESTINATION),
        ("PLOR", Field.RECEIPT),
        ("Place of Delivery", Field.DELIVERY),
        ("T/T", Field.TRANSIT),
        ("Transit Time\n(days)", Field.TRANSIT),
        ("Free time (days)", Field.FREE_TIME),
        ("S/C No.", Field.CONTRACT),
        ("Valid from", Field.EFFECTIVE),
        ("Expiry Date", Field.EXPIRY),
        ("Validity", Field.VALIDITY),
        ("Curr.", Field.CURRENCY),
        ("Remarks", Field.REMARKS),
    ],
)
def test_field_column(heading: str, field: Field) -> None:
    column = classify(heading, LayoutKind.FCL_WIDE, find_container)
    assert column is not None
    assert column.field is field


@pytest.mark.parametrize("heading", ["Free time 40HC", "BAF", "Colour", "120", ""])
def test_heading_that_means_nothing_certain(heading: str) -> None:
    assert classify(heading, LayoutKind.FCL_WIDE, find_container) is None


@pytest.mark.parametrize(
    ("heading", "start"),
    [
        ("Normal", 0),
        ("N", 0),
        ("-45", 0),
        ("<45 kg", 0),
        ("45", 45),
        ("+45", 45),
        ("+100KG", 100),
        ("Q300", 300),
        (">= 500 kg", 500),
        ("1000+", 1000),
        ("100-299", 100),
    ],
)
def test_break_column(heading: str, start: int) -> None:
    column = classify(heading, LayoutKind.AIR_BREAKS, find_container)
    assert column is not None
    assert (column.field, column.from_quantity) == (Field.BREAK, Decimal(start))


@pytest.mark.parametrize("heading", ["M", "Min.", "MINIMUM", "Min charge"])
def test_minimum_column(heading: str) -> None:
    column = classify(heading, LayoutKind.AIR_BREAKS, find_container)
    assert column is not None
    assert column.field is Field.MINIMUM


def layout_of(rows: list[list[Any]]) -> Any:
    return detect_layout(read_sheet_file(make_xlsx(rows), "a.xlsx")[0])


def test_header_is_found_below_titles() -> None:
    layout = layout_of([["GREAT LINE"], [], ["Rates, please note"], HEADER, LANE])
    assert (layout.kind, layout.header_row, layout.first_row) == (
        LayoutKind.FCL_WIDE,
        4,
        5,
    )


def test_air_tariff_is_told_from_containers() -> None:
    header = ["Origin", "Destination", "Min", "N", 45, 100, 300]
    layout = layout_of([header, ["YYZ", "LHR", 95, 5, 4, 3, 2]])
    assert layout.kind is LayoutKind.AIR_BREAKS


def test_header_of_two_rows_is_joined() -> None:
    layout = layout_of(
        [
            ["POL", "POD", "Ocean freight", "Ocean freight", "BAF", "BAF", "Expiry"],
            [None, None, "20GP", "40HC", "20", "40", None],
            ["CNSHA", "DEHAM", 1050, 1850, 100, 200, DATES[1]],
        ]
    )
    assert layout.first_row == 3
    assert [column.heading for column in layout.columns.values()] == [
        "POL",
        "POD",
        "Ocean freight 20GP",
        "Ocean freight 40HC",
        "BAF 20",
        "BAF 40",
        "Expiry",
    ]


def test_group_titles_that_say_nothing_are_left_out() -> None:
    layout = layout_of(
        [
            [None, None, None, None, "Our best offer", "Our best offer"],
            ["POL", "POD", "20GP", "40HC", "T/T", "Expiry"],
            ["CNSHA", "DEHAM", 1050, 1850, 30, DATES[1]],
        ]
    )
    assert (layout.header_row, layout.first_row) == (2, 3)
    assert len(layout.columns) == 6


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["nothing", "of", "interest"]],
        [["POL", "20GP", "40HC"], ["CNSHA", 1, 2]],
        [["POL", "POD", "Price"], ["CNSHA", "DEHAM", 2]],
    ],
)
def test_other_sheets_have_no_layout(rows: list[list[Any]]) -> None:
    assert layout_of(rows) is None


@pytest.mark.parametrize(
    ("number", "letter"), [(1, "A"), (26, "Z"), (27, "AA"), (16384, "XFD")]
)
def test_column_letter(number: int, letter: str) -> None:
    assert column_letter(number) == letter


def test_ranges_of_numbers() -> None:
    assert list(ranges(frozenset({7, 3, 4, 5}))) == [(3, 5), (7, 7)]
