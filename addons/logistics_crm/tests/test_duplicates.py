from odoo.exceptions import AccessError
from odoo.tests import Form, tagged, users, warmup
from odoo.tools import SQL

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestDuplicates(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Partner = cls.env["res.partner"]
        cls.known = cls.Partner.create(
            {
                "name": "Zephyr Test Handels GmbH",
                "is_company": True,
                "vat": "DE136695976",
                "phone": "+49 40 361412-0",
                "website": "https://www.zephyr-test.example.com/about",
                "country_id": cls.env.ref("base.de").id,
            }
        )
        cls.contact = cls.Partner.create(
            {
                "name": "Anna Muster",
                "parent_id": cls.known.id,
                "email": "anna@zephyr-mail.example.com",
                "phone": "+49 40 361499",
            }
        )

    def _find(self, **values):
        [found] = self.Partner.with_env(self.env)._find_logistics_duplicates([values])
        return {
            self.Partner.browse(match["partner_id"]): match["reasons"]
            for match in found
        }

    def test_each_kind_of_key(self):
        cases = (
            ({"name": "ZEPHYR TEST Handels"}, ["name"]),
            ({"vat": "DE 136.695.976"}, ["vat"]),
            ({"vat": "136695976", "country_code": "DE"}, ["vat"]),
            ({"phone": "040 361412 0", "country_code": "DE"}, ["phone"]),
            ({"website": "zephyr-test.example.com"}, ["website"]),
            ({"email": "sales@zephyr-test.example.com"}, ["email"]),
            # the number and mail of a contact lead to its company
            ({"phone": "+4940361499"}, ["phone"]),
            ({"email": "bert@zephyr-mail.example.com"}, ["email"]),
        )
        for values, reasons in cases:
            with self.subTest(values=values):
                self.assertEqual(self._find(**values), {self.known: reasons})

    def test_what_tells_nothing_finds_nothing(self):
        self.known.email = "zephyr@gmail.com"
        for values in (
            {"email": "somebody.else@gmail.com"},
            {"name": "Anna Muster"},
            {"name": "Zephyr"},
            {"vat": "/"},
            {"name": False, "phone": "", "email": None},
            {},
        ):
            with self.subTest(values=values):
                self.assertFalse(self._find(**values))

    def test_best_candidate_first_with_score(self):
        twin = self.Partner.create(
            {"name": "Zephyr Test Handels", "is_company": True, "phone": "+49 40 1"}
        )
        [found] = self.Partner._find_logistics_duplicates(
            [{"name": "Zephyr Test Handels", "vat": "DE136695976"}]
        )
        self.assertEqual(
            [match["partner_id"] for match in found], [self.known.id, twin.id]
        )
        self.assertGreater(found[0]["score"], 0.99)
        self.assertAlmostEqual(found[1]["score"], 0.8)

    def test_answers_stand_in_the_order_of_the_questions(self):
        found = self.Partner._find_logistics_duplicates(
            [{"name": "Nobody at all"}, {"vat": "DE136695976"}, {}]
        )
        self.assertEqual([len(candidates) for candidates in found], [0, 1, 0])

    def test_change_archive_and_itself(self):
        self.known.name = "Boreas Test Lines"
        self.assertFalse(self._find(name="Zephyr Test Handels"))
        self.known.action_archive()
        [[match]] = self.Partner._find_logistics_duplicates(
            [{"name": "Boreas Test Lines"}]
        )
        self.assertFalse(match["active"])
        self.assertFalse(self._find(name="Boreas Test Lines", id=self.known.id))

    def test_other_company_is_not_told(self):
        company = self.env["res.company"].create({"name": "Other Test Company"})
        self.known.company_id = company
        one = self.Partner.with_context(allowed_company_ids=self.env.company.ids)
        self.assertEqual(one._find_logistics_duplicates([{"vat": "DE136695976"}]), [[]])
        both = self.Partner.with_context(
            allowed_company_ids=[self.env.company.id, company.id]
        )
        [found] = both._find_logistics_duplicates([{"vat": "DE136695976"}])
        self.assertEqual(len(found), 1)

    def test_night_finds_what_came_by_sql(self):
        self.env.flush_all()
        Key = self.env["logistics.partner.key"]
        Key._refresh_pending()
        self.env.execute_query(
            SQL(
                "UPDATE res_partner SET name = 'Notus Test', write_date = %s"
                " WHERE id = %s",
                "2001-01-01",
                self.known.id,
            )
        )
        self.assertIn(self.known.id, Key._get_stale(100_000))
        Key._refresh(Key._get_stale(100_000))
        self.assertFalse(Key._get_stale(1))
        self.assertEqual(self._find(name="Notus Test"), {self.known: ["name"]})

    @users("freight_sales")
    def test_form_warns_while_it_is_filled_in(self):
        view = "base.view_partner_form"
        with Form(self.env["res.partner"], view) as form:
            form.name = "Zephyr Test Handels GmbH"
            self.assertEqual(form.logistics_duplicate_ids[:], self.known)
            self.assertEqual(form.logistics_duplicate_note, "same name")
            form.name = "Quite Another"
            self.assertFalse(form.logistics_duplicate_ids[:])

    def test_duplicates_are_listed_to_be_merged(self):
        twin = self.Partner.create(
            {"name": "ZEPHYR TEST HANDELS", "is_company": True, "active": False}
        )
        action = self.known.with_user(
            self.salesperson
        ).action_view_logistics_duplicates()
        found = self.Partner.with_context(**action["context"]).search(action["domain"])
        self.assertEqual(found, self.known | twin)
        leader = self.Partner.with_user(self.user_by_login["freight_leader"])
        action = leader.action_view_all_logistics_duplicates()
        found = leader.with_context(**action["context"]).search(action["domain"])
        self.assertLessEqual(self.known | twin, found)
        with self.assertRaises(AccessError):
            leader.with_user(self.salesperson).action_view_all_logistics_duplicates()
        twin.name = "Quite Another"
        action = self.known.action_view_logistics_duplicates()
        self.assertEqual(action["tag"], "display_notification")

    def test_merged_partner_is_found_under_the_one_that_stays(self):
        twin = self.Partner.create(
            {"name": "Zephyr Two", "is_company": True, "phone": "+49 40 99887766"}
        )
        self.env["logistics.activity.origin"].create(
            [
                {
                    "partner_id": partner.id,
                    "source": "playbook",
                    "occurrence": occurrence,
                }
                for partner, occurrence in (
                    (self.known, "due:2026-01-01"),
                    (twin, "due:2026-01-01"),
                    (twin, "due:2026-02-01"),
                )
            ]
        )
        self.env.flush_all()
        self.env["logistics.partner.key"]._refresh_pending()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([self.known.id, twin.id], self.known)
        self.assertEqual(self._find(name="Zephyr Test Handels"), {self.known: ["name"]})
        origins = self.env["logistics.activity.origin"].search(
            [("partner_id", "=", self.known.id)]
        )
        self.assertEqual(len(origins), 2)

    def test_form_of_others_is_as_before(self):
        user = self.user_by_login["freight_none"]
        arch = self.Partner.with_user(user).get_view(view_type="form")["arch"]
        self.assertNotIn("logistics_duplicate", arch)

    @users("freight_sales")
    @warmup
    def test_hundred_questions_cost_as_much_as_one(self):
        for size in (1, 100):
            with self.subTest(size=size), self.assertQueryCount(3):
                self.env.invalidate_all()
                self.env["res.partner"]._find_logistics_duplicates(
                    [{"name": f"No {n}", "vat": "DE136695976"} for n in range(size)]
                )

    def test_many_new_partners_cost_two_queries_more(self):
        self.env.flush_all()
        Key = self.env["logistics.partner.key"]
        Key._refresh_pending()
        self.Partner.create([{"name": f"Bulk {n}"} for n in range(50)])
        self.env.flush_all()
        with self.assertQueryCount(2):
            Key._refresh_pending()
