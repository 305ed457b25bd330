import io

from odoo.tests import tagged

from .cost_common import CostCommon, NetCommon


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

    def test_workbook_is_net_and_equals_the_ledger(self):
        self.cost_run.action_confirm()
        run, __ = self._value()
        totals = run._write_workbook(io.BytesIO())
        self.assertEqual(float(totals.cost_to_serve), 70)
        self.assertEqual(float(totals.contribution), run.historical)
        data = run._prepare_workbook_data()
        self.assertEqual(data.ledger_cost_to_serve, 70)

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
