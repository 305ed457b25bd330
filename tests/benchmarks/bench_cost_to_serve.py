"""A month of cost-to-serve for many clients, as ratios in one run.

Run as ``./dev bench cost_to_serve`` or, for other sizes, with the interpreter of the
environment as ``python tests/benchmarks/bench_cost_to_serve.py [clients] [invoices]``;
the goals are set for 100000 and 1000000. Fifteen pools on fifteen drivers: counted from
orders, lines, quotes, invoices, revenue, late money, mails, activities and visits,
entered by hand for every client, and formulas over them. The plain pass reads the
same orders, lines, invoices and receivables once with a GROUP BY. Every step is timed
at a quarter of the size too.

The database is that of ``bench_value_ledger.py``; the month holds a 36th of it.
"""

import gc
import json
import resource
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

ROOT = Path(__file__).parents[2]
CLIENTS, INVOICES = 20_000, 100_000
PART = 4
MONTH = "2026-09-01"

PLAIN = """
    SELECT COUNT(*) FROM (
        SELECT partner_id, COUNT(*) FROM sale_order
         WHERE date_order >= '2026-09-01' AND date_order < '2026-10-01'
         GROUP BY partner_id
         UNION ALL
        SELECT order_partner_id, COUNT(*) FROM sale_order_line AS line
          JOIN sale_order AS sale ON sale.id = line.order_id
         WHERE date_order >= '2026-09-01' AND date_order < '2026-10-01'
         GROUP BY order_partner_id
         UNION ALL
        SELECT client_id, COUNT(*) FROM logistics_value_entry
         WHERE date >= '2026-09-01' AND date < '2026-10-01'
         GROUP BY client_id
         UNION ALL
        SELECT line.partner_id, COUNT(*)
          FROM account_move_line AS line
          JOIN account_account AS account ON account.id = line.account_id
         WHERE account.account_type = 'asset_receivable' AND line.date < '2026-10-01'
         GROUP BY line.partner_id
    ) AS pass
"""
MANUAL = """
    INSERT INTO logistics_cost_driver_entry
           (driver_id, company_id, client_id, date, quantity)
    SELECT %s, %s, id, %s, 1 + id %% 7 FROM res_partner WHERE name LIKE 'Client %%'
"""
SOURCES = (
    "orders",
    "order_lines",
    "quotes",
    "invoices",
    "revenue",
    "late_money",
    "mails",
    "activities",
    "visits",
)
FORMULAS = (
    "manual + 2 * orders",
    "min(manual, 3) + order_lines",
    "max(manual, orders) * 1.5",
    "manual / (1 + invoices)",
    "manual + 0.001 * late_money",
)


def prepare(env):
    """Make fifteen drivers and pools with an account each; book the month."""
    from odoo import Command

    def account(number, kind="expense"):
        return env["account.account"].create(
            {
                "code": f"9{number:05}",
                "name": f"Bench {number}",
                "account_type": kind,
                "company_ids": [Command.link(env.company.id)],
            }
        )

    drivers = env["logistics.cost.driver"].search([("source", "in", SOURCES)])
    manual = drivers.create({"name": "Manual", "code": "manual"})
    drivers |= manual
    for number, formula in enumerate(FORMULAS):
        drivers |= drivers.create(
            {
                "name": formula,
                "code": f"formula_{number}",
                "kind": "formula",
                "formula": formula,
            }
        )
    other = account(99, "liability_current")
    for number, driver in enumerate(drivers):
        cost = account(number)
        env["account.move"].create(
            {
                "move_type": "entry",
                "date": MONTH,
                "line_ids": [
                    Command.create({"account_id": cost.id, "debit": 10_000}),
                    Command.create({"account_id": other.id, "credit": 10_000}),
                ],
            }
        ).action_post()
        env["logistics.cost.pool"].create(
            {
                "name": driver.name,
                "account_ids": [Command.set(cost.ids)],
                "driver_id": driver.id,
                "kind": "sales",
            }
        )
    env.flush_all()
    env.cr.execute(MANUAL, [manual.id, env.company.id, MONTH])
    env.cr.execute("ANALYZE logistics_cost_driver_entry")
    env.cr.commit()


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

    ledger = env["logistics.value.ledger"]._for_companies(env.company)
    env.cr.commit()
    ledger._refresh()
    env.cr.execute("ANALYZE logistics_value_entry")
    prepare(env)
    before = memory()
    timed("plain pass over the tables", lambda: env.cr.execute(PLAIN), 3)
    run = env["logistics.cost.run"].create({"month": MONTH})
    timed("cost run, first", run._compute_allocations)
    env.cr.execute("ANALYZE logistics_cost_allocation")
    timed("cost run, again", run._compute_allocations)
    timed("confirm", run.action_confirm)
    report = env["logistics.value.contribution.report"]
    timed(
        "net contribution, bridge",
        lambda: report.formatted_read_group([], ["component"], ["amount:sum"]),
    )
    timed(
        "net contribution, clients",
        lambda: report.formatted_read_group(
            [("period", "=", MONTH)], ["client_id"], ["amount:sum"], limit=80
        ),
    )
    env.cr.execute("SELECT COUNT(*), SUM(amount) FROM logistics_cost_allocation")
    allocations, allocated = env.cr.fetchone()
    assert round(allocated, 2) == round(run.allocated, 2)
    print(
        "RESULT",
        json.dumps(
            {
                "seconds": seconds,
                "allocations": allocations,
                "pools": len(run.pool_line_ids),
                "memory": [before, memory()],
            }
        ),
    )


def bench(template, clients, invoices):
    """Fill a clone and measure on it in a process of its own; return the result."""
    import bench_value_ledger as ledger
    from devkit import databases, odoo_command  # not in Odoo's own process

    with databases.temporary_clone(template, "bench_cost") as clone:
        printed = odoo_command.shell(clone, ledger.SEED)
        seed = ledger._tagged(printed, "SEED").split()
        with databases.cursor(clone) as cr:
            ledger.multiply(cr, [int(key) for key in seed], clients, invoices)
        print(f"{clients:,} clients, {invoices:,} invoices generated", flush=True)
        inside = f"import runpy; runpy.run_path({__file__!r})['measure'](env)"
        return json.loads(ledger._tagged(odoo_command.shell(clone, inside), "RESULT"))


def report(small, large):
    """Print seconds, ratios to the plain pass, and growth over the quarter size."""
    seconds = large["seconds"]
    plain = seconds["plain pass over the tables"]
    print(f"{'step':34}{'seconds':>9}{'ratio':>8}{'growth':>8}")
    for name, spent in seconds.items():
        growth = spent / max(small["seconds"][name], 0.001)
        print(f"{name:34}{spent:9.3f}{spent / plain:8.1f}{growth:8.1f}")
    started, ended = large["memory"]
    print(f"pools {large['pools']}, allocations {large['allocations']:,}")
    print(f"memory {started:.0f} MB at the start, {ended:.0f} MB at the end")
    print(f"ratio: to the plain pass; growth: at {PART} times the size")


def main():
    sys.path.insert(0, str(ROOT / "tools"))
    from devkit import databases, postgres

    postgres.prepare()
    template = databases.ensure(databases.CLV)
    numbers = [int(word) for word in sys.argv[1:]]
    clients, invoices = [*numbers, *(CLIENTS, INVOICES)[len(numbers) :]]
    small = bench(template, clients // PART, invoices // PART)
    report(small, bench(template, clients, invoices))


if __name__ == "__main__":
    main()
