"""./dev lint: every check that reads the source without running it."""

import subprocess
from dataclasses import dataclass, field

from .paths import ADDONS, ROOT, TEST_ADDONS, VENV


@dataclass
class Outcome:
    name: str
    words: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.words


def _addons() -> list[str]:
    return [
        str(path.parent)
        for place in (ADDONS, TEST_ADDONS)
        for path in sorted(place.glob("*/__manifest__.py"))
    ]


def _commands() -> dict[str, list[str]]:
    binaries = VENV / "bin"
    return {
        "ruff check": [f"{binaries}/ruff", "check", "."],
        "ruff format": [f"{binaries}/ruff", "format", "--check", "."],
        # The addons' pages are readme/*.md, hence no README.rst. A model of several
        # subjects has a file for each.
        "pylint-odoo": [
            f"{binaries}/pylint",
            "--score=n",
            "--disable=missing-readme,consider-merging-classes-inherited",
            *_addons(),
        ],
        "docker": ["docker/check"],
        "shellcheck": [f"{binaries}/shellcheck", ".ci/run", "tools/bin/wkhtmltopdf"],
    }


def run_all() -> list[Outcome]:
    return [_run(name, command) for name, command in _commands().items()]


def _run(name: str, command: list[str]) -> Outcome:
    try:
        done = subprocess.run(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
    except FileNotFoundError as fault:
        return Outcome(name, [f"{name}: {fault}"])
    if not done.returncode:
        return Outcome(name)
    lines = (done.stdout + done.stderr).strip().splitlines()
    return Outcome(name, [f"{name}:", *lines[:80]])


def main() -> int:
    bad = 0
    for outcome in run_all():
        print(f"{'ok' if outcome.clean else 'FAILED':>6}  {outcome.name}", flush=True)
        for line in outcome.words:
            print(f"        {line}")
        bad += not outcome.clean
    return 1 if bad else 0
