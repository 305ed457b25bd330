from contextlib import nullcontext
from unittest.mock import patch

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import FreightCommon

SECRETS = ("secret@client.example", "+49 40 361412", "Secret Street")


@tagged("post_install", "-at_install")
class TestPrivacy(FreightCommon):
    """Each door to a client's contact data, as somebody who does not own it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.logistics_private_contacts = True
        email, phone, street = SECRETS
        cls.client.write({"email": email, "phone": phone, "street": street})
        cls.contact = cls.env["res.partner"].create(
            {"name": "Anna", "parent_id": cls.client.id, "email": "anna@client.example"}
        )
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Test Team",
                "user_id": cls.user_by_login["freight_leader"].id,
                "crm_team_member_ids": [
                    Command.create({"user_id": cls.salesperson.id})
                ],
            }
        )

    def _as(self, user):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.client.with_user(user)

    def _search_hits(self, user, fname, value):
        partners = self.env["res.partner"].with_user(user)
        return bool(partners.search([(fname, "ilike", value)]) & self.client)

    def test_owner_leader_manager_and_office_see_it(self):
        seeing = [self.user_by_login[u] for u in ("freight_sales", "freight_leader")]
        seeing += [self.user_by_login[u] for u in ("freight_manager", "freight_none")]
        for user in seeing:
            with self.subTest(user.login):
                [values] = self._as(user).read(["email", "phone", "street"])
                self.assertEqual(values["email"], SECRETS[0])
                self.assertTrue(self._search_hits(user, "email", SECRETS[0]))

    def test_leader_of_another_team_does_not(self):
        other = new_test_user(
            self.env, "other_leader", "logistics_crm.group_team_leader"
        )
        self.assertFalse(self._as(other).read(["email"])[0]["email"])

    def test_reading_is_masked(self):
        other = self._as(self.other_salesperson)
        for values in (
            other.read(["name", "email", "phone", "street"])[0],
            other.web_read({"name": {}, "email": {}, "phone": {}, "street": {}})[0],
            other.search_read([("id", "=", other.id)], ["name", "email", "phone"])[0],
        ):
            self.assertEqual(values["name"], "Test Client")
            self.assertFalse(values["email"] or values["phone"])
        contact = self.contact.with_user(self.other_salesperson)
        self.assertFalse(contact.read(["email"])[0]["email"])
        self.assertTrue(other.is_logistics_masked)

    def test_export_is_masked(self):
        self.other_salesperson.group_ids += self.env.ref("base.group_allow_export")
        rows = self._as(self.other_salesperson).export_data(
            ["name", "email", "phone", "child_ids/email"]
        )["datas"]
        self.assertEqual(rows, [["Test Client", "", "", ""]])

    def test_search_does_not_find_it(self):
        other = self.other_salesperson
        self._as(other)
        for fname, value in zip(("email", "phone", "street"), SECRETS, strict=True):
            self.assertFalse(self._search_hits(other, fname, value), fname)
        self.assertFalse(self._search_hits(other, "phone_mobile_search", "361412"))
        self.assertFalse(self._search_hits(other, "phone_sanitized", "361412"))
        self.assertFalse(self._search_hits(other, "email_normalized", "secret"))
        Partner = self.env["res.partner"].with_user(other)
        self.assertFalse(Partner.name_search("secret@client"))
        self.assertTrue(Partner.name_search("Test Client"))
        through = self.env["res.users"].with_user(other)
        self.assertFalse(through.search([("partner_id.child_ids.email", "=", "x")]))

    def test_groups_and_order_do_not_tell(self):
        Partner = self.env["res.partner"].with_user(self.other_salesperson)
        self._as(self.other_salesperson)
        domain = [("id", "=", self.client.id)]
        for fname in ("email", "phone", "street"):
            [group] = Partner.formatted_read_group(domain, [fname], ["__count"])
            self.assertFalse(group[fname])
        self.client.email = "aaaa@client.example"
        other = self.client.copy({"user_id": self.salesperson.id})
        other.email = "zzzz@client.example"
        pair = [("id", "in", (self.client + other).ids)]
        order = Partner.search(pair, order="email desc, id")
        self.assertEqual(order[0].id, self.client.id)

    def test_names_copies_and_vcards_do_not_tell(self):
        other = self._as(self.other_salesperson)
        shown = other.with_context(show_email=True, show_address=True).display_name
        self.assertNotIn("secret", shown.lower())
        self.assertNotIn("email", other.copy_data()[0])
        with self.assertRaises(AccessError):
            other._get_vcard_file()

    def test_system_code_and_later_readers_see_true_values(self):
        other = self._as(self.other_salesperson)
        other.read(["email"])
        self.assertEqual(other.sudo().email, SECRETS[0])
        self.assertEqual(self.client.email, SECRETS[0])

    def test_without_the_setting_nothing_changes(self):
        self.env.company.logistics_private_contacts = False
        other = self._as(self.other_salesperson)
        self.assertEqual(other.read(["email"])[0]["email"], SECRETS[0])
        self.assertTrue(self._search_hits(self.other_salesperson, "email", SECRETS[0]))

    def test_right_to_all_contact_data(self):
        self.other_salesperson.group_ids += self.env.ref(
            "logistics_crm.group_contact_data"
        )
        other = self._as(self.other_salesperson)
        self.assertEqual(other.read(["email"])[0]["email"], SECRETS[0])

    def test_plain_reading_costs_no_query_more(self):
        self.env.company.logistics_private_contacts = False
        user = self.user_by_login["freight_none"]
        self._as(user).read(["name", "email"])
        counts = []
        for hides in (False, None):
            with (
                patch.object(type(user), "_hides_logistics_contacts", lambda *args: 0)
                if hides is False
                else nullcontext()
            ):
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                self.client.with_user(user).read(["name", "email"])
                counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])


@tagged("post_install", "-at_install")
class TestProfileAccess(FreightCommon):
    def test_foreign_profile_is_not_written_by_salespeople(self):
        self.client.with_user(self.salesperson).logistics_scale = "large"
        other = self.client.with_user(self.other_salesperson)
        with self.assertRaisesRegex(AccessError, "looked after by"):
            other.write({"logistics_scale": "small"})
        with self.assertRaises(AccessError):
            other.write({"logistics_stage_id": self.second.id})
        other.city = "Hamburg"  # core's fields are as core has them
        self.client.user_id = False
        other.write({"logistics_scale": "small"})

    def test_leader_writes_for_the_team_and_manager_for_all(self):
        leader = self.user_by_login["freight_leader"]
        with self.assertRaises(AccessError):
            self.client.with_user(leader).logistics_scale = "small"
        self.env["crm.team"].create(
            {
                "name": "Test Team",
                "user_id": leader.id,
                "crm_team_member_ids": [
                    Command.create({"user_id": self.salesperson.id})
                ],
            }
        )
        self.client.with_user(leader).logistics_scale = "small"
        manager = self.user_by_login["freight_manager"]
        self.client.with_user(manager).logistics_scale = "large"
