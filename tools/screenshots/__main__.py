"""Take the guide's pictures from a running Odoo, or look at one page.

  python -m screenshots --base http://localhost:8069 [NAME ...]
  python -m screenshots --url http://localhost:8069/odoo/crm --login admin --out a.png

The first form takes the pictures of docs/screenshots.toml (all, or those named) and
writes docs/images/LANGUAGE/NAME.png. A password is the login unless given.
"""

import argparse
import itertools
import sys
from pathlib import Path
from urllib.parse import urlsplit

from chromium_pdf.chromium import ChromiumMissing
from playwright.sync_api import Error

from . import camera
from .session import ServerFault
from .shots import BadShot, Shot, choose, load

DOCS = Path(__file__).parents[2] / "docs"

FAULTS = (Error, ServerFault, camera.NotReady)


def main(arguments: list[str]) -> int:
    parser = _parser()
    given = parser.parse_args(arguments)
    if bool(given.url) == bool(given.base):
        parser.error("give either --base or --url")
    if given.url and not given.out:
        parser.error("--url needs --out")
    try:
        with camera.browser() as eye:
            return _one(eye, given) if given.url else _all(eye, given)
    except (*FAULTS, BadShot, ChromiumMissing) as fault:
        print(f"screenshots: {fault}", file=sys.stderr)
        return 2


def _one(eye: camera.Camera, given) -> int:
    parts = urlsplit(given.url)
    base = f"{parts.scheme}://{parts.netloc}"
    shot = Shot(
        name=given.out.stem,
        path=given.url.removeprefix(base),
        login=given.login,
        password=given.password,
        wait=tuple(given.wait),
        click=tuple(given.click),
        clip=given.clip,
        width=given.width,
        height=given.height,
        mobile=given.mobile,
    )
    with eye.session(base, shot.login, shot.secret) as session:
        session.speak(given.language)
        eye.take(session, shot, given.out)
    return 0


def _all(eye: camera.Camera, given) -> int:
    base = given.base.rstrip("/")
    failed = 0
    shots = choose(load(given.shots), given.names)
    for login, group in itertools.groupby(shots, key=lambda shot: shot.login):
        own = list(group)
        with eye.session(base, login, own[0].secret) as session:
            pictures = [
                (language, shot)
                for shot in own
                for language in shot.languages or (given.language,)
            ]
            for language, shot in sorted(pictures, key=lambda pair: pair[0]):
                failed += not _take(eye, session, shot, language, given.images)
    return 1 if failed else 0


def _take(eye, session, shot: Shot, language: str, folder: Path) -> bool:
    try:
        target = shot.target(folder, session.speak(language) or "en_US")
        eye.take(session, shot, target)
    except FAULTS as fault:
        print(f"{shot.name} ({language}): {fault}", file=sys.stderr)
        return False
    print(target)
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="screenshots",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--base", help="address of the server, for the listed pictures")
    add("--shots", type=Path, default=DOCS / "screenshots.toml", help="the list")
    add("--images", type=Path, default=DOCS / "images", help="where they go")
    add("--language", default="", help="language code such as zh_CN")
    add("names", nargs="*", metavar="NAME", help="only these pictures of the list")
    one = parser.add_argument_group("one page")
    add = one.add_argument
    add("--url")
    add("--login", default="", help="none: as a visitor")
    add("--password", default="")
    add("--out", type=Path)
    add("--wait", action="append", default=[], metavar="SELECTOR")
    add("--click", action="append", default=[], metavar="SELECTOR")
    add("--clip", default="", metavar="SELECTOR")
    add("--width", type=int, default=1280)
    add("--height", type=int, default=800)
    add("--mobile", action="store_true", help="the width of a telephone")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
