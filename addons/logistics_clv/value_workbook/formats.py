"""Cell formats by kind."""

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook


def make_formats(
    book: Workbook, decimals: int, symbol: str, symbol_first: bool
) -> dict[str, Format]:
    """Return the formats; losses are red."""
    money = money_format(decimals, symbol, symbol_first)
    total = {"bold": True, "top": 1}
    options: dict[str, dict[str, Any]] = {
        "title": {"bold": True, "font_size": 14},
        "subtitle": {"italic": True, "font_color": "#555555"},
        "section": {"bold": True, "font_size": 12},
        "header": {
            "bold": True,
            "text_wrap": True,
            "valign": "top",
            "bottom": 1,
            "bg_color": "#E8EEF4",
        },
        "text": {},
        # Excel keeps it text even after somebody has edited the cell.
        "quoted": {"quote_prefix": True},
        "wrapped": {"text_wrap": True, "valign": "top"},
        "date": {"num_format": "yyyy-mm-dd", "align": "left"},
        "month": {"num_format": "yyyy-mm", "align": "left"},
        "integer": {"num_format": "#,##0"},
        "quantity": {"num_format": "#,##0.0"},
        "measure": {"num_format": "0.000"},
        "percent": {"num_format": "0%"},
        "share": {"num_format": "0.0%"},
        "parameter": {"num_format": "General", "align": "left"},
        "money": {"num_format": money},
    }
    options |= {
        f"{kind}_total": options[kind] | total
        for kind in ("text", "integer", "quantity", "percent", "share", "money")
    }
    return {kind: book.add_format(choice) for kind, choice in options.items()}


def money_format(decimals: int, symbol: str, symbol_first: bool) -> str:
    """Return the number format of a currency, e.g. ``#,##0.00 "€"``."""
    number = "#,##0" + ("." + "0" * decimals if decimals else "")
    positive, negative = number, f"-{number}"
    if symbol:
        bare = symbol.replace('"', "")
        quoted = f'"{bare}"'
        if symbol_first:
            positive, negative = f"{quoted} {number}", f"-{quoted} {number}"
        else:
            positive, negative = f"{number} {quoted}", f"-{number} {quoted}"
    return f"{positive};[Red]{negative}"
