"""LibreOffice Calc, which recalculates the workbooks that the tests write."""

import shutil

from . import chromium
from .shell import lock

NAMES = ("soffice", "libreoffice")
# Without the desktop's libraries: some 70 MB to download.
PACKAGE = "libreoffice-calc-nogui"


def find() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def prepare() -> None:
    if find():
        return
    with lock("office"):
        if not find():
            chromium.install([PACKAGE])
