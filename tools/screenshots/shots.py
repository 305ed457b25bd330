"""The list of pictures: docs/screenshots.toml."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

MOBILE = (390, 844)


class BadShot(Exception):
    """A fault in the list that its author can mend."""


@dataclass(frozen=True, kw_only=True)
class Shot:
    """One picture; taken once for each of its languages."""

    name: str
    path: str
    login: str = "admin"
    password: str = ""  # empty: the same as the login, as in demo data
    languages: tuple[str, ...] = ()  # empty: as the user has it
    wait: tuple[str, ...] = ()  # selectors that must be visible
    click: tuple[str, ...] = ()  # selectors to click one after the other
    hide: tuple[str, ...] = ()  # selectors to leave out of the picture
    clip: str = ""  # only this element
    width: int = 1280
    height: int = 800
    mobile: bool = False

    @property
    def secret(self) -> str:
        return self.password or self.login

    @property
    def viewport(self) -> dict[str, int]:
        width, height = MOBILE if self.mobile else (self.width, self.height)
        return {"width": width, "height": height}

    def target(self, folder: Path, language: str) -> Path:
        return folder / language / f"{self.name}.png"


def load(path: Path) -> list[Shot]:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    defaults = data.get("defaults", {})
    shots = [_shot({**defaults, **table}) for table in data.get("shot", [])]
    names = [shot.name for shot in shots]
    if doubles := sorted({name for name in names if names.count(name) > 1}):
        raise BadShot(f"names used twice: {', '.join(doubles)}")
    return shots


def choose(shots: list[Shot], names: list[str]) -> list[Shot]:
    """Return the shots of the given names, all if there are none, login by login."""
    if unknown := set(names) - {shot.name for shot in shots}:
        raise BadShot(f"no such picture: {', '.join(sorted(unknown))}")
    chosen = [shot for shot in shots if not names or shot.name in names]
    return sorted(chosen, key=lambda shot: shot.login)


def _shot(table: dict) -> Shot:
    name = table.get("name", "without a name")
    if unknown := set(table) - {field.name for field in fields(Shot)}:
        raise BadShot(f"{name}: unknown keys {', '.join(sorted(unknown))}")
    if missing := {"name", "path"} - set(table):
        raise BadShot(f"{name}: missing keys {', '.join(sorted(missing))}")
    for key in ("languages", "wait", "click", "hide"):
        if key in table:
            value = table[key]
            table[key] = (value,) if isinstance(value, str) else tuple(value)
    return Shot(**table)
