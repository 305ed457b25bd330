from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestLifecycleContribution(ValueCommon):
    def _measure(self):
        self.env["logistics.lifecycle.run"].sudo()._run_for(self.client_a)
        return (
            self.env["logistics.client.measure"]
            .sudo()
            .search([("partner_id", "=", self.client_a.id)])
        )

    def test_contribution_is_that_of_the_ledger_once_there_is_one(self):
        main = self.env["res.company"].sudo().search([], limit=1).currency_id
        self.company.currency_id.rate_ids.unlink()
        main.rate_ids.unlink()
        order = self._create_order([(self.sea, 1, 100, 70)])
        self.assertAlmostEqual(self._measure().contribution_365, 30)
        move = order._create_invoices()
        move.invoice_line_ids.price_unit = 90
        move.action_post()
        self.ledger._refresh()
        self.assertAlmostEqual(self._measure().contribution_365, 20)

    def test_nightly_run_sees_new_entries(self):
        runs = self.env["logistics.lifecycle.run"].sudo()
        first = runs._start(is_full=True)
        first._measure()
        while first._decide_batch():
            pass
        first.finished_at = first.started_at
        order = self._create_order([(self.sea, 1, 100, 70)])
        order._create_invoices().action_post()
        self.ledger._refresh()
        run = runs.create({})
        run._measure()
        measure = (
            self.env["logistics.client.measure"]
            .sudo()
            .search([("partner_id", "=", self.client_a.id)])
        )
        self.assertEqual(measure.order_count, 1)
        self.assertTrue(measure.contribution_365)
