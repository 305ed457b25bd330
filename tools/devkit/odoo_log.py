"""Reading an Odoo log: what ran, what failed, what complained.

Odoo exits with 0 after ERROR lines, after skipped tests, and when no test matched:
so the log decides.
"""

import re
from dataclasses import dataclass
from pathlib import Path

LINE = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d+ \d+ (?P<level>[A-Z]+) (?P<db>\S+) "
    r"(?P<logger>[\w.]+): (?P<text>.*)$"
)
START = re.compile(r"^\d{4}-\d\d-\d\d ")
BAD_LEVELS = ("WARNING", "ERROR", "CRITICAL")
RESULT = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests")
SKIPPED = re.compile(r"skipped|Skipping", re.IGNORECASE)
# Complaints of Odoo about itself or about this machine, each with its reason.
HARMLESS = (
    # Debian's package carries no .git, no wkhtmltopdf; the renderer is ours.
    "You need Wkhtmltopdf to print a pdf version of the reports",
)


@dataclass
class LogReport:
    """tests, failed: counts; complaints: WARNING and worse; skipped: test names."""

    tests: int
    failed: int
    complaints: list[str]
    skipped: list[str]

    @classmethod
    def read(cls, path: Path) -> "LogReport":
        return cls.parse(path.read_text(errors="replace"))

    @classmethod
    def parse(cls, text: str) -> "LogReport":
        tests = failed = 0
        complaints, skipped = [], []
        for line in text.splitlines():
            found = LINE.match(line)
            if not found:
                if line.startswith("Traceback (most recent call last)"):
                    complaints.append(line)
                continue
            counted = RESULT.search(found["text"])
            if counted and found["logger"] == "odoo.tests.result":
                failed += int(counted[1]) + int(counted[2])
                tests += int(counted[3])
            elif _is_skip(found):
                skipped.append(found["text"])
            elif found["level"] in BAD_LEVELS and not any(
                words in line for words in HARMLESS
            ):
                complaints.append(line)
        return cls(tests, failed, complaints, skipped)


def complaint_blocks(path: Path, limit: int = 150) -> list[str]:
    """Return WARNING and ERROR lines with the tracebacks below them."""
    lines, taking = [], False
    for line in path.read_text(errors="replace").splitlines():
        if START.match(line):
            found = LINE.match(line)
            taking = bool(found) and found["level"] in BAD_LEVELS
        if taking:
            lines.append(line)
    return lines[:limit] or [f"see {path}"]


def _is_skip(found) -> bool:
    return ".tests." in found["logger"] and bool(SKIPPED.match(found["text"]))
