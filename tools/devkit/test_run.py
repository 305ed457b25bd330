"""./dev test: which jobs there are, two at a time, and one closing line.

The closing line has the form `tests: N passed, N failed, N skipped`. A run fails on a
failed test, a skipped test, a WARNING or ERROR in an Odoo log, and on a job that
matched no test.
"""

import re
import shutil
import socket
import subprocess
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from . import chromium, databases, lint, odoo_command, office
from .odoo_log import LogReport, complaint_blocks
from .paths import ADDONS, OUT, ROOT, TEST_ADDONS, TESTS, VENV_PYTHON
from .shell import Stop, say

WORKERS = 2
TIME_LIMIT = 30 * 60
# Those checks of Odoo's own test_lint that read other people's addons too.
CORE_LINT = ",".join(
    f"/test_lint:{name}"
    for name in (
        "TestIndex",
        "TestNaming",
        "TestDocstring",
        "TestLintOverrideSignatures",
        "TestTestHoles",
        "PotLinter",
        "RoutesLinter",
        "TestOnchangeDomains",
        "TestDunderinit",
        "ManifestLinter",
    )
)
PYTEST_COUNT = re.compile(r"(\d+) (passed|failed|error|errors|skipped)\b")


@dataclass
class Result:
    """What a job did. words: what a reader of the console must see."""

    name: str
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0
    words: list[str] = field(default_factory=list)

    @property
    def bad(self) -> bool:
        return bool(self.failed or self.skipped or not self.passed or self.words)


