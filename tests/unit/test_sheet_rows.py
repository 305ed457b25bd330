"""Long tables row by row: the same cells as when a sheet is read at once."""

import io
from datetime import datetime

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.logistics_crm.sheet_files import (
    BadValue,
    SheetError,
    open_rows,
    read_sheet_file,
    rows,
)

CELLS = st.one_of(
    st.none(),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.text("abc äö上海-.;,\"'", max_size=8),
)


def save(book: openpyxl.Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def book_of(*lines: list) -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    return book


def read(data: bytes, name: str = "a.xlsx") -> list:
    return list(open_rows(data, name)[0])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=4), max_size=6))
def test_stream_has_the_cells_of_the_whole_sheet(lines: list[list]) -> None:
    data = save(book_of(["head"], *lines))
    whole = read_sheet_file(data, "a.xlsx")[0].rows
    streamed = {
        number: {column: v for column, v in enumerate(values, 1) if v is not None}
        for number, values in read(data)
    }
    assert streamed == {number: dict(cells) for number, cells in whole.items()}


def test_empty_rows_are_left_out_and_keep_their_number() -> None:
    data = save(book_of(["a"], [], [None, "  "], ["b", datetime(2026, 1, 2)]))
    first, second = read(data)
    assert first[0] == 1
    assert second == (4, ["b", datetime(2026, 1, 2)])


def test_merged_cells_are_filled_across_rows_and_columns() -> None:
    book = book_of(["Client", None, "x"], ["Acme", 1, 2], [None, 3, 4], ["B", 5, 6])
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("A2:A3")
    assert read(save(book)) == [
        (1, ["Client", "Client", "x"]),
        (2, ["Acme", 1, 2]),
        (3, ["Acme", 3, 4]),
        (4, ["B", 5, 6]),
    ]


def test_formula_without_result_is_told() -> None:
    (_row,) = rows_ = read(save(book_of(["=1+1", "a"])))
    assert rows_[0][1][0] == BadValue("formula_not_calculated", "=1+1")


def test_formula_with_a_result_gives_it() -> None:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    sheet = book.add_worksheet()
    sheet.write_formula(0, 0, "=1+1", None, 2)
    sheet.write(0, 1, "a")
    book.close()
    assert read(stream.getvalue()) == [(1, [2, "a"])]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_delimited_rows(encoding: str, delimiter: str) -> None:
    text = delimiter.join(["客户", "电话"]) + "\r\n\r\n" + delimiter.join(["上海", "1"])
    assert read(text.encode(encoding), "a.csv") == [
        (1, ["客户", "电话"]),
        (3, ["上海", "1"]),
    ]


def test_latin_text_is_read_and_told() -> None:
    (source,) = open_rows("Name;Ort\nMüller;Köln".encode("latin-1"), "a.csv")
    assert list(source)[1] == (2, ["Müller", "Köln"])
    assert [remark.code for remark in source.remarks] == ["encoding_guessed"]


def test_hidden_sheet_is_told() -> None:
    book = book_of(["a"])
    book.create_sheet("b").sheet_state = "hidden"
    assert [source.hidden for source in open_rows(save(book), "a.xlsx")] == [
        False,
        True,
    ]


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "MAX_STREAMED_CELLS", 3)
    with pytest.raises(SheetError, match="too_many_cells"):
        read(save(book_of(["a", "b"], ["c", "d"])))
    with pytest.raises(SheetError, match="too_many_cells"):
        read(b"a,b\nc,d", "a.csv")


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b" ", "a.csv", "empty_file"),
        (b"%PDF-1.7", "a.xlsx", "pdf_file"),
        (b"<html>", "a.xls", "html_file"),
        (b"PK\x03\x04rubbish", "a.xlsx", "damaged_file"),
        (b"a,b", "a.doc", "not_a_workbook"),
    ],
)
def test_no_spreadsheet_is_refused(data: bytes, name: str, code: str) -> None:
    with pytest.raises(SheetError) as caught:
        open_rows(data, name)
    assert caught.value.code == code


@settings(max_examples=60, deadline=None)
@given(st.floats(0, 1, exclude_max=True), st.integers(1, 255))
def test_a_damaged_file_is_refused_or_read(place: float, change: int) -> None:
    good = bytearray(save(book_of(["a", "b"], [1, 2])))
    good[int(place * len(good))] ^= change
    try:
        for source in open_rows(bytes(good), "a.xlsx"):
            list(source)
    except SheetError:
        pass
