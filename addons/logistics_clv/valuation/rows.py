"""Check and condense the rows of a client base."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .errors import ValuationError

FloatArray = NDArray[np.float64]


def as_columns(**columns: ArrayLike) -> list[FloatArray]:
    """Return the named inputs as float arrays of one common length.

    :raises ValuationError: ``shape_mismatch`` or ``not_finite``, with the name
    """
    arrays = []
    length: int | None = None
    for name, column in columns.items():
        array = np.asarray(column, dtype=np.float64).ravel()
        length = len(array) if length is None else length
        if len(array) != length:
            raise ValuationError(
                "shape_mismatch", name=name, expected=length, got=len(array)
            )
        if not np.isfinite(array).all():
            raise ValuationError("not_finite", name=name)
        arrays.append(array)
    return arrays


def check_not_negative(**columns: FloatArray) -> None:
    """Refuse columns with a value below zero."""
    for name, column in columns.items():
        if column.size and column.min() < 0:
            raise ValuationError("negative", name=name)


def dot(left: FloatArray, right: FloatArray) -> float:
    """Multiply and add in one thread: the same digits on every machine, no waiting."""
    return float(np.einsum("i,i->", left, right))


def group_rows(
    columns: list[FloatArray], weights: FloatArray
) -> tuple[list[FloatArray], FloatArray]:
    """Merge identical rows and add up their weights; the order of rows is lost.

    The result depends only on the set of rows, never on how they were ordered, so
    that a fit gives the same digits whatever order the database returns.
    """
    order = np.lexsort(columns)
    columns = [column[order] for column in columns]
    changes = np.zeros(len(order), dtype=bool)
    changes[:1] = True
    for column in columns:
        changes[1:] |= column[1:] != column[:-1]
    starts = np.flatnonzero(changes)
    if len(starts) == 0:
        return columns, weights
    return [column[starts] for column in columns], np.add.reduceat(
        weights[order], starts
    )


def distinct_rows(
    columns: list[FloatArray],
) -> tuple[list[FloatArray], NDArray[np.intp]]:
    """Return distinct rows and, for every row, which of them it equals.

    Rows are brought together by one sort of a mixture of the columns. Should two
    different rows mix to the same number, a row may be returned twice: a little more
    work for the caller, never a wrong result.
    """
    mixture = np.zeros_like(columns[0])
    for index, column in enumerate(columns):
        mixture += column * np.sqrt(2.0 + index)
    order = np.argsort(mixture)
    ordered = [column[order] for column in columns]
    changes = np.zeros(len(order), dtype=bool)
    changes[:1] = True
    for column in ordered:
        changes[1:] |= column[1:] != column[:-1]
    which = np.empty(len(order), dtype=np.intp)
    which[order] = np.cumsum(changes) - 1
    return [column[changes] for column in ordered], which
