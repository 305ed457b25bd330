"""Errors and remarks of one sheet, as they are found."""

from collections.abc import Hashable

from odoo.addons.logistics_crm.sheet_files import Remark, column_letter

from .errors import CellError
from .values import ValueProblem


class Report:
    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.errors: list[CellError] = []
        self.remarks: list[Remark] = []
        self.said: set[Hashable] = set()

    def error(
        self, row: int | None, column: int | None, code: str, **params: object
    ) -> None:
        letter = column_letter(column) if column else None
        self.errors.append(CellError(self.sheet, row, letter, code, params))

    def problem(self, row: int, column: int | None, problem: ValueProblem) -> None:
        self.error(row, column, problem.code, **problem.params)

    def remark(
        self, row: int | None, column: int | None, code: str, **params: object
    ) -> None:
        letter = column_letter(column) if column else None
        self.remarks.append(Remark(self.sheet, row, letter, code, params))

    def once(self, *what: Hashable) -> bool:
        """Say whether this is the first time that it is asked."""
        if what in self.said:
            return False
        self.said.add(what)
        return True
