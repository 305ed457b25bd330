"""The nightly round, a hand-over and the search for duplicates, as ratios in one run.

Run as ``./dev bench ownership``, or for another size with the interpreter of the
environment as ``python tests/benchmarks/bench_ownership.py [clients]``; the goal is set
for 100000. A client is made by Odoo and multiplied by SQL with all its columns; each
has three messages of its owner and one quotation. The round is set against one plain
pass over the same tables, the entry of partners against the same without keys.
"""

import json
import statistics
import sys
import time
from pathlib import Path
from unittest.mock import patch

ROOT = Path(__file__).parents[2]
CLIENTS = 100_000
SALESPEOPLE = 50
MESSAGES = 3
HANDED = 10_000
REPEATS = 50

COPY = """
    INSERT INTO %(table)s
    SELECT copied.*
      FROM generate_series(1, %(number)s) AS i
CROSS JOIN (SELECT to_jsonb(t) AS row FROM %(table)s t WHERE id = %(seed)s) AS seed
CROSS JOIN LATERAL jsonb_populate_record(NULL::%(table)s,
               seed.row || jsonb_build_object(%(values)s)) AS copied
"""
MESSAGE = """
    INSERT INTO mail_message (model, res_id, message_type, author_id, date,
                              create_date, subtype_id, is_internal)
    SELECT 'res.partner', partner.id, 'comment', owner.partner_id, day.date,
           day.date, NULL, TRUE
      FROM res_partner AS partner
      JOIN res_users AS owner ON owner.id = partner.user_id
CROSS JOIN generate_series(1, %s) AS n
CROSS JOIN LATERAL (SELECT now() AT TIME ZONE 'UTC' - (1 + (partner.id * 7 + n * 31)
                           %% 300) * INTERVAL '1 day' AS date) AS day
     WHERE partner.name LIKE 'Bench client %%'
"""
PLAIN = """
    SELECT COUNT(*), MAX(last) FROM (
        SELECT partner.id, GREATEST(MAX(message.date), MAX(sale.create_date)) AS last
          FROM res_partner AS partner
     LEFT JOIN (SELECT res_id, MAX(date) AS date FROM mail_message
                 WHERE model = 'res.partner' GROUP BY res_id) AS message
               ON message.res_id = partner.id
     LEFT JOIN (SELECT partner_id, MAX(create_date) AS create_date FROM sale_order
                 GROUP BY partner_id) AS sale ON sale.partner_id = partner.id
         GROUP BY partner.id
    ) AS pass
"""


def fill(env, clients):
    """Make the company, its salespeople and clients."""
    stage = env.ref("logistics_crm.lifecycle_stage_mature")
    group = env.ref("logistics_crm.group_salesperson")
    users = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            [
                {
                    "name": f"Bench {number}",
                    "login": f"bench{number}",
                    "group_ids": [(4, group.id)],
                }
                for number in range(SALESPEOPLE)
            ]
        )
    )
    seed = env["res.partner"].create(
        {
            "name": "Bench seed",
            "is_company": True,
            "phone": "+49 40 3614120",
            "email": "info@seed.example.com",
            "logistics_stage_id": stage.id,
            "logistics_tier_id": env.ref("logistics_crm.value_tier_b").id,
        }
    )
    order = env["sale.order"].create({"partner_id": seed.id})
    env.flush_all()
    env["logistics.partner.key"]._refresh_pending()
    cr = env.cr
    cr.execute("SET session_replication_role = replica")
    first = seed.id + 1
    values = f"""
        'id', {seed.id} + i, 'commercial_partner_id', {seed.id} + i,
        'user_id', {users[0].id} + i % {SALESPEOPLE},
        'name', 'Bench client ' || i, 'complete_name', 'Bench client ' || i,
        'email', 'info@client' || i || '.example.com',
        'phone', '+4930' || (1000000 + i), 'create_date', '2024-01-01'
    """
    cr.execute(
        COPY
        % {
            "table": "res_partner",
            "number": clients,
            "seed": seed.id,
            "values": values,
        }
    )
    values = f"""
        'id', {order.id} + i, 'partner_id', {seed.id} + i, 'name', 'B' || i,
        'user_id', {users[0].id} + i % {SALESPEOPLE},
        'create_date', DATE '2025-01-01' + i % 600
    """
    cr.execute(
        COPY
        % {
            "table": "sale_order",
            "number": clients,
            "seed": order.id,
            "values": values,
        }
    )
    for table in ("res_partner", "sale_order"):
        cr.execute(f"SELECT setval('{table}_id_seq', (SELECT MAX(id) FROM {table}))")
    cr.execute(MESSAGE, [MESSAGES])
    cr.execute("SET session_replication_role = origin")
    env.company.write(
        {
            "logistics_use_playbooks": True,
            "logistics_playbooks_since": "2024-01-01",
            "logistics_protect_clients": True,
            "logistics_protect_since": "2024-01-01",
        }
    )
    # a part has run out: warn first, then return
    stage.write({"protection_days": 150, "protection_warning_days": 14})
    cr.commit()
    cr.execute("ANALYZE")
    cr.commit()
    return users, first


