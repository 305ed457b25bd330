"""The client file in a company with many clients, as ratios to plain Odoo in one run.

Run as ``./dev bench client_file`` or, for another size, with the interpreter of the
environment as ``python tests/benchmarks/bench_client_file.py [clients]``. Each client
has three lanes, and three orders, invoices and payments. One of each is made by Odoo
and then multiplied by SQL with all its columns.

Printed: opening the list and the form of clients and the list of lanes, in queries and
time, beside the same without the fields of the addon; counting the booked volume of
all lanes and rating all clients, beside one plain SQL pass over the same tables; and
the indexes that the statements lean on, as PostgreSQL plans them.
"""

import gc
import json
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
CLIENTS = 100_000
PER_CLIENT = 3
FIRST = 1_000_000  # ids of the copies start here
PAGE = 80

SEED = """
from datetime import date, timedelta
company = env.company
if not company.chart_template:
    env["account.chart.template"].try_loading("generic_coa", company, False)
env["res.users"].create({
    "name": "Bench", "login": "bench",
    "group_ids": [(4, env.ref("logistics_crm.group_team_leader").id)],
})
ref = lambda name: env.ref("logistics_crm." + name)
client = env["res.partner"].create({
    "name": "Client", "is_company": True,
    "country_id": env.ref("base.de").id,
    "logistics_stage_id": ref("lifecycle_stage_mature").id,
    "logistics_tier_id": ref("value_tier_b").id,
})
place = {
    "origin_id": ref("location_cnsha").id, "destination_id": ref("location_deham").id,
    "mode_id": ref("transport_mode_fcl").id,
}
lane = env["logistics.trade.lane"].create({
    "partner_id": client.id, "yearly_volume": 20, "volume_unit": "shipment", **place,
})
product = env["product.product"].create({"name": "Freight", "type": "service"})
order = env["sale.order"].create({
    "partner_id": client.id,
    "order_line": [(0, 0, {"product_id": product.id, "price_unit": 100})],
    **{"logistics_" + name: value for name, value in place.items()},
})
order.action_confirm()
due = date.today() - timedelta(days=60)
move = env["account.move"].create({
    "move_type": "out_invoice", "partner_id": client.id,
    "invoice_date": due, "invoice_date_due": due, "invoice_payment_term_id": False,
    "invoice_line_ids": [(0, 0, {
        "name": "Freight", "price_unit": 100, "tax_ids": False,
    })],
})
move.action_post()
owed = move.line_ids.filtered(lambda line: line.display_type == "payment_term")
bank = env["account.journal"].search([("type", "=", "bank")], limit=1)
payment = env["account.move"].create({
    "move_type": "entry", "journal_id": bank.id, "date": due,
    "line_ids": [
        (0, 0, {"account_id": bank.default_account_id.id, "debit": 100}),
        (0, 0, {"account_id": owed.account_id.id, "partner_id": client.id,
                "credit": 100}),
    ],
})
payment.action_post()
paid = payment.line_ids.filtered("credit")
(owed | paid).reconcile()
partial = owed.matched_credit_ids
env.cr.commit()
print("SEED", client.id, lane.id, order.id, move.id, owed.id, payment.id, paid.id,
      partial.id)
"""

# Table: rows of the plan, which row is copied, and {column: expression over the plan}.
CLIENT = f"{FIRST} + client"
NUMBER = f"{FIRST} + i"


