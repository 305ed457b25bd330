"""The Reconciliation sheet: the accounts beside the ledger, and what differs."""

from .book import FIRST_ROW, HEADER_ROW, Book, decimal

_SIDES = ("income_booked", "income_ledger", "cost_booked", "cost_ledger")


class ReconciliationSheet:
    """By month, by reason, and document by document."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet = book.add_sheet(
            "sheet_reconciliation", (18, 30, 20, 20, 20, 20, 44)
        )

    # no model: there is no `super` to call
    # pylint: disable-next=method-required-super
    def write(self) -> None:
        book = self.book
        book.freeze_header(self.sheet)
        row = self._write_periods()
        row = self._write_categories(row + 3)
        self._write_differences(row + 3)

    def _write_periods(self) -> int:
        """Write both sides of each month; return the row of the totals."""
        book, sheet = self.book, self.sheet
        keys = ("period", "income_booked", "income_ledger", "difference")
        keys += ("cost_booked", "cost_ledger", "difference")
        book.write_header(sheet, HEADER_ROW, (book.labels[key] for key in keys))
        row = FIRST_ROW
        for line in book.data.periods:
            book.write_cell(sheet, row, 0, line.period, "month")
            self._write_sides(row, [getattr(line, side) for side in _SIDES], "money")
            row += 1
        sums = [
            sum(decimal(getattr(line, side)) for line in book.data.periods)
            for side in _SIDES
        ]
        book.write_cell(sheet, row, 0, book.labels["total"], "text_total")
        rows = (FIRST_ROW, row)
        for column, total in zip((1, 2, 4, 5), sums, strict=True):
            book.write_sum(sheet, rows, column, total)
        for column, left in ((3, 0), (6, 2)):
            book.write_difference(
                sheet,
                row,
                column,
                (column - 2, column - 1),
                (sums[left], sums[left + 1]),
                "money_total",
            )
        if book.data.periods:
            chart = book.add_chart("column", "by_period", legend=True)
            months = [line.period.strftime("%Y-%m") for line in book.data.periods]
            for column, side in ((1, "income_booked"), (2, "income_ledger")):
                values = [getattr(line, side) for line in book.data.periods]
                name = book.labels[side]
                last = (FIRST_ROW, row - 1)
                cached = (months, values)
                book.add_series(chart, sheet, last, (0, column), cached, name)
            sheet.insert_chart(HEADER_ROW, 8, chart, {"x_scale": 1.4})
        return row

    def _write_sides(self, row: int, values: list, kind: str) -> None:
        book, sheet = self.book, self.sheet
        for column, value in zip((1, 2, 4, 5), values, strict=True):
            book.write_cell(sheet, row, column, value, kind)
        for column, left in ((3, 0), (6, 2)):
            pair = (values[left], values[left + 1])
            book.write_difference(sheet, row, column, (column - 2, column - 1), pair)

    def _write_categories(self, row: int) -> int:
        book, sheet = self.book, self.sheet
        book.write_section(sheet, row - 1, "by_category")
        keys = ("account", "account_name", "booked", "ledger", "difference", "reason")
        book.write_header(sheet, row, (book.labels[key] for key in keys))
        first = row = row + 1
        booked = ledger = decimal(0)
        for line in book.data.reconciliation:
            values = (line.account, line.name, line.booked, line.ledger)
            kinds = ("text", "text", "money", "money")
            for column, (value, kind) in enumerate(zip(values, kinds, strict=True)):
                book.write_cell(sheet, row, column, value, kind)
            pair = (line.booked, line.ledger)
            book.write_difference(sheet, row, 4, (2, 3), pair)
            book.write_cell(sheet, row, 5, line.reason, "text")
            booked += decimal(line.booked)
            ledger += decimal(line.ledger)
            row += 1
        book.write_cell(sheet, row, 0, book.labels["total"], "text_total")
        book.write_cell(sheet, row, 1, "", "text_total")
        book.write_sum(sheet, (first, row), 2, booked)
        book.write_sum(sheet, (first, row), 3, ledger)
        pair = (booked, ledger)
        book.write_difference(sheet, row, 4, (2, 3), pair, "money_total")
        return row

    def _write_differences(self, row: int) -> None:
        book, sheet = self.book, self.sheet
        if not book.data.differences:
            return
        book.write_section(sheet, row - 1, "differences")
        keys = ("date", "document", "booked", "ledger", "difference", "partner")
        book.write_header(sheet, row, (book.labels[key] for key in (*keys, "reason")))
        for line in book.data.differences:
            row += 1
            book.write_cell(sheet, row, 0, line.date, "date")
            book.write_cell(sheet, row, 1, line.document, "text")
            book.write_cell(sheet, row, 2, line.booked, "money")
            book.write_cell(sheet, row, 3, line.ledger, "money")
            pair = (line.booked, line.ledger)
            book.write_difference(sheet, row, 4, (2, 3), pair)
            book.write_cell(sheet, row, 5, line.partner, "text")
            reason = f"{line.account}: {line.reason}"
            book.write_cell(sheet, row, 6, reason, "text")
        if book.data.has_more_differences:
            text = book.labels["more_differences"]
            book.write_cell(sheet, row + 1, 0, text, "text")