def measure(env, clients):
    """Time the steps on the database of this shell; print them as JSON."""
    users, first = fill(env, clients)
    seconds, numbers = {}, {}

    def timed(name, work):
        env.invalidate_all()
        start = time.perf_counter()
        result = work()
        env.flush_all()
        seconds[name] = time.perf_counter() - start
        env.cr.commit()
        return result

    def progress(*_args, **_kwargs):
        env.cr.commit()
        return 60

    Care, Key = env["logistics.client.care"], env["logistics.partner.key"]
    Partner, Origin = env["res.partner"], env["logistics.activity.origin"]
    for _run in range(3):
        timed("plain pass", lambda: env.cr.execute(PLAIN))
    timed("last contact, first", Care._refresh_last_contact)
    timed("last contact, again", Care._refresh_last_contact)  # one round is read twice
    timed("last contact, nightly", Care._refresh_last_contact)
    timed("dates, first", Care._refresh_dates)
    timed("dates, again", Care._refresh_dates)
    timed("warnings, first", lambda: Care._run_protection(progress))
    numbers["warnings"] = Origin.search_count([])
    timed("warnings, again", lambda: Care._run_protection(progress))
    timed("playbooks, first", lambda: Care._run_playbooks(progress=progress))
    numbers["activities"] = Origin.search_count([("source", "=", "playbook")])
    timed("playbooks, again", lambda: Care._run_playbooks(progress=progress))
    numbers["activities again"] = Origin.search_count([("source", "=", "playbook")])
    env.cr.execute("UPDATE logistics_lifecycle_stage SET protection_warning_days = 0")
    env.invalidate_all()
    timed("returns to the pool", lambda: Care._run_protection(progress))
    numbers["returned"] = env["logistics.ownership.history"].search_count(
        [("kind", "=", "return")]
    )

    env.cr.execute(
        "UPDATE res_partner SET user_id = %s WHERE id BETWEEN %s AND %s",
        [users[0].id, first, first + HANDED - 1],
    )
    env.cr.commit()
    wizard = env["logistics.hand.over.wizard"].create(
        {
            "from_user_id": users[0].id,
            "rule": "even",
            "to_user_ids": [(6, 0, users[1:4].ids)],
        }
    )
    timed("hand-over, preview", lambda: wizard.preview_ids)
    action = timed("hand-over", wizard.action_hand_over)
    hand_over = env["logistics.hand.over"].browse(action["res_id"])
    numbers["handed over"] = len(hand_over.line_ids)
    timed("hand-over, reverted", hand_over.action_revert)

    def fill_keys():
        while stale := Key._get_stale(5000):
            Key._refresh(stale)
            env.cr.commit()

    timed("keys of all partners", fill_keys)
    env.cr.execute("ANALYZE logistics_partner_key")
    timed("keys, nothing to do", fill_keys)
    values = [
        {"name": f"Bench client {n} GmbH", "email": f"x@client{n}.example.com"}
        for n in range(1, 1001)
    ]
    spent = []
    for n in range(REPEATS):
        env.invalidate_all()
        start = time.perf_counter()
        [found] = Partner._find_logistics_duplicates([values[n]])
        spent.append(1000 * (time.perf_counter() - start))
    assert found
    timed("1000 duplicates at once", lambda: Partner._find_logistics_duplicates(values))
    wanted = [(0, "name", "bench client 7"), (0, "email", "client7.example.com")]
    with patch.object(type(env), "execute_query", lambda self, query: query):
        query = Partner._match_logistics_keys(wanted)
    from odoo.tools import SQL  # not outside Odoo's own process

    plan = [row[0] for row in env.execute_query(SQL("EXPLAIN (COSTS OFF) %s", query))]
    entry = [{"name": f"New {n}", "email": f"a@new{n}.example.com"} for n in range(500)]
    timed("500 partners entered", lambda: Partner.create(entry))
    with patch.object(type(Key), "_queue", lambda *_args: None):
        timed("the same without keys", lambda: Partner.create(entry))
    print(
        "RESULT",
        json.dumps(
            {
                "seconds": seconds,
                "numbers": numbers,
                "lookup": [statistics.median(spent), max(spent)],
                "plan": [line for line in plan if "Scan" in line],
            }
        ),
    )


def report(result, clients):
    seconds = result["seconds"]
    plain = seconds["plain pass"]
    print(f"{clients:,} clients, {MESSAGES * clients:,} messages, {clients:,} orders")
    print(f"{'step':26}{'seconds':>9}{'ratio':>8}")
    for name, spent in seconds.items():
        print(f"{name:26}{spent:9.2f}{spent / plain:8.1f}")
    for name, number in result["numbers"].items():
        print(f"{name}: {number:,}")
    print(
        "one duplicate look-up: median {:.1f} ms, worst {:.1f} ms".format(
            *result["lookup"]
        )
    )
    print("its plan:", *sorted(set(map(str.strip, result["plan"]))), sep="\n  ")
    print("ratio: to the plain pass over clients, messages and orders")


def main():
    sys.path.insert(0, str(ROOT / "tools"))
    from devkit import databases, odoo_command, postgres

    postgres.prepare()
    clients = int(sys.argv[1]) if sys.argv[1:] else CLIENTS
    template = databases.ensure(databases.CRM)
    with databases.temporary_clone(template, "bench_ownership") as clone:
        inside = (
            f"import runpy; runpy.run_path({__file__!r})['measure'](env, {clients})"
        )
        printed = odoo_command.shell(clone, inside)
    line = next(x for x in printed.splitlines() if x.startswith("RESULT "))
    report(json.loads(line.removeprefix("RESULT")), clients)


if __name__ == "__main__":
    main()
