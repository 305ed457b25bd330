"""The Tiers and Segments sheets: tables whose cells count and add up the Clients."""

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell

from .book import FIRST_ROW, HEADER_ROW, Book
from .clients import Clients, Group

_SUMS = ("revenue", "contribution", "current_value", "potential", "total_value")
# Room for a chart below a table, in rows.
_CHART_ROWS = 16


class GroupSheet:
    """Tables by one column of the Clients sheet, each with its chart."""

    key = ""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sums = [key for key in _SUMS if key in book.columns]
        self.sheet = book.add_sheet(
            self.key, (26, 11, 12, *(18 for _key in self.sums), 14, 18)
        )

    def _area(self, key: str, clients: Clients) -> str:
        letter = self.book.columns.letter(key)
        where = self.book.names["sheet_clients"]
        return f"{where}!${letter}${FIRST_ROW + 1}:${letter}${clients.last}"

    def _get_names(self, key: str, order: Sequence[str], clients: Clients) -> list[str]:
        """Return the groups in the order given, unknown ones after, empty last."""
        found = clients.groups[key]
        names = [name for name in order if name in found]
        names += sorted(name for name in found if name and name not in names)
        return names + ([""] if "" in found else [])

    def _write_table(
        self, row: int, key: str, title: str, order: Sequence[str], clients: Clients
    ) -> int:
        """Write the table and its chart; return the row of what comes next."""
        book, sheet = self.book, self.sheet
        names = self._get_names(key, order, clients)
        if row > HEADER_ROW:
            book.write_section(sheet, row - 1, title)
        labels = (key, "clients", "share_of_clients", *self.sums)
        labels += ("share_of_value", "value_per_client")
        book.write_header(sheet, row, (book.labels[label] for label in labels))
        first = row + 1
        bottom = first + len(names)
        for place, name in enumerate(names, first):
            self._write_group(place, key, name, (first, bottom), clients)
        self._write_totals(first, bottom, clients)
        if names:
            self._add_chart(
                (first, bottom - 1),
                title,
                names,
                [clients.groups[key][name].sums["total_value"] for name in names],
            )
        return bottom + _CHART_ROWS + 3

    def _write_group(self, row, key, name, rows, clients: Clients) -> None:
        book, sheet = self.book, self.sheet
        group: Group = clients.groups[key][name]
        total = rows[1] + 1
        book.write_cell(sheet, row, 0, name or book.labels["no_name"], "text")
        area = self._area(key, clients)
        match = self._match(row, name)
        book.write_formula(
            sheet, row, 1, f"COUNTIFS({area},{match})", group.clients, "integer"
        )
        whole = (f"B{row + 1}", f"B${total}")
        counts = (group.clients, clients.count)
        book.write_ratio(sheet, row, 2, whole, counts, "share")
        for column, summed in enumerate(self.sums, 3):
            formula = f"SUMIFS({self._area(summed, clients)},{area},{match})"
            book.write_formula(sheet, row, column, formula, group.sums[summed], "money")
        value = group.sums["total_value"]
        self._write_value_shares(row, total, value, group.clients, clients)

    def _write_value_shares(self, row, total, value, count, clients: Clients) -> None:
        book, sheet = self.book, self.sheet
        column = 2 + len(self.sums)
        own = xl_rowcol_to_cell(row, column)
        whole = xl_rowcol_to_cell(total - 1, column, row_abs=True)
        values = (value, clients.sums["total_value"])
        book.write_ratio(sheet, row, column + 1, (own, whole), values, "share")
        cells = (own, f"B{row + 1}")
        book.write_ratio(sheet, row, column + 2, cells, (value, count), "money")

    def _match(self, row: int, name: str) -> str:
        """Return the criterion: the cell with the name, or an empty one."""
        # With an operator before it, a name is no pattern and no comparison.
        return f'"="&$A{row + 1}' if name else '"="'

    def _write_totals(self, first: int, row: int, clients: Clients) -> None:
        book, sheet = self.book, self.sheet
        book.write_cell(sheet, row, 0, book.labels["total"], "text_total")
        rows = (first, row)
        book.write_sum(sheet, rows, 1, clients.count, "integer_total")
        book.write_cell(sheet, row, 2, "", "text_total")
        for column, summed in enumerate(self.sums, 3):
            book.write_sum(sheet, rows, column, clients.sums[summed])
        for column in (3 + len(self.sums), 4 + len(self.sums)):
            book.write_cell(sheet, row, column, "", "text_total")

    def _add_chart(self, rows, title, names, values) -> None:
        book = self.book
        chart = book.add_chart("column", title)
        cached = ([name or book.labels["no_name"] for name in names], values)
        book.add_series(
            chart,
            self.sheet,
            rows,
            (0, 2 + len(self.sums)),
            cached,
            book.labels["total_value"],
        )
        self.sheet.insert_chart(rows[1] + 3, 0, chart, {"x_scale": 1.5})


