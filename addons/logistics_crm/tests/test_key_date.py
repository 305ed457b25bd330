from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from .common import FreightCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-11-24 10:00:00")
class TestKeyDate(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._lead_team()
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ann", "parent_id": cls.client.id}
        )

    def _create_date(self, kind, date, **values):
        return (
            self.env["logistics.key.date"]
            .sudo()
            .create(
                {"partner_id": self.contact.id, "kind": kind, "date": date, **values}
            )
        )

    def test_birthday_of_a_contact_comes_round(self):
        day = self._create_date("birthday", "1980-11-24")
        self.assertRecordValues(day, [{"client_id": self.client.id, "yearly": True}])
        self.assertEqual(str(day.next_date), "2026-11-24")
        day.date = "1980-11-23"
        self.assertEqual(str(day.next_date), "2027-11-23")
        self.assertEqual(self.client.logistics_key_date_ids, day)

    def test_day_that_comes_once_stays(self):
        day = self._create_date("tender", "2026-01-15")
        self.assertEqual(str(day.next_date), "2026-01-15")

    def test_passed_days_move_on_at_night(self):
        days = self._create_date("birthday", "1980-12-31")
        days |= self._create_date("birthday", "2000-02-29")
        days |= self._create_date("tender", "2026-12-31")
        self.assertEqual(str(days[1].next_date), "2027-02-28")
        for today, expected in (
            ("2027-01-01", ["2027-12-31", "2027-02-28", "2026-12-31"]),
            ("2027-03-01", ["2027-12-31", "2028-02-29", "2026-12-31"]),
        ):
            with freeze_time(today):
                self.env["logistics.key.date"]._cron_roll_over()
                self.assertEqual([str(day.next_date) for day in days], expected)

    def test_contract_renewal_is_a_key_date(self):
        self.client.logistics_contract_renewal_date = "2027-03-31"
        day = self.client.logistics_key_date_ids
        self.assertRecordValues(day, [{"kind": "contract_renewal", "yearly": False}])
        self.client.logistics_contract_renewal_date = "2028-03-31"
        self.assertEqual(str(day.next_date), "2028-03-31")
        day.date = "2029-03-31"
        self.assertEqual(str(self.client.logistics_contract_renewal_date), "2029-03-31")
        self.client.logistics_contract_renewal_date = False
        self.assertFalse(day.exists())

    @users("freight_sales", "freight_none", "freight_sales_other", "freight_leader")
    def test_days_of_own_clients_are_seen(self):
        day = self._create_date("birthday", "1980-12-31")
        dates = self.env["logistics.key.date"]
        login = self.env.user.login
        if login == "freight_none":
            with self.assertRaises(AccessError):
                dates.search([])
            return
        found = dates.search([("id", "=", day.id)])
        self.assertEqual(bool(found), login != "freight_sales_other")

    def test_day_of_a_client_of_another_company_is_hidden(self):
        day = self._create_date("birthday", "1980-12-31")
        other = self.env["res.company"].create({"name": "Test Company 2"})
        self.client.company_id = other
        leader = self.user_by_login["freight_leader"]
        found = day.with_user(leader).search([("id", "=", day.id)])
        self.assertFalse(found)
