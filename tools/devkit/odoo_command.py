"""Calling Odoo: the one place that knows its command line."""

import os
import subprocess
from pathlib import Path

from . import odoo_source, postgres
from .paths import ADDONS, CACHE, DATA_DIR, TEST_ADDONS, TOOLS, VENV

HOST = "127.0.0.1"


def environment() -> dict[str, str]:
    """Return the environment: the development PDF renderer comes first on the PATH."""
    odoo = odoo_source.find()
    variables = {
        **os.environ,
    }
    paths = [str(TOOLS / "bin"), str(VENV / "bin"), variables.get("PATH", "")]
    variables["PATH"] = ":".join(paths)
    if odoo.python_path:
        variables["PYTHONPATH"] = odoo.python_path
    # Compiled files make a start 1.2 s faster.
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    return variables


def configuration() -> Path:
    """Write the configuration file that every subcommand reads; return its path."""
    odoo = odoo_source.find()
    place = postgres.connection()
    addons = [*odoo.core_addons, str(ADDONS)]
    if any(TEST_ADDONS.glob("*/__manifest__.py")):
        addons.append(str(TEST_ADDONS))
    options = {
        "addons_path": ",".join(addons),
        "data_dir": DATA_DIR,
        "db_host": place["host"],
        "db_port": place["port"],
        "db_user": place["user"],
        "http_interface": HOST,
    }
    text = "[options]\n" + "".join(f"{key} = {options[key]}\n" for key in options)
    file = CACHE / "odoo.conf"
    if not file.exists() or file.read_text() != text:
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(text)
        draft.rename(file)
    return file


def command(subcommand: str, *more: str) -> list[str]:
    """Return the call of a subcommand such as "server" or "module uninstall"."""
    words = [*odoo_source.find().command, *subcommand.split()]
    if subcommand == "server" and not any(w.startswith("--http-port") for w in more):
        more = ("--no-http", *more)
    return [*words, "-c", str(configuration()), *more]


def run(subcommand: str, *more: str, log: Path, timeout: float | None = None) -> int:
    """Run Odoo with its output in a file; return its exit code."""
    log.parent.mkdir(parents=True, exist_ok=True)
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    with open(log, "w") as stream:
        return subprocess.run(
            command(subcommand, *more),
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=environment(),
            timeout=timeout,
            check=False,
        ).returncode


def shell(database: str, script: str, log: Path | None = None) -> str:
    """Run Python statements in Odoo's shell; return what they print."""
    done = subprocess.run(
        command("shell", "-d", database, "--no-http", "--log-level=warn"),
        input=script + "\n",
        text=True,
        capture_output=True,
        env=environment(),
        check=False,
    )
    if log:
        log.parent.mkdir(parents=True, exist_ok=True)
        log.write_text(done.stdout + done.stderr)
    if done.returncode or "Traceback (most recent call last)" in done.stderr:
        raise RuntimeError(done.stderr[-3000:])
    return done.stdout
