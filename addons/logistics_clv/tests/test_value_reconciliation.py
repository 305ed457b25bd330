from odoo import Command
from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestValueReconciliation(ValueCommon):
    """Every amount on an income account is in the ledger or has a reason."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.invoice = cls._create_order_and_invoice(revenue=123.45, cost=60)
        cls.income = cls.company_data["default_account_revenue"]

    def _create_entry(self, amount, date="2026-03-31"):
        other = self.company_data["default_account_assets"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": date,
                "line_ids": [
                    Command.create({"account_id": self.income.id, "debit": amount}),
                    Command.create({"account_id": other.id, "credit": amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    def _get_rows(self, *domain):
        self.env.flush_all()
        return self.env["logistics.value.reconciliation"].search(
            [
                ("company_id", "=", self.company.id),
                ("side", "=", "income"),
                *domain,
            ],
            order="booked desc",
        )

    def test_each_difference_is_listed_with_its_reason(self):
        manual = self._create_entry(10)
        excluded = self._create_plain_invoice(price=7)
        excluded.logistics_value_excluded = True
        bill = self.init_invoice("in_invoice", partner=self.client_b, amounts=[5])
        bill.invoice_line_ids.account_id = self.income
        bill.invoice_line_ids.tax_ids = False
        bill.action_post()
        receipt = self._create_plain_invoice(price=3, move_type="out_receipt")
        self._refresh()
        pending = self._create_plain_invoice(price=2)
        self.assertRecordValues(
            self._get_rows(),
            [
                {
                    "move_id": self.invoice.id,
                    "category": "ledger",
                    "booked": 123.45,
                    "ledger": 123.45,
                    "difference": 0,
                },
                {
                    "move_id": excluded.id,
                    "category": "excluded",
                    "booked": 7,
                    "ledger": 0,
                    "difference": 7,
                },
                {
                    "move_id": receipt.id,
                    "category": "receipt",
                    "booked": 3,
                    "ledger": 0,
                    "difference": 3,
                },
                {
                    "move_id": pending.id,
                    "category": "pending",
                    "booked": 2,
                    "ledger": 0,
                    "difference": 2,
                },
                {
                    "move_id": bill.id,
                    "category": "bill",
                    "booked": -5,
                    "ledger": 0,
                    "difference": -5,
                },
                {
                    "move_id": manual.id,
                    "category": "manual",
                    "booked": -10,
                    "ledger": 0,
                    "difference": -10,
                },
            ],
        )

    def test_totals_are_explained_to_the_cent(self):
        self._create_entry(10.01)
        self._create_plain_invoice(price=0.07).logistics_value_excluded = True
        self._refresh()
        rows = self._get_rows()
        self.assertAlmostEqual(sum(rows.mapped("booked")), self._get_income())
        self.assertAlmostEqual(sum(rows.mapped("ledger")), self._get_ledger_revenue())
        explained = sum(
            rows.filtered(lambda r: r.category != "ledger").mapped("booked")
        )
        self.assertAlmostEqual(
            self._get_income() - self._get_ledger_revenue() - explained, 0
        )

    def test_invoice_reset_since_the_last_refresh_shows_as_pending(self):
        self._refresh()
        self.invoice.button_draft()
        self.assertRecordValues(
            self._get_rows(),
            [{"category": "pending", "booked": 0, "ledger": 123.45}],
        )
        self._refresh()
        self.assertFalse(self._get_rows())

    def test_excluded_journal_is_its_own_reason(self):
        self.company.logistics_value_excluded_journal_ids = self.invoice.journal_id
        self._refresh()
        self.assertEqual(self._get_rows().category, "excluded_journal")

    def test_periods_and_categories_can_be_grouped(self):
        self._create_entry(10, "2026-04-30")
        self._refresh()
        groups = self.env["logistics.value.reconciliation"].formatted_read_group(
            [("company_id", "=", self.company.id), ("side", "=", "income")],
            ["date:month", "category"],
            ["booked:sum", "ledger:sum", "difference:sum"],
        )
        self.assertEqual(
            [
                (g["category"], g["booked:sum"], g["ledger:sum"], g["difference:sum"])
                for g in groups
            ],
            [("ledger", 123.45, 123.45, 0), ("manual", -10, 0, -10)],
        )

    def test_row_opens_its_document(self):
        self._refresh()
        action = self._get_rows().action_open_move()
        self.assertEqual(action["res_id"], self.invoice.id)

    def test_rows_have_ids_of_their_own(self):
        self._create_entry(10)
        self._refresh()
        rows = self._get_rows()
        self.assertEqual(len(set(rows.ids)), 2)
        self.assertEqual(
            rows[0].browse(rows[0].id).read(["move_id"])[0]["move_id"][0],
            self.invoice.id,
        )
