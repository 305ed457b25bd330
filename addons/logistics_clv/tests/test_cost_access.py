from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .cost_common import CostCommon, NetCommon


@tagged("post_install", "-at_install")
class TestCostAccess(NetCommon):
    """Cost pools are for managers and accountants."""

    MODELS = (
        "logistics.cost.pool",
        "logistics.cost.run",
        "logistics.cost.run.pool",
        "logistics.cost.run.account",
        "logistics.cost.allocation",
        "logistics.cost.driver.entry",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {
            role: cls._create_new_internal_user(login=f"cost_{role}", groups=groups)
            for role, groups in (
                ("salesperson", "logistics_crm.group_salesperson"),
                ("leader", "logistics_crm.group_team_leader"),
                ("reader", "logistics_clv.group_value_reader"),
                ("manager", "logistics_crm.group_manager"),
                ("accountant", "logistics_clv.group_accountant"),
            )
        }
        cls.cost_run.action_confirm()

    def test_salespeople_and_readers_see_no_pools(self):
        for role in ("salesperson", "leader", "reader"):
            for name in (*self.MODELS, "logistics.cost.driver"):
                with (
                    self.subTest(role=role, model=name),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    self.env[name].with_user(self.users[role]).search([])

    def test_every_door_is_shut_for_salespeople_and_readers(self):
        for role in ("salesperson", "leader", "reader"):
            for name in self.MODELS:
                records = self.env[name].search([], limit=1)
                self.assertTrue(records, name)
                records = records.with_user(self.users[role])
                for door, passage in (
                    ("read", lambda some: some.read(["display_name"])),
                    ("list", lambda some: some.web_search_read([], {"id": {}})),
                    ("name", lambda some: some.name_search("")),
                    ("group", lambda some: some._read_group([], [], ["__count"])),
                    (
                        "pivot",
                        lambda some: some.formatted_read_group([], [], ["__count"]),
                    ),
                    ("write", lambda some: some.write({"company_id": 1})),
                    ("create", lambda some: some.create({})),
                    ("unlink", lambda some: some.unlink()),
                ):
                    with (
                        self.subTest(role=role, model=name, door=door),
                        self.assertRaises(AccessError),
                        self.env.cr.savepoint(),
                    ):
                        passage(records)

    def test_allocations_are_nobodys_to_write(self):
        for role in ("manager", "accountant"):
            part = self.Allocation.with_user(self.users[role]).search([], limit=1)
            self.assertTrue(part.read(["client_id", "amount"]))
            for door, passage in (
                ("write", lambda some: some.write({"amount": 1})),
                ("create", lambda some: some.create({"amount": 1})),
                ("unlink", lambda some: some.unlink()),
            ):
                with (
                    self.subTest(role=role, door=door),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    passage(part)

    def test_readers_see_net_contribution(self):
        report = self.env["logistics.value.contribution.report"]
        for role in ("reader", "manager", "accountant"):
            self.assertTrue(report.with_user(self.users[role]).search([], limit=1))
        for role in ("salesperson", "leader"):
            with self.assertRaises(AccessError):
                report.with_user(self.users[role]).search([])

    def test_managers_keep_pools_and_read_runs(self):
        manager = self.users["manager"]
        for name in self.MODELS:
            self.assertTrue(self.env[name].with_user(manager).search([]), name)
        pool = self.Pool.with_user(manager).search([], limit=1)
        self.env.invalidate_all()
        pool.web_read(
            {"name": {}, "month_balance": {}, "account_ids": {"fields": {"code": {}}}}
        )
        pool.write({"name": "Desk", "item_domain": "[('name', '!=', 'x')]"})
        run = self.cost_run.with_user(manager)
        for change in (run.action_reverse, lambda: run._reverse("x"), run.unlink):
            with self.assertRaises(AccessError):
                change()
        preview = self.manual.with_user(manager).action_preview()
        self.assertTrue(preview["res_id"])

    def test_accountants_run_the_month(self):
        accountant = self.users["accountant"]
        run = self.cost_run.with_user(accountant)
        run._reverse("once more")
        again = self.Run.with_user(accountant).create(
            {"month": "2026-03-01", "company_id": self.company.id}
        )
        again.action_compute()
        again.action_confirm()
        self.assertEqual(again.state, "confirmed")
        allocation = self.Allocation.with_user(accountant).search([], limit=1)
        for change in (
            lambda: allocation.write({"amount": 1}),
            lambda: allocation.unlink(),
            lambda: allocation.copy(),
        ):
            with self.assertRaises(AccessError):
                change()
        self.assertTrue(allocation.action_open_events())


@tagged("post_install", "-at_install")
class TestCostCompanies(CostCommon):
    """Companies with their own currency, fiscal year and month of closing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_currency = cls.setup_other_currency("JPY", rounding=1.0)
        data = cls.setup_other_company(
            name="Tokyo forwarder", currency_id=cls.other_currency.id
        )
        cls.tokyo = data["company"]
        cls.tokyo.write({"fiscalyear_last_month": "3", "fiscalyear_last_day": 31})
        cls.rent = cls.env["account.account"].create(
            {
                "code": "620100",
                "name": "Service",
                "account_type": "expense",
                "company_ids": [Command.set(cls.tokyo.ids)],
            }
        )
        cls.env["account.move"].with_company(cls.tokyo).create(
            {
                "move_type": "entry",
                "date": "2026-03-15",
                "line_ids": [
                    Command.create({"account_id": cls.rent.id, "debit": 100}),
                    Command.create(
                        {
                            "account_id": data["default_account_assets"].id,
                            "credit": 100,
                        }
                    ),
                ],
            }
        ).action_post()
        cls._book(cls.team, 100)
        cls._create_pool()
        cls._create_pool(cls.rent, company_id=cls.tokyo.id, name="Tokyo")
        for client in (cls.client_a, cls.client_b, cls.client_a_office):
            cls._enter(client, 1)
            cls._enter(client, 1).company_id = cls.tokyo

    def test_each_company_rounds_in_its_currency(self):
        run = self._create_run()
        tokyo = self._create_run(company_id=self.tokyo.id)
        self.assertEqual(self._get_amounts(run), {"Client A": 66.67, "Client B": 33.33})
        self.assertEqual(self._get_amounts(tokyo), {"Client A": 67, "Client B": 33})
        self.assertEqual(tokyo.currency_id, self.other_currency)
        allocations = self.Allocation.search([("run_id", "=", tokyo.id)])
        self.assertEqual(allocations.currency_id, self.other_currency)
        self.assertEqual(allocations.company_id, self.tokyo)

    def test_lock_of_one_company_does_not_bind_the_other(self):
        runs = self._create_run() | self._create_run(company_id=self.tokyo.id)
        runs.action_confirm()
        self.tokyo.fiscalyear_lock_date = "2026-03-31"
        runs[0]._reverse("test")
        with self.assertRaisesRegex(UserError, "closed up to"):
            runs[1]._reverse("test")

    def test_other_company_is_not_seen(self):
        run = self._create_run(company_id=self.tokyo.id)
        run.action_confirm()
        accountant = self._create_new_internal_user(
            login="cost_one_company", groups="logistics_clv.group_accountant"
        )
        for name in (
            "logistics.cost.pool",
            "logistics.cost.run",
            "logistics.cost.run.pool",
            "logistics.cost.run.account",
            "logistics.cost.allocation",
            "logistics.cost.driver.entry",
            "logistics.value.contribution.report",
        ):
            found = self.env[name].with_user(accountant).search([])
            self.assertNotIn(self.tokyo, found.company_id, name)
        with self.assertRaises(AccessError):
            run.with_user(accountant).action_draft()

    @freeze_time("2026-04-06 09:00:00")
    def test_cron_prepares_last_month_for_each_company(self):
        self.company.logistics_cost_run_day = 5
        self.tokyo.logistics_cost_run_day = 7
        companies = self.company | self.tokyo
        with self.enter_registry_test_mode():
            self.env.ref("logistics_clv.ir_cron_cost_run").method_direct_trigger()
        runs = self.Run.search([("company_id", "in", companies.ids)])
        self.assertRecordValues(
            runs,
            [
                {
                    "company_id": self.company.id,
                    "state": "computed",
                    "is_queued": False,
                    "allocated": 100,
                }
            ],
        )
        self.Run._create_missing_runs()
        self.assertEqual(self.Run.search([("company_id", "in", companies.ids)]), runs)
