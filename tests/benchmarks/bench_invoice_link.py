"""Lists of invoices by value, economics, re-attribution, as ratios in one run.

Run as ``./dev bench invoice_link`` or, for other sizes, with the interpreter of the
environment as ``python tests/benchmarks/bench_invoice_link.py [clients] [invoices]``.
The rows are those of bench_value_ledger. A list is timed as the web client opens it:
the first page and the count up to its limit; plain is Odoo's own list of invoices.
"""

import gc
import json
import sys
import time
from pathlib import Path

import bench_value_ledger as base

CLIENTS, INVOICES = 20_000, 100_000
CHANGED = 10_000
LISTS = {
    "no client": [("logistics_value_without_client", "=", True)],
    "no cost": [("logistics_value_status", "in", ("no_cost", "partial"))],
    "estimated": [("logistics_value_status", "=", "estimated")],
    "re-attributed": [("logistics_value_reattributed", "=", True)],
    "adjusted": [("logistics_value_adjusted", "=", True)],
    "pending": [("logistics_value_status", "=", "pending")],
}


def measure_rules(env, clients, timed):
    """Time the preview of rules that ask for this and that; all lead to an index."""
    from odoo.tools import SQL

    from odoo.addons.logistics_clv.models import value_client_rule_sql as rule_sql

    journal = env["account.journal"].search([("type", "=", "sale")], limit=1)
    for name, asked in (
        ("partner", {"partner_id": clients[1].id}),
        ("who ordered", {"order_partner_id": clients[1].id}),
        ("journal: all invoices", {"journal_id": journal.id}),
    ):
        rule = env["logistics.value.client.rule"].create(
            {"name": name, "target": "client", "client_id": clients[2].id, **asked}
        )
        matching = rule_sql.moves_of_rules(rule._prepare_terms())
        if "journal_id" not in asked:
            plan = env.execute_query(SQL("EXPLAIN %s", matching))
            assert not any("Seq Scan on account_move " in row for (row,) in plan), plan
        timed(f"matching a rule: {name}", lambda sql=matching: env.execute_query(sql))
        timed(f"preview of a rule: {name}", rule._get_changed_moves)


def measure(env):
    """Time the steps on the database of this shell; print them as JSON."""
    seconds = {}
    moves = env["account.move"]

    def timed(name, work, runs=2):
        spent = []
        for _run in range(runs):
            env.flush_all()
            env.invalidate_all()
            gc.collect()
            start = time.perf_counter()
            work()
            spent.append(time.perf_counter() - start)
        seconds[name] = min(spent)

    def open_list(domain):
        domain = [("move_type", "in", ("out_invoice", "out_refund")), *domain]
        moves.search(domain, limit=80)
        moves.search_count(domain, limit=10_001)

    ledger = env["logistics.value.ledger"]._for_companies(env.company)
    ledger._refresh()
    env.cr.commit()
    env.cr.execute("ANALYZE logistics_value_entry")
    clients = env["res.partner"].search([("is_company", "=", True)], limit=3)
    some = moves.search(
        [("move_type", "=", "out_invoice"), ("state", "=", "posted")], limit=CHANGED
    )
    batches = env["logistics.value.attribution.batch"]
    timed("note the change of 10,000", lambda: some._reattribute(clients[0], "b"), 1)
    batch = batches.search([("state", "=", "waiting")], limit=1)

    def process():
        while batch._process():
            pass

    timed("carry it out", process, 1)
    env.cr.commit()
    env.cr.execute("ANALYZE account_move")
    timed("plain list", lambda: open_list([("state", "=", "posted")]))
    for name, domain in LISTS.items():
        timed(f"list: {name}", lambda domain=domain: open_list(domain))
    timed("plain aggregate of the entries", lambda: env.cr.execute(base.PLAIN_ENTRIES))
    entries = env["logistics.value.entry"]
    timed(
        "economics pivot",
        lambda: entries.formatted_read_group(
            [],
            ["mode_id", "service_id", "period:year"],
            ["revenue:sum", "contribution:sum", "margin_rate:avg"],
        ),
    )
    timed("jobs list", lambda: env["logistics.value.job"].search([], limit=80).read())
    timed("coverage", lambda: env["logistics.value.coverage"].search([]).read())
    measure_rules(env, clients, timed)
    print("RESULT", json.dumps(seconds))


def main():
    sys.path.insert(0, str(base.ROOT / "tools"))
    from devkit import databases, odoo_command, postgres

    postgres.prepare()
    template = databases.ensure(databases.CLV)
    numbers = [int(word) for word in sys.argv[1:]]
    clients, invoices = [*numbers, *(CLIENTS, INVOICES)[len(numbers) :]]
    with databases.temporary_clone(template, "bench_link") as clone:
        seed = base._tagged(odoo_command.shell(clone, base.SEED), "SEED").split()
        with databases.cursor(clone) as cr:
            base.multiply(cr, [int(key) for key in seed], clients, invoices)
        here = str(Path(__file__).parent)
        inside = (
            f"import runpy, sys; sys.path.insert(0, {here!r}); "
            f"runpy.run_path({__file__!r})['measure'](env)"
        )
        seconds = json.loads(base._tagged(odoo_command.shell(clone, inside), "RESULT"))
    print(f"{clients:,} clients, {invoices:,} invoices")
    print(f"{'step':34}{'seconds':>9}{'to the plain list':>20}")
    for name, spent in seconds.items():
        print(f"{name:34}{spent:9.3f}{spent / seconds['plain list']:20.1f}")


if __name__ == "__main__":
    main()