def steps(client, lane, order, move, owed, payment, paid, partial):
    """Return (table, row that is copied, columns that differ, one for each client)."""
    other = 10 * FIRST
    return (
        (
            "res_partner",
            client,
            {
                "id": CLIENT,
                "name": "'Client ' || client",
                "complete_name": "'Client ' || client",
                "commercial_partner_id": CLIENT,
            },
            True,
        ),
        (
            "logistics_trade_lane",
            lane,
            {
                "id": NUMBER,
                "partner_id": CLIENT,
                "booked_at": "NULL",
                "destination_id": "seed.destination_id + i % 3",
            },
            False,
        ),
        (
            "sale_order",
            order,
            {
                "id": NUMBER,
                "name": "'BENCH/' || i",
                "partner_id": CLIENT,
                "partner_invoice_id": CLIENT,
                "partner_shipping_id": CLIENT,
                "access_token": "NULL",
                "date_order": "now() AT TIME ZONE 'UTC' - i % 500 * interval '1 day'",
                "logistics_destination_id": "seed.logistics_destination_id + i % 3",
            },
            False,
        ),
        (
            "account_move",
            move,
            {
                "id": NUMBER,
                "name": "'BENCH/' || i",
                "sequence_prefix": "'BENCH/'",
                "sequence_number": "i",
                "payment_reference": "NULL",
                "access_token": "NULL",
                "partner_id": CLIENT,
                "commercial_partner_id": CLIENT,
                "partner_shipping_id": CLIENT,
            },
            False,
        ),
        (
            "account_move",
            payment,
            {
                "id": f"{other} + i",
                "name": "'PAID/' || i",
                "sequence_prefix": "'PAID/'",
                "sequence_number": "i",
            },
            False,
        ),
        (
            "account_move_line",
            owed,
            {
                "id": NUMBER,
                "move_id": NUMBER,
                "partner_id": CLIENT,
                "full_reconcile_id": "NULL",
                "date_maturity": "current_date - (i * 7 % 300)",
            },
            False,
        ),
        (
            "account_move_line",
            paid,
            {
                "id": f"{other} + i",
                "move_id": f"{other} + i",
                "partner_id": CLIENT,
                "full_reconcile_id": "NULL",
                "date": "current_date - (i * 7 % 300) + (client % 70 - 10)",
            },
            False,
        ),
        (
            "account_partial_reconcile",
            partial,
            {
                "id": NUMBER,
                "debit_move_id": NUMBER,
                "credit_move_id": f"{other} + i",
                "full_reconcile_id": "NULL",
            },
            False,
        ),
    )


def multiply(cr, seed, clients):
    """Copy the seed rows, with all their columns, for all clients."""
    cr.execute("SET session_replication_role = replica")
    cr.execute(
        """
        CREATE TEMPORARY TABLE plan AS
        SELECT i, (i + %(per)s - 1) / %(per)s AS client
          FROM generate_series(1, %(rows)s) AS i
        """,
        {"per": PER_CLIENT, "rows": clients * PER_CLIENT},
    )
    todo = steps(*seed)
    tables = sorted({table for table, *_rest in todo})
    # rows go in several times as fast without indexes
    cr.execute(
        """
        SELECT indexname, indexdef FROM pg_indexes
         WHERE tablename = ANY(%s) AND schemaname = 'public'
           AND indexname NOT IN (SELECT conname FROM pg_constraint)
        """,
        [tables],
    )
    indexes = cr.fetchall()
    for name, _definition in indexes:
        cr.execute(f'DROP INDEX "{name}"')
    for table, row, changes, once in todo:
        cr.execute(
            """
            SELECT column_name FROM information_schema.columns
             WHERE table_name = %s AND is_generated = 'NEVER'
            """,
            [table],
        )
        columns = [name for (name,) in cr.fetchall()]
        values = [changes.get(name, f'seed."{name}"') for name in columns]
        names = ", ".join(f'"{name}"' for name in columns)
        which = f"AND i %% {PER_CLIENT} = 0".replace("%%", "%") if once else ""
        cr.execute(
            f"INSERT INTO {table} ({names}) SELECT {', '.join(values)} "
            f"FROM plan CROSS JOIN {table} AS seed WHERE seed.id = {row} {which}"
        )
    for relation, partner, tag, target in (
        ("logistics_partner_role_rel", "partner_id", "role_id", "partner_role"),
        (
            "logistics_partner_service_needed_rel",
            "partner_id",
            "service_id",
            "service",
        ),
        (
            "logistics_partner_commodity_rel",
            "partner_id",
            "commodity_id",
            "commodity",
        ),
    ):
        cr.execute(
            f"INSERT INTO {relation} ({partner}, {tag}) SELECT {CLIENT}, tag.id "
            f"FROM plan CROSS JOIN (SELECT id FROM logistics_{target} ORDER BY id "
            f"LIMIT 2) AS tag WHERE i % {PER_CLIENT} = 0"
        )
    for _name, definition in indexes:
        cr.execute(definition)
    cr.execute("SET session_replication_role = origin")
    cr.execute("VACUUM ANALYZE")