class TiersSheet(GroupSheet):
    """By tier, by stage, by activity, and the matrix of stage and tier."""

    key = "sheet_tiers"

    # no model: there is no `super` to call
    # pylint: disable-next=method-required-super
    def write(self, clients: Clients) -> None:
        data = self.book.data
        self.book.freeze_header(self.sheet)
        row = self._write_table(HEADER_ROW, "tier", "by_tier", data.tiers, clients)
        row = self._write_table(row, "stage", "by_stage", data.stages, clients)
        row = self._write_table(row, "band", "by_band", data.bands, clients)
        stages = self._get_names("stage", data.stages, clients)
        tiers = self._get_names("tier", data.tiers, clients)
        row = self._write_matrix(row, "stage_by_tier", "", stages, tiers, clients)
        self._write_matrix(
            row, "stage_by_tier_value", "total_value", stages, tiers, clients
        )

    def _write_matrix(
        self, row: int, title: str, summed: str, stages, tiers, clients: Clients
    ) -> int:
        """Write stages down and tiers across: clients, or the sum of a column."""
        book, sheet = self.book, self.sheet
        kind = "money" if summed else "integer"
        blank = book.labels["no_name"]
        book.write_section(sheet, row - 1, title)
        heads = [tier or blank for tier in tiers] + [book.labels["total"]]
        book.write_header(sheet, row, [book.labels["stage"], *heads])
        areas = [self._area(key, clients) for key in ("stage", "tier")]
        first, head, last = row + 1, row, len(tiers)
        for place, stage in enumerate(stages, first):
            book.write_cell(sheet, place, 0, stage or blank, "text")
            whole = Decimal(0)
            for column, tier in enumerate(tiers, 1):
                amount = self._get_cell(clients, stage, tier, summed)
                whole += amount
                across = xl_rowcol_to_cell(head, column, row_abs=True)
                match = f'"="&{across}' if tier else '"="'
                criteria = f"{areas[0]},{self._match(place, stage)},{areas[1]},{match}"
                formula = (
                    f"SUMIFS({self._area(summed, clients)},{criteria})"
                    if summed
                    else f"COUNTIFS({criteria})"
                )
                book.write_formula(sheet, place, column, formula, amount, kind)
            left, right = (xl_rowcol_to_cell(place, end) for end in (1, last))
            book.write_formula(
                sheet, place, last + 1, f"SUM({left}:{right})", whole, f"{kind}_total"
            )
        bottom = first + len(stages)
        book.write_cell(sheet, bottom, 0, book.labels["total"], "text_total")
        for column, tier in enumerate((*tiers, None), 1):
            amount = sum(
                self._get_cell(clients, stage, name, summed)
                for stage in stages
                for name in (tiers if tier is None else (tier,))
            )
            book.write_sum(sheet, (first, bottom), column, amount, f"{kind}_total")
        return bottom + 4

    def _get_cell(self, clients: Clients, stage: str, tier: str, summed: str):
        group = clients.groups["stage_tier"].get((stage, tier))
        if group is None:
            return Decimal(0)
        return group.sums[summed] if summed else Decimal(group.clients)


class SegmentsSheet(GroupSheet):
    key = "sheet_segments"

    # no model: there is no `super` to call
    # pylint: disable-next=method-required-super
    def write(self, clients: Clients) -> None:
        self.book.freeze_header(self.sheet)
        order = self.book.data.segments
        self._write_table(HEADER_ROW, "segment", "by_segment", order, clients)
