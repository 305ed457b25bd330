"""Which Odoo 19 is used: ODOO_SRC, else `odoo` on the PATH, else Debian's package."""

import hashlib
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from . import apt
from .paths import CACHE, ODOO_ROOT, VENV_PYTHON
from .shell import Stop, lock, run, say, step

SERIES = "Odoo Server 19."
DEB_VERSION = "19.0.0+dfsg-1"
DEB_SHA256 = "9d2f598b0555db17e291d48ed24df184c70823c053c4c5ed53c467ca7f629bbf"
# The package links to these; their sid versions have renamed files.
LINKED_PACKAGES = [
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
]
STAMP = ODOO_ROOT / ".complete"


@dataclass(frozen=True)
class Odoo:
    """How to call it.

    command: program and first arguments; core_addons: folders for --addons-path;
    python_path: what must stand in PYTHONPATH; label: version for cache keys.
    """

    command: tuple[str, ...]
    core_addons: tuple[str, ...]
    python_path: str
    label: str


def find() -> Odoo:
    source = os.environ.get("ODOO_SRC")
    if source:
        return _from_source(Path(source))
    program = shutil.which("odoo")
    if program:
        return _from_path(program)
    return _from_package()


def needs_package() -> bool:
    return not os.environ.get("ODOO_SRC") and not shutil.which("odoo")


def prepare() -> None:
    """Unpack the Debian package unless it is there or the user names an Odoo."""
    with lock("odoo"):
        if needs_package() and not STAMP.exists():
            _unpack()


def _from_source(source: Path) -> Odoo:
    program = source / "odoo-bin"
    if not program.exists():
        raise Stop(f"ODOO_SRC={source} has no odoo-bin. Name an Odoo 19 source tree.")
    odoo = Odoo(
        command=(str(VENV_PYTHON), str(program)),
        core_addons=(str(source / "addons"), str(source / "odoo" / "addons")),
        python_path=str(source),
        label=hashlib.sha256(str(source.resolve()).encode()).hexdigest()[:12],
    )
    _check_series(odoo)
    return odoo


def _from_path(program: str) -> Odoo:
    interpreter = Path(program).read_text(errors="replace").split("\n")[0][2:].strip()
    probe = (
        "import lxml, websocket, phonenumbers, numpy, scipy, xlsxwriter, odoo.tools;"
        "import os; print(os.path.dirname(odoo.tools.__path__[0]))"
    )
    found = subprocess.run(
        [*interpreter.split(), "-c", probe], capture_output=True, text=True, check=False
    )
    if found.returncode:
        last = found.stderr.strip().splitlines()[-1:]
        raise Stop(
            f"`odoo` on the PATH ({program}) lacks a Python package: {last}\n"
            "Install it for that interpreter, or set ODOO_SRC, or take `odoo` off"
            " the PATH."
        )
    home = Path(found.stdout.strip())
    odoo = Odoo(
        command=(program,),
        core_addons=(str(home / "addons"),),
        python_path="",
        label=hashlib.sha256(program.encode()).hexdigest()[:12],
    )
    _check_series(odoo)
    return odoo


def _from_package() -> Odoo:
    packages = ODOO_ROOT / "usr/lib/python3/dist-packages"
    return Odoo(
        command=(str(VENV_PYTHON), str(ODOO_ROOT / "usr/bin/odoo")),
        core_addons=(str(packages / "odoo/addons"),),
        python_path=str(packages),
        label=STAMP.read_text().strip() if STAMP.exists() else "",
    )


def _check_series(odoo: Odoo) -> None:
    answer = subprocess.run(
        [*odoo.command, "--version"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": odoo.python_path},
    ).stdout
    if not answer.startswith(SERIES):
        raise Stop(f"{odoo.command[-1]} is not Odoo 19: it answers {answer.strip()!r}.")


def _unpack() -> None:
    draft = CACHE / "root.draft"
    downloads = CACHE / "downloads"
    for folder in (draft, downloads, ODOO_ROOT):
        shutil.rmtree(folder, ignore_errors=True)
    draft.mkdir(parents=True)
    version = _choose_version()
    with step(f"downloading Odoo {version} (120 MB)"):
        [archive] = apt.download([f"odoo-19={version}"], downloads / "odoo")
        linked = apt.download(LINKED_PACKAGES, downloads / "linked")
    _check_sum(archive, version)
    with step("unpacking Odoo"):
        _extract_slim(archive, draft)
        for package in linked:
            run(["dpkg", "-x", package, draft])
    _repair(draft)
    with step("compiling Odoo's Python files"):
        _compile(draft)
    (draft / STAMP.name).write_text(version)
    draft.rename(ODOO_ROOT)
    shutil.rmtree(downloads)


def _choose_version() -> str:
    offered = apt.versions("odoo-19")
    if DEB_VERSION in offered:
        return DEB_VERSION
    newer = [version for version in offered if version.startswith("19.0.")]
    if not newer:
        raise Stop(apt.NO_DEBIAN)
    say(f"  Odoo {DEB_VERSION} is gone from the mirror; taking {newer[0]}.")
    return newer[0]


def _check_sum(archive: Path, version: str) -> None:
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    if version == DEB_VERSION and digest != DEB_SHA256:
        raise Stop(f"{archive.name} has an unexpected SHA-256: {digest}")


def _extract_slim(archive: Path, into: Path) -> None:
    """Unpack without the translations that are not shipped: 0.4 instead of 1.2 GB."""
    with subprocess.Popen(
        ["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE
    ) as stream:
        run_tar = ["tar", "-x", "-C", str(into), "--wildcards"]
        run_tar += ["--exclude=*/i18n/[a-y]*.po", "--exclude=*/i18n/zh_TW.po"]
        subprocess.run(run_tar, stdin=stream.stdout, check=True)


def _repair(root: Path) -> None:
    """Mend what the package lacks, and prove that no link dangles."""
    home = root / "usr/lib/python3/dist-packages"
    stub = home / "odoo/addons/mail/static/lib/selfie_segmentation"
    stub.mkdir(parents=True, exist_ok=True)
    # Named in mail's manifest, removed from the package: each asset build logs it.
    script = stub / "selfie_segmentation.js"
    if not script.exists():
        script.write_text("/* not part of the Debian package */\n")
    dangling = [
        path for path in root.rglob("*") if path.is_symlink() and not path.exists()
    ]
    if dangling:
        raise Stop(
            f"{len(dangling)} links of the Odoo package lead nowhere: {dangling[0]}"
        )


def _compile(root: Path) -> None:
    compiler = [VENV_PYTHON, "-m", "compileall", "-q", "-j0"]
    run([*compiler, "-x", "/l10n_|/static/", root])
