"""The subcommands of ./dev, run inside the virtual environment."""

import os
import subprocess

from . import chromium, databases, lint, odoo_command, postgres, server, test_run
from .paths import ADDONS, ROOT, TESTS, VENV_PYTHON
from .shell import Stop, say


def run(arguments: list[str]) -> int:
    name, *rest = arguments
    commands = {
        "up": server.up,
        "down": server.down,
        "test": lambda: test_run.run(rest),
        "lint": lint.main,
        "shell": lambda: _shell(*rest),
        "psql": lambda: _psql(*rest),
        "bench": lambda: _bench(rest),
        "i18n": _i18n,
        "screenshots": lambda: _screenshots(rest),
    }
    if name not in commands:
        raise Stop(f"unknown command {name!r}; ./dev --help lists them.")
    if name != "down":
        postgres.prepare()
    return commands[name]() or 0


def _shell(database=server.DATABASE) -> int:
    command = odoo_command.command("shell", "-d", database, "--no-http")
    return subprocess.run(
        command, env=odoo_command.environment(), check=False
    ).returncode


def _psql(database=server.DATABASE, *options) -> int:
    place = postgres.connection()
    program = postgres.program("psql")
    command = [program, "-h", place["host"], "-p", place["port"], "-U", place["user"]]
    environment = postgres.library_environment()
    return subprocess.run(
        [*command, "-d", database, *options], env=environment, check=False
    ).returncode


def _bench(names: list[str]) -> int:
    failed = 0
    scripts = sorted((TESTS / "benchmarks").glob("bench_*.py"))
    for script in scripts:
        if names and not any(name in script.stem for name in names):
            continue
        say(f"== {script.stem}")
        failed |= subprocess.run(
            [VENV_PYTHON, script], cwd=ROOT, check=False
        ).returncode
    return failed


def _i18n() -> int:
    """Export each addon's template from a database that holds the three."""
    with databases.temporary_clone(databases.ensure(databases.ALL), "i18n") as clone:
        for manifest in sorted(ADDONS.glob("*/__manifest__.py")):
            addon = manifest.parent.name
            subprocess.run(
                odoo_command.command("i18n export", "-d", clone, addon),
                env=odoo_command.environment(),
                check=True,
            )
    return 0


def _screenshots(names: list[str]) -> int:
    chromium.prepare()
    server.up()
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tools")}
    return subprocess.run(
        [VENV_PYTHON, "-m", "screenshots", "--base", server.address(), *names],
        cwd=ROOT,
        env=environment,
        check=False,
    ).returncode
