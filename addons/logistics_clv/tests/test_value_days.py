from odoo import fields
from odoo.tests import tagged

from ..models import value_facts_sql as facts_sql
from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestClientDays(ValueCommon):
    """From entries of the ledger to a row for each client and day."""

    def _get_days(self, client=None):
        return self.env["logistics.client.day"].search(
            [
                ("client_id", "=", (client or self.client_a).id),
                ("company_id", "=", self.company.id),
            ],
            order="order_date",
        )

    def _get_facts(self, as_of="2026-03-30", client=None, **options):
        self.env.cr.execute(
            facts_sql.client_facts(
                self.company.id, fields.Date.to_date(as_of), **options
            )
        )
        client_id = (client or self.client_a).id
        return next(
            row for row in self.env.cr.dictfetchall() if row["client_id"] == client_id
        )

    def test_same_day_is_merged(self):
        self._create_order_and_invoice(100, 60, "2026-03-10")
        self._create_order_and_invoice(50, 20, "2026-03-10")
        self._refresh()
        self.assertRecordValues(
            self._get_days(),
            [
                {
                    "order_date": fields.Date.to_date("2026-03-10"),
                    "revenue": 150,
                    "contribution": 70,
                    "has_order": True,
                    "estimated_revenue": 150,
                    "unknown_revenue": 0,
                }
            ],
        )

    def test_day_of_delivery_goes_before_that_of_the_invoice(self):
        order = self._create_order(
            [(self.sea, 1, 100, 60)], commitment_date="2026-02-20 10:00:00"
        )
        self._invoice_order(order, "2026-03-10")
        self._refresh()
        self.assertEqual(self._get_days().order_date, fields.Date.to_date("2026-02-20"))

    def test_collective_invoice_keeps_the_day_of_each_order(self):
        orders = self._create_order(
            [(self.sea, 1, 100, 60)], date_order="2026-02-03 10:00:00"
        )
        orders |= self._create_order(
            [(self.sea, 1, 200, 90)], date_order="2026-02-17 10:00:00"
        )
        self._invoice_order(orders, "2026-02-28")
        self._refresh()
        self.assertRecordValues(
            self._get_days(),
            [
                {"order_date": fields.Date.to_date("2026-02-03"), "revenue": 100},
                {"order_date": fields.Date.to_date("2026-02-17"), "revenue": 200},
            ],
        )

    def test_reversed_day_is_no_order_day(self):
        self._create_order_and_invoice(100, 60, "2026-03-02")
        move = self._create_order_and_invoice(100, 60, "2026-03-10")
        refund = move._reverse_moves([{"invoice_date": "2026-03-20"}])
        refund.action_post()
        self._refresh()
        facts = self._get_facts()
        self.assertEqual(facts["order_days"], 1)
        self.assertEqual(facts["last_order"], fields.Date.to_date("2026-03-02"))

    def test_free_shipment_is_an_order_day(self):
        self._create_plain_invoice(price=0, date="2026-03-02")
        self._refresh()
        self.assertEqual(self._get_facts()["order_days"], 1)

    def test_only_clients_with_news_are_refreshed(self):
        self._create_order_and_invoice(100, 60, "2026-03-02")
        self._create_order_and_invoice(80, 60, "2026-03-02", self.client_b)
        self._refresh()
        # not in the books: stays until there is news of the client
        self.env.cr.execute(
            "UPDATE logistics_client_day SET is_free = TRUE WHERE company_id = %s",
            [self.company.id],
        )
        self.env.invalidate_all()
        self._let_time_pass()
        self._create_order_and_invoice(100, 60, "2026-03-05")
        self._refresh()
        self.assertEqual(self._get_days().mapped("is_free"), [False, False])
        self.assertEqual(self._get_days(self.client_b).mapped("is_free"), [True])
        self._refresh(rebuild=True)
        self.assertEqual(self._get_days(self.client_b).mapped("is_free"), [False])
        self.assertFalse(
            self.env["logistics.client.day.queue"]
            .sudo()
            .search([("company_id", "=", self.company.id)])
        )

    def test_refresh_leaves_unchanged_days_alone(self):
        self._create_order_and_invoice(100, 60, "2026-03-02")
        self._refresh()
        day = self._get_days()
        self.env.cr.execute(
            "SELECT xmin FROM logistics_client_day WHERE id = %s", [day.id]
        )
        before = self.env.cr.fetchone()
        days = self.env["logistics.client.day"]
        self.assertEqual(days._refresh(self.company, rebuild=True), 0)
        self.assertEqual(self._get_days(), day)
        self.env.cr.execute(
            "SELECT xmin FROM logistics_client_day WHERE id = %s", [day.id]
        )
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_deleted_invoice_leaves_no_day(self):
        move = self._create_order_and_invoice(100, 60, "2026-03-02")
        self._create_order_and_invoice(50, 20, "2026-03-09")
        self._refresh()
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self._refresh()
        self.assertEqual(self._get_days().mapped("revenue"), [50])

    def test_days_that_lost_the_books_are_rebuilt(self):
        self._create_order_and_invoice(100, 60, "2026-03-02")
        self._refresh()
        self.env.cr.execute(
            "UPDATE logistics_client_day SET revenue = 1 WHERE company_id = %s",
            [self.company.id],
        )
        self.env["logistics.client.day"]._refresh_checked(self.company)
        self.env.invalidate_all()
        self.assertEqual(self._get_days().revenue, 100)

    def test_merged_clients_share_their_days(self):
        self._create_order_and_invoice(100, 60, "2026-03-02")
        self._create_order_and_invoice(80, 60, "2026-03-02", self.client_b)
        self._refresh()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.client_a | self.client_b).ids, self.client_a
        )
        self._refresh()
        self.assertEqual(self._get_days().mapped("revenue"), [180])

    def test_archived_client_keeps_its_days(self):
        self._create_order_and_invoice(100, 60, "2026-03-02")
        self._refresh()
        self.client_a.active = False
        self._refresh(rebuild=True)
        self.assertEqual(self._get_facts()["order_days"], 1)

    def test_intercompany_partner_is_no_client(self):
        self._create_plain_invoice(self.company.partner_id, date="2026-03-02")
        self._create_order_and_invoice(100, 60, "2026-03-02")
        self._refresh()
        with self.assertRaises(StopIteration):
            self._get_facts(client=self.company.partner_id)

    def test_gaps_and_windows(self):
        for date in ("2024-06-03", "2025-02-03", "2025-06-02", "2026-01-05"):
            self._create_order_and_invoice(100, 60, date)
        self._refresh()
        facts = self._get_facts()
        self.assertEqual(facts["model_days"], 4)
        self.assertEqual(facts["recency_days"], 581)
        self.assertEqual(facts["age_days"], 665)
        self.assertEqual(facts["order_days_year"], 2)
        self.assertEqual(facts["order_days_before"], 2)
        self.assertEqual(facts["contribution_year"], 80)
        self.assertEqual(facts["contribution_before"], 80)
        # ln 245 + ln 119 + ln 217
        self.assertAlmostEqual(facts["log_gap_days"], 15.6601, places=3)
        # half after a year: 665, 420, 301 and 84 days ago
        weights = sum(0.5 ** (days / 365.25) for days in (665, 420, 301, 84))
        self.assertAlmostEqual(facts["recent_weight"], weights)
        self.assertAlmostEqual(facts["recent_margin"], 40 * weights)
        self.assertAlmostEqual(facts["recent_squares"], 1600 * weights)

    def test_past_facts_know_late_bills_but_no_later_days(self):
        self._create_order_and_invoice(100, 60, "2025-01-06")
        self._create_order_and_invoice(100, 60, "2026-01-05")
        self._refresh()
        facts = self._get_facts(
            "2025-03-30", booked_until=fields.Date.to_date("2026-03-30")
        )
        self.assertEqual(facts["order_days"], 1)
        self.assertEqual(facts["historical"], 40)

    def test_break_is_cut_out_of_the_calendar(self):
        for date in ("2025-01-01", "2025-02-10", "2025-03-01", "2025-05-01"):
            self._create_order_and_invoice(100, 60, date)
        self._refresh()
        facts = self._get_facts(
            "2025-05-31",
            break_from=fields.Date.to_date("2025-02-01"),
            break_until=fields.Date.to_date("2025-02-28"),
        )
        self.assertEqual(facts["order_days"], 4)
        self.assertEqual(facts["historical"], 160)
        self.assertEqual(facts["model_days"], 3)
        self.assertEqual(facts["margin_total"], 120)
        # 120 days to the last order and 150 to the end, 28 of them left out
        self.assertEqual(facts["recency_days"], 92)
        self.assertEqual(facts["age_days"], 122)

    def test_customer_since_starts_the_count_and_marks_older_clients(self):
        for date in ("2025-01-01", "2025-02-10", "2025-03-01"):
            self._create_order_and_invoice(100, 60, date)
        self._refresh()
        self.client_a.logistics_customer_since = "2010-01-01"
        self.env.flush_all()
        facts = self._get_facts("2025-05-31")
        self.assertTrue(facts["is_older"])
        self.assertEqual(facts["model_days"], 3)
        self.client_a.logistics_customer_since = "2025-02-01"
        self.env.flush_all()
        facts = self._get_facts("2025-05-31")
        self.assertFalse(facts["is_older"])
        self.assertEqual(facts["model_days"], 2)
        self.assertEqual(facts["recency_days"], 19)
