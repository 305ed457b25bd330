"""What can be wrong with one cell of a rate sheet, and what is to be done.

Remarks that the parser adds to those of the readers: ``note`` (title, section or
footnote text), ``row_note`` (the remarks column of a lane), ``column_not_read``,
``sheet_not_read``, ``lane_expired``, ``lane_twice``, ``lane_not_offered``,
``validity_missing``, ``currency_missing``, ``dollar_read_as_usd``, ``price_zero``,
``price_on_request``, ``days_as_text``, ``density_as_text``, ``location_shortened``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

# What the reader of the preview has to do about an error.
REMEDIES = {
    "layout_unknown": "name_the_columns",
    "location_unknown": "add_location_alias",
    "location_missing": "fill_cell",
    "container_unknown": "add_container_label",
    "price_unreadable": "correct_cell",
    "price_negative": "correct_cell",
    "price_count": "one_price_per_container_type",
    "price_missing": "fill_cell",
    "number_ambiguous": "enter_as_number",
    "currency_conflict": "one_currency_per_row",
    "currency_unknown": "correct_cell",
    "date_unreadable": "enter_as_date",
    "dates_reversed": "correct_cell",
    "days_unreadable": "enter_as_number",
    "formula_error": "correct_formula",
    "formula_not_calculated": "save_in_spreadsheet_program",
    "column_twice": "remove_column",
}


@dataclass(frozen=True, slots=True)
class CellError:
    """Something in the file that could not be used; column is a letter."""

    sheet: str
    row: int | None
    column: str | None
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def remedy(self) -> str:
        return REMEDIES[self.code]

    def __str__(self) -> str:
        place = f"{self.sheet}!{self.column or ''}{self.row or ''}"
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{place}: {self.code} ({details})"
