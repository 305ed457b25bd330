"""Files are read whole, or refused with a reason."""

import zipfile
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet
from sheet_builders import HEADER, LANE, make_xlsx, read, read_rows, remarks, save

from odoo.addons.logistics_crm.sheet_files import workbook
from odoo.addons.logistics_quote.rate_import import (
    BadValue,
    Sheet,
    SheetError,
    read_sheet_file,
)

GOOD = make_xlsx([HEADER, LANE])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def repack(data: bytes, **parts: bytes) -> bytes:
    """Return the archive with parts added or replaced; ``__`` stands for a dot."""
    buffer = BytesIO()
    names = {name.replace("__", ".").replace("_S_", "/"): name for name in parts}
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in names:
                new.writestr(name, old.read(name))
        for name, key in names.items():
            new.writestr(name, parts[key])
    return buffer.getvalue()


def drop(data: bytes, dropped: str) -> bytes:
    buffer = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as old,
        zipfile.ZipFile(buffer, "w") as new,
    ):
        for name in old.namelist():
            if name != dropped:
                new.writestr(name, old.read(name))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "filename", "code"),
    [
        (b"", "a.xlsx", "empty_file"),
        (b" \n", "a.csv", "empty_file"),
        (b"\xff\xfe", "a.csv", "empty_file"),
        (b"POL,POD", "a.xlsx", "not_a_workbook"),
        (b"PK\x03\x04 and then nothing", "a.xlsx", "damaged_file"),
        (GOOD[: len(GOOD) // 2], "a.xlsx", "damaged_file"),
        (OLE + b"\0" * 500, "a.xls", "old_xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.xlsx", "password_protected"),
        (b"%PDF-1.7", "a.xlsx", "pdf_file"),
        (b"<html><table></table>", "a.xls", "html_file"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "a.csv", "html_file"),
        (GOOD, "a.xlsm", "macro_file"),
        (repack(GOOD, xl_S_vbaProject__bin=b"x"), "a.xlsx", "macro_file"),
        (repack(GOOD, xl_S_workbook__bin=b"x"), "a.xlsb", "binary_workbook"),
        (drop(GOOD, "xl/workbook.xml"), "a.xlsx", "not_a_workbook"),
        (drop(GOOD, "xl/worksheets/sheet1.xml"), "a.xlsx", "damaged_file"),
        (repack(GOOD, xl_S_workbook__xml=b"<not xml"), "a.xlsx", "damaged_file"),
        (b"POL,POD\0\n\0", "a.csv", "not_text"),
    ],
)
def test_unusable_file_is_refused(data: bytes, filename: str, code: str) -> None:
    with pytest.raises(SheetError) as caught:
        read_sheet_file(data, filename)
    assert caught.value.code == code


@pytest.mark.parametrize("before", [b"", b"<!--" + b"-=" * 9000 + b"-->"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_declarations_are_refused(before: bytes, encoding: str) -> None:
    bomb = before + b'<!DOCTYPE a [<!ENTITY b "bb">]><workbook/>'
    bomb = bomb.decode().encode(encoding)
    with pytest.raises(SheetError, match="unsafe_file"):
        read_sheet_file(repack(GOOD, xl_S_workbook__xml=bomb), "a.xlsx")


def test_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = repack(GOOD, xl_S_media_S_image1__xml=b"0" * 30_000_000)
    assert len(bomb) < 100_000
    with pytest.raises(SheetError) as caught:
        read_sheet_file(bomb, "a.xlsx")
    assert caught.value.code == "unpacks_too_large"


def test_large_file_is_refused() -> None:
    with pytest.raises(SheetError, match="file_too_large"):
        read_sheet_file(b"P" * 20_000_001, "a.csv")


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_CELLS", 10)
    with pytest.raises(SheetError, match="too_many_cells"):
        read_sheet_file(GOOD, "a.xlsx")


@given(st.binary(max_size=300), st.sampled_from(["a.xlsx", "a.csv", "a.xls", "a"]))
def test_any_bytes_are_read_or_refused(data: bytes, filename: str) -> None:
    try:
        read(data, filename)
    except SheetError as error:
        assert error.code


@pytest.mark.filterwarnings("ignore::UserWarning")  # openpyxl's on odd parts
@given(st.data())
def test_changed_part_is_read_or_refused(data: st.DataObject) -> None:
    with zipfile.ZipFile(BytesIO(GOOD)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(st.sampled_from(sorted(parts)))
    position = data.draw(st.integers(0, len(parts[name]) - 1))
    change = data.draw(st.sampled_from([b"", b"9", b"<", b'"', b"/>", b"\0", b"s"]))
    content = parts[name][:position] + change + parts[name][position + 1 :]
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for other, original in parts.items():
            archive.writestr(other, content if other == name else original)
    try:
        read(buffer.getvalue())
    except SheetError as error:
        assert error.code


def sheet_of(rows: list[list[Any]], change: Any = None, name: str = "a.xlsx") -> Sheet:
    return read_sheet_file(make_xlsx(rows, change), name)[0]


def test_numbers_are_exact_and_text_is_trimmed() -> None:
    sheet = sheet_of([[0.1 + 0.2, 1850.0, "  POL \n", "", 7, True]])
    assert sheet.cells == {
        (1, 1): Decimal("0.3"),
        (1, 2): 1850,
        (1, 3): "POL",
        (1, 5): 7,
        (1, 6): True,
    }


def test_merged_cells_are_filled() -> None:
    sheet = sheet_of(
        [["a", None, "c"], [None, None, "d"]], lambda ws: ws.merge_cells("A1:B2")
    )
    assert sheet.rows[2] == {1: "a", 2: "a", 3: "d"}


def test_merge_over_the_whole_sheet_fills_the_used_part_only() -> None:
    sheet = sheet_of([["note"], [1, 2]], lambda ws: ws.merge_cells("A1:XFD1"))
    assert sheet.rows[1] == {1: "note", 2: "note"}


def test_stray_cell_in_the_last_row_does_no_harm() -> None:
    def stray(sheet: Worksheet) -> None:
        sheet["XFD1048576"] = "x"

    assert len(sheet_of([["a"]], stray).cells) == 2


def test_currency_shown_by_the_number_format_is_kept() -> None:
    def style(sheet: Worksheet) -> None:
        sheet["A1"].number_format = "[$EUR] #,##0.00"
        sheet["B1"].number_format = '#,##0 "USD"'
        sheet["C1"].number_format = "#,##0"

    assert sheet_of([[1, 2, 3]], style).currencies == {(1, 1): "EUR", (1, 2): "USD"}


def test_formula_never_calculated_is_not_taken_for_blank() -> None:
    sheet = sheet_of([["=1+1", "POL"]])
    assert sheet.cells[1, 1] == BadValue("formula_not_calculated", "=1+1")


def test_formula_error_is_marked() -> None:
    def break_formula(sheet: Worksheet) -> None:
        sheet["A1"].data_type = "e"

    assert sheet_of([["#REF!"]], break_formula).cells[1, 1] == BadValue(
        "formula_error", "#REF!"
    )


def test_comment_of_a_cell_is_a_remark() -> None:
    def comment(sheet: Worksheet) -> None:
        sheet["B2"].comment = Comment("subject to space", "desk")

    (remark,) = remarks(read_rows([HEADER, LANE], comment), "cell_comment")
    assert (remark.column, remark.row, remark.text) == ("B", 2, "subject to space")


def test_all_sheets_are_read_in_order() -> None:
    book = Workbook()
    book.active.title = "First"
    book.create_sheet("Second")
    sheets = read_sheet_file(save(book), "a.xlsx")
    assert [sheet.name for sheet in sheets] == ["First", "Second"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_delimited_text_is_read(delimiter: str, encoding: str) -> None:
    text = "\n".join(
        delimiter.join(row)
        for row in (
            ["POL", "POD", "20GP", "40HC"],
            ["Shanghai", "Hamburg", "1050", "1850"],
            ["Ningbo", "Hamburg", "1060", "1860"],
        )
    )
    parsed = read(text.encode(encoding), "rates.csv")
    assert [lane.container_prices["40HC"] for lane in parsed.lanes] == [1850, 1860]


@pytest.mark.parametrize(
    ("encoding", "text"), [("gb18030", "起运港,目的港,备注"), ("cp1252", "Malmö,Århus")]
)
def test_old_encodings_are_guessed_and_said(encoding: str, text: str) -> None:
    (sheet,) = read_sheet_file(text.encode(encoding), "a.csv")
    assert list(sheet.rows[1].values()) == text.split(",")
    assert [remark.text for remark in sheet.remarks] == [encoding]


def test_quoted_text_keeps_delimiters_and_line_ends() -> None:
    (sheet,) = read_sheet_file(b'POL,"1,850"\n"a\nb",2', "a.csv")
    assert sheet.rows == {1: {1: "POL", 2: "1,850"}, 2: {1: "a\nb", 2: "2"}}
