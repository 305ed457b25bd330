"""The browser for tours, screenshots and the development PDF renderer."""

import ctypes
import os
import shutil

from .shell import Stop, lock, run, step

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    return next((path for path in map(shutil.which, NAMES) if path), None)


def prepare() -> str:
    with lock("chromium"):
        if missing := _missing_packages():
            install(missing)
    return find()


def _missing_packages() -> list[str]:
    missing = []
    if not find():
        # Without a CJK font a Chinese page is a page of boxes.
        missing += ["chromium", "fonts-noto-cjk"]
    try:
        ctypes.CDLL("libatomic.so.1")  # playwright's driver needs it
    except OSError:
        missing.append("libatomic1")
    return missing


def install(packages: list[str]) -> None:
    command = f"apt-get install {' '.join(packages)}"
    if os.geteuid() or not shutil.which("apt-get"):
        raise Stop(f"The tests need a system package: {command}")
    with step(f"installing {', '.join(packages)}"):
        run(["apt-get", "-qq", "update"])
        run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages],
            remedy=f"Install it by hand: {command}",
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
