"""A sheet as read from a file, whatever the file's kind."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from functools import cached_property

from .errors import Remark


@dataclass(frozen=True, slots=True)
class BadValue:
    """A cell without a usable value: a formula error, or one never calculated."""

    code: str
    text: str


CellValue = str | bool | int | Decimal | datetime | date | time | BadValue
Position = tuple[int, int]

MAX_CELLS = 1_000_000

Row = tuple[int, list[CellValue | None]]


def column_letter(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True)
class Sheet:
    """Non-empty cells by (row, column), both from 1; merged cells are filled.

    ``currencies`` holds what a number format shows beside a number, such as USD.
    """

    name: str
    cells: Mapping[Position, CellValue]
    currencies: Mapping[Position, str] = field(default_factory=dict)
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    date_1904: bool = False
    remarks: tuple[Remark, ...] = ()

    @cached_property
    def rows(self) -> Mapping[int, Mapping[int, CellValue]]:
        """Cells by row, then column, in order."""
        rows: dict[int, dict[int, CellValue]] = {}
        for row, column in sorted(self.cells):
            rows.setdefault(row, {})[column] = self.cells[row, column]
        return rows

    def without_hidden(self) -> "Sheet":
        cells = {
            (row, column): value
            for (row, column), value in self.cells.items()
            if row not in self.hidden_rows and column not in self.hidden_columns
        }
        return Sheet(
            self.name,
            cells,
            self.currencies,
            hidden=self.hidden,
            date_1904=self.date_1904,
            remarks=self.remarks,
        )


@dataclass(frozen=True)
class RowSource:
    """The rows of a sheet, read as they are asked for, as (number, values).

    Numbers are those of the file, from 1; rows without a value are left out.
    """

    name: str
    rows: Callable[[], Iterator[Row]]
    hidden: bool = False
    remarks: tuple[Remark, ...] = ()

    def __iter__(self) -> Iterator[Row]:
        return self.rows()


def ranges(numbers: frozenset[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of consecutive numbers as (first, last)."""
    first = last = 0
    for number in sorted(numbers):
        if last and number == last + 1:
            last = number
            continue
        if last:
            yield first, last
        first = last = number
    if last:
        yield first, last
