"""What can be wrong with a whole file, and what a person should see of it."""

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


@dataclass(frozen=True, slots=True)
class Remark:
    """Something that a person should see though it is no error.

    Codes of the readers: ``cell_comment``, ``hidden_sheet``, ``hidden_rows``,
    ``hidden_columns``, ``encoding_guessed``; whoever makes sense of the cells adds own.
    """

    sheet: str
    row: int | None
    column: str | None
    code: str
    params: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return str(self.params.get("text", ""))
