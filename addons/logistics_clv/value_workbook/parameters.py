"""The Parameters sheet: what the values rest on, and the models' parameters."""

from datetime import date

from .book import FIRST_ROW, HEADER_ROW, Book


class ParametersSheet:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet = book.add_sheet("sheet_parameters", (40, 24, 30, 18, 18, 12))

    # no model: there is no `super` to call
    # pylint: disable-next=method-required-super
    def write(self) -> None:
        book, sheet = self.book, self.sheet
        keys = ("parameter", "value", "remark")
        book.write_header(sheet, HEADER_ROW, (book.labels[key] for key in keys))
        book.freeze_header(sheet)
        row = FIRST_ROW
        for line in book.data.parameters:
            kind = "date" if isinstance(line.value, date) else "parameter"
            book.write_cell(sheet, row, 0, line.name, "text")
            book.write_cell(sheet, row, 1, line.value, kind)
            book.write_cell(sheet, row, 2, line.remark, "text")
            row += 1
        if book.data.fits:
            self._write_fits(row + 1)

    def _write_fits(self, row: int) -> None:
        book, sheet = self.book, self.sheet
        keys = ("fit", "parameter", "value", "standard_error")
        keys += ("log_likelihood", "observations")
        book.write_header(sheet, row, (book.labels[key] for key in keys))
        for line in book.data.fits:
            row += 1
            for column, (value, kind) in enumerate(
                (
                    (line.fit, "text"),
                    (line.parameter, "text"),
                    (line.value, "parameter"),
                    (line.standard_error, "parameter"),
                    (line.log_likelihood, "parameter"),
                    (line.observations, "integer"),
                )
            ):
                book.write_cell(sheet, row, column, value, kind)