PLAIN_ORDERS = """
    SELECT COUNT(*) FROM (
        SELECT partner.commercial_partner_id, sale.logistics_origin_id,
               sale.logistics_destination_id, COUNT(*)
          FROM sale_order AS sale
          JOIN res_partner AS partner ON partner.id = sale.partner_id
         WHERE sale.state = 'sale'
         GROUP BY 1, 2, 3
    ) AS pass
"""
PLAIN_PAYMENTS = """
    SELECT COUNT(*) FROM (
        SELECT line.partner_id, SUM(partial.amount * (paid.date - line.date_maturity))
          FROM account_move_line AS line
          JOIN account_partial_reconcile AS partial ON partial.debit_move_id = line.id
          JOIN account_move_line AS paid ON paid.id = partial.credit_move_id
         WHERE line.display_type = 'payment_term'
         GROUP BY line.partner_id
    ) AS pass
"""


def measure(env):
    """Time the steps on the database of this shell; print them as JSON."""
    from odoo.addons.logistics_crm.tests.form_spec import (
        form_specification,
        list_specification,
    )

    user = env["res.users"].search([("login", "=", "bench")])
    reader = env(user=user.id)
    partners = reader["res.partner"]
    result = {"screens": {}, "runs": {}, "plans": {}}

    def screen(name, ours, plain):
        found = {}
        for kind, work in (("ours", ours), ("plain", plain)):
            spent, queries = [], 0
            for _run in range(15):
                reader.invalidate_all()
                gc.collect()
                count, start = env.cr.sql_log_count, time.perf_counter()
                work()
                spent.append(time.perf_counter() - start)
                queries = env.cr.sql_log_count - count
            found[kind] = (queries, 1000 * statistics.median(spent))
        result["screens"][name] = found

    def run(name, work, plain):
        found = {}
        for kind, statement in (("plain", plain), ("ours", work)):
            start = time.perf_counter()
            statement()
            found[kind] = time.perf_counter() - start
            env.cr.commit()
            env.invalidate_all()
        result["runs"][name] = found

    # as the web client asks for a page of a list
    page = {"limit": PAGE, "count_limit": 10_001}
    domain = [("is_company", "=", True)]
    view = reader.ref("logistics_crm.res_partner_view_list_client")
    own_list = list_specification(partners, view)
    core_list = list_specification(partners, reader.ref("base.view_partner_tree"))
    screen(
        "list of clients",
        lambda: partners.web_search_read(domain, own_list, **page),
        lambda: partners.web_search_read(domain, core_list, **page),
    )
    client = partners.browse(FIRST + 500)
    form = form_specification(client)
    plain = {
        name: inner for name, inner in form.items() if not name.startswith("logistics_")
    }
    screen(
        "form of a client",
        lambda: client.web_read(form),
        lambda: client.web_read(plain),
    )
    lanes = reader["logistics.trade.lane"]
    lane_list = list_specification(
        lanes, reader.ref("logistics_crm.logistics_trade_lane_view_list")
    )
    active = [("partner_id.active", "=", True)]
    screen(
        "list of lanes",
        lambda: lanes.web_search_read(active, lane_list, **page),
        lambda: partners.web_search_read(domain, core_list, **page),
    )
    screen(
        "lanes below half, by booked share",
        lambda: lanes.web_search_read(
            [*active, ("booked_share", "<", 50)],
            lane_list,
            order="booked_share desc",
            **page,
        ),
        lambda: partners.web_search_read(domain, core_list, **page),
    )

    def in_batches(ids, work, size=5_000):
        for start in range(0, len(ids), size):
            work(ids[start : start + size])
            env.cr.commit()

    own_lanes = env["logistics.trade.lane"]
    run(
        "booked volume of all lanes",
        lambda: in_batches(
            own_lanes._get_clients_to_count(), own_lanes._refresh_booked
        ),
        lambda: env.cr.execute(PLAIN_ORDERS),
    )
    run(
        "hourly look for changed orders",
        own_lanes._get_clients_to_count,
        lambda: env.cr.execute(PLAIN_ORDERS),
    )
    ratings = env["logistics.credit.rating"]
    run(
        "rating of all clients, first",
        lambda: in_batches(ratings._get_clients_to_rate(), ratings._rate_clients),
        lambda: env.cr.execute(PLAIN_PAYMENTS),
    )
    everybody = ratings.search([]).partner_id.ids
    run(
        "rating of all clients, again",
        lambda: in_batches(everybody, ratings._rate_clients),
        lambda: env.cr.execute(PLAIN_PAYMENTS),
    )
    env.cr.execute("SELECT grade, COUNT(*) FROM logistics_credit_rating GROUP BY 1")
    result["grades"] = env.cr.fetchall()
    for name, query in (
        (
            "lanes below half",
            lanes._search(
                [("booked_share", "<", 50)], order="booked_share desc", limit=PAGE
            ).select("id"),
        ),
        (
            "list of lanes",
            lanes._search(active, order=lanes._order, limit=PAGE).select("id"),
        ),
        (
            "orders of one client",
            env["sale.order"]._search([("partner_id", "=", client.id)]).select("id"),
        ),
    ):
        rows = env.execute_query(_explain(query))
        result["plans"][name] = [line for (line,) in rows]
    print("RESULT", json.dumps(result, default=str))


