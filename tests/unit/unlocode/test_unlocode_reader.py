"""Rows of the list, with every trap of the published files."""

import doctest
from pathlib import Path

import pytest

from odoo.addons.logistics_crm.unlocode import (
    Entry,
    Problem,
    Skipped,
    Synonym,
    UnlocodeError,
    coordinates,
    functions,
    great_circle_km,
    parse_coordinates,
    read_list,
    reader,
)

SAMPLES = Path(__file__).parents[2] / "samples" / "unlocode"
ROW = ',"SE","GOT","Göteborg","Goteborg","O","AF","12345---","9601",,"5743N 01158E",'
TITLES = (
    "Change,Country,Location,Name,NameWoDiacritics,Subdivision,Status,Function,Date,"
    "IATA,Coordinates,Remarks"
)


def read(text: str, encoding: str = "utf-8", name: str = "part.csv") -> list:
    return list(read_list([(name, text.encode(encoding))]))


@pytest.fixture(scope="module")
def items() -> list:
    files = [(path.name, path.read_bytes()) for path in sorted(SAMPLES.glob("*.csv"))]
    return list(read_list(files))


@pytest.mark.parametrize("module", [coordinates, functions, reader])
def test_examples_of_the_docstrings_hold(module) -> None:
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_sample_has_what_was_put_in(items) -> None:
    kinds = dict.fromkeys((Entry, Synonym, Problem, Skipped), 0)
    for item in items:
        kinds[type(item)] += 1
    # 10 titles of countries and the list of subdivisions
    assert kinds == {Entry: 22, Synonym: 5, Problem: 2, Skipped: 11}


def test_problems_tell_file_row_and_value(items) -> None:
    problems = [item for item in items if isinstance(item, Problem)]
    assert [(item.row, item.code, item.value) for item in problems] == [
        (14, "code", "ZADU1"),
        (15, "no_code", "Nowhere without a code"),
    ]
    assert {item.file for item in problems} == {"2026-1 UNLOCODE CodeListPart3.csv"}


def test_latin_1_of_the_published_files_is_read(items) -> None:
    entry = next(item for item in items if getattr(item, "place", "") == "MUC")
    assert (entry.name, entry.name_ascii, entry.change) == ("München", "Munchen", "#")


def test_quotes_and_commas_stay_in_names_and_remarks(items) -> None:
    by_place = {item.place: item for item in items if isinstance(item, Entry)}
    assert by_place["ZZ4"].name == 'Qingsample "Old Port"'
    assert by_place["ZZ4"].remarks == "Use CNTAO, if the new port is meant"
    assert by_place["ZZ3"].name == "L'Isle-sur-Exemple, Zone industrielle"
    assert by_place["ZZ2"].name == "Sample-ku"


def test_blank_iata_of_an_iata_entry_is_the_location_code(items) -> None:
    iata = {item.code: item.iata for item in items if isinstance(item, Entry)}
    assert iata["CNPVG"] == "PVG"
    assert iata["CNSHA"] == "SHA"
    # approved by the authority, not taken from IATA; and no airport at all
    assert iata["SEGOT"] == iata["CNZZ4"] == ""


def test_reference_names_its_target(items) -> None:
    synonyms = {
        (item.country, item.name, item.target)
        for item in items
        if isinstance(item, Synonym)
    }
    assert ("CN", "Peking", "Beijing") in synonyms
    assert ("SE", "Gothenburg", "Göteborg") in synonyms


def test_unreadable_coordinates_leave_the_entry(items) -> None:
    entry = next(item for item in items if getattr(item, "place", "") == "ZZ3")
    assert (entry.coordinates, entry.latitude) == ("4399N 00500E", None)


@pytest.mark.parametrize(
    "encoding", ["latin-1", "utf-8", "utf-8-sig", "utf-16", "cp1252"]
)
def test_any_encoding_gives_the_same_entry(encoding: str) -> None:
    [entry] = read(ROW, encoding)
    assert (entry.name, entry.code) == ("Göteborg", "SEGOT")
    assert (entry.latitude, entry.longitude) == (57.716667, 11.966667)


def test_titles_of_columns_are_skipped_and_give_their_order() -> None:
    skipped, entry = read(f"{TITLES}\n{ROW}")
    assert isinstance(skipped, Skipped)
    assert entry.code == "SEGOT"
    skipped, entry = read(
        "Country,Location,Name,Function,Date,Status,IATA,Coordinates,Remarks,"
        "Subdivision,NameWoDiacritics,Ch\n"
        "SE,GOT,Göteborg,12345---,9601,AF,,5743N 01158E,,O,Goteborg,+"
    )
    assert (entry.status, entry.function, entry.change) == ("AF", "12345---", "+")


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_of_spreadsheets_are_read(delimiter: str) -> None:
    [entry] = read(ROW.replace(",", delimiter))
    assert entry.code == "SEGOT"


def test_missing_remarks_column_and_empty_rows_do_not_matter() -> None:
    [entry] = read(f"\n{ROW.removesuffix(',')}\n\n,,,,,,,,,,,\n")
    assert (entry.row, entry.remarks) == (2, "")


def test_broken_bar_is_the_bar() -> None:
    [entry] = read(f'"¦"{ROW}', "latin-1")
    assert entry.change == "|"


def test_name_without_diacritics_is_made_where_it_is_missing() -> None:
    [entry] = read(ROW.replace('"Goteborg"', ""))
    assert entry.name_ascii == "Goteborg"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (',"SE",,".SWEDEN",,,,,,,,', "empty"),
        ("name;city\nA;B", "columns"),
        (ROW + '\n,"SE","G', "columns"),
    ],
)
def test_file_that_is_not_the_list_is_refused(text: str, code: str) -> None:
    with pytest.raises(UnlocodeError) as raised:
        read(text)
    assert raised.value.code == code


@pytest.mark.parametrize(
    "text", ["", "3114N", "3114N12129", "3160N 12129E", "9101N 00000E", "3114X 12129E"]
)
def test_what_is_no_coordinate_is_none(text: str) -> None:
    assert parse_coordinates(text) is None


def test_known_distance_is_met() -> None:
    # Shanghai to Hamburg, 8,5xx km by any great-circle table
    assert 8_480 < great_circle_km((31.4, 121.5), (53.55, 9.99)) < 8_600
    assert great_circle_km((10, 20), (10, 20)) == 0
