from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .cost_common import CostCommon


@tagged("post_install", "-at_install")
class TestCostPoolBooks(CostCommon):
    """Pools reconcile with the accounts that they come from, to 0.00."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        plan = cls.env["account.analytic.plan"].create({"name": "Departments"})
        cls.sales, cls.desk = cls.env["account.analytic.account"].create(
            [
                {"name": name, "plan_id": plan.id, "company_id": cls.company.id}
                for name in ("Sales", "Desk")
            ]
        )

    def _get_lines(self, run):
        return [
            (line.account_id, line.category, line.pool_id, line.balance)
            for line in run.account_line_ids
        ]

    def test_account_of_the_month(self):
        self._book(self.team, 100, "2026-02-28")
        self._book(self.team, 70, "2026-03-01")
        self._book(self.team, 30, "2026-03-31")
        draft = self._book(self.team, 5, "2026-03-31")
        draft.button_draft()
        pool = self._create_pool()
        run = self._create_run()
        self.assertEqual(run.amount, 100)
        self.assertEqual(self._get_lines(run), [(self.team, "pooled", pool, 100)])
        action = run.pool_line_ids.action_open_items()
        lines = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(sum(lines.mapped("balance")), 100)

    def test_tags_take_accounts_of_later_too(self):
        tag = self.env["account.account.tag"].create(
            {"name": "Service", "applicability": "accounts"}
        )
        pool = self._create_pool(
            account_ids=[Command.clear()], account_tag_ids=[Command.set(tag.ids)]
        )
        self.fair.tag_ids = tag
        self._book(self.fair, 40)
        self.assertEqual(self._create_run().amount, 40)
        self.assertEqual(pool._get_accounts(), self.fair)

    def test_analytic_part_and_the_rest_of_the_account(self):
        self._book(
            self.team,
            99.99,
            analytic_distribution={
                str(self.sales.id): 33.33,
                str(self.desk.id): 66.67,
            },
        )
        self._book(self.team, 10)
        pool = self._create_pool(
            analytic_account_ids=[Command.set(self.sales.ids)], kind="sales"
        )
        run = self._create_run()
        self.assertEqual(run.amount, 33.33)
        self.assertEqual(
            self._get_lines(run),
            [
                (self.team, "pooled", pool, 33.33),
                (self.team, "rest", pool.browse(), 76.66),
            ],
        )
        self.assertAlmostEqual(sum(run.account_line_ids.mapped("balance")), 109.99)

    def test_analytic_account_alone_takes_every_expense(self):
        for account in (self.team, self.fair):
            self._book(
                account,
                50,
                analytic_distribution={f"{self.sales.id},{self.desk.id}": 100},
            )
        self._create_pool(
            account_ids=[Command.clear()],
            analytic_account_ids=[Command.set(self.desk.ids)],
        )
        run = self._create_run()
        self.assertEqual(run.amount, 100)

    def test_account_in_two_pools_is_refused(self):
        self._create_pool()
        with self.assertRaisesRegex(ValidationError, "one pool only"):
            self._create_pool(name="Again")
        self._create_pool(name="Analytic", analytic_account_ids=self.sales.ids)

    def test_pools_that_follow_each_other_may_share(self):
        self._create_pool(date_to="2026-03-31")
        self._create_pool(name="Next", date_from="2026-04-01")
        self._book(self.team, 10)
        self.assertEqual(self._create_run().pool_line_ids.pool_id.name, "Service")

    def test_item_in_two_pools_is_refused_by_the_run(self):
        self._create_pool()
        self._create_pool(name="Sales desk", analytic_account_ids=self.sales.ids)
        self._book(self.team, 10)
        self._create_run("2026-03-01").action_draft()
        self._book(self.team, 10, analytic_distribution={str(self.sales.id): 50})
        with self.assertRaisesRegex(UserError, "Service, Sales desk"):
            self.Run.search([]).action_compute()

    def test_halves_of_an_item_may_go_to_two_pools(self):
        for name, account in (("One", self.sales), ("Two", self.desk)):
            self._create_pool(name=name, analytic_account_ids=account.ids)
        self._book(
            self.team,
            0.03,
            analytic_distribution={str(self.sales.id): 50, str(self.desk.id): 50},
        )
        run = self._create_run()
        # 0.015 each: the odd cent is a line of its own
        self.assertEqual(sum(run.account_line_ids.mapped("balance")), 0.03)
        self.assertEqual(
            run.currency_id.compare_amounts(
                run.amount, sum(run.account_line_ids.mapped("pool_amount"))
            ),
            0,
        )

    def test_conditions_on_items(self):
        self._book(self.team, 10, name="Salary")
        self._book(self.team, 5, name="Party")
        self._create_pool(item_domain="[('name', 'ilike', 'salary')]")
        run = self._create_run()
        self.assertEqual(run.amount, 10)
        self.assertEqual(run.account_line_ids.mapped("category"), ["pooled", "rest"])
        for wrong in ("[('nothing', '=', 1)]", "[(", "os"):
            with self.assertRaises(ValidationError):
                self._create_pool(self.fair, item_domain=wrong)

    def test_credit_is_cost(self):
        self._book(self.team, -40)
        self._create_pool(sign="-1")
        self._enter(self.client_a, 1)
        self.assertRecordValues(self._create_run(), [{"amount": 40, "allocated": 40}])

    def test_overhead_in_no_pool_is_shown(self):
        self._book(self.team, 10)
        self._book(self.fair, 7)
        direct = self._create_account("620900", "Carriers", "expense_direct_cost")
        self._book(direct, 1000)
        pool = self._create_pool()
        self.assertEqual(
            self._get_lines(self._create_run()),
            [
                (self.team, "pooled", pool, 10),
                (self.fair, "outside", pool.browse(), 7),
            ],
        )

    def test_pool_shows_its_balance(self):
        self._book(self.team, 12, self.env["logistics.cost.run"]._default_month())
        pool = self._create_pool(
            method="time", minutes_per_event=5, people=1, hours=0.25
        )
        self.assertRecordValues(
            pool,
            [
                {
                    "month_balance": 0,
                    "last_month_balance": 12,
                    "capacity_minutes": 12,
                    "minute_cost": 1,
                }
            ],
        )

    def test_what_a_method_needs(self):
        for values, words in (
            ({"method": "time"}, "minutes per count"),
            ({"method": "rate"}, "price per count"),
            ({"method": "interest"}, "not in the books"),
            ({"account_ids": [Command.clear()]}, "Choose the accounts"),
            (
                {
                    "method": "time",
                    "term_ids": [
                        Command.create({"driver_id": self.manual.id, "minutes": 1})
                    ],
                },
                "time equation",
            ),
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, words),
                self.env.cr.savepoint(),
            ):
                self._create_pool(**values)

    def test_list_of_pools_reads_the_books_once(self):
        for number in range(5):
            account = self._create_account(f"62100{number}", f"Team {number}")
            self._book(account, 10)
            self._create_pool(account, name=f"Pool {number}")
        pools = self.Pool.search([("company_id", "=", self.company.id)])
        self.env.invalidate_all()
        pools.mapped("account_ids.tag_ids")
        pools.mapped("company_id.partner_id.tz")
        self.env.flush_all()
        # one statement per month for all pools
        with self.assertQueryCount(10):
            pools.mapped("month_balance")
