from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from .common import FreightCommon

FIELDS = (
    "logistics_credit_rating",
    "logistics_credit_override",
    "logistics_credit_override_until",
    "logistics_credit_override_reason",
    "logistics_legal_action",
)


@tagged("post_install", "-at_install")
class TestCreditAccess(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.write(
            {
                "logistics_credit_override": "c",
                "logistics_credit_override_until": "2099-12-31",
                "logistics_credit_override_reason": "Late in 2025",
            }
        )
        cls.rating = cls.env["logistics.credit.rating"].create(
            {
                "partner_id": cls.client.id,
                "company_id": cls.company.id,
                "grade": "c",
            }
        )
        cls.promise = cls.env["logistics.payment.promise"].create(
            {
                "partner_id": cls.client.id,
                "amount": 1,
                "promised_on": "2026-01-01",
                "date": "2026-01-02",
            }
        )

    @users("freight_sales", "freight_leader", "freight_none")
    def test_nothing_of_credit_without_the_right(self):
        self.env.user.sudo().group_ids += self.env.ref("base.group_allow_export")
        client = self.client.with_user(self.env.user)
        for name in FIELDS:
            for attempt in (
                lambda name=name: client.read([name]),
                lambda name=name: client.export_data([name]),
                lambda name=name: client.search([(name, "!=", False)]),
                lambda name=name: client.search([], order=name),
                lambda name=name: client.formatted_read_group([], [name]),
                lambda name=name: client.web_read({name: {}}),
                lambda name=name: client.write({name: False}),
            ):
                with self.subTest(name=name), self.assertRaises(AccessError):
                    attempt()
        self.assertFalse(set(FIELDS) & set(client.fields_get()))
        for record in (self.rating, self.promise):
            record = record.with_user(self.env.user)
            for attempt in (
                lambda record=record: record.read(["partner_id"]),
                lambda record=record: record.search([]),
                lambda record=record: record.formatted_read_group([], [], ["__count"]),
                lambda record=record: record.export_data(["partner_id"]),
            ):
                with self.subTest(record=record), self.assertRaises(AccessError):
                    attempt()
        with self.assertRaises(AccessError):
            client.action_rate_logistics_credit()
        arch = client.get_view(view_type="form")["arch"]
        self.assertNotIn('name="logistics_credit', arch)

    @users("freight_manager", "freight_admin")
    def test_managers_keep_credit_data(self):
        client = self.client.with_user(self.env.user)
        self.assertEqual(client.logistics_credit_rating, "c")
        client.action_rate_logistics_credit()
        self.assertEqual(client.logistics_credit_rating, "c")
        client.logistics_credit_override_reason = "Late in 2026"
        self.promise.with_user(self.env.user).note = "By phone"
        arch = client.get_view(view_type="form")["arch"]
        self.assertIn('name="logistics_credit"', arch)
        with self.assertRaises(AccessError):
            self.rating.with_user(self.env.user).grade = "a"

    def test_grade_is_not_reached_by_way_of_the_client(self):
        sales = self.salesperson
        for domain in (
            [("partner_id.logistics_credit_rating", "=", "c")],
            [("partner_id.logistics_credit_override", "=", "c")],
        ):
            with self.assertRaises(AccessError):
                self.env["logistics.key.date"].with_user(sales).search(domain)
