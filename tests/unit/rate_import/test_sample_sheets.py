"""The samples are what the script makes, and read without an error."""

from collections import Counter
from datetime import date
from decimal import Decimal

import make_sample_rate_sheets
import pytest
from sheet_builders import SAMPLES, TODAY, find_container, seeded_places

from odoo.addons.logistics_quote.rate_import import (
    LayoutKind,
    ParsedFile,
    ParsedLane,
    parse,
    read_sheet_file,
)

NAMES = {
    name.upper(): code for name, code, _extra in make_sample_rate_sheets.ORIGINS
} | {
    "LOS ANGELES": "USLAX",
    "LONG BEACH": "USLGB",
    "SEATTLE": "USSEA",
    "TACOMA": "USTIW",
}


def read_sample(name: str) -> ParsedFile:
    known = seeded_places()

    def find_place(label: str) -> str | None:
        code = NAMES.get(label.upper(), label)
        return code if code in known else None

    return parse(
        read_sheet_file((SAMPLES / name).read_bytes(), name),
        resolve_location=find_place,
        resolve_container=find_container,
        today=TODAY,
    )


def lane_of(parsed: ParsedFile, origin: str, destination: str) -> ParsedLane:
    (lane,) = (
        lane
        for lane in parsed.lanes
        if (lane.origin, lane.destination) == (origin, destination)
    )
    return lane


@pytest.mark.parametrize("name", make_sample_rate_sheets.FILES)
def test_sample_is_what_the_script_makes(name: str) -> None:
    made = make_sample_rate_sheets.FILES[name]()
    for folder in make_sample_rate_sheets.FOLDERS:
        # the cells, not the bytes: another zlib packs differently
        written = (folder / name).read_bytes()
        assert read_sheet_file(written, name) == read_sheet_file(made, name)


def test_ocean_sample_is_read_whole() -> None:
    parsed = read_sample("ocean_fcl_wide.xlsx")
    assert parsed.errors == ()
    assert set(parsed.layouts.values()) == {LayoutKind.FCL_WIDE}
    assert len(parsed.lanes) == 332
    lane = lane_of(parsed, "CNSHA", "DEHAM")
    assert lane.container_prices["40HC"] == 1850
    assert (lane.currency, lane.carrier) == ("USD", "Meridian Container Line")
    assert (lane.valid_from, lane.valid_to) == (date(2026, 10, 1), date(2027, 3, 31))
    assert (lane.transit_days, lane.free_days) == (33, 14)
    baf, othc, do, *_filings = lane.surcharges
    assert baf.is_included
    assert othc.container_prices["40HC"] == 120
    assert do.amount == 30
    codes = Counter(remark.code for remark in parsed.remarks)
    assert codes == {"note": 13, "row_note": 6}


def test_air_sample_is_read_whole() -> None:
    parsed = read_sample("air_breaks.xlsx")
    assert parsed.errors == ()
    assert len(parsed.lanes) == 21
    assert lane_of(parsed, "PVG", "FRA").breaks == ((45, 10), (100, 9), (300, 8))
    assert lane_of(parsed, "PVG", "AMS").breaks == ((0, 16), (45, 9))
    assert lane_of(parsed, "YYZ", "HKG").apply_as_if is False
    lane = lane_of(parsed, "YYZ", "LHR")
    assert (lane.minimum, lane.currency) == (95, "CAD")
    assert lane.breaks[-1] == (1000, Decimal("2.5"))
    assert [surcharge.amount for surcharge in lane.surcharges] == [
        Decimal("1.15"),
        Decimal("0.2"),
    ]