@dataclass(frozen=True)
class PytestJob:
    """Tests that pytest collects: pure packages, tools, installation."""

    name: str
    targets: tuple[str, ...]

    def run(self) -> Result:
        log = OUT / f"test_{self.name}.log"
        command = [VENV_PYTHON, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
        with open(log, "w") as stream:
            code = subprocess.run(
                [*command, *self.targets],
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                timeout=TIME_LIMIT,
                check=False,
            ).returncode
        lines = log.read_text().rstrip().splitlines()
        counts = dict.fromkeys(("passed", "failed", "error", "skipped"), 0)
        for number, kind in PYTEST_COUNT.findall(lines[-1] if lines else ""):
            counts["error" if kind == "errors" else kind] += int(number)
        failed = counts["failed"] + counts["error"]
        result = Result(self.name, counts["passed"], failed, counts["skipped"])
        if code and not failed:
            result.failed = 1
        if code or result.bad:
            result.words = lines[-120:]
        return result


@dataclass(frozen=True)
class OdooJob:
    """Tests that Odoo runs on a clone of a template, with what is installed there.

    tags: as for --test-tags; install: addons put on top of the clone first.
    """

    name: str
    template: databases.Template
    tags: str
    install: str = ""

    def run(self) -> Result:
        source = databases.ensure(self.template)
        log = OUT / f"test_{self.name}.log"
        screenshots = OUT / "screenshots" / self.name
        shutil.rmtree(screenshots, ignore_errors=True)
        with databases.temporary_clone(source, self.name) as database:
            arguments = [
                "-d",
                database,
                f"--test-tags={self.tags}",
                f"--http-port={free_port()}",
                f"--screenshots={screenshots}",
                "--stop-after-init",
            ]
            if self.install:
                arguments += ["-i", self.install]
            code = odoo_command.run("server", *arguments, log=log, timeout=TIME_LIMIT)
        report = LogReport.read(log)
        result = Result(
            self.name,
            report.tests - report.failed - len(report.skipped),
            report.failed,
            len(report.skipped),
        )
        if code and not report.failed:
            result.failed = 1
        if report.complaints or result.bad:
            result.words = [*report.skipped, *complaint_blocks(log)]
        return result


@dataclass(frozen=True)
class LintJob:
    name: str = "lint"

    def run(self) -> Result:
        outcomes = lint.run_all()
        words = [line for outcome in outcomes for line in outcome.words]
        bad = sum(not outcome.clean for outcome in outcomes)
        return Result(self.name, len(outcomes) - bad, bad, words=words)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((odoo_command.HOST, 0))
        return probe.getsockname()[1]


def _own_addons(folder: Path) -> list[str]:
    return sorted(path.parent.name for path in folder.glob("*/__manifest__.py"))


def _hoot_jobs() -> list[OdooJob]:
    """Return one job per addon with JavaScript unit tests."""
    return [
        OdooJob(
            f"{addon}_js",
            databases.BY_ADDON[addon],
            f"/web:WebSuite.test_unit_desktop[@{addon}]",
        )
        for addon in _own_addons(ADDONS)
        if any((ADDONS / addon / "static/tests").rglob("*.test.js"))
    ]


def all_jobs() -> list:
    """Return every job, the longest first."""
    return [
        PytestJob("install", ("tests/install",)),
        *(_flow_job(addon, f"/{addon}") for addon in _own_addons(TEST_ADDONS)),
        *(_addon_job(addon, f"/{addon}") for addon in reversed(_own_addons(ADDONS))),
        *_hoot_jobs(),
        OdooJob("core_lint", databases.ALL, CORE_LINT, install="test_lint"),
        PytestJob("unit", ("tests/unit",)),
        LintJob(),
    ]


def _addon_job(addon: str, tags: str) -> OdooJob:
    return OdooJob(addon, databases.BY_ADDON[addon], tags)


def _flow_job(addon: str, tags: str) -> OdooJob:
    return OdooJob(addon, databases.ALL, tags, install=addon)


def job_for(target: str):
    """Return the job for an addon, `addon:Class.method`, a job's name or a path."""
    addon = target.partition(":")[0]
    if addon in databases.BY_ADDON:
        return _addon_job(addon, f"/{target}")
    if addon in _own_addons(TEST_ADDONS):
        return _flow_job(addon, f"/{target}")
    for job in all_jobs():
        if job.name == target:
            return job
    path = Path(target.split("::")[0]).resolve()
    if not path.exists():
        raise Stop(f"{target} is no addon, no job and no path.")
    if path.is_relative_to(ADDONS) or path.is_relative_to(TEST_ADDONS):
        base = ADDONS if path.is_relative_to(ADDONS) else TEST_ADDONS
        inside = path.relative_to(base)
        tags = f"/{inside}" if path.is_file() else f"/{inside.parts[0]}"
        job = _addon_job if base == ADDONS else _flow_job
        return job(inside.parts[0], tags)
    if path.is_relative_to(TESTS):
        return PytestJob("part", (target,))
    raise Stop(f"{target} holds no tests.")


def run(targets: list[str]) -> int:
    start = time.monotonic()
    OUT.mkdir(parents=True, exist_ok=True)
    chromium.prepare()
    office.prepare()
    databases.drop_abandoned()
    jobs = [job_for(target) for target in targets] if targets else all_jobs()
    results = []
    with ThreadPoolExecutor(WORKERS) as pool:
        waiting = {pool.submit(_run_one, job): job for job in jobs}
        for done in as_completed(waiting):
            results.append(done.result())
            _show(results[-1])
    return _close(results, time.monotonic() - start)


def _run_one(job) -> Result:
    start = time.monotonic()
    try:
        result = job.run()
    except (Stop, subprocess.TimeoutExpired) as fault:
        result = Result(job.name, failed=1, words=str(fault).splitlines())
    except Exception:
        result = Result(job.name, failed=1, words=traceback.format_exc().splitlines())
    result.seconds = time.monotonic() - start
    return result


def _show(result: Result) -> None:
    say(
        f"{'FAILED' if result.bad else 'ok':>6}  {result.name}: {result.passed} passed,"
        f" {result.failed} failed, {result.skipped} skipped ({result.seconds:.0f} s)"
    )
    if result.bad:
        if not result.passed and not result.failed:
            say("        no test matched")
        for line in result.words:
            say(f"        {line}")
        sys.stdout.flush()


def _close(results: list[Result], seconds: float) -> int:
    passed = sum(result.passed for result in results)
    failed = sum(result.failed or int(result.bad) for result in results)
    skipped = sum(result.skipped for result in results)
    say(f"{len(results)} jobs in {seconds:.0f} s; logs in .odoo/out")
    say(f"tests: {passed} passed, {failed} failed, {skipped} skipped")
    return 1 if failed or not passed else 0
