"""Read delimited text (csv), in whatever encoding it was saved."""

import csv
import io
import re
from contextlib import suppress
from pathlib import PurePath

from .errors import Remark, SheetError
from .sheet import MAX_CELLS, CellValue, Position, Sheet

DELIMITERS = ",;\t|"
HIGH_BYTES = re.compile(rb"[\x80-\xff]+")


def read_delimited(data: bytes, filename: str) -> Sheet:
    text, encoding = read_text(data, filename)
    name = PurePath(filename).stem
    cells: dict[Position, CellValue] = {}
    try:
        lines = csv.reader(io.StringIO(text), delimiter=find_delimiter(text))
        for row, line in enumerate(lines, 1):
            for column, content in enumerate(line, 1):
                if content.strip():
                    cells[row, column] = content.strip()
            if len(cells) > MAX_CELLS:
                raise SheetError("too_many_cells", limit=MAX_CELLS)
    except csv.Error as error:
        raise SheetError("damaged_file", reason=str(error)) from error
    remarks = ()
    if encoding:
        remarks = (Remark(name, None, None, "encoding_guessed", {"text": encoding}),)
    return Sheet(name, cells, remarks=remarks)


def read_text(data: bytes, filename: str) -> tuple[str, str | None]:
    """Return the text of a file, and the encoding if it had to be guessed."""
    text, encoding = _decode(data)
    if not text.strip():
        raise SheetError("empty_file", filename=filename)
    if "\0" in text:
        raise SheetError("not_text", filename=filename)
    return text, encoding


def _decode(data: bytes) -> tuple[str, str | None]:
    """Return the text, and the encoding if it had to be guessed."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace"), None
    with suppress(UnicodeDecodeError):
        return data.decode("utf-8-sig"), None
    # Chinese text comes in pairs of high bytes, accented letters stand alone.
    runs = HIGH_BYTES.findall(data)
    pairs = sum(len(run) > 1 for run in runs)
    if pairs * 2 >= len(runs):
        with suppress(UnicodeDecodeError):
            return data.decode("gb18030"), "gb18030"
    return data.decode("cp1252", errors="replace"), "cp1252"


def find_delimiter(text: str) -> str:
    """Return the delimiter that most lines have the same number of."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]

    def score(delimiter: str) -> int:
        counts = [
            len(fields) for fields in csv.reader(lines, delimiter=delimiter) if fields
        ]
        usual = max(set(counts), key=counts.count)
        return counts.count(usual) * (usual - 1)

    return max(DELIMITERS, key=score)
