"""The Cohorts sheet: what became of the clients who began in the same quarter."""

from collections.abc import Callable
from decimal import Decimal

from xlsxwriter.utility import xl_rowcol_to_cell

from .book import FIRST_ROW, HEADER_ROW, Book, decimal
from .data import CohortCell

_CHART_ROWS = 17


class CohortsSheet:
    """Retention and contribution as tables with a heat map, and two charts."""

    def __init__(self, book: Book) -> None:
        self.book = book
        cells = book.data.cohorts
        self.cells = {(cell.cohort, cell.offset): cell for cell in cells}
        self.cohorts = list(dict.fromkeys(cell.cohort for cell in cells))
        self.quarters = max((cell.offset for cell in cells), default=-1) + 1
        self.sizes = {cell.cohort: cell.size for cell in cells}
        # A cohort has as many quarters as have passed since it began.
        self.ages = {
            cohort: max(cell.offset for cell in cells if cell.cohort == cohort) + 1
            for cohort in self.cohorts
        }
        widths = (16, 10, *(15 for _quarter in range(self.quarters)))
        self.sheet = book.add_sheet("sheet_cohorts", widths)

    # no model: there is no `super` to call
    # pylint: disable-next=method-required-super
    def write(self) -> None:
        sheet = self.sheet
        self._write_head(HEADER_ROW)
        sheet.freeze_panes(FIRST_ROW, 2)
        sheet.repeat_rows(HEADER_ROW)
        # Clients first: the shares divide these counts.
        first = FIRST_ROW
        counts = self._write_table(first, lambda cell: cell.active, "integer")
        row = self._start(counts + 2, "cohort_retention")
        share = self._write_shares(row, first, "share")
        self._colour(row, share - 1, "#FFFFFF", "#3E9B6E")
        chart_row = share + 2
        self._add_chart(row, share, chart_row, "retention_chart")
        row = self._start(chart_row + _CHART_ROWS, "cohort_contribution")
        money = self._write_table(row, lambda cell: cell.contribution, "money")
        self._colour(row, money - 1, "#F4B6AF", "#8FD0AE", middle=True)
        contribution = row
        row = self._start(money + 2, "cohort_cumulative")
        last = self._write_cumulative(row, contribution)
        self._add_chart(row, last, last + 1, "cohort_cumulative", money=True)

    def _write_head(self, row: int) -> None:
        labels = [self.book.labels["cohort"], self.book.labels["clients"]]
        labels += [str(quarter) for quarter in range(self.quarters)]
        self.book.write_header(self.sheet, row, labels)

    def _start(self, row: int, key: str) -> int:
        self.book.write_section(self.sheet, row, key)
        self._write_head(row + 1)
        return row + 2

    def _write_table(
        self, row: int, read: Callable[[CohortCell], object], kind: str
    ) -> int:
        """Write numbers and their total by quarter; return the row of the total."""
        book, sheet = self.book, self.sheet
        first = row
        for cohort in self.cohorts:
            self._write_cohort(row, cohort)
            for offset in range(self.ages[cohort]):
                cell = self.cells.get((cohort, offset))
                value = read(cell) if cell else 0
                book.write_cell(sheet, row, 2 + offset, value, kind)
            row += 1
        book.write_cell(sheet, row, 0, book.labels["total"], "text_total")
        size = sum(self.sizes.values())
        book.write_sum(sheet, (first, row), 1, size, "integer_total")
        for offset in range(self.quarters):
            total = sum(
                (decimal(read(cell)) for cell in self._column(offset)), Decimal(0)
            )
            book.write_sum(sheet, (first, row), 2 + offset, total, f"{kind}_total")
        return row

    def _write_cohort(self, row: int, cohort: str) -> None:
        self.book.write_cell(self.sheet, row, 0, cohort, "text")
        self.book.write_cell(self.sheet, row, 1, self.sizes[cohort], "integer")

    def _column(self, offset: int) -> list[CohortCell]:
        return [
            self.cells[cohort, offset]
            for cohort in self.cohorts
            if (cohort, offset) in self.cells
        ]

    def _write_shares(self, row: int, counts: int, kind: str) -> int:
        """Write what share of each cohort still orders, and of all old enough."""
        book, sheet = self.book, self.sheet
        first = row
        for index, cohort in enumerate(self.cohorts):
            self._write_cohort(row, cohort)
            for offset in range(self.ages[cohort]):
                cell = self.cells.get((cohort, offset))
                cells = (xl_rowcol_to_cell(counts + index, 2 + offset), f"$B{row + 1}")
                values = (cell.active if cell else 0, self.sizes[cohort])
                book.write_ratio(sheet, row, 2 + offset, cells, values, kind)
            row += 1
        book.write_cell(sheet, row, 0, book.labels["all_cohorts"], "text_total")
        book.write_cell(sheet, row, 1, "", "text_total")
        for offset in range(self.quarters):
            part = xl_rowcol_to_cell(counts + len(self.cohorts), 2 + offset)
            whole = self._sum_of_old(first, offset)
            sizes = sum(self.sizes[name] for name in self._old(offset))
            active = sum(cell.active for cell in self._column(offset))
            book.write_ratio(
                sheet,
                row,
                2 + offset,
                (part, whole),
                (active, sizes),
                f"{kind}_total",
            )
        return row

    def _old(self, offset: int) -> list[str]:
        return [cohort for cohort in self.cohorts if self.ages[cohort] > offset]

    def _sum_of_old(self, first: int, offset: int) -> str:
        """Return a formula: clients of the cohorts that have come so far."""
        rows = [
            first + index
            for index, cohort in enumerate(self.cohorts)
            if self.ages[cohort] > offset
        ]
        return f"SUM($B{rows[0] + 1}:$B{rows[-1] + 1})"

    def _write_cumulative(self, row: int, money: int) -> int:
        """Write contribution per client so far; return the row after the last."""
        book, sheet = self.book, self.sheet
        for index, cohort in enumerate(self.cohorts):
            self._write_cohort(row, cohort)
            so_far = Decimal(0)
            for offset in range(self.ages[cohort]):
                cell = self.cells.get((cohort, offset))
                so_far += decimal(cell.contribution) if cell else 0
                start, end = (
                    xl_rowcol_to_cell(money + index, column, col_abs=True)
                    for column in (2, 2 + offset)
                )
                book.write_formula(
                    sheet,
                    row,
                    2 + offset,
                    f"SUM({start}:{end})/$B{row + 1}",
                    float(so_far) / self.sizes[cohort],
                    "money",
                )
            row += 1
        return row

    def _colour(self, first, last, low, high, middle=False) -> None:
        """Make a heat map of the rows."""
        if last < first or not self.quarters:
            return
        scale = {"type": "2_color_scale", "min_color": low, "max_color": high}
        if middle:
            scale |= {"type": "3_color_scale", "mid_color": "#FFFFFF"}
            scale |= {"mid_type": "num", "mid_value": 0}
        self.sheet.conditional_format(first, 2, last, 1 + self.quarters, scale)

    def _add_chart(self, first, last, row, title, *, money=False) -> None:
        """Draw a line for each of the last eight cohorts, or one for all of them."""
        if not self.quarters or last <= first:
            return
        book, sheet = self.book, self.sheet
        chart = book.add_chart("line", title, money=money, legend=True)
        shown = range(max(first, last - 8), last) if money else range(last, last + 1)
        for line in shown:
            name = self.cohorts[line - first] if money else book.labels["all_cohorts"]
            chart.add_series(
                {
                    "name": name,
                    "categories": [
                        sheet.get_name(), HEADER_ROW, 2, HEADER_ROW, 1 + self.quarters
                    ],
                    "values": [sheet.get_name(), line, 2, line, 1 + self.quarters],
                    "categories_data": list(range(self.quarters)),
                }
            )  # fmt: skip
        chart.set_x_axis({"name": book.labels["quarter"], "label_position": "low"})
        sheet.insert_chart(row, 0, chart, {"x_scale": 1.5, "y_scale": 1.05})
