"""Tiers, a snapshot and the reports of many clients, as ratios in one run.

Run as ``./dev bench tiers_snapshots`` or, for another size, with the interpreter of
the environment as ``python tests/benchmarks/bench_tiers_snapshots.py [clients]``; the
goals are set for 100000. Clients, their values and ten days each are made by SQL. The
plain pass is one SQL aggregate over the same values, clients and days.
"""

import gc
import json
import sys
import time
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).parents[2]
CLIENTS = 100_000
MONTH = "2026-06-01"

PLAIN = """
    SELECT COUNT(*), SUM(total), SUM(days) FROM (
        SELECT value.client_id, partner.logistics_tier_id, SUM(value.total) AS total,
               SUM(day.days) AS days
          FROM logistics_client_value AS value
          JOIN res_partner AS partner ON partner.id = value.client_id
     LEFT JOIN (SELECT client_id, COUNT(*) AS days
                  FROM logistics_client_day GROUP BY client_id) AS day
            ON day.client_id = value.client_id
         GROUP BY value.client_id, partner.logistics_tier_id
    ) AS pass
"""
SEED = (
    """
    INSERT INTO res_partner (name, complete_name, active, type, is_company)
    SELECT 'Client ' || n, 'Client ' || n, TRUE, 'contact', TRUE
      FROM generate_series(1, %(clients)s) AS n
    """,
    """
    UPDATE res_partner SET commercial_partner_id = id WHERE name LIKE 'Client %%'
    """,
    """
    INSERT INTO logistics_client_value (
           client_id, company_id, currency_id, historical, predicted, total, band,
           p_alive)
    SELECT id, %(company)s, %(currency)s, amount, amount / 2, amount * 1.5,
           (ARRAY['active', 'watch', 'risk', 'lost'])[1 + id %% 4], 0.5
      FROM (SELECT id, (power(random(), 6) * 1000000 - 500)::numeric(16, 2) AS amount
              FROM res_partner WHERE name LIKE 'Client %%') AS client
    """,
    """
    INSERT INTO logistics_client_day (
           company_id, client_id, order_date, date, revenue, contribution,
           order_revenue, has_order, is_free)
    SELECT %(company)s, id, day, day, 100, 20, 100, TRUE, FALSE
      FROM res_partner
CROSS JOIN LATERAL (
           SELECT DISTINCT DATE '2023-01-01' + (random() * 1270 + id * 0)::int AS day
             FROM generate_series(1, 10)) AS days
     WHERE name LIKE 'Client %%'
    """,
)


def measure(env):
    """Time the steps on the database of this shell; print them as JSON."""
    seconds = {}
    company = env.company

    def timed(name, work, runs=1):
        spent = []
        for _run in range(runs):
            gc.collect()
            start = time.perf_counter()
            work()
            env.flush_all()
            spent.append(time.perf_counter() - start)
            env.cr.commit()
            env.invalidate_all()
        seconds[name] = min(spent)

    company.logistics_tiers_automatic = True
    rule = env["logistics.tier.rule"]._get_used(company)
    rule.state = "former"
    rule.flush_recordset()
    rule = rule.copy({"basis": "total"})
    rule.state = "used"
    grading = type(env["logistics.tier.grading"])
    snapshots = env["logistics.value.snapshot"]
    report = env["logistics.value.report"]
    first = env.cr.now().date().replace(day=1)
    timed("plain pass", lambda: env.cr.execute(PLAIN), 3)
    # playbooks hear of new tiers in the background: their work is not counted here
    with patch.object(grading, "_follow", return_value=0):
        timed("tiers, first", rule._assign)
        timed("tiers, again", rule._assign, 3)
    timed("snapshot, first", lambda: snapshots._take(company, MONTH))
    env.cr.execute("ANALYZE logistics_value_snapshot_line")
    timed("snapshot, again", lambda: snapshots._take(company, MONTH), 2)
    snapshots._take(company, first)
    timed("migration", lambda: report.get_migration("tier"), 3)
    timed("stages and tiers", report.get_stage_tier_matrix, 3)
    timed("whale curve", lambda: report.get_whale_curve("total"), 3)
    timed("cohorts", report.get_cohorts, 2)
    env.cr.execute("SELECT COUNT(*) FROM logistics_tier_history")
    [tiers] = env.cr.fetchone()
    env.cr.execute("SELECT COUNT(*) FROM logistics_client_day")
    [days] = env.cr.fetchone()
    print("RESULT", json.dumps({"seconds": seconds, "tiers": tiers, "days": days}))


def seed(env, clients):
    values = {
        "clients": clients,
        "company": env.company.id,
        "currency": env.company.currency_id.id,
    }
    for statement in SEED:
        env.cr.execute(statement, values)
    env.cr.commit()
    for table in ("res_partner", "logistics_client_value", "logistics_client_day"):
        env.cr.execute(f"ANALYZE {table}")  # names of this file
    env.cr.commit()


def main():
    sys.path.insert(0, str(ROOT / "tools"))
    sys.path.insert(0, str(Path(__file__).parent))
    import bench_value_ledger as ledger
    from devkit import databases, odoo_command, postgres

    postgres.prepare()
    template = databases.ensure(databases.CLV)
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS
    with databases.temporary_clone(template, "bench_tiers") as clone:
        inside = (
            "import runpy\n"
            f"bench = runpy.run_path({__file__!r})\n"
            f"bench['seed'](env, {clients})\n"
            "bench['measure'](env)\n"
        )
        printed = odoo_command.shell(clone, inside)
    result = json.loads(ledger._tagged(printed, "RESULT"))
    seconds = result["seconds"]
    print(
        f"{clients:,} clients, {result['days']:,} days, {result['tiers']:,} new tiers"
    )
    print(f"{'step':24}{'seconds':>9}{'ratio':>8}")
    for name, spent in seconds.items():
        print(f"{name:24}{spent:9.3f}{spent / seconds['plain pass']:8.1f}")
    print("ratio: to the plain pass")


if __name__ == "__main__":
    main()
