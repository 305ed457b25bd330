"""What can be wrong: with a whole file, or with one cell of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class SheetError(Exception):
    """A file that cannot be read at all: a code to translate, and its parameters.

    Codes: ``empty_file``, ``file_too_large``, ``unpacks_too_large``, ``old_xls``,
    ``binary_workbook``, ``password_protected``, ``macro_file``, ``pdf_file``,
    ``html_file``, ``not_a_workbook``, ``not_text``, ``unsafe_file``, ``damaged_file``,
    ``too_many_cells``.
    """

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code, params)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


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


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a person should see though it is no error.

    Codes: ``note`` (title, section or footnote text), ``row_note`` (the remarks column
    of a lane), ``cell_comment``, ``hidden_sheet``, ``hidden_rows``, ``hidden_columns``,
    ``column_not_read``, ``sheet_not_read``, ``encoding_guessed``, ``lane_expired``,
    ``lane_twice``, ``lane_not_offered``, ``validity_missing``, ``currency_missing``,
    ``dollar_read_as_usd``, ``price_zero``, ``price_on_request``, ``days_as_text``,
    ``density_as_text``, ``location_shortened``.
    """

    sheet: str
    row: int | None
    column: str | None
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.params.get("text", ""))
