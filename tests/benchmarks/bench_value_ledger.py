"""Rebuild, refresh, reconcile and value on generated invoices, as ratios in one run.

Run as ``./dev bench value_ledger`` or, for other sizes, with the interpreter of the
environment as ``python tests/benchmarks/bench_value_ledger.py [clients] [invoices]``;
the goals are set for 100000 and 1000000. Every step is timed at a quarter of the size
too: a factor far above four is a plan that grows with the square.

The plain pass is what a report by document and account would cost that needs nothing
but the books: one GROUP BY over all lines, with the tables that it needs to tell
documents and kinds of accounts apart. The plain insert writes the entries into an
empty table with the same columns and indexes: what no way of filling can go below.
Invoices are posted with and without the addon's indexes on the tables of Odoo.

An order, its invoice and its client are made by Odoo, and then multiplied by SQL with
all their columns: three journal items each, over three years, some clients with most
of the orders.
"""

import gc
import io
import json
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENTS, INVOICES = 20_000, 100_000
PART = 4
CHANGED = 1_000
POSTED = 40
TURNS = 3

# Statements of Odoo's shell: one order, invoiced and posted.
SEED = """
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company, False)
client = env["res.partner"].create({"name": "Client", "is_company": True})
product = env["product.product"].create({
    "name": "Ocean freight",
    "type": "service",
    "invoice_policy": "order",
    "logistics_service_id": env.ref("logistics_crm.service_sea_fcl").id,
})
order = env["sale.order"].create({
    "partner_id": client.id,
    "order_line": [(0, 0, {
        "product_id": product.id, "price_unit": 100, "purchase_price": 70,
    })],
})
order.action_confirm()
move = order._create_invoices()
move.action_post()
assert sorted(move.line_ids.mapped("display_type")) == [
    "payment_term", "product", "tax",
], move.line_ids.mapped("display_type")
env.cr.commit()
print("SEED", client.id, order.id, order.order_line.id, move.id)
"""

# Column of the copy: expression over the plan (i, client, day, amount).
PARTNER = {
    "id": "%(partner)s + i",
    "name": "'Client ' || i",
    "complete_name": "'Client ' || i",
    "commercial_partner_id": "%(partner)s + i",
}
ORDER = {
    "id": "%(order)s + i",
    "name": "'BENCH/' || i",
    "partner_id": "%(partner)s + client",
    "partner_invoice_id": "%(partner)s + client",
    "partner_shipping_id": "%(partner)s + client",
    "date_order": "day",
    "access_token": "NULL",
    "amount_untaxed": "amount",
    "write_date": "'2020-01-01'",
}
ORDER_LINE = {
    "id": "%(order_line)s + i",
    "order_id": "%(order)s + i",
    "price_unit": "amount",
    "purchase_price": "round(amount * 0.8, 2)",
    "order_partner_id": "%(partner)s + client",
    "write_date": "'2020-01-01'",
}
MOVE = {
    "id": "%(move)s + i",
    "name": "'BENCH/' || i",
    "payment_reference": "'BENCH/' || i",
    "sequence_prefix": "'BENCH/'",
    "sequence_number": "i",
    "partner_id": "%(partner)s + client",
    "commercial_partner_id": "%(partner)s + client",
    "partner_shipping_id": "%(partner)s + client",
    "date": "day",
    "invoice_date": "day",
    "invoice_date_due": "day",
    "access_token": "NULL",
    "write_date": "'2020-01-01'",
}
SHARE = (
    "CASE seed.display_type WHEN 'product' THEN -amount "
    "WHEN 'tax' THEN -round(amount * 0.15, 2) ELSE amount + round(amount * 0.15, 2) END"
)
LINE = {
    "id": "%(line)s + 3 * i + CASE seed.display_type"
    " WHEN 'product' THEN 0 WHEN 'tax' THEN 1 ELSE 2 END",
    "move_id": "%(move)s + i",
    "move_name": "'BENCH/' || i",
    "partner_id": "%(partner)s + client",
    "date": "day",
    "invoice_date": "day",
    "balance": SHARE,
    "amount_currency": SHARE,
    "debit": f"GREATEST({SHARE}, 0)",
    "credit": f"GREATEST(-({SHARE}), 0)",
    "price_unit": "amount",
    "write_date": "'2020-01-01'",
}


