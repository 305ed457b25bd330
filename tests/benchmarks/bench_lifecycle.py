"""A full and a nightly run of the lifecycle, and a preview, as ratios in one run.

Run as ``./dev bench lifecycle``, or for another size with the interpreter of the
environment as ``python tests/benchmarks/bench_lifecycle.py [clients] [orders]``; the
goals are set for 100000 and 1000000: measuring everybody in less than 60 s and at most
four times one plain pass over the same tables, a night after 1,000 changes in less than
5 s. A client, an order and an invoice are made by Odoo and multiplied by SQL: orders
over three years, some clients with most of them; an invoice to every third order, one
in ten of no order, one in ten unpaid. Measured at a quarter of the size too: a factor
far above four is a plan that grows with the square.
"""

import json
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENTS, ORDERS = 100_000, 1_000_000
PART = 4
CHANGED = 1_000

SEED = """
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company, False)
client = env["res.partner"].create({
    "name": "Client", "is_company": True,
    "logistics_stage_id": env.ref("logistics_crm.lifecycle_stage_potential").id,
})
product = env["product.product"].create({
    "name": "Freight", "type": "service", "invoice_policy": "order",
})
order = env["sale.order"].create({
    "partner_id": client.id,
    "order_line": [(0, 0, {"product_id": product.id, "price_unit": 100})],
})
order.action_confirm()
move = order._create_invoices()
move.action_post()
line = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
env.cr.commit()
print("SEED", client.id, order.id, move.id, line.id)
"""
COPIES = (
    (
        "res_partner",
        0,
        "i <= {clients}",
        {
            "id": "{0} + i",
            "name": "'Client ' || i",
            "complete_name": "'Client ' || i",
            "commercial_partner_id": "{0} + i",
        },
    ),
    (
        "sale_order",
        1,
        "TRUE",
        {
            "id": "{1} + i",
            "name": "'BENCH/' || i",
            "partner_id": "{0} + client",
            "partner_invoice_id": "{0} + client",
            "partner_shipping_id": "{0} + client",
            "date_order": "day",
            "access_token": "NULL",
            "amount_untaxed": "amount",
            "write_date": "'2020-01-01'",
        },
    ),
    (
        "account_move",
        2,
        "i % 3 = 0",
        {
            "id": "{2} + i",
            "name": "'BENCH/' || i",
            "payment_reference": "'BENCH/' || i",
            "sequence_prefix": "'BENCH/'",
            "sequence_number": "i",
            "partner_id": "{0} + client",
            "commercial_partner_id": "{0} + client",
            "partner_shipping_id": "{0} + client",
            "invoice_origin": "CASE WHEN i % 30 = 0 THEN NULL ELSE 'BENCH/' || i END",
            "date": "day",
            "invoice_date": "day",
            "invoice_date_due": "day + 30",
            "access_token": "NULL",
            "write_date": "'2020-01-01'",
        },
    ),
    (
        "account_move_line",
        3,
        "i % 30 = 3",
        {
            "id": "{3} + i",
            "move_id": "{2} + i",
            "move_name": "'BENCH/' || i",
            "partner_id": "{0} + client",
            "date": "day",
            "invoice_date": "day",
            "date_maturity": "day + 30",
            "amount_residual": "amount",
            "write_date": "'2020-01-01'",
        },
    ),
)
PLAIN = """
    SELECT COUNT(*), SUM(orders), SUM(owed) FROM (
        SELECT partner.commercial_partner_id, COUNT(*) AS orders,
               MIN(sale.date_order), MAX(sale.date_order),
               SUM(sale.amount_untaxed / sale.currency_rate)
          FROM sale_order AS sale
          JOIN res_partner AS partner ON partner.id = sale.partner_id
         WHERE sale.state = 'sale'
         GROUP BY partner.commercial_partner_id
    ) AS ordered
    FULL JOIN (
        SELECT commercial_partner_id, COUNT(*) AS moves, MAX(invoice_date)
          FROM account_move
         WHERE move_type = 'out_invoice' AND state = 'posted'
         GROUP BY commercial_partner_id
    ) AS invoiced USING (commercial_partner_id)
    FULL JOIN (
        SELECT partner_id AS commercial_partner_id, SUM(amount_residual) AS owed
          FROM account_move_line
         WHERE reconciled IS NOT TRUE AND parent_state = 'posted'
         GROUP BY partner_id
    ) AS owing USING (commercial_partner_id)
"""


