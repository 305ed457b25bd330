"""Read the cells of a rate-sheet file, and refuse what is not one."""

import re
from pathlib import PurePath

from .delimited import read_delimited
from .errors import SheetError
from .sheet import Sheet
from .workbook import read_workbook

MAX_FILE_BYTES = 20_000_000

ZIP_MAGIC = b"PK\x03\x04"
OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
TEXT_SUFFIXES = (".csv", ".txt", ".tsv")


def read_sheet_file(data: bytes, filename: str) -> list[Sheet]:
    """Return all sheets of an xlsx or csv file; raise SheetError for any other."""
    if not data.strip():
        raise SheetError("empty_file", filename=filename)
    if len(data) > MAX_FILE_BYTES:
        raise SheetError("file_too_large", size=len(data), limit=MAX_FILE_BYTES)
    suffix = PurePath(filename).suffix.lower()
    if data.startswith(ZIP_MAGIC):
        return read_workbook(data, suffix)
    _refuse_other_formats(data, filename)
    if suffix in TEXT_SUFFIXES:
        return [read_delimited(data, filename)]
    raise SheetError("not_a_workbook", filename=filename)


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
