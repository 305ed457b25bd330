"""The part of wkhtmltopdf's command line that Odoo uses."""

import argparse
import re
from dataclasses import dataclass
from pathlib import Path

VERSION = "wkhtmltopdf 0.12.6 (with patched qt)"

MM_PER_UNIT = {"": 1.0, "mm": 1.0, "cm": 10.0, "in": 25.4, "pt": 25.4 / 72}

# Width and height in mm of the formats of `report.paperformat`.
PAGE_SIZES = {
    "A0": (841, 1189),
    "A1": (594, 841),
    "A2": (420, 594),
    "A3": (297, 420),
    "A4": (210, 297),
    "A5": (148, 210),
    "A6": (105, 148),
    "A7": (74, 105),
    "A8": (52, 74),
    "A9": (37, 52),
    "B0": (1000, 1414),
    "B1": (707, 1000),
    "B2": (500, 707),
    "B3": (353, 500),
    "B4": (250, 353),
    "B5": (176, 250),
    "B6": (125, 176),
    "B7": (88, 125),
    "B8": (62, 88),
    "B9": (33, 62),
    "B10": (31, 44),
    "C5E": (163, 229),
    "Comm10E": (105, 241),
    "DLE": (110, 220),
    "Executive": (190.5, 254),
    "Folio": (210, 330),
    "Ledger": (431.8, 279.4),
    "Legal": (215.9, 355.6),
    "Letter": (215.9, 279.4),
    "Tabloid": (279.4, 431.8),
}

# With smart shrinking, its default, wkhtmltopdf lays a page out for a sheet of 125 %
# and scales the result down (WebKit's `printingMinimumShrinkFactor`).
SMART_SHRINKING = 0.8


@dataclass(frozen=True)
class Margins:
    """Distances from the edges of the sheet, in mm."""

    top: float
    right: float
    bottom: float
    left: float


@dataclass(frozen=True)
class Job:
    """One call of the program: what to print, on which sheet, to which file."""

    bodies: tuple[Path, ...]
    output: Path
    header: Path | None
    footer: Path | None
    width: float
    height: float
    margins: Margins
    header_spacing: float
    footer_spacing: float
    scale: float
    cookies: tuple[tuple[str, str], ...]

    @property
    def documents(self) -> tuple[Path, ...]:
        return *self.bodies, *filter(None, (self.header, self.footer))

    @property
    def header_margins(self) -> Margins:
        top = max(self.margins.top - self.header_spacing, 0)
        return Margins(top, self.margins.right, 0, self.margins.left)

    @property
    def footer_margins(self) -> Margins:
        # Chromium refuses a page without any printable height.
        top = self.height - max(self.margins.bottom - self.footer_spacing, 1)
        return Margins(top, self.margins.right, 0, self.margins.left)


def length(text: str) -> float:
    """Return the millimetres of `10`, `10mm`, `1cm`, `0.4in` or `28pt`."""
    match = re.fullmatch(r"(-?[\d.]+)\s*([a-z]*)", text.lower())
    if not match or match[2] not in MM_PER_UNIT:
        raise argparse.ArgumentTypeError(f"not a length: {text}")
    return float(match[1]) * MM_PER_UNIT[match[2]]


def cookie_jar(path: Path) -> tuple[str, str]:
    """Return name and value of the cookie that Odoo writes for the session."""
    name, _, value = path.read_text().partition(";")[0].partition("=")
    return name.strip(), value.strip()


def parse(arguments: list[str]) -> Job:
    given = _parser().parse_intermixed_args(arguments)
    *bodies, output = given.files
    if not bodies:
        _parser().error("give at least one page and the output file")
    width, height = PAGE_SIZES[given.page_size]
    width, height = given.page_width or width, given.page_height or height
    if given.orientation.lower() == "landscape":
        width, height = height, width
    shrinking = SMART_SHRINKING if given.smart_shrinking else 1.0
    job = Job(
        bodies=tuple(bodies),
        output=output,
        header=given.header_html,
        footer=given.footer_html,
        width=width,
        height=height,
        margins=Margins(
            given.margin_top,
            given.margin_right,
            given.margin_bottom,
            given.margin_left,
        ),
        header_spacing=given.header_spacing,
        footer_spacing=given.footer_spacing,
        scale=given.zoom * shrinking,
        cookies=(
            *(tuple(pair) for pair in given.cookie),
            *(cookie_jar(path) for path in given.cookie_jar),
        ),
    )
    for path in job.documents:
        if not path.is_file():
            _parser().error(f"no such file: {path}")
    return job


def _parser() -> argparse.ArgumentParser:
    """Know exactly Odoo's options: an unknown one is a fault to be seen."""
    parser = argparse.ArgumentParser(
        prog="wkhtmltopdf",
        allow_abbrev=False,
        description="Development PDF renderer: Chromium behind Odoo's wkhtmltopdf"
        " calls.",
    )
    add = parser.add_argument
    add("--version", action="version", version=VERSION)
    add("--page-size", choices=PAGE_SIZES, default="A4")
    add("--page-width", type=length)
    add("--page-height", type=length)
    add("--orientation", default="Portrait")
    for side in ("top", "right", "bottom", "left"):
        add(f"--margin-{side}", type=length, default=10.0)
    add("--header-spacing", type=length, default=0.0)
    add("--footer-spacing", type=length, default=0.0)
    add("--zoom", type=float, default=1.0)
    add("--disable-smart-shrinking", action="store_false", dest="smart_shrinking")
    add("--header-html", type=Path)
    add("--footer-html", type=Path)
    add("--cookie", nargs=2, action="append", default=[], metavar=("NAME", "VALUE"))
    add("--cookie-jar", type=Path, action="append", default=[])
    # Accepted without effect. The renderer never reads local files for a page, and
    # waits for fonts and images instead of for a time.
    for flag in ("--quiet", "--disable-local-file-access", "--header-line"):
        add(flag, action="store_true")
    for option in ("--dpi", "--javascript-delay", "--viewport-size"):
        add(option)
    add("files", nargs="+", type=Path, metavar="FILE", help="pages, then the output")
    return parser
