"""A table of rates on a sheet: its columns, and which rows are lanes."""

from collections.abc import Hashable, Iterator
from decimal import Decimal

from odoo.addons.logistics_crm.sheet_files import BadValue, CellValue, Sheet

from .headers import Column, Field, canonical_container, field_of
from .layout import Layout, distinct_cells
from .report import Report
from .values import compact

PRICE_FIELDS = (Field.PRICE, Field.BREAK, Field.MINIMUM)
ORIGIN_FIELDS = (Field.RECEIPT, Field.ORIGIN)
DESTINATION_FIELDS = (Field.DELIVERY, Field.DESTINATION)


class Table:
    def __init__(self, sheet: Sheet, layout: Layout) -> None:
        self.sheet = sheet
        self.layout = layout
        self.fields: dict[Field, list[int]] = {}
        for number, column in layout.columns.items():
            self.fields.setdefault(column.field, []).append(number)
        self.targets = self._spread_sizes()

    def report_columns(self, report: Report) -> None:
        """Say which headings are not understood, or contradict each other."""
        priced: set[Hashable] = set()
        row = self.layout.header_row
        for number, column in self.layout.columns.items():
            for key, label in _containers(column):
                if key is None:
                    report.error(row, number, "container_unknown", label=label)
                elif column.field is Field.PRICE:
                    if key in priced:
                        report.error(
                            row, number, "column_twice", heading=column.heading
                        )
                    priced.add(key)
        for number, heading in self.layout.unknown.items():
            report.remark(row, number, "column_not_read", text=heading)

    def _spread_sizes(self) -> dict[int, tuple[Hashable | None, ...]]:
        """Let "BAF 40" hold for every 40' type that has no BAF of its own."""
        by_size: dict[str, list[Hashable]] = {}
        for number in self.numbers(Field.PRICE):
            for key, label in _containers(self.column(number)):
                size = (canonical_container(label) or "")[:2]
                if key is not None:
                    by_size.setdefault(size, []).append(key)
        named: dict[str, set[Hashable]] = {}
        for number in self.numbers(Field.SURCHARGE):
            column = self.column(number)
            named.setdefault(column.surcharge, set()).update(
                key
                for key, label in _containers(column)
                if key is not None and not _is_bare_size(label)
            )
        targets: dict[int, tuple[Hashable | None, ...]] = {}
        for number, column in self.layout.columns.items():
            targets[number] = column.containers
            if (
                column.field is Field.SURCHARGE
                and len(column.containers) == 1
                and _is_bare_size(column.container_labels[0])
            ):
                size = column.container_labels[0][:2]
                targets[number] = tuple(
                    key
                    for key in by_size.get(size, column.containers)
                    if key not in named[column.surcharge]
                )
        return targets

    # columns and cells

    def column(self, number: int) -> Column:
        return self.layout.columns[number]

    def numbers(self, *fields: Field) -> list[int]:
        return [number for name in fields for number in self.fields.get(name, ())]

    def value(self, row: int, number: int) -> CellValue | None:
        return self.sheet.cells.get((row, number))

    def values(self, row: int, *fields: Field) -> list[CellValue]:
        found = (self.value(row, number) for number in self.numbers(*fields))
        return [value for value in found if value is not None]

    def places(self, row: int, name: Field) -> list[tuple[int, int, CellValue]]:
        """Return row, column and value of a field's cells, or of its default.

        The default stands above the table, as "Currency: USD" does.
        """
        found = [
            (row, number, value)
            for number in self.numbers(name)
            if (value := self.value(row, number)) is not None
        ]
        if not found and name in self.layout.defaults:
            found = [self.layout.defaults[name]]
        return found

    def first(self, row: int, name: Field) -> tuple[int, int, CellValue] | None:
        return next(iter(self.places(row, name)), None)

    # rows

    def repeats_header(self, row: int) -> bool:
        """It has "POL" where a port should be: a second table starts here."""
        fields = (*ORIGIN_FIELDS, *DESTINATION_FIELDS)
        return any(
            isinstance(value, str) and field_of(value) in fields
            for value in self.values(row, *fields)
        )

    def is_lane(self, row: int) -> bool:
        """It has a price, or names both ends of a lane; else it is a note."""
        if len(distinct_cells(self.sheet, row)) < 2:
            return False
        if any(_looks_priced(value) for value in self.values(row, *PRICE_FIELDS)):
            return True
        ends = [
            set(self.values(row, *fields))
            for fields in (ORIGIN_FIELDS, DESTINATION_FIELDS)
            if self.numbers(*fields)
        ]
        # a note merged over the row stands in both
        return all(ends) and (len(ends) == 1 or ends[0] != ends[1])


def _containers(column: Column) -> Iterator[tuple[Hashable | None, str]]:
    return zip(column.containers, column.container_labels, strict=True)


def _is_bare_size(label: str) -> bool:
    return compact(label).removesuffix("FT") in ("20", "40", "45")


def _looks_priced(value: CellValue) -> bool:
    if isinstance(value, str):
        # a sentence may hold numbers further on
        return any(char.isdigit() for char in value[:12])
    return isinstance(value, int | Decimal | BadValue)
