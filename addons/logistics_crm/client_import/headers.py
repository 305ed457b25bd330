"""Find the headings of a table, and what its columns are."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from .targets import TARGETS, Kind, missing_targets

MAX_HEADER_ROW = 30
_PUNCTUATION = re.compile(r"[\W_]+")


def label_key(label: object) -> str:
    """Return a heading without case, width, blanks and punctuation."""
    text = unicodedata.normalize("NFKC", str(label or "")).casefold()
    return _PUNCTUATION.sub("", text)


_FIELD_BY_KEY = {
    kind: {
        label_key(heading): name
        for name, target in reversed(targets.items())
        for heading in target.headings
    }
    for kind, targets in TARGETS.items()
}
_NAME_HINTS = {
    Kind.CONTACT: ("contact", "联系人", "person"),
    Kind.LANE: ("lane", "航线", "线路"),
}


@dataclass(frozen=True, slots=True)
class Mapping:
    """How a sheet is read: `columns` by index from 0, an unknown one is left out."""

    kind: Kind
    header_row: int
    labels: tuple[str, ...]
    columns: dict[int, str] = field(default_factory=dict)


def signature(labels: Sequence[str]) -> str:
    """Return what sheets with the same headings have in common."""
    text = "\n".join(label_key(label) for label in labels)
    return hashlib.sha256(text.encode()).hexdigest()


def guess_mapping(
    name: str, rows: Sequence[tuple[int, Sequence[object]]]
) -> Mapping | None:
    """Return the most likely reading of a sheet from its first rows, None if empty.

    The headings are the row that has most known ones; a title above them and a merged
    group heading do not matter. Without a known heading it is the first row with two
    texts, for a person to say what its columns are.
    """
    best: Mapping | None = None
    for number, values in rows[:MAX_HEADER_ROW]:
        labels = tuple(str(value) if value is not None else "" for value in values)
        if sum(bool(label) for label in labels) < 2:
            continue
        for kind in _kinds_in_order(name):
            columns = _match(kind, labels)
            found = Mapping(kind, number, labels, columns)
            if best is None or _rank(found) > _rank(best):
                best = found
    return best


def _kinds_in_order(name: str) -> list[Kind]:
    """Return the kinds, that of the sheet's own name first: it wins a draw."""
    key = label_key(name)
    hinted = [
        kind
        for kind, hints in _NAME_HINTS.items()
        if any(hint in key for hint in hints)
    ]
    return hinted + [kind for kind in Kind if kind not in hinted]


def _match(kind: Kind, labels: Sequence[str]) -> dict[int, str]:
    columns: dict[int, str] = {}
    for index, label in enumerate(labels):
        name = _FIELD_BY_KEY[kind].get(label_key(label))
        if name and name not in columns.values():
            columns[index] = name
    return columns


def _rank(mapping: Mapping) -> tuple[bool, int]:
    complete = not missing_targets(mapping.kind, mapping.columns.values())
    return complete, len(mapping.columns)
