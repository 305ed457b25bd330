"""The Whale Curve sheet: who brings the value, and who takes it away again."""

import numpy as np

# by its full name: another pure package
# pylint: disable-next=odoo-addons-relative-import
from odoo.addons.logistics_clv.valuation.whale_curve import whale_curve

from .book import FIRST_ROW, HEADER_ROW, Book
from .clients import Clients

_POINTS = 50


class WhaleSheet:
    def __init__(self, book: Book) -> None:
        self.book = book
        self.sheet = book.add_sheet("sheet_whale", (16, 16, 22, 16, 4, 40, 18))

    # no model: there is no `super` to call
    # pylint: disable-next=method-required-super
    def write(self, clients: Clients) -> None:
        """Write the points of the curve; what it says stands beside them."""
        book, sheet = self.book, self.sheet
        keys = ("rank", "share_of_clients", "cumulative_value", "share_of_value")
        book.write_header(sheet, HEADER_ROW, (book.labels[key] for key in keys))
        book.freeze_header(sheet, columns=0)
        if not clients.count:
            return
        values = np.frombuffer(clients.values, dtype=float)
        curve = whale_curve(values, _POINTS)
        ranks = np.rint(curve.clients * len(values)).astype(int).tolist()
        cumulated = np.concatenate([[0.0], np.cumsum(np.sort(values)[::-1])])
        money = np.round(cumulated[ranks], book.data.decimals).tolist()
        shares = curve.profit.tolist()
        side = dict(enumerate(self._get_figures(clients, curve), FIRST_ROW))
        last = FIRST_ROW + len(ranks) - 1
        for row, (rank, amount, share) in enumerate(
            zip(ranks, money, shares, strict=True), FIRST_ROW
        ):
            book.write_cell(sheet, row, 0, rank, "integer")
            book.write_ratio(
                sheet,
                row,
                1,
                (f"A{row + 1}", f"$A${last + 1}"),
                (rank, ranks[-1]),
                "share",
            )
            book.write_cell(sheet, row, 2, amount, "money")
            whole = money[-1]
            book.write_formula(
                sheet,
                row,
                3,
                f'IF($C${last + 1}>0,C{row + 1}/$C${last + 1},"")',
                share if whole > 0 else "",
                "share",
            )
            self._write_figure(row, side.pop(row, None))
        for row in sorted(side):  # fewer points than figures
            self._write_figure(row, side[row])
        self._add_chart(last, (curve.clients.tolist(), shares), money)

    def _get_figures(self, clients: Clients, curve) -> list[tuple]:
        """Return label key, value, kind and formula of what stands beside the curve."""
        book = self.book
        letter = book.columns.letter("total_value")
        where = book.names["sheet_clients"]
        area = f"{where}!{letter}{FIRST_ROW + 1}:{letter}{clients.last}"
        places = book.data.decimals
        total = f"SUM({area})"
        last = FIRST_ROW + len(curve.clients)
        return [
            ("total_value", clients.sums["total_value"], "money", total),
            ("peak", _known(curve.peak), "share", None),
            ("peak_clients", _known(curve.peak_clients), "share", None),
            ("erosion", _known(curve.erosion), "share", None),
            ("check", 0, "money", f"ROUND({total}-C{last},{places})"),
        ]

    def _write_figure(self, row: int, figure: tuple | None) -> None:
        if figure is None:
            return
        book, sheet = self.book, self.sheet
        key, value, kind, formula = figure
        book.write_cell(sheet, row, 5, book.labels[key], "text")
        if formula:
            book.write_formula(sheet, row, 6, formula, value, kind)
        else:
            book.write_cell(sheet, row, 6, value, kind)

    def _add_chart(self, last: int, points: tuple[list, list], money: list) -> None:
        book, sheet = self.book, self.sheet
        in_money = money[-1] <= 0  # no total to be a share of
        chart = book.book.add_chart({"type": "scatter", "subtype": "straight"})
        chart.set_title({"name": book.labels["whale_curve"], "name_font": {"size": 12}})
        chart.set_legend({"none": True})
        chart.set_x_axis({"num_format": "0%", "min": 0, "max": 1})
        chart.set_y_axis(
            {
                "num_format": "#,##0" if in_money else "0%",
                "major_gridlines": {"visible": True, "line": {"color": "#DDDDDD"}},
            }
        )
        clients, shares = points
        book.add_series(
            chart,
            sheet,
            (FIRST_ROW, last),
            (1, 2 if in_money else 3),
            (clients, money if in_money else shares),
            book.labels["cumulative_value"],
        )
        options = {"x_scale": 1.3, "y_scale": 1.4}
        sheet.insert_chart(FIRST_ROW + 7, 5, chart, options)


def _known(value: float) -> float | None:
    return None if value != value else value
