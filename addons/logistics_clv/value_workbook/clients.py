"""The Clients sheet: one row a client, written as it comes."""

import heapq
from array import array
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from .book import FIRST_ROW, HEADER_ROW, Book, decimal
from .columns import SUMS
from .data import ClientLine, WorkbookError

MAXIMUM_ROWS = 1_048_576
# What the tables of the other sheets group by.
GROUPS = ("tier", "stage", "band", "segment")


@dataclass(slots=True)
class Group:
    """What the clients of one group add up to, for the cached results."""

    clients: int = 0
    sums: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))


@dataclass(slots=True)
class Clients:
    """What the other sheets need to know of the rows that were written.

    :ivar last: last row, as a spreadsheet counts
    :ivar values: client value of each, eight bytes a client
    :ivar top: (value, row, name) of the highest, best first
    :ivar groups: sums by (column key, name); by (tier, stage) under ``stage_tier``
    """

    count: int = 0
    last: int = FIRST_ROW + 1
    sums: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    values: array = field(default_factory=lambda: array("d"))
    top: list[tuple[float, int, str]] = field(default_factory=list)
    groups: dict[str, dict] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Group))
    )


class ClientsSheet:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.columns = book.columns
        self.sheet = book.add_sheet(
            "sheet_clients", [column.width for column in self.columns.all]
        )
        self.clients = Clients()

    # no model: there is no `super` to call
    # pylint: disable-next=method-required-super
    def write(self) -> Clients:
        """Stream the clients."""
        book, sheet, clients = self.book, self.sheet, self.clients
        book.write_header(
            sheet, HEADER_ROW, (book.labels[column.key] for column in self.columns.all)
        )
        book.freeze_header(sheet)
        row = FIRST_ROW
        for line in book.data.clients:
            if row >= MAXIMUM_ROWS - 1:
                raise WorkbookError("too_many_rows", maximum=MAXIMUM_ROWS - 5)
            self._write_client(row, line)
            row += 1
        clients.count = row - FIRST_ROW
        clients.last = max(row, FIRST_ROW + 1)
        clients.top.sort(key=lambda entry: (-entry[0], -entry[1]))
        self._write_totals(row)
        sheet.autofilter(
            HEADER_ROW, 0, max(row - 1, HEADER_ROW), len(self.columns.all) - 1
        )
        return clients

    def _write_client(self, row: int, line: ClientLine) -> None:
        book, sheet = self.book, self.sheet
        amounts = {}
        for place, column in enumerate(self.columns.all):
            if column.key in SUMS:
                self._write_row_sum(row, place, column.key, amounts)
                continue
            value = getattr(line, column.attribute or column.key)
            book.write_cell(sheet, row, place, value, column.kind)
            if column.summed:
                amounts[column.key] = decimal(value)
        self._add(row, line, amounts)

    def _write_row_sum(
        self, row: int, place: int, key: str, amounts: dict[str, Decimal]
    ) -> None:
        parts = SUMS[key]
        amounts[key] = sum((amounts[part] for part in parts), Decimal(0))
        formula = "+".join(f"{self.columns.letter(part)}{row + 1}" for part in parts)
        self.book.write_formula(self.sheet, row, place, formula, amounts[key], "money")

    def _add(self, row: int, line: ClientLine, amounts: dict[str, Decimal]) -> None:
        clients = self.clients
        groups = [clients.groups[key][getattr(line, key)] for key in GROUPS]
        groups.append(clients.groups["stage_tier"][line.stage, line.tier])
        for group in groups:
            group.clients += 1
        for key, amount in amounts.items():
            clients.sums[key] += amount
            for group in groups:
                group.sums[key] += amount
        total = float(amounts["total_value"])
        clients.values.append(total)
        # The row breaks ties, the earlier client first.
        entry = (total, -row, line.name)
        if len(clients.top) < self.book.data.top_clients:
            heapq.heappush(clients.top, entry)
        elif clients.top:
            heapq.heappushpop(clients.top, entry)

    def _write_totals(self, row: int) -> None:
        """Write totals that follow the filter: 109 leaves out what is hidden."""
        book, sheet, sums = self.book, self.sheet, self.clients.sums
        for place, column in enumerate(self.columns.all):
            if not column.summed:
                text = book.labels["total"] if place == 0 else ""
                sheet.write_string(row, place, text, book.formats["text_total"])
                continue
            letter = self.columns.letter(column.key)
            area = f"{letter}{FIRST_ROW + 1}:{letter}{row}"
            book.write_formula(
                sheet,
                row,
                place,
                f"SUBTOTAL(109,{area})" if row > FIRST_ROW else "0",
                sums[column.key],
                f"{column.kind}_total",
            )
