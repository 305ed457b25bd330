"""Load a code list of the size of UN/LOCODE and search in it, as ratios in one run.

Run as ``./dev bench locations``, or for another size with the interpreter of the
environment as ``python tests/benchmarks/bench_locations.py [rows]``; the goal is set
for 116000. The load is set against a plain COPY of the same columns into a table with
the same number of indexes, the search against Odoo's own name_search on as many
partners with the same names.
"""

import io
import json
import resource
import statistics
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = 116_000
REPEATS = 20
TEXTS = (
    "上海", "上", "SHA", "CNSHA", "Shangh", "New York", "Hamburg", "Goteborg", "ham",
    "sh", "S", "", "ford", "nowhere at all",
)  # fmt: skip

PLAIN = """
    DROP TABLE IF EXISTS bench_plain;
    CREATE TABLE bench_plain (
        id serial PRIMARY KEY, code varchar, name varchar, country int,
        subdivision varchar, latitude numeric, longitude numeric
    );
    CREATE UNIQUE INDEX ON bench_plain (code);
    CREATE INDEX ON bench_plain (lower(name) text_pattern_ops);
    CREATE INDEX ON bench_plain (name, id);
    CREATE INDEX ON bench_plain (country);
    CREATE INDEX ON bench_plain USING gin (name gin_trgm_ops);
    CREATE INDEX ON bench_plain USING gin (code gin_trgm_ops)
"""
# one partner per location, with all its columns
PARTNERS = """
    INSERT INTO res_partner
    SELECT copied.*
      FROM logistics_location location
CROSS JOIN (SELECT to_jsonb(p) AS row FROM res_partner p WHERE id = %(partner)s) AS seed
CROSS JOIN LATERAL jsonb_populate_record(
               NULL::res_partner,
               seed.row || jsonb_build_object(
                   'id', nextval('res_partner_id_seq'),
                   'commercial_partner_id', NULL,
                   'name', location.name,
                   'complete_name', location.name
               )
           ) AS copied
     WHERE location.active
"""
CLEAN = """
    SELECT gin_clean_pending_list(indexrelid)
      FROM pg_index
      JOIN pg_class ON pg_class.oid = indexrelid
      JOIN pg_am ON pg_am.oid = relam AND amname = 'gin'
     WHERE indrelid = 'res_partner'::regclass
"""


def measure(env, rows):
    """Run inside Odoo's shell, in a clone: the load is committed."""
    sys.path.insert(0, str(ROOT / "tools"))
    from make_unlocode import parts

    env = env(context=dict(env.context, tracking_disable=True))
    seconds = {}

    def timed(name, step):
        start = time.perf_counter()
        result = step()
        env.cr.commit()
        seconds[name] = time.perf_counter() - start
        return result

    def memory():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    files = parts(rows)
    before = memory()
    attachments = env["ir.attachment"].create(
        [{"name": name, "raw": content} for name, content in files.items()]
    )

    def load():
        record = env["logistics.location.load"].create(
            {"attachment_ids": attachments.ids}
        )
        record.action_load()
        return record

    first = env["logistics.location.load"].create({"attachment_ids": attachments.ids})
    timed("preview, first", first.action_preview)
    timed("load, first", first.action_load)
    loaded = memory()
    again = timed("load, again", load)
    env.cr.execute(
        """
        SELECT code, name, country_id, subdivision_code, latitude, longitude
          FROM logistics_location WHERE code IS NOT NULL
        """
    )
    text = "".join(
        "\t".join(r"\N" if cell is None else str(cell) for cell in row) + "\n"
        for row in env.cr.fetchall()
    )
    env.cr.execute(PLAIN)
    env.cr.commit()
    timed(
        "plain COPY, indexed table",
        lambda: env.cr.copy_expert(
            "COPY bench_plain (code, name, country, subdivision, latitude, longitude)"
            " FROM STDIN",
            io.StringIO(text),
        ),
    )
    timed("count of uses", env["logistics.location"]._cron_count_uses)
    partner = env["res.partner"].create({"name": "Seed"})
    env.flush_all()
    env.cr.execute(PARTNERS, {"partner": partner.id})
    env.cr.commit()
    env.cr.execute("ANALYZE res_partner")
    env.cr.execute(CLEAN)
    env.cr.commit()
    searches = {
        text: [
            _milliseconds(env, model, text)
            for model in ("logistics.location", "res.partner")
        ]
        for text in TEXTS
    }
    env.cr.execute("SELECT count(*) FROM logistics_location")
    print(
        "RESULT",
        json.dumps(
            {
                "seconds": seconds,
                "searches": searches,
                "locations": env.cr.fetchone()[0],
                "again": [again.new_count, again.changed_count],
                "memory": [before, loaded],
            }
        ),
    )


def _milliseconds(env, model, text):
    """Return median and worst time of a search as the web client's field asks for."""
    spent = []
    for _repeat in range(REPEATS):
        env.invalidate_all()
        start = time.perf_counter()
        env[model].name_search(text, limit=8)
        spent.append(1000 * (time.perf_counter() - start))
    return statistics.median(spent), max(spent)


def report(result, rows):
    """Print seconds and milliseconds, each with its ratio."""
    seconds = result["seconds"]
    plain = seconds["plain COPY, indexed table"]
    print(f"{rows:,} rows, {result['locations']:,} locations")
    print(f"{'step':28}{'seconds':>9}{'ratio':>8}")
    for name, spent in seconds.items():
        print(f"{name:28}{spent:9.2f}{spent / plain:8.1f}")
    print(f"{'search':18}{'ms':>7}{'worst':>8}{'partners':>10}{'ratio':>7}")
    for text, ((spent, worst), (partners, _worst)) in result["searches"].items():
        print(
            f"{text!r:18}{spent:7.1f}{worst:8.1f}{partners:10.1f}"
            f"{spent / partners:7.2f}"
        )
    print("new and changed in the second load:", *result["again"])
    print("memory {:.0f} MB before, {:.0f} MB after the load".format(*result["memory"]))


def main():
    sys.path.insert(0, str(ROOT / "tools"))
    from devkit import databases, odoo_command, postgres

    postgres.prepare()
    rows = int(sys.argv[1]) if sys.argv[1:] else ROWS
    template = databases.ensure(databases.CRM)
    with databases.temporary_clone(template, "bench_locations") as clone:
        inside = f"import runpy; runpy.run_path({__file__!r})['measure'](env, {rows})"
        printed = odoo_command.shell(clone, inside)
    line = next(x for x in printed.splitlines() if x.startswith("RESULT "))
    report(json.loads(line.removeprefix("RESULT")), rows)


if __name__ == "__main__":
    main()
