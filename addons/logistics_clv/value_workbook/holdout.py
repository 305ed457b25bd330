"""The Holdout sheet: what was predicted for the last months beside what happened."""

from .book import FIRST_ROW, HEADER_ROW, Book
from .data import HoldoutData

_MEASURES = (
    ("mae", "quantity"),
    ("rmse", "quantity"),
    ("ratio", "measure"),
    ("correlation", "measure"),
    ("spearman", "measure"),
    ("gini", "measure"),
    ("top_decile", "share"),
)
_CHART_ROWS = 16


class HoldoutSheet:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet = book.add_sheet("sheet_holdout", (28, *(16 for _key in range(7))))

    # no model: there is no `super` to call
    # pylint: disable-next=method-required-super
    def write(self) -> None:
        book, sheet = self.book, self.sheet
        book.freeze_header(sheet)
        if not book.data.holdouts:
            keys = ("decile", "clients", "predicted", "actual", "ratio")
            book.write_header(sheet, HEADER_ROW, (book.labels[key] for key in keys))
            text = book.labels["no_holdout"]
            book.write_cell(sheet, FIRST_ROW, 0, text, "text")
            return
        row = HEADER_ROW
        for holdout in book.data.holdouts:
            row = self._write_holdout(row, holdout) + 2

    def _write_holdout(self, row: int, holdout: HoldoutData) -> int:
        book, sheet = self.book, self.sheet
        labels = [f"{holdout.measure}: {book.labels['decile']}"]
        labels += [book.labels[key] for key in ("clients", "predicted", "actual")]
        book.write_header(sheet, row, [*labels, book.labels["ratio"]])
        row = self._write_deciles(row + 1, holdout)
        row = self._write_accuracies(row + _CHART_ROWS, holdout)
        for line in holdout.facts:
            book.write_cell(sheet, row, 0, line.name, "text")
            kind = "parameter" if isinstance(line.value, str) else "measure"
            book.write_cell(sheet, row, 1, line.value, kind)
            book.write_cell(sheet, row, 2, line.remark, "text")
            row += 1
        return row

    def _write_deciles(self, first: int, holdout: HoldoutData) -> int:
        book, sheet = self.book, self.sheet
        kind = "money" if holdout.is_money else "quantity"
        row = first
        for line in holdout.deciles:
            book.write_cell(sheet, row, 0, line.number, "parameter")
            book.write_cell(sheet, row, 1, line.clients, "integer")
            book.write_cell(sheet, row, 2, line.predicted, kind)
            book.write_cell(sheet, row, 3, line.actual, kind)
            values = (line.predicted, line.actual)
            cells = (f"C{row + 1}", f"D{row + 1}")
            book.write_ratio(sheet, row, 4, cells, values, "measure")
            row += 1
        book.write_cell(sheet, row, 0, book.labels["total"], "text_total")
        sums = [
            sum(getattr(line, key) for line in holdout.deciles)
            for key in ("clients", "predicted", "actual")
        ]
        kinds = ("integer_total", f"{kind}_total", f"{kind}_total")
        for column, (total, style) in enumerate(zip(sums, kinds, strict=True), 1):
            book.write_sum(sheet, (first, row), column, total, style)
        cells = (f"C{row + 1}", f"D{row + 1}")
        book.write_ratio(sheet, row, 4, cells, (sums[1], sums[2]), "measure")
        if holdout.deciles:
            self._add_chart(first, row, holdout)
        return row + 2

    def _add_chart(self, first: int, bottom: int, holdout: HoldoutData) -> None:
        book = self.book
        chart = book.add_chart("column", "decile", legend=True)
        chart.set_title({"name": holdout.measure, "name_font": {"size": 12}})
        chart.set_x_axis({"name": book.labels["decile"], "label_position": "low"})
        if not holdout.is_money:
            chart.set_y_axis(
                {"num_format": "#,##0", "major_gridlines": {"visible": True}}
            )
        numbers = [line.number for line in holdout.deciles]
        for column, key in ((2, "predicted"), (3, "actual")):
            values = [getattr(line, key) for line in holdout.deciles]
            book.add_series(
                chart,
                self.sheet,
                (first, bottom - 1),
                (0, column),
                (numbers, values),
                book.labels[key],
            )
        self.sheet.insert_chart(bottom + 2, 0, chart, {"x_scale": 1.4})

    def _write_accuracies(self, row: int, holdout: HoldoutData) -> int:
        book, sheet = self.book, self.sheet
        keys = ("forecast", *(key for key, _kind in _MEASURES))
        book.write_header(sheet, row, (book.labels[key] for key in keys))
        for line in holdout.accuracies:
            row += 1
            book.write_cell(sheet, row, 0, line.forecast, "text")
            for column, (key, kind) in enumerate(_MEASURES, 1):
                style = kind
                if holdout.is_money and key in ("mae", "rmse"):
                    style = "money"
                book.write_cell(sheet, row, column, getattr(line, key), style)
        return row + 2
