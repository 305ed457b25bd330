"""Find the header row of a sheet, and so what kind of rate sheet it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from odoo.addons.logistics_crm.sheet_files import BadValue, CellValue, Sheet

from .headers import (
    Column,
    Field,
    LayoutKind,
    ResolveContainer,
    canonical_container,
    classify,
    field_of,
)
from .values import DASHES

HEADER_ROWS = 60  # a header further down is not looked for
CONTEXT_FIELDS = frozenset(
    {
        Field.ORIGIN,
        Field.DESTINATION,
        Field.CARRIER,
        Field.CONTRACT,
        Field.COMMODITY,
        Field.CURRENCY,
        Field.EFFECTIVE,
        Field.EXPIRY,
        Field.VALIDITY,
    }
)


@dataclass(frozen=True)
class Layout:
    """Which rows and columns hold what.

    ``defaults`` are (row, column, value) of "Contract No: 123" and the like above the
    header; ``unknown`` the headings of columns that nothing is known of.
    """

    kind: LayoutKind
    header_row: int
    first_row: int
    columns: Mapping[int, Column]
    unknown: Mapping[int, str]
    defaults: Mapping[Field, tuple[int, int, CellValue]]

    @property
    def score(self) -> int:
        return len({(column.field, column.heading) for column in self.columns.values()})

    def has(self, *fields: Field) -> bool:
        known = {column.field for column in self.columns.values()} | set(self.defaults)
        return not known.isdisjoint(fields)

    @property
    def is_complete(self) -> bool:
        """It has both ends of a lane, and a price."""
        in_table = {column.field for column in self.columns.values()}
        if in_table.isdisjoint(
            (Field.ORIGIN, Field.RECEIPT, Field.DESTINATION, Field.DELIVERY)
        ):
            return False
        if not self.has(Field.ORIGIN, Field.RECEIPT):
            return False
        if not self.has(Field.DESTINATION, Field.DELIVERY):
            return False
        if self.kind is LayoutKind.FCL_WIDE:
            return Field.PRICE in in_table
        breaks = [col for col in self.columns.values() if col.field is Field.BREAK]
        return len(breaks) > 1 or (bool(breaks) and Field.MINIMUM in in_table)


def detect_layout(
    sheet: Sheet, resolve_container: ResolveContainer = canonical_container
) -> Layout | None:
    """Return the layout that the first row, or two rows, of headings give."""
    defaults: dict[Field, tuple[int, int, CellValue]] = {}
    for row in list(sheet.rows)[:HEADER_ROWS]:
        layout = layout_at(sheet, row, defaults, resolve_container)
        if layout is None:
            defaults |= read_context(sheet, row)
            continue
        if layout.first_row > row + 1:
            # a row of group titles that say nothing: the one below is better alone
            alone = layout_at(sheet, row + 1, defaults, resolve_container)
            if alone and alone.score > layout.score:
                return alone
        return layout
    return None


def layout_at(
    sheet: Sheet,
    row: int,
    defaults: Mapping[Field, tuple[int, int, CellValue]],
    resolve_container: ResolveContainer,
) -> Layout | None:
    """Return the layout whose header starts in this row, if it is one."""
    cells = sheet.rows.get(row, {})
    texts = sum(isinstance(value, str) for value in cells.values())
    if len(cells) < 3 or texts * 2 < len(cells):
        return None
    best = None
    for last in (row, row + 1):
        headings = _join_headings(sheet, row, last)
        for kind in LayoutKind:
            columns = {}
            unknown = {}
            for number, heading in headings.items():
                if column := classify(heading, kind, resolve_container):
                    columns[number] = column
                else:
                    unknown[number] = heading
            layout = Layout(kind, row, last + 1, columns, unknown, defaults)
            if layout.is_complete and (best is None or layout.score > best.score):
                best = layout
    return best


def _join_headings(sheet: Sheet, first: int, last: int) -> dict[int, str]:
    """Headings of one row, or of a group row with sizes or breaks below it."""
    upper = sheet.rows.get(first, {})
    lower = sheet.rows.get(last, {}) if last > first else {}
    headings = {}
    for column in sorted({*upper, *lower}):
        parts = dict.fromkeys(
            str(cells[column])
            for cells in (upper, lower)
            if column in cells and not isinstance(cells[column], BadValue)
        )
        headings[column] = " ".join(parts)
    return headings


def read_context(sheet: Sheet, row: int) -> dict[Field, tuple[int, int, CellValue]]:
    """Read "Label: value", or a label with its value in the next filled cell."""
    found: dict[Field, tuple[int, int, CellValue]] = {}
    cells = distinct_cells(sheet, row)
    for index, (column, value) in enumerate(cells):
        if not isinstance(value, str):
            continue
        label, sign, rest = value.replace("：", ":").partition(":")
        name = field_of(label)
        if name not in CONTEXT_FIELDS:
            continue
        if rest.strip():
            found.setdefault(name, (row, column, rest.strip()))
        elif index + 1 < len(cells) and (sign or len(cells) == 2):
            next_column, next_value = cells[index + 1]
            if not isinstance(next_value, BadValue):
                found.setdefault(name, (row, next_column, next_value))
    return found


def distinct_cells(sheet: Sheet, row: int) -> list[tuple[int, CellValue]]:
    """Cells of a row, one for each run of the same value (a merged cell)."""
    cells: list[tuple[int, CellValue]] = []
    for column, value in sheet.rows.get(row, {}).items():
        if not cells or cells[-1][1] != value:
            cells.append((column, value))
    return cells


def row_text(sheet: Sheet, row: int) -> str:
    """All text of a row, for a remark."""
    values = (
        value.text if isinstance(value, BadValue) else str(value)
        for _column, value in distinct_cells(sheet, row)
    )
    return " | ".join(value for value in values if not DASHES.fullmatch(value))
