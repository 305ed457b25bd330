from datetime import date, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from odoo.addons.account.tests.common import AccountTestInvoicingCommon

TODAY = date(2026, 11, 24)


class CreditCommon(AccountTestInvoicingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("logistics_crm.group_administrator")
        cls.client = cls.env["res.partner"].create(
            {"name": "Paying Client", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ann", "parent_id": cls.client.id}
        )
        cls.ratings = cls.env["logistics.credit.rating"]

    def _create_invoice(self, amount, due, move_type="out_invoice", **values):
        move = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.client.id,
                "invoice_date": due - timedelta(days=30),
                "invoice_date_due": due,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Freight", "price_unit": amount, "tax_ids": False}
                    )
                ],
                **values,
            }
        )
        move.action_post()
        return move

    def _pay(self, move, day, amount=None):
        wizard = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        )
        values = {"payment_date": day}
        if amount:
            values["amount"] = amount
        wizard.create(values)._create_payments()

    def _rate(self, clients=None):
        clients = clients or self.client
        self.env.flush_all()
        self.ratings._rate_clients(clients.ids)
        return self.ratings.search([("partner_id", "in", clients.ids)])


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 08:00:00")
class TestCreditRating(CreditCommon):
    def test_days_late_are_weighted_by_amount(self):
        early = self._create_invoice(900, TODAY - timedelta(days=60))
        late = self._create_invoice(100, TODAY - timedelta(days=90))
        self._pay(early, TODAY - timedelta(days=61))
        self._pay(late, TODAY - timedelta(days=41))
        rating = self._rate()
        # (900 * -1 + 100 * 49) / 1000
        self.assertRecordValues(
            rating,
            [
                {
                    "grade": "b",
                    "days_beyond_terms": 4.0,
                    "amount": 1000,
                    "open_amount": 0,
                }
            ],
        )
        self.assertEqual(self.client.logistics_credit_rating, "b")
        self.assertIn("B: paid on average 4.0 days late", rating.explanation)
        self.assertIn("up to 15 days are B", rating.explanation)

    def test_open_overdue_counts_to_today(self):
        self._create_invoice(200, TODAY - timedelta(days=40))
        self._create_invoice(600, TODAY + timedelta(days=10))
        rating = self._rate()
        self.assertRecordValues(
            rating,
            [
                {
                    "grade": "c",
                    "days_beyond_terms": 40.0,
                    "amount": 200,
                    "open_amount": 800,
                    "overdue_amount": 200,
                    "overdue_ratio": 25.0,
                    "oldest_overdue_days": 40,
                }
            ],
        )

    def test_part_payments_count_each_from_its_day(self):
        invoice = self._create_invoice(1000, TODAY - timedelta(days=20))
        self._pay(invoice, TODAY - timedelta(days=20), 500)
        rating = self._rate()
        self.assertRecordValues(
            rating, [{"days_beyond_terms": 10.0, "overdue_amount": 500}]
        )

    def test_credit_note_is_no_late_payment(self):
        invoice = self._create_invoice(1000, TODAY - timedelta(days=100))
        refund = invoice._reverse_moves([{"invoice_date": TODAY, "date": TODAY}])
        refund.action_post()
        lines = (invoice | refund).line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        lines.filtered(lambda line: not line.reconciled).reconcile()
        self.assertEqual(invoice.amount_residual, 0)
        self.assertFalse(self._rate().grade)

    def test_client_without_invoices_keeps_what_was_entered(self):
        self.client.logistics_credit_rating = "c"
        self.assertFalse(self._rate())
        self.client.invalidate_recordset()
        self.assertEqual(self.client.logistics_credit_rating, "c")

    def test_invoice_to_a_contact_counts_for_the_client(self):
        self._create_invoice(
            100, TODAY - timedelta(days=50), partner_id=self.contact.id
        )
        self.assertRecordValues(
            self._rate(), [{"partner_id": self.client.id, "grade": "d"}]
        )

    def test_legal_collection_is_grade_d(self):
        invoice = self._create_invoice(100, TODAY - timedelta(days=50))
        self._pay(invoice, TODAY - timedelta(days=50))
        self.assertEqual(self._rate().grade, "a")
        self.client.logistics_legal_action = True
        self.assertEqual(self.client.logistics_credit_rating, "d")
        rating = self.ratings.search([("partner_id", "=", self.client.id)])
        self.assertRecordValues(rating, [{"grade": "d", "previous_grade": "a"}])
        self.assertIn("legal collection", rating.explanation)

    def test_grade_by_hand_holds_until_its_day(self):
        self._create_invoice(100, TODAY - timedelta(days=50))
        self._rate()
        with self.assertRaisesRegex(ValidationError, "reason and a last day"):
            self.client.logistics_credit_override = "b"
        self.client.write(
            {
                "logistics_credit_override": "b",
                "logistics_credit_override_until": "2026-12-31",
                "logistics_credit_override_reason": "Bank guarantee",
            }
        )
        self.assertEqual(self.client.logistics_credit_rating, "b")
        self._rate()
        self.assertEqual(self.client.logistics_credit_rating, "b")
        with freeze_time("2027-01-01 08:00:00"):
            self.ratings._expire_overrides()
            self.assertEqual(self.client.logistics_credit_rating, "d")

    def test_limits_are_those_of_the_company(self):
        self._create_invoice(100, TODAY - timedelta(days=50))
        self.assertEqual(self._rate().grade, "d")
        self.env.company.logistics_credit_c_days = 60
        self.env.company.logistics_credit_overdue_ratio = 0
        self.assertEqual(self._rate().grade, "c")
        with self.assertRaisesRegex(ValidationError, "must not exceed"):
            self.env.company.logistics_credit_b_days = 61

    def test_grade_of_the_client_is_the_worst_of_all_companies(self):
        paid = self._create_invoice(100, TODAY - timedelta(days=50))
        self._pay(paid, TODAY - timedelta(days=50))
        self._rate()
        other = self.setup_other_company()["company"]
        move = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "company_id": other.id,
                    "partner_id": self.client.id,
                    "invoice_date": TODAY - timedelta(days=90),
                    "invoice_date_due": TODAY - timedelta(days=60),
                    "invoice_payment_term_id": False,
                    "invoice_line_ids": [
                        Command.create(
                            {"name": "Freight", "price_unit": 10, "tax_ids": False}
                        )
                    ],
                }
            )
        )
        move.action_post()
        self.env.flush_all()
        self.ratings._rate_clients(self.client.ids)
        found = self.ratings.search([("partner_id", "=", self.client.id)])
        grades = {rating.company_id: rating.grade for rating in found}
        self.assertEqual(grades, {self.env.company: "a", other: "d"})
        self.assertEqual(self.client.logistics_credit_rating, "d")
        here = found.with_user(self.env.ref("base.user_admin")).with_context(
            allowed_company_ids=self.env.company.ids
        )
        self.env.ref("base.user_admin").company_ids |= self.env.company | other
        self.assertEqual(
            here.search([("partner_id", "=", self.client.id)]).company_id,
            self.env.company,
        )

    def test_cron_rates_each_client_once_a_day(self):
        self._create_invoice(100, TODAY - timedelta(days=50))
        self.env.flush_all()
        self.assertIn(self.client.id, self.ratings._get_clients_to_rate())
        with self.enter_registry_test_mode():
            self.env.ref("logistics_crm.ir_cron_credit_rating").method_direct_trigger()
        self.assertEqual(self.client.logistics_credit_rating, "d")
        self.assertNotIn(self.client.id, self.ratings._get_clients_to_rate())
        with freeze_time("2026-11-25 08:00:00"):
            self.assertIn(self.client.id, self.ratings._get_clients_to_rate())


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 08:00:00")
class TestPaymentPromise(CreditCommon):
    def _promise(self, amount, days, promised=-20):
        return self.env["logistics.payment.promise"].create(
            {
                "partner_id": self.client.id,
                "amount": amount,
                "promised_on": TODAY + timedelta(days=promised),
                "date": TODAY + timedelta(days=days),
            }
        )

    def _judge(self):
        self.env.flush_all()
        self.env["logistics.payment.promise"]._judge()

    def test_promise_is_kept_by_a_payment_within_the_days_of_grace(self):
        invoice = self._create_invoice(500, TODAY - timedelta(days=30))
        promise = self._promise(300, -10)
        late = self._promise(300, -5)
        self._pay(invoice, TODAY - timedelta(days=7), 300)
        self._judge()
        self.assertRecordValues(
            promise | late,
            [
                {"state": "kept", "paid_amount": 300},
                # the same money keeps one promise only
                {"state": "broken", "paid_amount": 0},
            ],
        )

    def test_promise_for_later_is_open(self):
        promise = self._promise(300, 1)
        self._judge()
        self.assertEqual(promise.state, "open")
        with freeze_time(TODAY + timedelta(days=5)):
            self._judge()
        self.assertEqual(promise.state, "broken")

    def test_broken_promises_lower_the_grade(self):
        invoice = self._create_invoice(500, TODAY - timedelta(days=60))
        self._pay(invoice, TODAY - timedelta(days=60))
        self._promise(100, -10)
        self._promise(100, -9)
        self._judge()
        rating = self._rate()
        self.assertRecordValues(rating, [{"grade": "b", "broken_promises": 2}])
        self.assertIn("2 of 2 promises to pay were broken", rating.explanation)

    def test_promise_of_a_contact_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "choose Paying Client instead"):
            self.env["logistics.payment.promise"].create(
                {
                    "partner_id": self.contact.id,
                    "amount": 1,
                    "date": fields.Date.today(),
                }
            )