def multiply(cr, seed, clients, invoices):
    """Copy the seed's rows by SQL; triggers and foreign keys are left out."""
    client, order, order_line, move = seed
    cr.execute("SET session_replication_role = replica")
    cr.execute("SELECT setseed(0.42)")
    cr.execute(
        """
        CREATE TEMP TABLE plan AS
        SELECT i,
               1 + floor(%s * power(random(), 2.5))::int AS client,
               DATE '2023-11-01' + floor(1095 * random())::int AS day,
               round(exp(6 + 0.8 * (random() + random() + random() - 1.5))::numeric, 2)
               AS amount
          FROM generate_series(1, %s) AS i
        """,
        [clients, invoices],
    )
    base = {}
    for key, table in (
        ("partner", "res_partner"),
        ("order", "sale_order"),
        ("order_line", "sale_order_line"),
        ("move", "account_move"),
        ("line", "account_move_line"),
    ):
        cr.execute(f"SELECT MAX(id) FROM {table}")
        base[key] = cr.fetchone()[0]
    steps = (
        ("res_partner", PARTNER, f"seed.id = {client} AND i <= {clients}"),
        ("sale_order", ORDER, f"seed.id = {order}"),
        ("sale_order_line", ORDER_LINE, f"seed.id = {order_line}"),
        ("account_move", MOVE, f"seed.move_type = 'out_invoice' AND seed.id = {move}"),
        ("account_move_line", LINE, f"seed.move_id = {move}"),
    )
    # Rows go in several times as fast without indexes.
    cr.execute(
        """
        SELECT indexname, indexdef FROM pg_indexes
         WHERE tablename = ANY(%s) AND schemaname = 'public'
           AND indexname NOT IN (SELECT conname FROM pg_constraint)
        """,
        [[table for table, *_rest in steps]],
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(f'DROP INDEX "{name}"')
    for table, changes, which in steps:
        cr.execute(
            """
            SELECT column_name FROM information_schema.columns
             WHERE table_name = %s AND is_generated = 'NEVER'
            """,
            [table],
        )
        columns = [name for (name,) in cr.fetchall()]
        values = [
            changes[name] % base if name in changes else f'seed."{name}"'
            for name in columns
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        cr.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} "
            f"FROM plan CROSS JOIN {table} AS seed WHERE {which}"
        )
    cr.execute(
        "INSERT INTO sale_order_line_invoice_rel (order_line_id, invoice_line_id) "
        "SELECT %(order_line)s + i, %(line)s + 3 * i FROM plan",
        base,
    )
    for table, *_rest in steps:
        cr.execute(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")
    for _name, definition in indexes:
        cr.execute(definition)
    cr.execute("SET session_replication_role = origin")
    cr.execute("VACUUM ANALYZE")


PLAIN_LINES = """
    SELECT COUNT(*) FROM (
        SELECT line.move_id, line.account_id, account.account_type, move.date,
               SUM(line.balance), SUM(line.amount_currency)
          FROM account_move_line AS line
          JOIN account_move AS move ON move.id = line.move_id
          JOIN account_account AS account ON account.id = line.account_id
         WHERE line.parent_state = 'posted'
         GROUP BY line.move_id, line.account_id, account.account_type, move.date
    ) AS pass
"""
PLAIN_INSERT = """
    INSERT INTO bench_value_entry SELECT * FROM logistics_value_entry ORDER BY move_id
"""
PLAIN_ENTRIES = """
    SELECT COUNT(*) FROM (
        SELECT client_id, SUM(contribution), COUNT(DISTINCT order_date)
          FROM logistics_value_entry
         GROUP BY client_id
    ) AS pass
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

    before = memory()
    ledger = env["logistics.value.ledger"]._for_companies(env.company)
    env.cr.commit()
    timed("plain pass over the lines", lambda: env.cr.execute(PLAIN_LINES), 3)
    timed("first fill", ledger._refresh)
    env.cr.execute("ANALYZE logistics_value_entry")
    env.cr.execute("ANALYZE logistics_value_queue")
    env.cr.execute(
        "CREATE TABLE bench_value_entry (LIKE logistics_value_entry INCLUDING ALL)"
    )
    timed("plain insert of the entries", lambda: env.cr.execute(PLAIN_INSERT))
    env.cr.execute("DROP TABLE bench_value_entry")

    def rebuild():
        ledger._collect(rebuild=True)
        while ledger.rebuild_next_id:
            ledger._process_range()

    timed("rebuild", rebuild)
    timed("days of all clients", ledger._refresh)
    timed("refresh of nothing", ledger._refresh, 2)
    env.cr.execute(
        """
        UPDATE account_move SET write_date = now() AT TIME ZONE 'UTC'
         WHERE id IN (SELECT id FROM account_move ORDER BY id DESC LIMIT %s)
        """,
        [CHANGED],
    )
    env.cr.commit()
    timed(f"refresh of {CHANGED}", ledger._refresh)
    reconciliation = env["logistics.value.reconciliation"]
    measures = ["booked:sum", "ledger:sum", "difference:sum"]
    timed(
        "reconciliation, pivot",
        lambda: reconciliation.formatted_read_group(
            [], ["date:month", "side", "category"], measures
        ),
    )
    timed(
        "reconciliation, differences",
        lambda: reconciliation.search([("category", "!=", "ledger")], limit=80),
    )
    kept = memory()
    timed("plain aggregate of the entries", lambda: env.cr.execute(PLAIN_ENTRIES), 3)
    run = env["logistics.value.run"].create({"as_of_date": "2026-11-01"})
    timed("value clients, first", run._value_clients)
    timed("value clients, again", run._value_clients)
    valued = memory()
    timed("workbook", lambda: run._write_workbook(io.BytesIO()))
    seconds.update(_post(env))
    env.cr.execute("SELECT COUNT(*), SUM(revenue) FROM logistics_value_entry")
    entries, revenue = env.cr.fetchone()
    print(
        "RESULT",
        json.dumps(
            {
                "seconds": seconds,
                "entries": entries,
                "revenue": float(revenue),
                "clients": run.client_count,
                "memory": [before, kept, valued, memory()],
            }
        ),
    )


def _post(env):
    """Time the posting of some invoices, with our indexes and without, in turns."""
    move = env["account.move"].search([("move_type", "=", "out_invoice")], limit=1)
    drafts = env["account.move"].union(*(move.copy() for _number in range(POSTED)))
    env.cr.commit()
    env.cr.execute(
        """
        SELECT indexname FROM pg_indexes
         WHERE indexname LIKE '%%logistics%%' AND tablename IN (
               'account_move', 'account_move_line', 'sale_order', 'sale_order_line'
               )
        """
    )
    indexes = [name for (name,) in env.cr.fetchall()]
    spent = {True: [], False: []}
    for turn in range(2 * TURNS):
        with_indexes = bool(turn % 2)
        if not with_indexes:
            for name in indexes:
                env.cr.execute(f'DROP INDEX "{name}"')
        env.invalidate_all()
        gc.collect()
        start = time.perf_counter()
        drafts.action_post()
        env.flush_all()
        spent[with_indexes].append(time.perf_counter() - start)
        env.cr.rollback()
        env.invalidate_all()
    return {
        f"posting {POSTED}, without our indexes": min(spent[False]),
        f"posting {POSTED}, with our indexes": min(spent[True]),
    }


def bench(template, clients, invoices):
    """Fill a clone and measure on it in a process of its own; return the result."""
    from devkit import databases, odoo_command  # not in Odoo's own process

    with databases.temporary_clone(template, "bench_value") as clone:
        printed = odoo_command.shell(clone, SEED)
        seed = _tagged(printed, "SEED").split()
        start = time.perf_counter()
        with databases.cursor(clone) as cr:
            multiply(cr, [int(key) for key in seed], clients, invoices)
        print(
            f"{clients:,} clients, {invoices:,} invoices, {3 * invoices:,} lines "
            f"generated in {time.perf_counter() - start:.0f} s",
            flush=True,
        )
        inside = f"import runpy; runpy.run_path({__file__!r})['measure'](env)"
        return json.loads(_tagged(odoo_command.shell(clone, inside), "RESULT"))


def _tagged(printed, tag):
    return next(
        line.removeprefix(tag)
        for line in printed.splitlines()
        if line.startswith(tag + " ")
    )


def report(small, large):
    """Print seconds, ratios to the plain passes, and growth over the quarter size."""
    seconds = large["seconds"]
    print(f"{'step':38}{'seconds':>9}{'ratio':>8}{'growth':>8}")
    for name, spent in seconds.items():
        plain = "plain pass over the lines"
        if name.startswith(("value", "workbook", "plain aggregate")):
            plain = "plain aggregate of the entries"
        elif name.startswith("posting"):
            plain = f"posting {POSTED}, without our indexes"
        growth = spent / max(small["seconds"][name], 0.001)
        print(f"{name:38}{spent:9.3f}{spent / seconds[plain]:8.1f}{growth:8.1f}")
    started, kept, valued, written = large["memory"]
    print(f"entries {large['entries']:,}, valued clients {large['clients']:,}")
    print(
        f"memory {started:.0f} MB at the start, {kept:.0f} MB after the ledger, "
        f"{valued:.0f} MB after the values, {written:.0f} MB after the workbook"
    )
    print(f"ratio: to the plain pass of its kind; growth: at {PART} times the size")


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
