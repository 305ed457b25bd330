"""Read the cells of a spreadsheet file, and refuse what is not one."""

import re
from pathlib import PurePath

from .delimited import read_delimited
from .errors import SheetError
from .rows import delimited_rows, workbook_rows
from .sheet import RowSource, Sheet
from .workbook import read_workbook

MAX_FILE_BYTES = 20_000_000

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")


def read_sheet_file(data: bytes, filename: str) -> list[Sheet]:
    """Return all sheets of an xlsx or csv file; raise SheetError for any other."""
    suffix = _check_file(data, filename, MAX_FILE_BYTES)
    if data.startswith(ZIP_MAGIC):
        return read_workbook(data, suffix)
    return [read_delimited(data, filename)]


def open_rows(
    data: bytes, filename: str, max_bytes: int = MAX_FILE_BYTES
) -> list[RowSource]:
    """Return the sheets of an xlsx or csv file, to be read row by row.

    For long plain tables: merged cells are filled, number formats and comments are not
    looked at. SheetError comes here, or while a sheet that is damaged is being read.
    """
    suffix = _check_file(data, filename, max_bytes)
    if data.startswith(ZIP_MAGIC):
        return workbook_rows(data, suffix)
    return [delimited_rows(data, filename)]


def _check_file(data: bytes, filename: str, max_bytes: int) -> str:
    """Return the suffix of a file that can be one of ours."""
    if not data.strip():
        raise SheetError("empty_file", filename=filename)
    if len(data) > max_bytes:
        raise SheetError("file_too_large", size=len(data), limit=max_bytes)
    suffix = PurePath(filename).suffix.lower()
    if not data.startswith(ZIP_MAGIC):
        _refuse_other_formats(data, filename)
        if suffix not in TEXT_SUFFIXES:
            raise SheetError("not_a_workbook", filename=filename)
    return suffix


def _refuse_other_formats(data: bytes, filename: str) -> None:
    if data.startswith(OLE_MAGIC):
        code = "password_protected" if ENCRYPTED_STREAM in data else "old_xls"
        raise SheetError(code, filename=filename)
    if data.startswith(b"%PDF"):
        raise SheetError("pdf_file", filename=filename)
    if re.match(
        rb"(\xef\xbb\xbf)?\s*<(!doctype|html|\?xml|table)", data, re.IGNORECASE
    ):
        raise SheetError("html_file", filename=filename)
