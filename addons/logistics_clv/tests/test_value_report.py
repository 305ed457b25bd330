from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .test_snapshot import APRIL, MARCH, SnapshotCommon


class ReportCommon(SnapshotCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # one client comes back two quarters later, one is new then
        cls._create_order_and_invoice(500, 300, "2026-07-10", cls.client_a)
        cls.client_e = cls.env["res.partner"].create({"name": "Client E"})
        cls._create_order_and_invoice(400, 300, "2026-07-20", cls.client_e)
        cls.salesperson = cls._create_new_internal_user(
            login="report_sales", groups="logistics_crm.group_salesperson"
        )
        cls.clerk = cls._create_new_internal_user(
            login="report_clerk", groups="account.group_account_invoice"
        )
        cls.client_b.user_id = cls.salesperson
        cls.env["logistics.value.run"].create(
            {"as_of_date": "2026-08-30"}
        ).action_compute()
        cls.report = cls.env["logistics.value.report"].with_user(cls.manager)

    def _open(self, action):
        records = self.env[action["res_model"]].with_user(self.manager)
        return records.search(action["domain"])


@tagged("post_install", "-at_install")
class TestValueReport(ReportCommon):
    """Every figure of a report equals the ledger and opens into its clients."""

    def test_whale_curve_equals_the_ledger(self):
        data = self.report.get_whale_curve("historical")
        self.assertEqual(data["count"], 5)
        self.assertAlmostEqual(data["total"], 1280)
        self.assertAlmostEqual(data["peak"], 1300 / 1280)
        self.assertAlmostEqual(data["peak_clients"], 0.8)
        self.assertAlmostEqual(data["erosion"], 20 / 1280)
        self.assertEqual(data["losses"], 1)
        self.assertEqual(data["slices"][0]["names"], ["Client A"])
        self.assertAlmostEqual(data["slices"][-1]["cumulated"], data["total"])
        self.assertAlmostEqual(
            sum(part["amount"] for part in data["slices"]), data["total"]
        )
        opened = self._open(self.report.open_whale_slice("historical", 0, 2))
        self.assertEqual(
            set(opened.client_id.ids), {self.client_a.id, self.client_b.id}
        )
        self.assertAlmostEqual(sum(opened.mapped("historical")), 1150)
        year = self.report.get_whale_curve("year")
        self.assertAlmostEqual(year["total"], data["total"])

    def test_whale_curve_of_nothing(self):
        self.env["logistics.client.value"].sudo().search([]).unlink()
        data = self.report.get_whale_curve("historical")
        self.assertEqual((data["count"], data["slices"]), (0, []))

    def test_stages_and_tiers_equal_the_values(self):
        stage = self.env.ref("logistics_crm.lifecycle_stage_new", False)
        stage = stage or self.env["logistics.lifecycle.stage"].search([], limit=1)
        self.client_a.logistics_stage_id = stage
        data = self.report.get_stage_tier_matrix()
        values = self.env["logistics.client.value"].search([])
        self.assertEqual(sum(cell["count"] for cell in data["cells"]), 5)
        self.assertAlmostEqual(
            sum(cell["total"] for cell in data["cells"]), sum(values.mapped("total"))
        )
        for cell in data["cells"]:
            opened = self._open(
                self.report.open_stage_tier(cell["row"], cell["column"])
            )
            self.assertEqual(len(opened), cell["count"])
            self.assertAlmostEqual(sum(opened.mapped("total")), cell["total"])
        self.assertEqual(data["rows"][0]["name"], stage.name)
        at_risk = self._open(self.report.open_at_risk())
        self.assertEqual(len(at_risk), data["at_risk_count"])
        self.assertAlmostEqual(sum(at_risk.mapped("predicted")), data["at_risk"])

    def test_filters_narrow_every_report(self):
        filters = {"user_id": self.salesperson.id, "ignored": 1}
        self.assertEqual(self.report.get_whale_curve("total", filters)["count"], 1)
        matrix = self.report.get_stage_tier_matrix(filters)
        self.assertEqual(sum(cell["count"] for cell in matrix["cells"]), 1)
        cohorts = self.report.get_cohorts(filters)
        self.assertAlmostEqual(cohorts["total"], 150)
        choices = self.report.get_choices()
        self.assertIn(self.salesperson.id, [user["id"] for user in choices["user_id"]])

    def test_cohorts_equal_the_ledger(self):
        data = self.report.get_cohorts()
        self.assertEqual(
            [(row["name"], row["count"]) for row in data["rows"]],
            [("2026 Q1", 4), ("2026 Q3", 1)],
        )
        cells = {(cell["row"], cell["column"]): cell for cell in data["cells"]}
        self.assertEqual(cells["2026-01-01", 0]["retention"], 1)
        self.assertEqual(cells["2026-01-01", 2]["retention"], 0.25)
        self.assertAlmostEqual(cells["2026-01-01", 2]["contribution"], 200)
        [[contribution]] = self.Entry._read_group(
            [("company_id", "=", self.company.id)], aggregates=["contribution:sum"]
        )
        self.assertAlmostEqual(data["total"], contribution)
        for cell in data["cells"]:
            key = cell["row"], cell["column"]
            if cell["count"]:
                opened = self._open(self.report.open_cohort(*key))
                self.assertEqual(len(opened), cell["count"])
            days = self._open(self.report.open_cohort_days(*key))
            self.assertAlmostEqual(
                sum(days.mapped("contribution")), cell["contribution"]
            )
        self.assertEqual(
            self._open(self.report.open_cohort("2026-07-01")).client_id, self.client_e
        )

    def test_money_without_an_order_day_is_shown(self):
        client = self.env["res.partner"].create({"name": "Costs only"})
        self._create_plain_invoice(client, 70, "2026-08-01", move_type="out_refund")
        self._refresh()
        self.env["logistics.client.day"].sudo()._refresh(self.company)
        data = self.report.get_cohorts()
        self.assertAlmostEqual(data["outside"], -70)
        self.assertAlmostEqual(data["total"], 1280 - 70)

    def test_migration_between_snapshots(self):
        first = self.Snapshot._take(self.company, MARCH)
        value = self.env["logistics.client.value"].sudo()
        value.search([("client_id", "=", self.client_d.id)]).unlink()
        self.client_b.logistics_tier_id = self.tier_c
        second = self.Snapshot._take(self.company, APRIL)
        data = self.report.get_migration()
        self.assertEqual((data["before_id"], data["after_id"]), (first.id, second.id))
        cells = {(cell["row"], cell["column"]): cell for cell in data["cells"]}
        was = first.line_ids.filtered(
            lambda line: line.client_id == self.client_b
        ).tier_id
        self.assertEqual(cells[was.id, self.tier_c.id]["count"], 1)
        self.assertEqual(cells[self.tier_d.id, -1]["count"], 1)
        self.assertEqual(sum(cell["count"] for cell in data["cells"]), 5)
        self.assertAlmostEqual(
            sum(cell["before"] for cell in data["cells"]), first.total
        )
        self.assertAlmostEqual(
            sum(cell["after"] for cell in data["cells"]), second.total
        )
        for cell in data["cells"]:
            opened = self._open(
                self.report.open_migration(
                    "tier", first.id, second.id, cell["row"], cell["column"]
                )
            )
            self.assertEqual(len(opened), cell["count"])
        stages = self.report.get_migration("stage", first.id, second.id)
        self.assertEqual(sum(cell["count"] for cell in stages["cells"]), 5)

    def test_one_snapshot_is_no_migration(self):
        self.Snapshot._take(self.company, MARCH)
        self.assertFalse(self.report.get_migration()["cells"])

    def test_salespeople_see_their_own(self):
        self.Snapshot._take(self.company, MARCH)
        self.Snapshot._take(self.company, APRIL)
        report = self.report.with_user(self.salesperson)
        for allowed, count in ((False, 0), (True, 1)):
            self.company.logistics_value_own_clients = allowed
            with self.subTest(allowed=allowed):
                self.assertEqual(report.get_whale_curve("year")["count"], count)
                for data in (report.get_stage_tier_matrix(), report.get_migration()):
                    self.assertEqual(
                        sum(cell["count"] for cell in data["cells"]), count
                    )
                cohorts = report.get_cohorts()
                self.assertAlmostEqual(cohorts["total"], 150 * count)
                self.assertEqual(len(report.get_choices()["user_id"]), count)

    def test_clerks_see_nothing(self):
        report = self.report.with_user(self.clerk)
        for method in (
            "get_choices",
            "get_whale_curve",
            "get_stage_tier_matrix",
            "get_migration",
            "get_cohorts",
        ):
            with self.subTest(method=method), self.assertRaises(AccessError):
                getattr(report, method)()

    def test_other_companies_stay_out(self):
        other = self.setup_other_company(name="Other forwarder")["company"]
        self.manager.company_ids |= other
        report = self.report.with_context(
            allowed_company_ids=(other | self.company).ids
        )
        self.assertEqual(report.get_whale_curve("year")["count"], 0)
        self.assertFalse(report.get_cohorts()["rows"])

    def test_few_queries(self):
        self.report.get_whale_curve("historical")
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(16):
            self.report.get_whale_curve("historical")
            self.report.get_cohorts()


@tagged("post_install", "-at_install")
class TestValueReportCall(ReportCommon, HttpCase):
    """The reports over the web, read-only, with the rights of who asks."""

    def _call(self, login, method, *args):
        self.authenticate(login, login)
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/logistics.value.report/{method}",
            {
                "model": "logistics.value.report",
                "method": method,
                "args": list(args),
                "kwargs": {},
            },
        )

    def test_each_role_over_the_web(self):
        self.manager.password = "tier_manager"
        self.salesperson.password = "report_sales"
        for method in ("get_whale_curve", "get_stage_tier_matrix", "get_cohorts"):
            with self.subTest(method=method):
                data = self._call("tier_manager", method)
                self.assertTrue(data.get("slices") or data.get("cells"))
                data = self._call("report_sales", method)
                self.assertFalse(data.get("slices") or data.get("cells"))
