from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ValueCommon


class EconomicsCommon(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mode_fcl = cls.env.ref("logistics_crm.transport_mode_fcl")
        cls.mode_air = cls.env.ref("logistics_crm.transport_mode_air")
        cls.shanghai = cls.env.ref("logistics_crm.location_cnsha")
        cls.hamburg = cls.env.ref("logistics_crm.location_deham")
        cls.by_sea = cls._create_job(cls.sea, 1000, 900, cls.mode_fcl)
        cls.by_air = cls._create_job(cls.air, 100, 40, cls.mode_air)
        cls.plain_move = cls._create_plain_invoice(price=50)
        cls.ledger._refresh()

    @classmethod
    def _create_job(cls, product, revenue, cost, mode):
        order = cls._create_order(
            [(product, 1, revenue, cost)],
            logistics_mode_id=mode.id,
            logistics_origin_id=cls.shanghai.id,
            logistics_destination_id=cls.hamburg.id,
        )
        return cls._invoice_order(order)

    def _group(self, model, groupby, *measures, domain=()):
        groups = self.env[model].formatted_read_group(
            [("company_id", "=", self.company.id), *domain], groupby, measures
        )
        return [tuple(group[name] for name in measures) for group in groups]


@tagged("post_install", "-at_install")
class TestServiceEconomics(EconomicsCommon):
    """Shares from sums, in groups and in totals, and the way to the documents."""

    def test_share_of_a_group_is_that_of_its_sums(self):
        self.assertEqual(
            self._group(
                "logistics.value.entry",
                ["mode_id"],
                "revenue:sum",
                "contribution:sum",
                "margin_rate:avg",
            ),
            [(1000, 100, 10), (100, 60, 60), (50, 50, 100)],
        )
        [(total,)] = self._group("logistics.value.entry", [], "margin_rate:avg")
        self.assertAlmostEqual(total, 100 * 210 / 1150)

    def test_share_of_nothing_is_empty(self):
        [(share, coverage)] = self._group(
            "logistics.value.entry",
            [],
            "margin_rate:avg",
            "cost_coverage:avg",
            domain=[("revenue", "=", 12345)],
        )
        self.assertFalse(share)
        self.assertFalse(coverage)

    def test_coverage_of_cost(self):
        [(known, actual)] = self._group(
            "logistics.value.entry", [], "cost_coverage:avg", "actual_coverage:avg"
        )
        self.assertAlmostEqual(known, 100 * 1100 / 1150)
        self.assertEqual(actual, 0)

    def test_shares_are_offered_as_measures(self):
        description = self.Entry.fields_get()
        for name in ("margin_rate", "cost_coverage", "actual_coverage"):
            self.assertEqual(description[name]["aggregator"], "avg")
        self.assertEqual(description["cost_variance"]["aggregator"], "sum")
        self.assertTrue(description["tier_id"]["groupable"])
        self.assertTrue(description["service_family"]["groupable"])

    def test_dimensions(self):
        tier = self.env["logistics.value.tier"].search([], limit=1)
        self.client_a.logistics_tier_id = tier
        for name in (
            "mode_id",
            "origin_id",
            "destination_id",
            "service_id",
            "service_family",
            "user_id",
            "vessel_id",
            "vendor_id",
            "client_id",
            "tier_id",
            "period:month",
        ):
            with self.subTest(dimension=name):
                groups = self._group("logistics.value.entry", [name], "revenue:sum")
                self.assertAlmostEqual(sum(value for (value,) in groups), 1150)
        [(by_tier,)] = self._group(
            "logistics.value.entry",
            [],
            "revenue:sum",
            domain=[("tier_id", "=", tier.id)],
        )
        self.assertEqual(by_tier, 1150)

    def test_entry_opens_its_lines(self):
        entry = self._get_entries(self.by_sea)
        action = entry.action_open_lines()
        lines = self.env["account.move.line"].search(action["domain"])
        self.assertEqual(lines, self.by_sea.invoice_line_ids)
        self.assertEqual(-sum(lines.mapped("balance")), entry.revenue)
        action = entry.action_open_bill_lines()
        self.assertFalse(self.env["account.move.line"].search(action["domain"]))

    def test_views_open_for_each_role(self):
        action = self.env.ref("logistics_clv.logistics_value_economics_action")
        for login, group in (
            ("economics_reader", "logistics_clv.group_value_reader"),
            ("economics_sales", "logistics_crm.group_salesperson"),
        ):
            user = self._create_new_internal_user(login=login, groups=group)
            for view in action.view_ids:
                arch = self.Entry.with_user(user).get_view(
                    view.view_id.id, view.view_mode
                )["arch"]
                hidden = group != "logistics_clv.group_value_reader"
                self.assertEqual("vendor_id" not in arch, hidden or "list" not in arch)


@tagged("post_install", "-at_install")
class TestQuotedAgainstActual(EconomicsCommon):
    """Jobs, and how sure the contribution of a month is."""

    def test_job_with_its_estimate(self):
        job = self.env["logistics.value.job"].search(
            [("order_id", "=", self.by_sea.invoice_line_ids.sale_line_ids.order_id.id)]
        )
        self.assertRecordValues(
            job,
            [
                {
                    "client_id": self.client_a.id,
                    "origin_id": self.shanghai.id,
                    "revenue": 1000,
                    "quoted_cost": 900,
                    "actual_cost": 0,
                    "open_cost": 900,
                    "variance": 0,
                    "margin_rate": 10,
                    "quoted_margin_rate": 10,
                    "state": "estimated",
                }
            ],
        )
        self.assertEqual(
            self.Entry.search(job.action_open_entries()["domain"]),
            self._get_entries(self.by_sea),
        )

    def test_rates_of_jobs_come_from_sums(self):
        self.assertEqual(
            self._group(
                "logistics.value.job",
                ["mode_id"],
                "margin_rate:avg",
                "quoted_margin_rate:avg",
            ),
            [(10, 10), (60, 60)],
        )
        [(total,)] = self._group("logistics.value.job", [], "margin_rate:avg")
        self.assertAlmostEqual(total, 100 * 160 / 1100)

    def test_month_is_provisional_below_ninety_percent(self):
        month = self.env["logistics.value.coverage"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertRecordValues(
            month,
            [
                {
                    "revenue": 1150,
                    "actual_revenue": 0,
                    "estimated_revenue": 1100,
                    "uncovered_revenue": 50,
                    "state": "covered",
                }
            ],
        )
        self.assertAlmostEqual(month.coverage, 95.7)
        self._create_plain_invoice(price=100)
        self._refresh()
        self.env.invalidate_all()
        self.assertEqual(month.state, "provisional")
        entries = self.Entry.search(month.action_open_entries()["domain"])
        self.assertEqual(sum(entries.mapped("revenue")), 150)

    def test_reports_are_for_readers_of_the_company(self):
        other = self.setup_other_company(name="Other forwarder")["company"]
        for name in ("logistics.value.job", "logistics.value.coverage"):
            for login, group, sees in (
                ("report_reader", "logistics_clv.group_value_reader", True),
                ("report_accountant", "logistics_clv.group_accountant", True),
                ("report_manager", "logistics_crm.group_manager", True),
                ("report_sales", "logistics_crm.group_salesperson", False),
                ("report_leader", "logistics_crm.group_team_leader", False),
            ):
                user = self.env["res.users"].search(
                    [("login", "=", login)]
                ) or self._create_new_internal_user(login=login, groups=group)
                report = self.env[name].with_user(user)
                with self.subTest(model=name, user=login):
                    if sees:
                        self.assertTrue(report.search([]))
                        user.write(
                            {
                                "company_ids": [Command.set(other.ids)],
                                "company_id": other.id,
                            }
                        )
                        report = self.env[name].with_user(user)
                        self.assertFalse(report.search([]))
                        user.write(
                            {
                                "company_ids": [Command.set(self.company.ids)],
                                "company_id": self.company.id,
                            }
                        )
                        continue
                    with self.assertRaises(AccessError):
                        report.search([])
                    with self.assertRaises(AccessError):
                        report.formatted_read_group([], [], ["variance:sum"])


@tagged("post_install", "-at_install")
class TestEconomicsOfCompanies(EconomicsCommon):
    """Companies with other currencies and fiscal years keep their own money."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.setup_other_currency("CNY")
        cls.other_data = cls.setup_other_company(
            name="Other forwarder", currency_id=cls.foreign.id
        )
        cls.other = cls.other_data["company"]
        cls.env = cls.env(
            context={
                **cls.env.context,
                "allowed_company_ids": (cls.company | cls.other).ids,
            }
        )
        cls.plain_move = cls.plain_move.with_env(cls.env)
        cls.Entry = cls.Entry.with_env(cls.env)
        cls.other.write({"fiscalyear_last_month": "3", "fiscalyear_last_day": 31})
        cls.their_move = cls._create_plain_invoice(
            price=700, company=cls.other, product=cls.sea
        )
        cls.env["logistics.value.ledger"]._for_companies(cls.other)._refresh()

    def test_amounts_are_in_the_currency_of_the_company(self):
        entry = self.Entry.search([("company_id", "=", self.other.id)])
        self.assertEqual(entry.currency_id, self.foreign)
        self.assertEqual(entry.revenue, 700)
        self.assertTrue(self._get_entries(self.plain_move))
        months = self.env["logistics.value.coverage"].search(
            [("company_id", "in", (self.company | self.other).ids)]
        )
        self.assertEqual(
            {month.company_id: month.currency_id for month in months},
            {self.company: self.company.currency_id, self.other: self.foreign},
        )

    def test_closed_period_is_that_of_each_company(self):
        moves = self.plain_move | self.their_move
        self.other.fiscalyear_lock_date = "2026-03-31"
        self.assertEqual(moves._count_in_closed_periods(), 1)
        self.company.fiscalyear_lock_date = "2026-03-31"
        self.assertEqual(moves._count_in_closed_periods(), 2)

    def test_one_change_over_two_companies(self):
        moves = self.plain_move | self.their_move
        batch = moves._reattribute(self.client_b, "both are for B")
        self.assertEqual(batch.sudo().company_ids, self.company | self.other)
        self.assertEqual(self._get_entries(moves).client_id, self.client_b)
        user = self._create_new_internal_user(
            login="economics_one_company",
            groups="logistics_clv.group_accountant",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        own = {"allowed_company_ids": self.company.ids}
        mine = batch.with_user(user).with_context(**own)
        self.env.invalidate_all()
        self.assertEqual(mine.attribution_ids.move_id, self.plain_move)
        with self.assertRaises(AccessError):
            moves.with_user(user).with_context(**own)._reattribute(
                self.client_a, "not mine"
            )
