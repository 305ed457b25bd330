"""Errors and notes of the package: a code and its parameters, never a sentence."""

from dataclasses import dataclass, field
from typing import Any


class ValuationError(Exception):
    """Input that cannot be valued; the caller turns ``code`` into a sentence.

    Codes: ``shape_mismatch`` (expected, got, name), ``not_finite`` (name),
    ``negative`` (name), ``no_data``, ``not_positive`` (name), ``bad_rate`` (rate),
    ``bad_horizon`` (months), ``bad_k`` (k), ``bad_history``, ``bad_month``
    (month), ``borders_unordered``, ``bad_share``, ``bad_margin``,
    ``bad_formula`` (at, found).
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        details = ", ".join(f"{key}={value}" for key, value in self.params.items())
        return f"{self.code} ({details})" if details else self.code


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader of a result must know; ``code`` is to be translated."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)
