"""Rows of the list, one after the other.

The published files have twelve columns and no titles: change, country, location,
name, name without diacritics, subdivision, status, function, date, IATA,
coordinates, remarks. Three kinds of rows name no place: the title of a country
(".ANDORRA"), a reference ("Peking = Beijing", marked "="), and in copies of the list
a row of column titles.
"""

import codecs
import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .coordinates import parse_coordinates
from .errors import UnlocodeError

COLUMNS = (
    "change",
    "country",
    "location",
    "name",
    "namewodiacritics",
    "subdivision",
    "status",
    "function",
    "date",
    "iata",
    "coordinates",
    "remarks",
)
MIN_COLUMNS = 11  # remarks are missing where they are empty in every row
REFERENCE = "="
REMOVED = "X"

COUNTRY = re.compile(r"[A-Z]{2}")
PLACE = re.compile(r"[A-Z2-9]{3}")
IATA = re.compile(r"[A-Z]{3}")
ADOPTED_FROM_IATA = "AI"
# letters that Unicode does not take apart
LETTERS = str.maketrans(
    {
        "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ß": "ss",
        "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "þ": "th", "Þ": "Th",
        "ð": "d", "Ð": "D", "ı": "i",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One place. Texts are stripped, an empty one is ""."""

    file: str
    row: int
    change: str
    country: str
    place: str
    name: str
    name_ascii: str
    subdivision: str
    status: str
    function: str
    date: str
    iata: str
    coordinates: str
    latitude: float | None
    longitude: float | None
    remarks: str

    @property
    def code(self) -> str:
        return self.country + self.place


@dataclass(frozen=True, slots=True)
class Synonym:
    """A reference: who looks for `name` finds `target` in the same country."""

    file: str
    row: int
    country: str
    name: str
    target: str


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a row. The rest of the file is read."""

    file: str
    row: int
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that names no place, or a file that is not the list."""

    file: str
    row: int


def strip_diacritics(name: str) -> str:
    """Return the name in plain letters, for who types without accents.

    >>> strip_diacritics("Göteborg"), strip_diacritics("Łódź")
    ('Goteborg', 'Lodz')
    """
    if name.isascii():
        return name
    split = unicodedata.normalize("NFKD", name.translate(LETTERS))
    return "".join(sign for sign in split if not unicodedata.combining(sign))


def read_list(
    files: Iterable[tuple[str, bytes]],
) -> Iterator[Entry | Synonym | Problem | Skipped]:
    """Yield what the rows of the files say, file by file.

    :raise UnlocodeError: a file that is not the list, or no file with a place
    """
    found = False
    for name, content in files:
        for item in _read_file(name, content):
            found = found or isinstance(item, Entry)
            yield item
    if not found:
        raise UnlocodeError("empty")


def _read_file(name: str, content: bytes) -> Iterator:
    if "subdivision" in name.lower():  # the list of provinces that UNECE adds
        yield Skipped(name, 0)
        return
    text = io.TextIOWrapper(io.BytesIO(content), _encoding(content), newline="")
    order = tuple(range(len(COLUMNS)))
    reader = csv.reader(text, delimiter=_delimiter(content))
    try:
        for cells in reader:
            row = reader.line_num
            if not any(cells):
                continue
            if titles := _titles(cells):
                order = titles
                yield Skipped(name, row)
                continue
            if len(cells) < MIN_COLUMNS:
                raise UnlocodeError("columns", file=name, row=row, found=len(cells))
            yield _read_row(name, row, cells, order)
    except csv.Error as error:
        raise UnlocodeError("not_csv", file=name, row=reader.line_num) from error
    except UnicodeError as error:
        raise UnlocodeError("encoding", file=name) from error


def _read_row(name: str, row: int, cells: list[str], order: tuple[int, ...]):
    cells = [_clean(cells[place]) if place < len(cells) else "" for place in order]
    change, country, place, title, ascii_title, *rest = cells
    subdivision, status, function, date, iata, coordinates, remarks = rest
    change, country, place = change.upper(), country.upper(), place.upper()
    if not COUNTRY.fullmatch(country):
        return Problem(name, row, "country", country)
    if not place:
        if change == REFERENCE or " = " in title:
            synonym, _equals, target = title.partition("=")
            if synonym.strip() and target.strip():
                return Synonym(name, row, country, synonym.strip(), target.strip())
            return Problem(name, row, "reference", title)
        if title.startswith("."):
            return Skipped(name, row)
        return Problem(name, row, "no_code", title)
    if not PLACE.fullmatch(place):
        return Problem(name, row, "code", country + place)
    title = title or ascii_title
    if not title:
        return Problem(name, row, "name", country + place)
    position = parse_coordinates(coordinates) if coordinates else None
    iata, function = iata.upper(), function.upper()
    if not iata and "4" in function and status.upper() == ADOPTED_FROM_IATA:
        iata = place  # the column holds the code only where it is another
    return Entry(
        file=name,
        row=row,
        change=change.replace("¦", "|"),  # the bar, in files that went through DOS
        country=country,
        place=place,
        name=title,
        name_ascii=ascii_title or strip_diacritics(title),
        subdivision=subdivision.upper(),
        status=status.upper(),
        function=function,
        date=date,
        iata=iata if IATA.fullmatch(iata) else "",
        coordinates=coordinates.upper(),
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
        remarks=remarks,
    )


def _clean(cell: str) -> str:
    """Return one line with single blanks; a database takes no NUL."""
    return " ".join(cell.replace("\0", "").split())


def _titles(cells: list[str]) -> tuple[int, ...] | None:
    """Return where each column stands, if the row holds the titles of the columns."""
    keys = [re.sub(r"[^a-z]", "", cell.lower()) for cell in cells]
    if not {"country", "location", "name"} <= set(keys):
        return None
    places = {key: place for place, key in enumerate(keys)}
    places.setdefault("change", places.get("ch", len(keys)))
    return tuple(places.get(column, len(keys)) for column in COLUMNS)


def _encoding(content: bytes) -> str:
    """Tell UTF-8 from the Latin-1 of the published files.

    Latin-1 text with a letter beyond ASCII is hardly ever valid UTF-8.
    """
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for start in range(0, len(content), 1 << 20):
            decoder.decode(content[start : start + (1 << 20)])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8-sig"


def _delimiter(content: bytes) -> str:
    """Return the sign between cells: a spreadsheet may have saved it its own way."""
    head = content[:20_000].replace(b"\0", b"")
    return max((",", ";", "\t"), key=lambda sign: head.count(sign.encode()))
