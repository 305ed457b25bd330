"""Install, update, uninstall, reinstall beside Odoo's own data, which must not change.

The database is Odoo's demonstration company with sales, stock, purchase and accounting.
"""

import pytest
from devkit import databases, odoo_command
from devkit.odoo_log import LogReport, complaint_blocks
from devkit.paths import OUT
from psycopg2 import sql

ADDONS = ("logistics_crm", "logistics_quote", "logistics_clv")
# Odoo's business records, by the names of their tables.
OWN_DATA = (
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
    "account_payment",
    "crm_lead",
    "product_pricelist_item",
    "product_product",
    "product_template",
    "purchase_order",
    "purchase_order_line",
    "res_company",
    "res_partner",
    "sale_order",
    "sale_order_line",
    "sale_order_line_invoice_rel",
    "stock_move",
    "stock_move_line",
    "stock_picking",
    "stock_quant",
    "stock_valuation_layer",
)
# Giving an administrator a new group touches his partner, as with any app.
LOG_COLUMNS = ("write_date", "write_uid")


class Installation:
    """One addon in one database."""

    def __init__(self, database, addon):
        self.database = database
        self.addon = addon
        self.tables = self._columns(OWN_DATA)
        self.last_ids = self._last_ids()

    def odoo(self, purpose, subcommand, *arguments):
        log = OUT / f"cycle_{self.addon}_{purpose}.log"
        code = odoo_command.run(subcommand, "-d", self.database, *arguments, log=log)
        assert not code, complaint_blocks(log)
        assert not LogReport.read(log).complaints, complaint_blocks(log)

    def install(self, purpose="install"):
        self.odoo(purpose, "server", "-i", self.addon, "--stop-after-init")

    def update(self):
        self.odoo("update", "server", "-u", self.addon, "--stop-after-init")

    def uninstall(self):
        self.odoo("uninstall", "module uninstall", *self._installed())

    def digest(self, *, old_rows=False):
        """Return {table: (rows, hash)} over the columns that the table had at first.

        old_rows: only the rows that it had at first.
        """
        found = {}
        with databases.cursor(self.database) as cr:
            for table, columns in self.tables.items():
                limit = self.last_ids.get(table) if old_rows else None
                cr.execute(
                    sql.SQL(
                        "SELECT count(*), md5(string_agg(md5(t::text), ',' ORDER BY"
                        " t::text)) FROM (SELECT {} FROM {} WHERE {}) t"
                    ).format(
                        sql.SQL(", ").join(map(sql.Identifier, columns)),
                        sql.Identifier(table),
                        sql.SQL("id <= {}").format(sql.Literal(limit))
                        if limit
                        else sql.SQL("TRUE"),
                    )
                )
                found[table] = cr.fetchone()
        return found

    def leftovers(self):
        """Return tables and columns with our prefix."""
        with databases.cursor(self.database) as cr:
            cr.execute(
                r"""
                SELECT DISTINCT table_name, column_name
                  FROM information_schema.columns
                 WHERE table_schema = 'public'
                   AND (table_name LIKE 'logistics%'
                        OR table_name LIKE '%\_logistics\_%'
                        OR column_name LIKE 'logistics%')
                """
            )
            return sorted(cr.fetchall())

    def _columns(self, tables):
        with databases.cursor(self.database) as cr:
            cr.execute(
                "SELECT table_name, array_agg(column_name::text ORDER BY column_name)"
                " FROM information_schema.columns WHERE table_schema = 'public'"
                " AND table_name = ANY(%s) AND column_name <> ALL(%s)"
                " GROUP BY table_name",
                [list(tables), list(LOG_COLUMNS)],
            )
            return dict(cr.fetchall())

    def _last_ids(self):
        found = {}
        with databases.cursor(self.database) as cr:
            for table, columns in self.tables.items():
                if "id" in columns:
                    name = sql.Identifier(table)
                    cr.execute(sql.SQL("SELECT max(id) FROM {}").format(name))
                    found[table] = cr.fetchone()[0]
        return found

    def _installed(self):
        with databases.cursor(self.database) as cr:
            cr.execute(
                "SELECT name FROM ir_module_module"
                " WHERE name LIKE 'logistics%' AND state = 'installed'"
            )
            return [row[0] for row in cr.fetchall()]


@pytest.fixture(params=ADDONS)
def installation(request):
    source = databases.ensure(databases.PLAIN_DEMO)
    with databases.temporary_clone(source, f"cycle_{request.param}") as database:
        # Odoo's demonstration data stands for a company's own; ours is not wanted.
        with databases.cursor(database) as cr:
            cr.execute("UPDATE ir_module_module SET demo = false")
        yield Installation(database, request.param)


def test_cycle_keeps_odoo_data_and_logs_no_complaint(installation):
    before = installation.digest()
    assert before["account_move"][0] > 10
    assert before["stock_move"][0] > 10

    installation.install()
    assert installation.digest(old_rows=True) == before, "installing"
    assert installation.leftovers(), "the addon adds tables of its own"

    installation.update()
    assert installation.digest(old_rows=True) == before, "updating"

    installation.uninstall()
    assert installation.digest() == before, "uninstalling leaves nothing behind"
    assert not installation.leftovers()

    installation.install("reinstall")
    assert installation.digest(old_rows=True) == before, "installing again"
