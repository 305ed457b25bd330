"""The value ledger over Odoo's own demonstration books equals the accounts."""

import json

from devkit import databases, odoo_command
from devkit.paths import OUT

CHECK = """
import json
companies = env["res.company"].search([])
env = env(context=dict(env.context, allowed_company_ids=companies.ids))
ledgers = env["logistics.value.ledger"]._for_companies(companies)
ledgers._refresh()
rows = env["logistics.value.reconciliation"].search([])
found = {"entries": env["logistics.value.entry"].search_count([])}
pending = rows.filtered(lambda r: r.category == "pending")
found["pending"] = pending.mapped("move_id.name")
matched = rows.filtered(lambda r: r.category in ("ledger", "unattributed"))
found["unexplained"] = round(sum(abs(r.difference) for r in matched), 2)
accounts = companies._get_value_accounts()
totals = {"income": 0, "cost": 0}
for company in companies:
    for kind, sign in (("income", -1), ("cost", 1)):
        chosen = [key for key, value in accounts[company.id].items() if value == kind]
        [[balance]] = env["account.move.line"]._read_group(
            [("company_id", "=", company.id), ("parent_state", "=", "posted"),
             ("account_id", "in", chosen)], aggregates=["balance:sum"])
        totals[kind] += sign * balance
def differences(name, totals):
    return {
        side: round(total - sum(r[name] for r in rows if r.side == side), 2)
        for side, total in totals.items()
    }

found["books"] = differences("booked", totals)
[[revenue, charged, cost, paid]] = env["logistics.value.entry"]._read_group(
    [], aggregates=["revenue:sum", "disbursement_revenue:sum",
                    "cost:sum", "disbursement_cost:sum"])
found["ledger"] = differences(
    "ledger", {"income": revenue + charged, "cost": cost + paid}
)
found["income"] = totals["income"]
print("FOUND", json.dumps(found))
"""


def test_ledger_equals_the_demonstration_books():
    template = databases.ensure(databases.PLAIN_DEMO)
    with databases.temporary_clone(template, "value_books") as clone:
        with databases.cursor(clone) as cr:  # Odoo's demonstration data only
            cr.execute("UPDATE ir_module_module SET demo = false")
        log = OUT / "install_value_books.log"
        assert not odoo_command.run(
            "server", "-d", clone, "-i", "logistics_clv", "--stop-after-init", log=log
        )
        printed = odoo_command.shell(clone, CHECK)
    found = json.loads(
        next(line[6:] for line in printed.splitlines() if line.startswith("FOUND "))
    )
    assert found["entries"] and found["income"]
    assert found["pending"] == []
    assert found["unexplained"] == 0
    assert found["books"] == {"income": 0, "cost": 0}
    assert found["ledger"] == {"income": 0, "cost": 0}