def _explain(query):
    from odoo.tools import SQL

    return SQL("EXPLAIN %s", query)


def report(result):
    """Print each step beside plain Odoo or the plain pass."""
    print(f"{'screen':36}{'queries':>9}{'plain':>7}{'ms':>9}{'plain':>9}{'ratio':>7}")
    for name, found in result["screens"].items():
        (queries, spent), (plain_queries, plain) = found["ours"], found["plain"]
        print(
            f"{name:36}{queries:9}{plain_queries:7}{spent:9.1f}{plain:9.1f}"
            f"{spent / plain:7.2f}"
        )
    print(f"{'run':36}{'seconds':>9}{'plain':>9}{'ratio':>7}")
    for name, found in result["runs"].items():
        print(
            f"{name:36}{found['ours']:9.2f}{found['plain']:9.2f}"
            f"{found['ours'] / found['plain']:7.1f}"
        )
    print("grades:", ", ".join(f"{grade} {count}" for grade, count in result["grades"]))
    for name, lines in result["plans"].items():
        print(f"plan of the {name}:")
        print("\n".join("    " + line for line in lines))


def bench(template, clients):
    """Fill a clone and measure on it in a process of its own; return the result."""
    from devkit import databases, odoo_command  # not in Odoo's own process

    with databases.temporary_clone(template, "bench_client") as clone:
        printed = odoo_command.shell(clone, SEED)
        seed = [int(key) for key in _tagged(printed, "SEED").split()]
        start = time.perf_counter()
        with databases.cursor(clone) as cr:
            multiply(cr, seed, clients)
        print(
            f"{clients:,} clients, {clients * PER_CLIENT:,} lanes, orders and invoices"
            f" generated in {time.perf_counter() - start:.0f} s",
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


def main():
    sys.path.insert(0, str(ROOT / "tools"))
    from devkit import databases, postgres

    postgres.prepare()
    template = databases.ensure(databases.CRM)
    clients = int(sys.argv[1]) if len(sys.argv) > 1 else CLIENTS
    report(bench(template, clients))


if __name__ == "__main__":
    main()
