from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .test_value_cost import CostCommon


@tagged("post_install", "-at_install")
class TestClosedPeriods(CostCommon):
    """What changes after the books are closed is adjusted in the open period."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_order_and_invoice(100, 60, date="2026-03-10")

    def _close(self, date="2026-03-31", field="fiscalyear_lock_date"):
        self.company[field] = date

    def _get_amounts(self, moves):
        """Return (client, date, adjustment, revenue, cost) of the entries."""
        return sorted(
            (
                entry.client_id.name or "",
                fields.Date.to_string(entry.date),
                entry.is_adjustment,
                entry.revenue,
                entry.cost,
            )
            for entry in self._get_entries(moves)
        )

    def test_closed_books_go_in_under_their_own_date(self):
        self._close()
        self._refresh()
        self.assertEqual(
            self._get_amounts(self.invoice),
            [("Client A", "2026-03-10", False, 100, 60)],
        )

    def test_reattribution_is_adjusted_and_can_be_taken_back(self):
        self._refresh()
        self._close()
        self.invoice._reattribute(self.client_b, "agent")
        before = [("Client A", "2026-03-10", False, 100, 60)]
        adjusted = [
            *before,
            ("Client A", "2026-04-01", True, -100, -60),
            ("Client B", "2026-04-01", True, 100, 60),
        ]
        self.assertEqual(self._get_amounts(self.invoice), adjusted)
        entries = self._get_entries(self.invoice)
        original = entries.filtered(lambda entry: not entry.is_adjustment)
        self.assertEqual((entries - original).adjusted_id, original)
        self._let_time_pass()
        snapshot = self._get_snapshot()
        self._refresh()
        self._refresh(rebuild=True)
        self.assertEqual(self._get_snapshot(), snapshot)
        self.invoice._reattribute(self.client_a, "mistake")
        self.assertEqual(self._get_amounts(self.invoice), before)

    def test_late_bill_takes_the_estimate_out_in_the_open_period(self):
        if "purchase.order" not in self.env:
            self.skipTest("purchases are not installed")
        order = self.invoice.invoice_line_ids.sale_line_ids.order_id
        purchase = self._create_purchase(order.order_line, 65)
        self._refresh()
        self._close()
        self._let_time_pass()
        bill = self._create_bill(
            [(65, {"purchase_line_id": purchase.id})], date="2026-04-05"
        )
        self._refresh()
        self.assertEqual(
            self._get_amounts(self.invoice | bill),
            [
                ("Client A", "2026-03-10", False, 100, 60),
                ("Client A", "2026-04-01", True, 0, -60),
                ("Client A", "2026-04-05", False, 0, 65),
            ],
        )
        self.assertEqual(self.invoice.logistics_contribution, 35)
        self.assertEqual(self.invoice.logistics_value_status, "actual")
        self._assert_books_are_explained()

    def test_next_closing_freezes_the_adjustments_too(self):
        self._refresh()
        self._close()
        self.invoice._reattribute(self.client_b, "agent")
        self._close("2026-04-30")
        self.invoice._reattribute(self.client_a, "mistake")
        self.assertEqual(
            self._get_amounts(self.invoice),
            [
                ("Client A", "2026-03-10", False, 100, 60),
                ("Client A", "2026-04-01", True, -100, -60),
                ("Client A", "2026-05-01", True, 100, 60),
                ("Client B", "2026-04-01", True, 100, 60),
                ("Client B", "2026-05-01", True, -100, -60),
            ],
        )

    def test_sales_lock_leaves_other_journals_open(self):
        self._refresh()
        self._close(field="purchase_lock_date")
        self.invoice._reattribute(self.client_b, "agent")
        self.assertEqual(
            self._get_amounts(self.invoice),
            [("Client B", "2026-03-10", False, 100, 60)],
        )
        self._close(field="sale_lock_date")
        self.invoice._reattribute(self.client_a, "mistake")
        self.assertEqual(len(self._get_entries(self.invoice)), 3)

    def test_exception_from_the_lock_date_opens_the_period(self):
        self._refresh()
        self._close()
        self.env["account.lock_exception"].sudo().create(
            {
                "company_id": self.company.id,
                "user_id": False,
                "fiscalyear_lock_date": False,
                "end_datetime": fields.Datetime.now() + timedelta(hours=1),
            }
        )
        self.invoice._reattribute(self.client_b, "agent")
        self.assertEqual(
            self._get_amounts(self.invoice),
            [("Client B", "2026-03-10", False, 100, 60)],
        )

    def test_branch_follows_the_lock_date_of_its_parent(self):
        self._close()
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.assertEqual(
            branch._get_value_lock_dates()["sale"], self.company.fiscalyear_lock_date
        )

    def test_reset_invoice_of_a_closed_period_is_explained(self):
        self._refresh()
        self._let_time_pass()
        self.invoice.button_draft()
        self._close()
        self._refresh()
        self.assertEqual(
            self._get_amounts(self.invoice),
            [
                ("Client A", "2026-03-10", False, 100, 60),
                ("Client A", "2026-04-01", True, -100, -60),
            ],
        )
        rows = self.env["logistics.value.reconciliation"].search(
            [("move_id", "=", self.invoice.id), ("side", "=", "income")]
        )
        self.assertEqual(set(rows.mapped("category")), {"adjustment"})
        self.assertEqual(sum(rows.mapped("difference")), 0)
