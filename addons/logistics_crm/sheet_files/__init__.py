"""Read the cells of a spreadsheet or csv file, of anybody's making: pure Python.

`read_sheet_file` returns whole sheets with merged cells, number formats and comments;
`open_rows` streams the rows of long files in flat memory.
"""

from .errors import Remark, SheetError
from .reader import open_rows, read_sheet_file
from .sheet import (
    BadValue,
    CellValue,
    Position,
    RowSource,
    Sheet,
    column_letter,
    ranges,
)

__all__ = [
    "BadValue",
    "CellValue",
    "Position",
    "Remark",
    "RowSource",
    "Sheet",
    "SheetError",
    "column_letter",
    "open_rows",
    "ranges",
    "read_sheet_file",
]
