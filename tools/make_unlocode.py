"""Write a code list of the size and form of UN/LOCODE, with invented places.

    python tools/make_unlocode.py FOLDER [ROWS]

The real list may not be shipped and is not needed to test the load: this one has its
twelve columns, titles of countries, references, marks and Latin-1, in three parts.
The same rows come out every time.
"""

import csv
import io
import itertools
import random
import sys
from collections.abc import Iterator
from pathlib import Path

ROWS = 116_000
SEED = 1202
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789"
# share of the places, roughly as in the real list: few countries have most
COUNTRIES = {
    "US": 20, "DE": 12, "FR": 12, "IT": 8, "GB": 7, "ES": 4, "NL": 4, "CN": 3,
    "IN": 3, "SE": 2, "AT": 3, "BE": 3, "CH": 3, "PL": 3, "JP": 2, "BR": 2, "CA": 3,
    "AU": 2, "NO": 2, "FI": 1, "DK": 2, "MX": 1, "ZA": 1, "TR": 1, "ID": 1, "VN": 1,
}  # fmt: skip
BEGINS = """
Alt Bad Bel Berg Birk Brad Bran Cam Castel Chester Clar Dun East El Fair Fran Gross
Green Ham Har Hart Kirch Klein König La Lang Leer Los Lud Mal Mar Mont Nord New Neu
Nieder Ober Old Öst Pen Pont Port Ross Saint-Ger San Sankt Santa Shang Sha South
Stein Sund Tor Trás Ville Wald West Wester Wolf Zell Å Ängel
""".split()  # noqa: SIM905
MIDDLES = """
a an ber bing bro da den din e en er field ga ha in ka li lo ma mo na o ra ro sta ti
to wa
""".split()  # noqa: SIM905
ENDS = """
ach au bach berg borg borough burg bury by dorf fields ford furt hagen ham haven
heim hausen hill holm horst ingen kirchen land ley mar mouth mühle münster ona
opolis port s-sur-Mer sen stad stadt stein ton town ville vik wick wood York
""".split()  # noqa: SIM905
FUNCTIONS = (
    "--3-----", "--3-----", "-23-----", "-23-----", "1-------", "1-3-----", "---4----",
    "-234----", "12345---", "--3--6--", "--3----B", "0-------",
)  # fmt: skip
PLAIN = str.maketrans("áÅÄÖöüé", "aAAOoue")


def rows(number: int = ROWS) -> Iterator[list[str]]:
    """Yield the rows; `number` counts places, titles and references come on top."""
    random_ = random.Random(SEED)
    total = sum(COUNTRIES.values())
    left = number
    for place, country in enumerate(sorted(COUNTRIES), 1):
        count = (
            left if place == len(COUNTRIES) else number * COUNTRIES[country] // total
        )
        left -= count
        yield ["", country, "", f".{country}LAND", *[""] * 8]
        codes = itertools.product(SIGNS, repeat=3)
        for code in itertools.islice(codes, count):
            yield _place(random_, country, "".join(code))
        for _reference in range(count // 200):
            name = _name(random_)
            yield ["=", country, "", f"Old {name} = {name}", "", *[""] * 7]


def _name(random_: random.Random) -> str:
    name = random_.choice(BEGINS) + random_.choice(MIDDLES) + random_.choice(ENDS)
    extra = random_.random()
    if extra < 0.10:
        name = f"{name} ({random_.choice(BEGINS)}{random_.choice(ENDS)})"
    elif extra < 0.25:
        name = f"{random_.choice(BEGINS)} {name}"
    elif extra < 0.30:
        name = f"{name}/{random_.choice(BEGINS)}{random_.choice(ENDS)}"
    return name


def _place(random_: random.Random, country: str, code: str) -> list[str]:
    name = _name(random_)
    latitude = f"{random_.randrange(0, 80):02}{random_.randrange(60):02}"
    longitude = f"{random_.randrange(0, 180):03}{random_.randrange(60):02}"
    coordinates = f"{latitude}{random_.choice('NS')} {longitude}{random_.choice('EW')}"
    return [
        random_.choices(("", "+", "|", "#", "X", "!"), (90, 4, 4, 1, 0.5, 0.5))[0],
        country,
        code,
        name,
        name.translate(PLAIN),
        random_.choice(("", "BY", "NW", "13", "TX", "ENG")),
        random_.choice(("AA", "AF", "RL", "RL", "RL", "RQ")),
        random_.choice(FUNCTIONS),
        f"{random_.randrange(26):02}{random_.choice(('01', '07'))}",
        "",
        coordinates if random_.random() < 0.8 else "",
        random_.choice(("", "", "", "", "Use another code", 'Formerly "Old Town"')),
    ]


def parts(number: int = ROWS) -> dict[str, bytes]:
    """Return the three files, cut between countries."""
    buffers = [io.StringIO() for _part in range(3)]
    writers = [
        csv.writer(buffer, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        for buffer in buffers
    ]
    countries = sorted(COUNTRIES)
    for row in rows(number):
        third = countries.index(row[1]) * 3 // len(countries)
        writers[third].writerow(row)
    return {
        f"2026-2 UNLOCODE CodeListPart{part}.csv": buffer.getvalue().encode("latin-1")
        for part, buffer in enumerate(buffers, 1)
    }


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in parts(*map(int, sys.argv[2:3])).items():
        (folder / name).write_bytes(content)
