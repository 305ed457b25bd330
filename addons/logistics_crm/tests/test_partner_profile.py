from odoo.exceptions import AccessError
from odoo.tests import Form, tagged, users

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestProfileCompleteness(FreightCommon):
    def test_missing_fields_are_named_with_the_reason(self):
        self.assertEqual(self.client.logistics_profile_completeness, 5)
        self.assertNotIn("Salesperson", self.client.logistics_profile_missing)
        # what weighs most comes first
        self.assertTrue(self.client.logistics_profile_missing.startswith("Trade Lanes"))
        advice = self.client.logistics_profile_advice
        self.assertIn("<b>Trade Lanes</b> (15 %): Without lanes", advice)
        self._create_lane()
        self.assertEqual(self.client.logistics_profile_completeness, 20)
        self.assertNotIn("Trade Lanes", self.client.logistics_profile_missing)
        self.assertNotIn("Trade Lanes", self.client.logistics_profile_advice)

    def test_every_field_that_is_asked_for_has_a_reason(self):
        partners = self.env["res.partner"]
        self.assertEqual(
            set(partners._get_logistics_profile_weights()),
            set(partners._get_logistics_profile_reasons()),
        )
        self.assertEqual(sum(partners._get_logistics_profile_weights().values()), 100)

    def test_full_profile_misses_nothing(self):
        self._create_lane()
        service = self.env.ref("logistics_crm.service_sea_fcl")
        self.client.write(
            {
                "country_id": self.env.ref("base.de").id,
                "industry_id": self.env.ref("base.res_partner_industry_G").id,
                "logistics_role_ids": self.env.ref(
                    "logistics_crm.partner_role_shipper"
                ),
                "logistics_scale": "small",
                "logistics_cooperation": "spot",
                "logistics_service_needed_ids": service,
                "logistics_service_used_ids": service,
                "logistics_commodity_ids": self.env.ref("logistics_crm.commodity_85"),
                "logistics_provider_id": self.partner.id,
                "logistics_document_originals": "telex",
                "logistics_billing_mode": "job",
                "logistics_contract_renewal_date": "2030-01-01",
            }
        )
        self.assertRecordValues(
            self.client,
            [
                {
                    "logistics_profile_completeness": 100,
                    "logistics_profile_missing": "",
                    "logistics_has_key_dates": True,
                }
            ],
        )

    def test_provider_of_a_lane_is_a_known_provider(self):
        self.assertFalse(self.client.logistics_has_providers)
        self.env["logistics.client.provider"].create(
            {"partner_id": self.client.id, "provider_id": self.partner.id}
        )
        self.assertEqual(self.client.logistics_profile_completeness, 15)

    def test_every_reader_sees_the_same_figure(self):
        self._create_lane()
        for login in ("freight_sales_other", "freight_none"):
            client = self.client.with_user(self.user_by_login[login])
            self.assertEqual(client.logistics_profile_completeness, 20)

    def test_form_of_a_new_partner_opens(self):
        with Form(self.env["res.partner"]) as form:
            self.assertEqual(form.logistics_profile_completeness, 0)
            form.name = "New"


