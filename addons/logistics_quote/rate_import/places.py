"""Ports and airports as carriers write them."""

import re
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

ResolveLocation = Callable[[str], Hashable | None]

MAX_LABEL = 1_000  # a longer text is no list of ports
_SEPARATORS = (r"\s*[/;|\n]\s*", r"\s+(?:&|\+|AND|OR|OU)\s+")
_CODE_IN_BRACKETS = re.compile(r"(.*?)\s*[(\[]\s*([^)\]]*?)\s*[)\]]\s*(.*)", re.DOTALL)
_FOOTNOTE_MARK = re.compile(r"[*†‡¹²³\s]+$")


@dataclass(frozen=True, slots=True)
class Place:
    """One place named in a cell; ``used`` is the part of the label that was known."""

    label: str
    key: Hashable | None
    used: str = ""

    @property
    def is_shortened(self) -> bool:
        """The country or state behind a comma was left out to find it."""
        return self.key is not None and "," in self.label and "," not in self.used


@dataclass
class PlaceFinder:
    """Find all places of a cell; labels are looked up once each."""

    resolve: ResolveLocation
    known: dict[str, Hashable | None] = field(default_factory=dict)

    def find(self, text: str) -> list[Place]:
        """Return the places of a cell such as "SHANGHAI/NINGBO", each once."""
        if len(text) > MAX_LABEL:
            return [Place(f"{text[:60]}…", None)]
        text = _FOOTNOTE_MARK.sub("", text.strip())
        whole = self.find_one(text)
        if whole.key is not None:
            return [whole]
        for separator in _SEPARATORS:
            parts = [
                part
                for part in re.split(separator, text, flags=re.IGNORECASE)
                if part.strip()
            ]
            if len(parts) > 1:
                return self.unique(
                    [place for part in parts for place in self.find(part)]
                )
        parts = [part.strip() for part in text.split(",") if part.strip()]
        places = [self.find_one(part) for part in parts]
        if len(places) > 1 and all(place.key is not None for place in places):
            return self.unique(places)
        if len(places) > 1 and places[0].key is not None:
            return [Place(text, places[0].key, parts[0])]
        return [whole]

    def find_one(self, label: str) -> Place:
        for form in self.forms(label):
            key = self.look_up(form)
            if key is not None:
                return Place(label, key, form)
        return Place(label, None)

    def forms(self, label: str) -> list[str]:
        """Ways to read one place: "Shanghai (CNSHA)", "CNSHA - Shanghai"."""
        label = _FOOTNOTE_MARK.sub("", " ".join(label.split()))
        forms = [label]
        if found := _CODE_IN_BRACKETS.fullmatch(label):
            before, inside, after = found.groups()
            outside = f"{before} {after}".strip()
            is_code = re.fullmatch(r"[A-Z0-9]{3,5}", inside)
            forms += [inside, outside] if is_code else [outside]
        before, sign, after = label.partition(" - ")
        if sign:
            for part in (before.strip(), after.strip()):
                if re.fullmatch(r"[A-Z]{2} ?[A-Z2-9]{3}|[A-Z]{3}", part):
                    forms.append(part)
        return [form for form in dict.fromkeys(forms) if form]

    def look_up(self, label: str) -> Hashable | None:
        if label not in self.known:
            self.known[label] = self.resolve(label)
        return self.known[label]

    @staticmethod
    def unique(places: list[Place]) -> list[Place]:
        by_key = {}
        for place in places:
            by_key.setdefault(place.label if place.key is None else place.key, place)
        return list(by_key.values())