def multiply(cr, seed, clients, orders):
    """Copy the seed's rows by SQL; triggers and foreign keys are left out."""
    cr.execute("SET session_replication_role = replica")
    cr.execute("SELECT setseed(0.42)")
    cr.execute(
        """
        CREATE TEMP TABLE plan AS
        SELECT i,
               1 + floor(%s * power(random(), 2.5))::int AS client,
               CURRENT_DATE - floor(1095 * random())::int AS day,
               round(exp(6 + 0.8 * (random() + random() - 1))::numeric, 2) AS amount
          FROM generate_series(1, %s) AS i
        """,
        [clients, orders],
    )
    base = []
    for table, *_rest in COPIES:
        cr.execute(f"SELECT MAX(id) FROM {table}")
        base.append(cr.fetchone()[0])
    cr.execute(
        """
        SELECT indexname, indexdef FROM pg_indexes
         WHERE tablename = ANY(%s) AND schemaname = 'public'
           AND indexname NOT IN (SELECT conname FROM pg_constraint)
        """,
        [[table for table, *_rest in COPIES]],
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(f'DROP INDEX "{name}"')
    for table, place, which, changes in COPIES:
        cr.execute(
            """
            SELECT column_name FROM information_schema.columns
             WHERE table_name = %s AND is_generated = 'NEVER'
            """,
            [table],
        )
        columns = [name for (name,) in cr.fetchall()]
        values = [
            changes[name].format(*base) if name in changes else f'seed."{name}"'
            for name in columns
        ]
        names = ", ".join(f'"{name}"' for name in columns)
        cr.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} FROM plan "
            f"CROSS JOIN {table} AS seed WHERE seed.id = {seed[place]} "
            f"AND {which.format(clients=clients)}"
        )
        cr.execute(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")
    for _name, definition in indexes:
        cr.execute(definition)
    cr.execute("SET session_replication_role = origin")
    cr.execute("VACUUM ANALYZE")


def measure(env):
    """Time the steps on the database of this shell; print them as JSON."""
    seconds = {}
    runs = env["logistics.lifecycle.run"]

    def timed(name, work, times=1):
        spent = []
        for _time in range(times):
            start = time.perf_counter()
            result = work()
            env.flush_all()
            spent.append(time.perf_counter() - start)
            env.cr.commit()
            env.invalidate_all()
        seconds[name] = min(spent)
        return result

    def decide(run):
        while run._decide_batch():
            env.cr.commit()
        run.finished_at = run.started_at

    def night(run):
        run._measure()
        decide(run)

    def memory():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    before = memory()
    timed("plain pass", lambda: env.cr.execute(PLAIN), 3)
    run = runs.create({"is_full": True})
    timed("measure all, first time", run._measure)
    timed("decide on all, first time", lambda: decide(run))
    moved = run.moved_count
    env.cr.execute("ANALYZE logistics_client_measure")
    run = runs.create({"is_full": True})
    timed("measure all again", run._measure)
    timed("decide on all again", lambda: decide(run))
    night(runs.create({}))
    env.cr.commit()
    env.cr.execute(
        """
        UPDATE sale_order
           SET write_date = now() AT TIME ZONE 'UTC', date_order = now()
         WHERE id IN (SELECT id FROM sale_order ORDER BY id DESC LIMIT %s)
        """,
        [CHANGED],
    )
    env.cr.execute(
        "UPDATE logistics_lifecycle_run SET started_at = started_at - interval '1 day'"
    )
    env.cr.commit()
    env.invalidate_all()
    run = runs.create({})
    timed(f"night after {CHANGED} changes", lambda: night(run))
    looked_at = run.checked_count
    clients = env["res.partner"].search(
        [("logistics_stage_id", "!=", False)], limit=10, order="id desc"
    )
    timed("ten chosen clients", lambda: runs._run_for(clients))
    draft = env["logistics.lifecycle.draft"]._start_for(
        env.ref("logistics_crm.lifecycle_scheme_default")
    )
    draft.rule_ids.condition_ids.filtered(
        lambda condition: condition.measure == "silence_ratio"
    ).threshold = 4
    timed("preview of a change", draft.action_preview)
    print(
        "RESULT",
        json.dumps(
            {
                "seconds": seconds,
                "moved": moved,
                "looked_at": looked_at,
                "would_move": draft.move_count,
                "memory": [before, memory()],
            }
        ),
    )


def bench(template, clients, orders):
    """Fill a clone and measure on it in a process of its own; return the result."""
    from devkit import databases, odoo_command  # not in Odoo's own process

    with databases.temporary_clone(template, "bench_lifecycle") as clone:
        seed = _tagged(odoo_command.shell(clone, SEED), "SEED").split()
        start = time.perf_counter()
        with databases.cursor(clone) as cr:
            multiply(cr, [int(key) for key in seed], clients, orders)
        print(
            f"{clients:,} clients, {orders:,} orders generated in "
            f"{time.perf_counter() - start:.0f} s",
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
    """Print seconds, ratios to the plain pass, and growth over the quarter size."""
    seconds = large["seconds"]
    print(f"{'step':34}{'seconds':>9}{'ratio':>8}{'growth':>8}")
    for name, spent in seconds.items():
        growth = spent / max(small["seconds"][name], 0.001)
        ratio = spent / seconds["plain pass"]
        print(f"{name:34}{spent:9.3f}{ratio:8.1f}{growth:8.1f}")
    started, ended = large["memory"]
    print(
        f"first run moved {large['moved']:,}; the night looked at "
        f"{large['looked_at']:,}; the change would move {large['would_move']:,}"
    )
    print(f"memory {started:.0f} MB at the start, {ended:.0f} MB at the end")
    print(f"ratio: to the plain pass; growth: at {PART} times the size")


def main():
    sys.path.insert(0, str(ROOT / "tools"))
    from devkit import databases, postgres

    postgres.prepare()
    template = databases.ensure(databases.CRM)
    numbers = [int(word) for word in sys.argv[1:]]
    clients, orders = [*numbers, *(CLIENTS, ORDERS)[len(numbers) :]]
    small = bench(template, clients // PART, orders // PART)
    report(small, bench(template, clients, orders))


if __name__ == "__main__":
    main()
