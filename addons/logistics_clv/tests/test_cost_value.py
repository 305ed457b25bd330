from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_cost_run import CostCommon


@tagged("post_install", "-at_install")
class TestCostAcquisition(CostCommon):
    """Sales and marketing effort before the first order day is acquisition cost."""

    def test_effort_before_the_first_order_day(self):
        order = self._create_order([(self.sea, 1, 100, 60)])
        order.date_order = "2026-03-11 12:00:00"
        self._book(self.team, 100)
        self._create_pool(kind="sales", method="rate", unit_cost=10)
        self._enter(self.client_a, 3, "2026-03-10")
        self._enter(self.client_a, 1, "2026-03-11")
        self._enter(self.client_b, 2, "2026-03-20")  # never ordered
        run = self._create_run()
        self.assertRecordValues(
            self.Allocation.search([("run_id", "=", run.id)], order="client_id"),
            [
                {"amount": 40, "acquisition_amount": 30},
                {"amount": 20, "acquisition_amount": 20},
            ],
        )
        self.assertEqual(run.acquisition_amount, 50)

    def test_service_is_no_acquisition(self):
        self._book(self.team, 100)
        self._create_pool()
        self._enter(self.client_a, 1)
        self.assertEqual(self._create_run().acquisition_amount, 0)

    def test_invoice_without_an_order_is_an_order_day_too(self):
        self._create_plain_invoice(date="2026-03-10")
        self._refresh()
        self._book(self.team, 100)
        self._create_pool(kind="marketing")
        self._enter(self.client_a, 1, "2026-03-09")
        self._enter(self.client_a, 1, "2026-03-10")
        self.assertEqual(self._create_run().acquisition_amount, 50)


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


@tagged("post_install", "-at_install")
class TestNetContribution(NetCommon):
    """Confirmed runs count in client values and in the bridge."""

    def _value(self, date="2026-03-31"):
        run = self.env["logistics.value.run"].create({"as_of_date": date})
        run.action_compute()
        self.assertEqual(run.state, "done", run.error)
        return run, {value.client_id: value for value in run.value_ids}

    def _get_steps(self, *domain):
        self.env.flush_all()
        groups = self.env["logistics.value.contribution.report"]._read_group(
            [("company_id", "=", self.company.id), *domain],
            ["component"],
            ["amount:sum"],
        )
        return dict(groups)

    def test_client_value_is_net_of_confirmed_runs(self):
        run, values = self._value()
        self.assertEqual(values[self.client_a].historical, 90)
        self.cost_run.action_confirm()
        run, values = self._value()
        # 48 minutes for 60: 25 for each of two clients' 20 minutes; fairs half each
        self.assertRecordValues(
            values[self.client_a] | values[self.client_b],
            [
                {
                    "revenue": 300,
                    "cost": 210,
                    "cost_to_serve": 35,
                    "acquisition_cost": 10,
                    "historical": 55,
                },
                {
                    "revenue": 500,
                    "cost": 450,
                    "cost_to_serve": 35,
                    "acquisition_cost": 0,
                    "historical": 15,
                },
            ],
        )
        self.assertFalse("belong to no client" in (run.notes or ""))
        self.assertEqual(run.historical, 70)

    def test_month_counts_from_its_last_day_on(self):
        self.cost_run.action_confirm()
        __, values = self._value("2026-03-30")
        self.assertEqual(values[self.client_a].historical, 90)

    def test_acquisition_lowers_no_later_order(self):
        run, __ = self._value()
        facts = run._collect_facts()
        self.cost_run.action_confirm()
        net = run._collect_facts()
        self.assertEqual(list(facts["margin_total"] - net["margin_total"]), [25, 35])
        # two order days of 40 and 50, each 12.50 less
        self.assertAlmostEqual(net["margin_squares"][0], 27.5**2 + 37.5**2)
        self.assertAlmostEqual(net["first_margin"][0], 27.5)

    def test_cost_of_clients_without_an_invoice_is_told(self):
        self.cost_run.action_draft()
        prospect = self.client_a.create({"name": "Prospect", "is_company": True})
        self._enter(prospect, 1)
        self.cost_run.action_compute()
        self.cost_run.action_confirm()
        run, values = self._value()
        self.assertNotIn(prospect, values)
        self.assertIn("clients without an invoice", run.notes)

    def test_reversed_run_counts_no_more(self):
        self.cost_run.action_confirm()
        self.cost_run._reverse("test")
        __, values = self._value()
        self.assertEqual(values[self.client_a].historical, 90)
        self.assertEqual(self._get_steps(), {"1_revenue": 800, "2_direct_cost": -660})

    def test_bridge_from_revenue_to_net_contribution(self):
        self.cost_run.action_confirm()
        self.assertEqual(
            self._get_steps(),
            {
                "1_revenue": 800,
                "2_direct_cost": -660,
                "4_marketing": -20,
                "5_service": -50,
                "8_unused": -10,
            },
        )
        self.assertEqual(
            sum(self._get_steps(("client_id", "=", self.client_a.id)).values()), 55
        )
        # all steps are the books: income less direct cost less both pools
        self.assertEqual(sum(self._get_steps().values()), 800 - 660 - 60 - 20)

    def test_source_of_a_step_opens(self):
        self.cost_run.action_confirm()
        self.env.flush_all()
        report = self.env["logistics.value.contribution.report"]
        rows = report.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(rows), len(set(rows.ids)))
        models = {row.action_open_source()["res_model"] for row in rows}
        self.assertEqual(models, {"account.move", "logistics.cost.run"})

    def test_run_takes_few_queries(self):
        """As many statements for many clients as for two."""
        with self.assertQueryCount(90):
            self.cost_run.action_compute()


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
        with self.assertRaisesRegex(Exception, "closed up to"):
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
