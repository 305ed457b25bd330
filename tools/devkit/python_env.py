"""The virtual environment: hash-locked packages for Odoo, the addons and the tests."""

import hashlib
import os
import shutil
import subprocess
import sys

from .paths import LOCK_FILE, VENV, VENV_PYTHON
from .shell import Stop, lock, run, step

VERSIONS = ("3.11", "3.12", "3.13")
STAMP = VENV / ".complete"


def interpreter() -> str:
    """Return a Python that Odoo 19 supports."""
    own = f"{sys.version_info.major}.{sys.version_info.minor}"
    if own in VERSIONS:
        return sys.executable
    for version in VERSIONS:
        found = shutil.which(f"python{version}")
        if found:
            return found
    raise Stop("Python 3.11 to 3.13 is needed: apt-get install python3 python3-venv")


def prepare() -> None:
    with lock("venv"):
        key = hashlib.sha256(LOCK_FILE.read_bytes()).hexdigest()
        if STAMP.exists() and STAMP.read_text() == key:
            return
        python = interpreter()
        shutil.rmtree(VENV, ignore_errors=True)
        probe = subprocess.run([python, "-c", "import venv, ensurepip"], check=False)
        if probe.returncode:
            raise Stop("Python has no venv module: apt-get install python3-venv")
        with step("installing the Python packages (about 400 MB)"):
            run([python, "-m", "venv", VENV])
            _install(python)
        STAMP.write_text(key)


def _install(python: str) -> None:
    # Compiled files make each start of Odoo a second faster.
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    uv = shutil.which("uv")
    tool = [uv, "pip", "install", "-q", "--python", VENV_PYTHON] if uv else None
    pip = [VENV_PYTHON, "-m", "pip", "install", "-q"]
    run([*(tool or pip), "--require-hashes", "-r", LOCK_FILE], env=environment)