@tagged("post_install", "-at_install")
class TestProfileAccess(FreightCommon):
    def test_lane_button_counts_what_the_user_may_see(self):
        self._create_lane()
        self._create_lane(active=False)
        client = self.client.with_user(self.salesperson)
        self.assertEqual(client.logistics_lane_count, 1)
        other = self.client.with_user(self.other_salesperson)
        self.assertEqual(other.logistics_lane_count, 0)
        action = client.action_view_logistics_lanes()
        self.assertEqual(
            client.logistics_lane_ids.search(action["domain"]).partner_id, self.client
        )

    @users("freight_sales", "freight_leader", "freight_none")
    def test_credit_rating_is_hidden_without_the_right(self):
        self.client.logistics_credit_rating = "c"
        self.env.user.sudo().group_ids += self.env.ref("base.group_allow_export")
        client = self.client.with_user(self.env.user)
        self.assertNotIn("logistics_credit_rating", client.fields_get())
        with self.assertRaises(AccessError):
            client.read(["logistics_credit_rating"])
        with self.assertRaises(AccessError):
            client.export_data(["name", "logistics_credit_rating"])
        with self.assertRaises(AccessError):
            client.search([("logistics_credit_rating", "=", "c")])
        with self.assertRaises(AccessError):
            client.formatted_read_group([], ["logistics_credit_rating"])
        with self.assertRaises(AccessError):
            client.search([], order="logistics_credit_rating")
        with self.assertRaises(AccessError):
            client.logistics_credit_rating = "a"
        arch = client.get_view(view_type="form")["arch"]
        self.assertNotIn("logistics_credit_rating", arch)

    @users("freight_manager", "freight_admin")
    def test_credit_rating_is_kept_by_managers(self):
        client = self.client.with_user(self.env.user)
        self.env.user.sudo().group_ids += self.env.ref("base.group_allow_export")
        client.logistics_credit_rating = "b"
        self.assertEqual(client.search([("logistics_credit_rating", "=", "b")]), client)
        exported = client.export_data(["logistics_credit_rating"])["datas"]
        self.assertEqual(exported, [["B: pays on time"]])

    @users("freight_sales", "freight_none")
    def test_contact_is_duplicated_without_the_right_to_its_rating(self):
        self.env.user.sudo().group_ids += self.env.ref("base.group_partner_manager")
        self.client.write(
            {
                "logistics_credit_rating": "c",
                "logistics_contract_renewal_date": "2030-01-01",
            }
        )
        copy = self.client.with_user(self.env.user).copy()
        self.assertRecordValues(
            copy.sudo(),
            [
                {
                    "logistics_credit_rating": False,
                    "logistics_contract_renewal_date": False,
                }
            ],
        )

    @users("freight_sales")
    def test_credit_rating_is_not_reached_by_way_of_other_models(self):
        by_client = [("partner_id.logistics_credit_rating", "=", "c")]
        for model in (
            "logistics.trade.lane",
            "logistics.lifecycle.history",
            "sale.order",
            "crm.lead",
            "res.users",
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].search(by_client)
        for model, field in (
            ("logistics.trade.lane", "partner_id.logistics_credit_rating"),
            ("res.users", "logistics_credit_rating"),
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].formatted_read_group([], [field], ["__count"])

    def test_portal_user_does_not_group_or_order_by_the_client_s_tier(self):
        portal = self._create_new_portal_user(parent_id=self.client.id)
        partners = self.env["res.partner"].with_user(portal)
        for field in ("logistics_client_tier_id", "logistics_client_stage_id"):
            with (
                self.subTest(field=field),
                self.assertRaises(AccessError),
            ):
                partners.formatted_read_group([], [field], ["__count"])
            with (
                self.subTest(field=field),
                self.assertRaises(AccessError),
            ):
                partners.search([], order=field)

    def test_portal_user_does_not_read_the_profile(self):
        portal = self._create_new_portal_user(parent_id=self.client.id)
        client = self.client.with_user(portal)
        with self.assertRaises(AccessError):
            client.read(["logistics_tier_id"])
        visible = self.env["res.partner"].with_user(portal).fields_get()
        self.assertFalse([name for name in visible if name.startswith("logistics_")])

    @users("freight_none")
    def test_user_without_role_reads_partners_as_before(self):
        fields = self.env["res.partner"].fields_get()
        names = [name for name in fields if name.startswith("logistics_")]
        self.assertIn("logistics_stage_id", names)
        self.assertNotIn("logistics_lane_ids", names)
        self.client.with_user(self.env.user).read(names)
        arch = self.client.with_user(self.env.user).get_view(view_type="form")["arch"]
        self.assertNotIn("logistics_profile", arch)


@tagged("post_install", "-at_install")
class TestReferenceAccess(FreightCommon):
    @users("freight_none", "freight_sales", "freight_leader")
    def test_reference_data_is_read_only_below_managers(self):
        self.port.with_user(self.env.user).read()
        with self.assertRaises(AccessError):
            self.port.with_user(self.env.user).name = "Changed"
        with self.assertRaises(AccessError):
            self.mode.with_user(self.env.user).name = "Changed"

    @users("freight_manager")
    def test_manager_keeps_locations_but_not_the_configuration(self):
        self.port.with_user(self.env.user).name = "Changed"
        self.env["logistics.zone"].create({"name": "Mine", "code": "MINE"})
        with self.assertRaises(AccessError):
            self.first.with_user(self.env.user).name = "Changed"

    @users("freight_admin")
    def test_administrator_configures(self):
        for record in (self.port, self.mode, self.first, self.scheme):
            record.with_user(self.env.user).name = "Changed"
        self.env["logistics.value.tier"].create({"name": "E", "code": "E"})


@tagged("post_install", "-at_install")
class TestPartnerMerge(FreightCommon):
    def test_merge_keeps_lanes_and_history(self):
        double = self.env["res.partner"].create({"name": "Double", "is_company": True})
        lane, double_lane = self._create_lane(), self._create_lane(double)
        self.client.logistics_stage_id = self.first
        double.logistics_stage_id = self.second
        role = self.env.ref("logistics_crm.partner_role_shipper")
        double.logistics_role_ids = role
        moves = self.env["logistics.lifecycle.history"].search(
            [("partner_id", "in", (self.client | double).ids)]
        )
        self.assertEqual(len(moves), 2)

        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            (self.client | double).ids, self.client
        )
        self.assertFalse(double.exists())
        self.assertEqual((lane | double_lane).partner_id, self.client)
        self.assertEqual(moves.partner_id, self.client)
        self.assertEqual(self.client.logistics_role_ids, role)
        self.assertEqual(self.client.logistics_stage_id, self.first)
