"""Write the value workbook of 100,000 clients, against a plain csv pass of the same.

Run as ``python tests/benchmarks/bench_value_workbook.py [clients]``. The goals are 60
seconds of processor time for 100,000 clients, and memory that does not grow with them
(the peak of five times as many clients at most 1.5 times as high).
"""

import csv
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import astuple
from datetime import date
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests"))

import conftest  # noqa: E402, F401  registers the addons without Odoo

from odoo.addons.logistics_clv.value_workbook import (  # noqa: E402
    ClientLine,
    CohortCell,
    WorkbookData,
    write_workbook,
)

GOAL = 60.0  # seconds for 100,000 clients
FLAT = 1.5
TIERS, STAGES = ("A", "B", "C", "D"), ("new", "growing", "mature", "lapsed")


def lines(clients: int) -> Iterator[ClientLine]:
    first, last = date(2022, 3, 1), date(2026, 11, 2)
    for number in range(clients):
        revenue, cost = Decimal(number * 37 % 90_000), Decimal(number * 31 % 80_000)
        yield ClientLine(
            f"Client {number}", f"C{number}", TIERS[number % 4], STAGES[number % 3],
            first, last, number % 200, revenue, cost, revenue - cost, 0.7, 4.2,
            Decimal(310), Decimal(3410), Decimal(9800), salesperson="Ann",
            segment="Sea", band="Active", current_low=Decimal(2900),
            current_high=Decimal(4100), potential=Decimal(120),
        )  # fmt: skip


def cohorts() -> list[CohortCell]:
    return [
        CohortCell(f"{2021 + start // 4} Q{start % 4 + 1}", age, 500, 500 - age, 9_000)
        for start in range(20)
        for age in range(20 - start)
    ]


def write(clients: int) -> float:
    data = WorkbookData(
        "Benchmark", "2026-11-23", "EUR", 2, lines(clients), tiers=TIERS,
        stages=STAGES, cohorts=cohorts(), symbol="\u20ac",
    )  # fmt: skip
    with tempfile.TemporaryFile() as stream:
        start = time.process_time()
        write_workbook(stream, data)
        return time.process_time() - start


def write_csv(clients: int) -> float:
    with tempfile.TemporaryFile("w", newline="") as stream:
        start = time.process_time()
        csv.writer(stream).writerows(map(astuple, lines(clients)))
        return time.process_time() - start


def peak(clients: int) -> int:
    tracemalloc.start()
    write(clients)
    found = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return found


def main(clients: int) -> int:
    seconds = write(clients)
    plain = write_csv(clients)
    few = clients // 20
    small, large = peak(few // 5), peak(few)
    goal = GOAL * max(clients / 100_000, 0.1)
    print(f"{clients:,} clients, all sheets")
    print(f"  workbook {seconds:.1f} s (goal {goal:.0f}), plain csv {plain:.1f} s")
    print(f"  ratio to plain csv {seconds / plain:.1f}")
    print(
        f"  peak memory {small / 1e6:.1f} MB with {few // 5:,} clients,"
        f" {large / 1e6:.1f} MB with {few:,}: ratio {large / small:.2f} (goal {FLAT})"
    )
    return 0 if seconds <= goal and large / small <= FLAT else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000))
