from odoo import Command, fields
from odoo.tools import SQL

from ..models import cost_driver_sql as driver_sql
from .common import ValueCommon


class CostCommon(ValueCommon):
    """Two overhead accounts with cost in March 2026, two clients with orders."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Driver = cls.env["logistics.cost.driver"]
        cls.Pool = cls.env["logistics.cost.pool"]
        cls.Run = cls.env["logistics.cost.run"]
        cls.Allocation = cls.env["logistics.cost.allocation"]
        cls.team = cls._create_account("620100", "Customer service team")
        cls.fair = cls._create_account("620200", "Fairs and advertising")
        cls.orders = cls.env.ref("logistics_clv.cost_driver_orders")
        cls.manual = cls.Driver.create({"name": "Entries", "code": "entries"})

    @classmethod
    def _create_account(cls, code, name, account_type="expense"):
        return cls.env["account.account"].create(
            {
                "code": code,
                "name": name,
                "account_type": account_type,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )

    @classmethod
    def _book(cls, account, amount, date="2026-03-15", **values):
        other = cls.company_data["default_account_assets"]
        entry = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date,
                "line_ids": [
                    Command.create(
                        {"account_id": account.id, "debit": amount, **values}
                    ),
                    Command.create({"account_id": other.id, "credit": amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    @classmethod
    def _create_pool(cls, account=None, **values):
        return cls.Pool.create(
            {
                "name": "Service",
                "account_ids": [Command.set((account or cls.team).ids)],
                "driver_id": cls.manual.id,
                "company_id": cls.company.id,
                **values,
            }
        )

    @classmethod
    def _enter(cls, client, quantity, date="2026-03-20", driver=None):
        return cls.env["logistics.cost.driver.entry"].create(
            {
                "driver_id": (driver or cls.manual).id,
                "client_id": client.id,
                "quantity": quantity,
                "date": date,
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _create_run(cls, month="2026-03-01", compute=True, **values):
        run = cls.Run.create({"month": month, "company_id": cls.company.id, **values})
        if compute:
            run.action_compute()
        return run

    def _get_amounts(self, run):
        """Return what each client bears, by name."""
        groups = self.Allocation._read_group(
            [("run_id", "=", run.id)], ["client_id"], ["amount:sum"]
        )
        return {client.name: amount for client, amount in groups}


class DriverCommon(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.company_id = cls.company
        cls.month = fields.Date.to_date("2026-03-01")

    @classmethod
    def _get_driver(cls, code):
        return cls.env.ref(f"logistics_clv.cost_driver_{code}")

    def _count(self, code, month=None, company=None):
        """Return the counts by name of the client."""
        driver = self.Driver.search([("code", "=", code)])
        scope = driver._get_scope(company or self.company, month or self.month)
        driver._flush_sources()
        self.env.cr.execute(driver_sql.totals_by_client(driver._get_events(scope)))
        partners = self.env["res.partner"]
        return {
            partners.browse(client_id).name: quantity
            for client_id, quantity in self.env.cr.fetchall()
        }

    def _backdate(self, records, field, moment):
        """Set what the ORM keeps for itself."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                SQL.identifier(records._table),
                SQL.identifier(field),
                moment,
                records.ids,
            )
        )
        records.invalidate_recordset()


class NetCommon(CostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_order_and_invoice(100, 60, "2026-03-05")
        cls._create_order_and_invoice(200, 150, "2026-03-12")
        cls._create_order_and_invoice(500, 450, "2026-03-20", cls.client_b)
        cls.ledger._refresh()
        cls._book(cls.team, 60)
        cls._book(cls.fair, 20)
        cls._create_pool(method="time", minutes_per_event=10, hours=1, people=1)
        cls._create_pool(cls.fair, name="Fairs", kind="marketing")
        cls._enter(cls.client_a, 2, "2026-03-01")
        cls._enter(cls.client_b, 2, "2026-03-25")
        cls.cost_run = cls._create_run()
