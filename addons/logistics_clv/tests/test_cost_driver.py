from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models import cost_driver_sql as driver_sql
from .cost_common import DriverCommon


@tagged("post_install", "-at_install")
class TestCostDriverSources(DriverCommon):
    """Each source counts the events of the month, for the right client."""

    def test_orders_and_lines(self):
        order = self._create_order(
            [(self.sea, 1, 100, 60), (self.air, 1, 50, 20)],
            self.client_a_office,
            date_order="2026-03-10 10:00:00",
        )
        order.order_line = [Command.create({"display_type": "line_note", "name": "x"})]
        self._create_order([(self.sea, 1, 1, 1)], date_order="2026-04-01 00:00:00")
        self.assertEqual(self._count("orders"), {"Client A": 1})
        self.assertEqual(self._count("order_lines"), {"Client A": 2})

    def test_days_are_those_of_the_company(self):
        self.company.partner_id.tz = "Asia/Shanghai"
        self._create_order([(self.sea, 1, 1, 1)], date_order="2026-02-28 17:00:00")
        self._create_order([(self.sea, 1, 1, 1)], date_order="2026-03-31 17:00:00")
        self.assertEqual(self._count("orders"), {"Client A": 1})

    def test_quotes_that_went_out(self):
        orders = self._create_order([(self.sea, 1, 1, 1)])
        for state in ("draft", "sent", "cancel"):
            orders |= self._create_order([(self.sea, 1, 1, 1)], state=state)
        self._backdate(orders, "create_date", "2026-03-05 10:00:00")
        self.assertEqual(self._count("quotes"), {"Client A": 3})

    def test_invoices_and_revenue_as_in_the_ledger(self):
        move = self._create_order_and_invoice(100, 60)
        self._create_plain_invoice(self.client_b, price=40)
        self._create_plain_invoice(self.client_b, price=70, move_type="out_refund")
        move._reattribute(self.client_b, "test")
        self._create_plain_invoice(price=25)
        self._refresh()
        self.assertEqual(self._count("invoices"), {"Client A": 1, "Client B": 3})
        self.assertEqual(self._count("revenue"), {"Client A": 25, "Client B": 70})

    def test_mails_in_and_out(self):
        order = self._create_order([(self.sea, 1, 1, 1)])
        lead = self.env["crm.lead"].create(
            {"name": "Enquiry", "partner_id": self.client_b.id}
        )
        user = self.env.user.partner_id

        def write(record, author, message_type):
            return record.message_post(
                body="x", author_id=author.id, message_type=message_type
            )

        messages = write(order, self.client_a, "email")
        messages |= write(order, user, "email_outgoing")
        messages |= write(lead, self.client_b, "email")
        messages |= write(order, user, "comment")  # an internal note
        messages |= write(order, user, "notification")
        mailed = write(order, user, "comment")
        self.env["mail.notification"].create(
            {
                "mail_message_id": mailed.id,
                "res_partner_id": self.client_a.id,
                "notification_type": "email",
            }
        )
        self._backdate(messages | mailed, "date", "2026-03-05 10:00:00")
        self.assertEqual(self._count("mails"), {"Client A": 3, "Client B": 1})

    def test_activities_and_visits(self):
        order = self._create_order([(self.sea, 1, 1, 1)])
        calls = order.activity_schedule("mail.mail_activity_data_call")
        calls |= self.client_b.activity_schedule("mail.mail_activity_data_call")
        planned = order.activity_schedule("mail.mail_activity_data_call")
        calls.action_done()
        self._backdate(calls, "date_done", "2026-03-05")
        self.assertTrue(planned.active)
        self.assertEqual(self._count("activities"), {"Client A": 1, "Client B": 1})
        self.env["calendar.event"].create(
            [
                {
                    "name": "Visit",
                    "start": f"2026-03-{day} 09:00:00",
                    "stop": f"2026-03-{day} 10:00:00",
                    "partner_ids": [Command.set(partners.ids)],
                }
                for day, partners in (
                    ("05", self.client_a_office | self.env.user.partner_id),
                    ("06", self.client_a | self.client_a_office | self.client_b),
                    ("07", self.env.user.partner_id),
                )
            ]
        )
        self.assertEqual(self._count("visits"), {"Client A": 2, "Client B": 1})

    def test_campaign_touches_where_mailings_are_sent(self):
        driver = self._get_driver("campaign_touches")
        if driver.is_available:
            self.skipTest("Email Marketing is installed")
        self.assertIsNone(
            driver._get_events(driver._get_scope(self.company, self.month))
        )
        self.env.cr.execute(
            """
            CREATE TEMP TABLE mailing_mailing (id int, user_id int);
            CREATE TEMP TABLE mailing_trace (
                id int, model varchar, res_id int, email varchar,
                mass_mailing_id int, sent_datetime timestamp
            )
            """
        )
        self.client_b.email = "b@client.example"
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO mailing_trace VALUES
                (1, 'res.partner', %s, NULL, 1, '2026-03-05'),
                (2, 'mailing.contact', 7, 'B@client.example', 1, '2026-03-05'),
                (3, 'res.partner', %s, NULL, 1, '2026-04-05')
            """,
            [self.client_a.id, self.client_a.id],
        )
        scope = driver._get_scope(self.env.ref("base.main_company"), self.month)
        events = driver._get_sources()["campaign_touches"].events(scope)
        self.client_a.company_id = scope.company_id
        self.client_b.company_id = scope.company_id
        self.env.flush_all()
        self.env.cr.execute(driver_sql.totals_by_client(events))
        self.assertEqual(
            dict(self.env.cr.fetchall()), {self.client_a.id: 1, self.client_b.id: 1}
        )

    def test_case_hours_wait_for_their_records(self):
        driver = self._get_driver("case_hours")
        if driver.is_available:
            self.skipTest("There are cases")
        self.assertIsNone(
            driver._get_events(driver._get_scope(self.company, self.month))
        )
        self._book(self.team, 100)
        self._create_pool(driver_id=driver.id)
        self.assertRecordValues(
            self._create_run(), [{"allocated": 0, "unallocated": 100}]
        )

    def test_manual_counts_of_the_month(self):
        self._enter(self.client_a, 2, "2026-03-01")
        self._enter(self.client_a_office, 3.5, "2026-03-31")
        self._enter(self.client_a, 9, "2026-04-01")
        self.assertEqual(self._count("entries"), {"Client A": 5.5})


@tagged("post_install", "-at_install")
class TestCostDriverRules(DriverCommon):
    """What a driver may be, and what opens from it."""

    def test_code_must_work_in_formulas(self):
        for code in ("Orders", "2nd", "a b", "min", "a-b"):
            with self.subTest(code=code), self.assertRaises(ValidationError):
                self.Driver.create({"name": "x", "code": code})

    def test_bad_formula_is_told_with_its_place(self):
        for formula, words in (
            ("entries +", "ends too early"),
            ("entries ** 2", "character 10"),
            ("entries + nonsense", "nonsense"),
            ("1 + 2", "needs codes"),
        ):
            with (
                self.subTest(formula=formula),
                self.assertRaisesRegex(ValidationError, words),
                self.env.cr.savepoint(),
            ):
                self.Driver.create(
                    {
                        "name": "Formula",
                        "code": "formula",
                        "kind": "formula",
                        "formula": formula,
                    }
                )

    def test_counted_driver_cannot_go(self):
        self.Driver.create(
            {"name": "F", "code": "f", "kind": "formula", "formula": "2 * entries"}
        )
        with self.assertRaisesRegex(UserError, "formula of F counts entries"):
            self.manual.unlink()

    def test_counted_events_open(self):
        order = self._create_order(
            [(self.sea, 1, 1, 1)], date_order="2026-03-10 10:00:00"
        )
        self._create_order(
            [(self.sea, 1, 1, 1)], self.client_b, date_order="2026-03-10 10:00:00"
        )
        self._book(self.team, 100)
        self._create_pool(driver_id=self.orders.id)
        run = self._create_run()
        allocation = self.Allocation.search(
            [("run_id", "=", run.id), ("client_id", "=", self.client_a.id)]
        )
        action = allocation.action_open_events()
        self.assertEqual(action["res_model"], "sale.order")
        found = self.env["sale.order"].search(action["domain"])
        self.assertEqual(found, order)
        action = run.pool_line_ids.action_open_events()
        self.assertEqual(self.env["sale.order"].search_count(action["domain"]), 2)
        action = self.orders.action_preview()
        preview = self.env[action["res_model"]].browse(action["res_id"])
        preview.month = self.month
        preview.action_count()
        self.assertRecordValues(preview, [{"total": 2, "client_count": 2}])
        action = preview.line_ids[0].action_open_events()
        self.assertEqual(self.env["sale.order"].search_count(action["domain"]), 1)
