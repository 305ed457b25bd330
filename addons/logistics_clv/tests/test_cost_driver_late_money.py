from odoo import fields
from odoo.tests import tagged

from .cost_common import DriverCommon


@tagged("post_install", "-at_install")
class TestCostDriverLateMoney(DriverCommon):
    """Overdue amount x days overdue within the month."""

    def _invoice(self, price, due, partner=None):
        move = self._create_plain_invoice(
            partner, price, "2026-01-10", self.plain, post=False
        )
        move.invoice_payment_term_id = False
        move.invoice_date_due = due
        move.action_post()
        return move

    def _pay(self, move, amount, date):
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({"amount": amount, "payment_date": date})._create_payments()

    def test_open_invoice_is_late_from_the_day_after(self):
        self._invoice(100, "2026-03-21")
        self._invoice(50, "2026-02-10", self.client_b)
        self._invoice(70, "2026-03-31", self.client_b)
        # 10 days of March, and all 31
        self.assertEqual(
            self._count("late_money"), {"Client A": 1000, "Client B": 1550}
        )

    def test_parts_paid_are_late_in_parts(self):
        move = self._invoice(100, "2026-03-10")
        self._pay(move, 40, "2026-03-15")
        self._pay(move, 60, "2026-04-10")
        # March: 40 x 5 + 60 x 21; April: 60 x 10
        self.assertEqual(self._count("late_money"), {"Client A": 1460})
        april = fields.Date.to_date("2026-04-01")
        self.assertEqual(self._count("late_money", april), {"Client A": 600})
        may = fields.Date.to_date("2026-05-01")
        self.assertEqual(self._count("late_money", may), {})

    def test_interest_is_imputed_and_in_no_account(self):
        self._invoice(36_500, "2026-03-21")
        self.Pool.create(
            {
                "name": "Late money",
                "kind": "credit",
                "method": "interest",
                "yearly_rate": 8,
                "driver_id": self._get_driver("late_money").id,
                "company_id": self.company.id,
            }
        )
        run = self._create_run()
        # A x days / 365 x i = 36,500 x 10 / 365 x 8 %
        self.assertRecordValues(
            run, [{"amount": 0, "imputed": 80, "allocated": 80, "unallocated": 0}]
        )
