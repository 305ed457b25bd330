"""Debian packages unpacked under CACHE, without root.

apt runs with its own configuration under CACHE, so the machine's stays as it is.
The mirror is the one that the machine's own apt uses; packages are verified with
Debian's archive keys.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from .paths import CACHE
from .shell import Stop, run, step

APT = CACHE / "apt"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
NO_DEBIAN = (
    "Odoo 19 is fetched from Debian, and this machine has no Debian apt.\n"
    "Set ODOO_SRC to an Odoo 19 source tree, or put `odoo` 19 on the PATH."
)


def release_codename() -> str:
    facts = dict(
        line.rstrip().split("=", 1) for line in open("/etc/os-release") if "=" in line
    )
    if facts.get("ID", "").strip('"') != "debian" or not shutil.which("apt-get"):
        raise Stop(NO_DEBIAN)
    if not Path(KEYRING).exists():
        raise Stop("Install Debian's keys: apt-get install debian-archive-keyring")
    return facts["VERSION_CODENAME"].strip('"')


def mirror(codename: str) -> str:
    """Return the archive address that the machine's own apt uses."""
    listed = subprocess.run(
        ["apt-get", "update", "--print-uris"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    found = re.search(rf"^'(.*)/dists/{codename}/InRelease'", listed, re.MULTILINE)
    if not found:
        raise Stop(NO_DEBIAN)
    return found[1]


def private_apt() -> dict[str, str]:
    """Return an environment in which apt knows the own release and sid."""
    config = APT / "apt.conf"
    environment = {**os.environ, "APT_CONFIG": str(config)}
    if config.exists():
        return environment
    codename = release_codename()
    address = mirror(codename)
    for folder in ("lists/partial", "cache/archives/partial"):
        (APT / folder).mkdir(parents=True, exist_ok=True)
    (APT / "sources.list").write_text(
        "".join(
            f"deb [signed-by={KEYRING}] {address} {suite} main\n"
            for suite in (codename, "sid")
        )
    )
    # Without Default-Release apt prefers sid, and sid's libc breaks the programs.
    text = (
        f'Dir::Etc::SourceList "{APT}/sources.list";\n'
        'Dir::Etc::SourceParts "/dev/null";\n'
        f'Dir::State::Lists "{APT}/lists";\n'
        f'Dir::Cache "{APT}/cache";\n'
        f'APT::Default-Release "{codename}";\n'
    )
    draft = APT / "apt.conf.draft"
    draft.write_text(text)
    with step("reading the package lists"):
        run(["apt-get", "-qq", "update"], env={**environment, "APT_CONFIG": str(draft)})
    draft.rename(config)
    return environment


def download(packages: list[str], into) -> list:
    """Fetch packages (verified by apt) and return their files."""
    environment = private_apt()
    into.mkdir(parents=True, exist_ok=True)
    run(["apt-get", "-qq", "download", *packages], cwd=into, env=environment)
    return sorted(into.glob("*.deb"))


def versions(package: str) -> list[str]:
    listed = run(["apt-cache", "madison", package], env=private_apt()).stdout
    return [line.split("|")[1].strip() for line in listed.splitlines() if "|" in line]


def forget_downloads() -> None:
    """Drop package lists and files: half a gigabyte that is not needed any more."""
    shutil.rmtree(APT, ignore_errors=True)
