"""The browser for tours, screenshots and the development PDF renderer."""

import os
import shutil

from .shell import Stop, lock, run, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Without a CJK font a Chinese page is a page of boxes.
PACKAGES = ["chromium", "fonts-noto-cjk"]


def find() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def prepare() -> str:
    with lock("chromium"):
        if not find():
            _install()
    return find()


def _install() -> None:
    command = f"apt-get install {' '.join(PACKAGES)}"
    if os.geteuid() or not shutil.which("apt-get"):
        raise Stop(f"A browser is needed: {command}")
    with step("installing Chromium"):
        run(["apt-get", "-qq", "update"])
        run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *PACKAGES],
            remedy=f"Install it by hand: {command}",
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
