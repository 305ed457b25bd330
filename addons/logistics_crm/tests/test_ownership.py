from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users
from odoo.tools import SQL

from .test_service_level import CareCommon


class OwnershipCommon(CareCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first.write({"protection_days": 60, "protection_warning_days": 14})
        cls.client.logistics_stage_id = cls.first
        cls.contact = cls.env["res.partner"].create(
            {"name": "Contact", "parent_id": cls.client.id}
        )
        cls.pool = cls.env["res.partner"].create(
            [
                {
                    "name": f"Pool {number}",
                    "is_company": True,
                    "logistics_stage_id": cls.first.id,
                }
                for number in range(4)
            ]
        )
        cls.History = cls.env["logistics.ownership.history"]

    @classmethod
    def _protect(cls, **values):
        cls.env.company.write({"logistics_protect_clients": True, **values})

    def _night(self):
        self.env.flush_all()
        self.Care._refresh_last_contact()
        self.Care._refresh_dates()
        self.Care._run_protection(lambda *args, **kwargs: 60)
        self.env.invalidate_all()

    def _age(self, days):
        """Let the client and all that the nights have done be some days older."""
        self.env.flush_all()
        for table, column in (
            ("res_partner", "create_date"),
            ("res_partner", "logistics_last_contact_date"),
            ("logistics_ownership_history", "date"),
            ("logistics_activity_origin", "create_date"),
            ("res_company", "logistics_protect_since"),
        ):
            self.env.execute_query(
                SQL(
                    "UPDATE %s SET %s = %s - make_interval(days => %s)",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    SQL.identifier(column),
                    days,
                )
            )
        self.env.execute_query(
            SQL(
                """
                UPDATE logistics_activity_origin
                   SET occurrence = (left(occurrence, 10)::date - %s)::varchar
                                    || substr(occurrence, 11)
                 WHERE source = 'protection'
                """,
                days,
            )
        )
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestProtection(OwnershipCommon):
    def test_off_by_default(self):
        self._age(1000)
        self._night()
        self.assertEqual(self.client.user_id, self.salesperson)
        self.assertFalse(self.client.logistics_protection_date)
        with self.assertRaisesRegex(UserError, "does not use the pool"):
            self.pool[0].with_user(self.salesperson).action_claim_logistics_client()

    def test_switching_on_takes_no_client_at_once(self):
        self._age(1000)
        self._protect()
        self._night()
        self.assertEqual(
            self.client.logistics_protection_date,
            fields.Date.today() + timedelta(days=60),
        )
        self.assertFalse(self._open())

    def test_warning_then_return(self):
        self._protect()
        self._night()
        self._age(50)
        self._night()
        warnings = self._open()
        self.assertEqual(warnings.user_id, self.salesperson | self.leader)
        self.assertEqual(len(warnings), 2)
        self._night()
        self.assertEqual(self._open(), warnings)
        self.assertEqual(self.client.user_id, self.salesperson)
        self._age(15)
        self._night()
        self.assertFalse(self.client.user_id)
        self.assertFalse(self.contact.user_id)
        self.assertFalse(self._open())
        self.assertRecordValues(
            self.History.search([("partner_id", "=", self.client.id)], limit=1),
            [
                {
                    "kind": "return",
                    "from_user_id": self.salesperson.id,
                    "to_user_id": False,
                }
            ],
        )

    def test_no_return_without_warning_in_time(self):
        """A round that was down for long warns first."""
        self._protect()
        self._night()
        self._age(300)
        self._night()
        self.assertEqual(self.client.user_id, self.salesperson)
        self.assertEqual(len(self._open()), 2)
        self._age(15)
        self._night()
        self.assertFalse(self.client.user_id)

    def test_work_withdraws_the_warning(self):
        self._protect()
        self._night()
        self._age(50)
        self._night()
        self.client.with_user(self.salesperson).message_post(
            body="Called", message_type="comment"
        )
        self.assertEqual(
            self.client.logistics_protection_date,
            fields.Date.today() + timedelta(days=60),
        )
        self._night()
        self.assertFalse(self._open())
        self._age(15)
        self._night()
        self.assertEqual(self.client.user_id, self.salesperson)

    def test_warnings_are_capped(self):
        self._protect(logistics_daily_activities=2)
        clients = self.env["res.partner"].create(
            [
                {
                    "name": f"Idle {number}",
                    "is_company": True,
                    "user_id": self.salesperson.id,
                    "logistics_stage_id": self.first.id,
                }
                for number in range(5)
            ]
        )
        self._night()
        self._age(100)
        self._night()
        mine = self._open(clients | self.client).filtered(
            lambda activity: activity.user_id == self.salesperson
        )
        self.assertEqual(len(mine), 2)

    def test_switching_off_leaves_no_dates(self):
        self._protect()
        self._night()
        self.assertTrue(self.client.logistics_protection_date)
        self.env.company.logistics_protect_clients = False
        self.assertFalse(self.env.company.logistics_protect_since)
        self.Care._cron_run()
        self.env.invalidate_all()
        self.assertFalse(self.client.logistics_protection_date)

    def test_stage_without_period_protects_for_ever(self):
        self._protect()
        self.first.protection_days = 0
        self._age(1000)
        self._night()
        self.assertFalse(self.client.logistics_protection_date)
        self.assertEqual(self.client.user_id, self.salesperson)


@tagged("post_install", "-at_install")
class TestClaim(OwnershipCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._protect()

    @users("freight_sales")
    def test_claim_is_logged_and_protected(self):
        client = self.pool[0].with_user(self.env.user)
        self.assertTrue(client.logistics_can_claim)
        client.action_claim_logistics_client()
        self.assertEqual(client.user_id, self.env.user)
        self.assertFalse(client.logistics_can_claim)
        self.assertTrue(client.logistics_protection_date)
        self.assertRecordValues(
            client.logistics_ownership_history_ids,
            [{"kind": "claim", "from_user_id": False, "to_user_id": self.env.uid}],
        )

    @users("freight_sales")
    def test_too_late(self):
        self.pool[0].user_id = self.other_salesperson
        with self.assertRaisesRegex(UserError, "belongs to freight_sales_other"):
            self.pool.with_user(self.env.user).action_claim_logistics_client()
        self.assertFalse(self.pool[1].user_id)

    @users("freight_sales")
    def test_cap_of_company_and_user(self):
        self.env.company.sudo().logistics_claim_cap = 2  # one is owned
        pool = self.pool.with_user(self.env.user)
        with self.assertRaisesRegex(UserError, "can claim 1 more"):
            pool[:2].action_claim_logistics_client()
        pool[0].action_claim_logistics_client()
        with self.assertRaisesRegex(UserError, "at most 2"):
            pool[1].action_claim_logistics_client()
        self.env.user.sudo().logistics_claim_cap = 3
        pool[1].action_claim_logistics_client()
        self.assertEqual(pool[:2].user_id, self.env.user)

    @users("freight_sales")
    def test_former_owner_waits(self):
        client = self.client.with_user(self.env.user)
        client.action_return_logistics_client()
        self.assertFalse(client.user_id)
        self.assertFalse(self.contact.user_id)
        with self.assertRaisesRegex(UserError, "open to others"):
            client.action_claim_logistics_client()
        other = client.with_user(self.other_salesperson)
        other.action_claim_logistics_client()
        self.assertEqual(self.contact.user_id, self.other_salesperson)

    @users("freight_sales_other")
    def test_only_owner_or_leader_returns(self):
        with self.assertRaises(AccessError):
            self.client.with_user(self.env.user).action_return_logistics_client()
        self.client.with_user(self.leader).action_return_logistics_client()
        self.assertFalse(self.client.user_id)

    @users("freight_none")
    def test_others_cannot_claim(self):
        with self.assertRaises(AccessError):
            self.pool[0].with_user(self.env.user).action_claim_logistics_client()

    def test_manual_change_is_logged_and_reverted(self):
        self.client.with_user(self.manager).user_id = self.other_salesperson
        row = self.client.logistics_ownership_history_ids[0]
        self.assertEqual(row.kind, "manual")
        with self.assertRaises(AccessError):
            row.with_user(self.leader).action_revert()
        row.with_user(self.manager).action_revert()
        self.assertEqual(self.client.user_id, self.salesperson)
        self.assertTrue(row.is_reverted)
        self.assertEqual(self.client.logistics_ownership_history_ids[0].kind, "revert")
        with self.assertRaisesRegex(UserError, "changed since"):
            row.with_user(self.manager).action_revert()

    def test_history_of_others_is_hidden(self):
        self.client.user_id = self.other_salesperson
        self.client.user_id = self.leader
        third = self.user_by_login["freight_admin"]
        third.group_ids = self.env.ref("logistics_crm.group_salesperson")
        rows = self.History.search([("partner_id", "=", self.client.id)])
        self.assertEqual(len(rows), 2)
        seen = self.History.with_user(third).search([("id", "in", rows.ids)])
        self.assertFalse(seen)
        # who had the client sees that it went
        mine = self.History.with_user(self.salesperson).search([("id", "in", rows.ids)])
        self.assertEqual(mine, rows[1])
        with self.assertRaises(AccessError):
            mine.write({"reason": "no"})
