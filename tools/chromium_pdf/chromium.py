"""How every development tool starts Chromium."""

import os

from devkit import chromium

ARGUMENTS = (
    # /dev/shm of a container is too small for large pages.
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-proxy-server",
)


class ChromiumMissing(Exception):
    """No Chromium on the path."""


def launch_options(*arguments: str) -> dict:
    """Return what `playwright.chromium.launch` needs."""
    path = chromium.find()
    if not path:
        names = ", ".join(chromium.NAMES)
        raise ChromiumMissing(f"no browser found: install one of {names}")
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    return {"executable_path": path, "args": [*ARGUMENTS, *sandbox, *arguments]}
