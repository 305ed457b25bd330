"""The Summary sheet: the totals beside the ledger's own, and the best clients."""

from xlsxwriter.utility import xl_rowcol_to_cell

from .book import FIRST_ROW, HEADER_ROW, Book, decimal
from .clients import Clients
from .columns import SUMS

_CHART_ROWS = 20
_PARTS = (
    "contribution", "current_value", "total_value", "potential", "lifetime_value"
)  # fmt: skip


class SummarySheet:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet = book.add_sheet("sheet_summary", (40, 20, 20, 18, 18, 18))

    # no model: there is no `super` to call
    # pylint: disable-next=method-required-super
    def write(self, clients: Clients) -> None:
        book, sheet = self.book, self.sheet
        keys = ("figure", "this_workbook", "value_ledger_total", "difference")
        book.write_header(sheet, HEADER_ROW, (book.labels[key] for key in keys))
        book.freeze_header(sheet, columns=0)
        rows = self._write_figures(clients)
        row = self._write_notes(max(rows.values()) + 1)
        # Tables stand below the charts that show them.
        self._add_parts_chart(row, rows, clients)
        self._write_top(row, row + _CHART_ROWS, clients)

    def _write_figures(self, clients: Clients) -> dict[str, int]:
        """Write each total with the ledger's own figure beside it; return the rows."""
        book, sheet = self.book, self.sheet
        where = book.names["sheet_clients"]
        controls = self._get_controls()
        row = FIRST_ROW
        area = f"{where}!$A${FIRST_ROW + 1}:$A${clients.last}"
        book.write_cell(sheet, row, 0, book.labels["clients"], "text")
        book.write_formula(
            sheet,
            row,
            1,
            f"COUNTA({area})" if clients.count else "0",
            clients.count,
            "integer",
        )
        rows = {}
        for key in book.columns.summed:
            row += 1
            rows[key] = row
            kind = "integer" if key == "order_days" else "money"
            letter = book.columns.letter(key)
            book.write_cell(sheet, row, 0, book.labels[key], "text")
            # SUM, for the total of the Clients sheet follows its filter.
            book.write_formula(
                sheet,
                row,
                1,
                f"SUM({where}!${letter}${FIRST_ROW + 1}:${letter}${clients.last})",
                clients.sums[key],
                kind,
            )
            if controls.get(key) is not None:
                book.write_cell(sheet, row, 2, controls[key], "money")
                book.write_difference(
                    sheet, row, 3, (1, 2), (clients.sums[key], controls[key])
                )
        return rows

    def _get_controls(self) -> dict:
        data = self.book.data
        controls = {"revenue": data.ledger_revenue, "direct_cost": data.ledger_cost}
        if None not in controls.values():
            controls["cost_to_serve"] = data.ledger_cost_to_serve
            controls["contribution"] = (
                decimal(data.ledger_revenue)
                - decimal(data.ledger_cost)
                - decimal(data.ledger_cost_to_serve)
            )
        return controls

    def _write_notes(self, row: int) -> int:
        book, sheet = self.book, self.sheet
        if book.data.notes:
            row += 1
            book.write_section(sheet, row, "notes")
            for note in book.data.notes:
                row += 1
                book.write_cell(sheet, row, 0, note, "text")
        return row + 2

    def _add_parts_chart(self, row, rows, clients: Clients) -> None:
        """Show the parts that add up to client value: rows that are not adjacent."""
        book, sheet = self.book, self.sheet
        if not clients.count:
            return
        keys = [key for key in _PARTS if key in book.columns]
        place = f"'{sheet.get_name().replace(chr(39), chr(39) * 2)}'"
        chart = book.add_chart("column", "value_by_part")
        names, values = (
            ",".join(
                f"{place}!{xl_rowcol_to_cell(rows[key], column, True, True)}"
                for key in keys
            )
            for column in (0, 1)
        )
        chart.add_series(
            {
                "name": book.labels["total_value"],
                "categories": f"=({names})",
                "values": f"=({values})",
                "categories_data": [book.labels[key] for key in keys],
                "values_data": [float(clients.sums[key]) for key in keys],
                "points": [
                    {"fill": {"color": "#2E4057" if key in SUMS else "#4A6FA5"}}
                    for key in keys
                ],
                "gap": 60,
            }
        )
        sheet.insert_chart(row, 0, chart, {"x_scale": 1.1, "y_scale": 1.25})

    def _write_top(self, charts_row: int, row: int, clients: Clients) -> None:
        """Write the clients of highest value and their column chart."""
        book, sheet = self.book, self.sheet
        where, letter = book.names["sheet_clients"], book.columns.letter("total_value")
        keys = ("top_clients", "total_value")
        book.write_header(sheet, row, (book.labels[key] for key in keys))
        for index, (value, negative_row, name) in enumerate(clients.top, row + 1):
            book.write_cell(sheet, index, 0, name, "text")
            book.write_formula(
                sheet, index, 1, f"{where}!{letter}{1 - negative_row}", value, "money"
            )
        if not clients.top:
            return
        chart = book.add_chart("column", "top_clients")
        book.add_series(
            chart,
            sheet,
            (row + 1, row + len(clients.top)),
            (0, 1),
            ([entry[2] for entry in clients.top], [entry[0] for entry in clients.top]),
            book.labels["total_value"],
        )
        options = {"x_scale": 1.2, "y_scale": 1.25, "x_offset": 15}
        sheet.insert_chart(charts_row, 3, chart, options)
