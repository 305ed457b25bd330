"""Days of clients and valuation on generated invoices, as ratios in one run.

Run as ``./dev bench client_value`` or, for other sizes, with the interpreter of the
environment as ``python tests/benchmarks/bench_client_value.py [clients] [invoices]``.

The goals are set for 100,000 clients and 10,000,000 lines: all days at most 20 s, the
days of the clients touched in a day at most 2 s, the values of all clients (facts,
gaps, fit, scores at four horizons, write) at most 9 s, at most 300 MB more memory.
Beside each step stands its ratio to one plain aggregate of the ledger's entries.
"""

import gc
import json
import resource
import sys
import time
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CLIENTS, INVOICES = 20_000, 200_000
PART = 4
TOUCHED = 2_000

PLAIN = """
    SELECT client_id, SUM(revenue), SUM(contribution), MIN(order_date),
           MAX(order_date), COUNT(DISTINCT order_date)
      FROM logistics_value_entry
     GROUP BY client_id
"""


def measure(env):
    """Time the steps on the database of this shell; print them as JSON."""
    seconds = {}

    def timed(name, work, runs=1):
        spent = []
        for _run in range(runs):
            gc.collect()
            start = time.perf_counter()
            work()
            spent.append(time.perf_counter() - start)
            env.cr.commit()
            env.invalidate_all()
        seconds[name] = min(spent)

    def memory():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    company = env.company
    days = env["logistics.client.day"]
    env["logistics.value.ledger"]._for_companies(company)._refresh()
    env.cr.execute("DELETE FROM logistics_client_day")
    env.cr.commit()
    env.cr.execute("ANALYZE logistics_value_entry")
    timed("plain aggregate of the entries", lambda: env.cr.execute(PLAIN), 3)
    timed("days, first fill", lambda: days._refresh(company, rebuild=True))
    env.cr.commit()
    env.cr.execute("ANALYZE logistics_client_day")
    timed("days, rebuild", lambda: days._refresh(company, rebuild=True))

    def touch():
        env.cr.execute(
            """
            INSERT INTO logistics_client_day_queue (client_id, company_id)
            SELECT client_id, %s
              FROM (SELECT DISTINCT client_id FROM logistics_client_day) AS known
             ORDER BY client_id % 97, client_id
             LIMIT %s
            """.replace("% 97", "%% 97"),
            [company.id, TOUCHED],
        )
        days._refresh(company)

    timed(f"days, {TOUCHED} touched clients", touch, 2)
    runs = env["logistics.value.run"]
    dated = {"as_of_date": "2026-11-01"}
    plain = runs.create({**dated, "check_holdout": False})
    before = memory()
    timed("facts alone", plain._collect_facts, 2)
    timed("values", plain._value_clients, 2)
    valued = memory()
    checked = runs.create(dated)
    timed("values with the check on the past", checked._value_clients)
    segmented = runs.create({**dated, "check_holdout": False, "segment_by": "mode"})
    timed("values by segment", segmented._value_clients)
    env.cr.execute("SELECT COUNT(*) FROM logistics_client_day")
    [count] = env.cr.fetchone()
    result = {
        "seconds": seconds,
        "days": count,
        "clients": plain.client_count,
        "grade": checked.grade,
        "memory": [before, valued, memory()],
    }
    print("RESULT", json.dumps(result))


def bench(template, clients, invoices):
    """Fill a clone and measure on it in a process of its own; return the result."""
    import bench_value_ledger as ledger  # beside this file, not in Odoo's own process
    from devkit import databases, odoo_command

    with databases.temporary_clone(template, "bench_client_value") as clone:
        seed = ledger._tagged(odoo_command.shell(clone, ledger.SEED), "SEED").split()
        with databases.cursor(clone) as cr:
            ledger.multiply(cr, [int(key) for key in seed], clients, invoices)
        print(f"{clients:,} clients, {invoices:,} invoices generated", flush=True)
        inside = f"import runpy; runpy.run_path({__file__!r})['measure'](env)"
        return json.loads(ledger._tagged(odoo_command.shell(clone, inside), "RESULT"))


def report(small, large):
    """Print seconds, ratios to the plain aggregate, and growth over the quarter."""
    seconds = large["seconds"]
    plain = seconds["plain aggregate of the entries"]
    print(f"{'step':36}{'seconds':>9}{'ratio':>8}{'growth':>8}")
    for name, spent in seconds.items():
        growth = spent / max(small["seconds"][name], 0.001)
        print(f"{name:36}{spent:9.3f}{spent / plain:8.1f}{growth:8.1f}")
    before, valued, checked = large["memory"]
    print(f"days {large['days']:,}, clients {large['clients']:,}")
    print(f"grade of the check on the past: {large['grade']}")
    print(
        f"memory {before:.0f} MB before the values, {valued:.0f} MB after them, "
        f"{checked:.0f} MB after the check"
    )
    print(f"ratio: to the plain aggregate; growth: at {PART} times the size")


def main():
    sys.path[:0] = [str(ROOT / "tools"), str(HERE)]
    from devkit import databases, postgres

    postgres.prepare()
    template = databases.ensure(databases.CLV)
    numbers = [int(word) for word in sys.argv[1:]]
    clients, invoices = [*numbers, *(CLIENTS, INVOICES)[len(numbers) :]]
    small = bench(template, clients // PART, invoices // PART)
    report(small, bench(template, clients, invoices))


if __name__ == "__main__":
    main()
