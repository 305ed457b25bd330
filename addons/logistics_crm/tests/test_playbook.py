from collections import Counter
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .test_service_level import CareCommon


@tagged("post_install", "-at_install")
class TestPlaybook(CareCommon):
    def _pass_days(self, days, client=None):
        """Let the client have been in its stage, and met last, some days earlier."""
        clients = client or self.client
        self.env.flush_all()
        for table, column, key in (
            ("logistics_lifecycle_history", "date", "partner_id"),
            ("res_partner", "create_date", "id"),
            ("res_partner", "logistics_last_contact_date", "id"),
        ):
            self.env.execute_query(
                SQL(
                    "UPDATE %s SET %s = %s - make_interval(days => %s)"
                    " WHERE %s = ANY(%s)",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    SQL.identifier(column),
                    days,
                    SQL.identifier(key),
                    clients.ids,
                )
            )
        self.env.invalidate_all()

    def test_off_by_default(self):
        self.client.logistics_stage_id = self.first
        self._run()
        self.assertFalse(self._open())
        self.assertFalse(self.client.logistics_next_contact_date)

    def test_entering_a_stage_makes_its_activity_once(self):
        self._switch_on()
        self.client.logistics_stage_id = self.first
        activity = self._open()
        self.assertRecordValues(
            activity,
            [
                {
                    "summary": "Welcome",
                    "user_id": self.salesperson.id,
                    "automated": True,
                }
            ],
        )
        self.assertGreaterEqual(
            activity.date_deadline, fields.Date.today() + timedelta(days=2)
        )
        self._run()
        self._run()
        self.client.action_apply_logistics_playbook()
        self.assertEqual(self._open(), activity)

    def test_done_or_deleted_is_not_made_again(self):
        self._switch_on()
        self.client.logistics_stage_id = self.first
        self._open().action_done()
        self._run()
        self.assertFalse(self._open())
        other = self.client.copy({"name": "Other", "user_id": self.salesperson.id})
        other.logistics_stage_id = self.first
        self._open(other).unlink()
        self._run()
        self.assertFalse(self._open(other))

    def test_entering_again_is_a_new_occasion_unless_only_once(self):
        self._switch_on()
        for once, expected in ((False, 1), (True, 0)):
            with self.subTest(once=once):
                self.on_entry.logistics_first_time_only = once
                client = self.client.copy({"user_id": self.salesperson.id})
                client.logistics_stage_id = self.first
                self._open(client).unlink()
                client.logistics_stage_id = self.third
                client.logistics_stage_id = self.first
                self.assertEqual(len(self._open(client)), expected)

    def test_another_stage_withdraws_and_makes_new(self):
        self._switch_on()
        self.client.logistics_stage_id = self.first
        self.client.logistics_stage_id = self.second
        self.assertRecordValues(
            self._open(), [{"summary": "Other", "user_id": self.leader.id}]
        )
        gone = self.env["logistics.activity.origin"].search(
            [("partner_id", "=", self.client.id), ("withdrawn_reason", "!=", False)]
        )
        self.assertEqual(gone.template_id, self.on_entry)
        self.assertIn("Welcome withdrawn", self.client.message_ids[0].body)

    def test_tier_change_is_an_occasion(self):
        self._switch_on()
        self.on_entry.logistics_trigger = "tier"
        self.client.logistics_stage_id = self.first
        self.assertFalse(self._open())
        self.client.logistics_tier_id = self.tier_a
        self.assertEqual(self.client.logistics_tier_date, fields.Date.today())
        self.assertEqual(self._open().summary, "Welcome")
        self.client.logistics_tier_id = self.tier_a
        self._run()
        self.assertEqual(len(self._open()), 1)

    def test_recurring_follows_the_last_contact(self):
        self._switch_on(logistics_playbooks_since="2026-01-01")
        self.client.logistics_stage_id = self.first
        self._pass_days(100)
        self._run()
        self.assertIn("Again", self._open().mapped("summary"))
        self.assertLess(self.client.logistics_next_contact_date, fields.Date.today())
        again = self._open().filtered(lambda activity: activity.summary == "Again")
        again.with_user(self.salesperson).action_done()
        today = fields.Date.today()
        # a finished activity counts at once, not only at night
        self.assertEqual(self.client.logistics_last_contact_date, today)
        self.assertEqual(
            self.client.logistics_next_contact_date, today + timedelta(days=10)
        )
        self._run()
        self.assertNotIn("Again", self._open().mapped("summary"))
        with freeze_time(today + timedelta(days=5)):
            self._run()
            self.assertIn("Again", self._open().mapped("summary"))

    def test_nothing_from_before_the_switch(self):
        self.client.logistics_stage_id = self.first
        self._pass_days(20)
        self._switch_on()
        self._run()
        self.assertFalse(self._open())
        self.assertEqual(
            self.client.logistics_next_contact_date,
            fields.Date.today() + timedelta(days=10),
        )

    def test_nobody_is_flooded(self):
        self._switch_on(
            logistics_playbooks_since="2020-01-01",
            logistics_daily_activities=3,
            logistics_playbook_horizon=6,
        )
        clients = self.env["res.partner"].create(
            [
                {
                    "name": f"Client {number}",
                    "is_company": True,
                    "user_id": self.salesperson.id,
                    "logistics_stage_id": self.third.id,
                }
                for number in range(60)
            ]
        )
        self.level.stage_id = self.third
        self._pass_days(200, clients)
        self._run()
        load = Counter(self._open(clients).mapped("date_deadline"))
        self.assertTrue(load)
        self.assertTrue(all(number <= 3 for number in load.values()), load)
        self.assertTrue(all(day.weekday() < 5 for day in load))
        made = sum(load.values())
        self.assertLessEqual(made, 3 * 7)
        self._run()
        self.assertEqual(len(self._open(clients)), made)
        # what is overdue takes the place of new ones
        self._open(clients).date_deadline = fields.Date.today() - timedelta(days=30)
        self._run()
        self.assertEqual(len(self._open(clients)), made)

    def test_owner_change_passes_activities_on(self):
        self._switch_on()
        self.client.logistics_stage_id = self.first
        self.client.user_id = self.other_salesperson
        self._run()
        self.assertEqual(self._open().user_id, self.other_salesperson)
        # what somebody has passed on by hand stays there
        self._open().user_id = self.leader
        self._run()
        self.assertEqual(self._open().user_id, self.leader)

    def test_client_without_owner_or_archived_has_none(self):
        self._switch_on()
        self.client.logistics_stage_id = self.first
        self.client.user_id = False
        self._run()
        self.assertFalse(self._open())
        self.assertFalse(self.client.logistics_next_contact_date)

    def test_work_is_found_at_night(self):
        self._switch_on()
        contact = self.env["res.partner"].create(
            {"name": "Contact", "parent_id": self.client.id}
        )
        self.client.logistics_stage_id = self.first
        lead = self.env["crm.lead"].create(
            {
                "name": "Lead",
                "partner_id": contact.id,
                "type": "opportunity",
                "user_id": self.salesperson.id,
            }
        )
        self._run()
        lead.with_user(self.salesperson).message_post(
            body="Called", message_type="comment"
        )
        self._run()
        self.assertEqual(self.client.logistics_last_contact_date, fields.Date.today())

    def test_mail_from_the_client_is_no_work(self):
        self._switch_on()
        self.client.logistics_stage_id = self.first
        self.client.message_post(
            body="Hello", message_type="email", author_id=self.client.id
        )
        self._run()
        self.assertFalse(self.client.logistics_last_contact_date)

    def test_nightly_round_costs_the_same_for_ten_and_hundred(self):
        self._switch_on()
        counts = []
        for size in (1, 10, 100):
            self.env["res.partner"].create(
                [
                    {
                        "name": f"Idle {number}",
                        "is_company": True,
                        "user_id": self.salesperson.id,
                        "logistics_stage_id": self.third.id,
                    }
                    for number in range(size)
                ]
            )
            self._run()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.Care._refresh_last_contact()
            self.Care._refresh_dates()
            self.Care._run_playbooks()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
        self.assertLessEqual(counts[1], 25)
