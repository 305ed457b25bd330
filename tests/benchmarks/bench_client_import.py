"""The import of clients, against Odoo's own import of the same rows, in one run.

Run as ``./dev bench client_import``, or for another size with the interpreter of the
environment as ``python tests/benchmarks/bench_client_import.py [customers]``; the goal
is 50,000 customers in under three minutes, read, checked and written. Odoo's own
import takes the same values in one go and neither compares nor looks for duplicates.
"""

import base64
import io
import json
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
CUSTOMERS = 50_000
SHARE = 10  # one contact and one lane for so many customers
LOADED = 5_000  # rows of Odoo's own import, reckoned up to the same number


def make_workbook(customers):
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"constant_memory": True})
    tables = {
        "Customers": (
            ["Name", "Customer Number", "Country", "City", "Phone", "Email", "Street"],
            (
                [
                    f"Bench Trading {number} GmbH",
                    f"BENCH-{number}",
                    "DE",
                    "Hamburg",
                    f"+4940{3000000 + number}",
                    f"info@bench{number}.example.com",
                    f"Kai {number}",
                ]
                for number in range(customers)
            ),
        ),
        "Contacts": (
            ["Customer Number", "Contact", "Email"],
            (
                [f"BENCH-{n}", f"Person {n}", f"p{n}@bench{n}.example.com"]
                for n in range(0, customers, SHARE)
            ),
        ),
        "Lanes": (
            ["Customer Number", "Origin", "Destination", "Yearly Volume"],
            ([f"BENCH-{n}", "CNSHA", "DEHAM", 12] for n in range(0, customers, SHARE)),
        ),
    }
    for name, (headings, rows) in tables.items():
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, headings)
        for number, row in enumerate(rows, 1):
            sheet.write_row(number, 0, row)
    book.close()
    return stream.getvalue()


def measure(env, customers):
    """Time the steps on the database of this shell; print them as JSON."""
    seconds, memory, cpu = {}, {}, {}

    def timed(name, work):
        env.invalidate_all()
        start, busy = time.perf_counter(), time.process_time()
        work()
        env.flush_all()
        env.cr.commit()
        seconds[name] = time.perf_counter() - start
        cpu[name] = time.process_time() - busy  # without PostgreSQL, and other work
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        memory[name] = peak / 1024

    data = make_workbook(customers)
    manager = env["res.users"].create(
        {
            "name": "Bench",
            "login": "bench",
            "group_ids": [(4, env.ref("logistics_crm.group_manager").id)],
        }
    )
    env.cr.commit()
    Import = env["logistics.client.import"].with_user(manager)
    memory["start"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    for name in ("new", "again"):
        # another archive of the same rows: the same file would be refused
        content = data + b"\0" * (name == "again")
        client_import = Import.create(
            {
                "file": base64.b64encode(content),
                "file_name": f"{name}.xlsx",
                "mode": "valid",
            }
        )
        timed(f"read, {name}", client_import.action_preview)
        timed(f"check, {name}", Import.sudo()._cron_work)
        status = Import.env["logistics.client.import.line"]._read_group(
            [("import_id", "=", client_import.id)], ["status"], ["__count"]
        )
        print("STATUS", json.dumps(status), file=sys.stderr)
        client_import.action_import()
        timed(f"write, {name}", Import.sudo()._cron_work)
    fnames = ["name", "ref", "country_id", "city", "phone", "email", "street"]
    rows = [
        [
            f"Core Trading {n} GmbH",
            f"CORE-{n}",
            "Germany",
            "Hamburg",
            f"+4940{4000000 + n}",
            f"info@core{n}.example.com",
            f"Kai {n}",
        ]
        for n in range(min(LOADED, customers))
    ]
    partners = env["res.partner"].with_context(tracking_disable=True, import_file=True)
    timed(
        "core load",
        lambda: partners.load([*fnames, "is_company"], [[*r, "1"] for r in rows]),
    )
    seconds["core load"] *= customers / len(rows)
    cpu["core load"] *= customers / len(rows)
    print("RESULT", json.dumps({"seconds": seconds, "memory": memory, "cpu": cpu}))


def report(result, customers):
    seconds, memory, cpu = result["seconds"], result["memory"], result["cpu"]
    core = seconds["core load"]
    others = 2 * -(-customers // SHARE)
    print(f"{customers:,} customers, {others:,} contacts and lanes")
    print(f"{'step':20}{'seconds':>9}{'to core':>9}{'cpu':>9}{'peak MB':>9}")
    for name, spent in seconds.items():
        ratio, busy, peak = spent / core, cpu[name], memory[name]
        print(f"{name:20}{spent:9.1f}{ratio:9.2f}{busy:9.1f}{peak:9.0f}")
    for kind in ("new", "again"):
        total = sum(spent for name, spent in seconds.items() if name.endswith(kind))
        print(
            f"{kind} in all: {total:.0f} s, {total / core:.2f} times Odoo's own load()"
        )
    print(f"core load is reckoned up from {min(LOADED, customers):,} rows")


def main():
    sys.path.insert(0, str(ROOT / "tools"))
    from devkit import databases, odoo_command, postgres

    postgres.prepare()
    customers = int(sys.argv[1]) if sys.argv[1:] else CUSTOMERS
    template = databases.ensure(databases.CRM)
    with databases.temporary_clone(template, "bench_client_import") as clone:
        inside = (
            f"import runpy; runpy.run_path({__file__!r})['measure'](env, {customers})"
        )
        printed = odoo_command.shell(clone, inside)
    line = next(x for x in printed.splitlines() if x.startswith("RESULT "))
    report(json.loads(line.removeprefix("RESULT")), customers)


if __name__ == "__main__":
    main()
