from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestClientPreferences(FreightCommon):
    def test_carrier_is_preferred_or_excluded(self):
        self.client.logistics_carrier_preferred_ids = self.partner
        with self.assertRaisesRegex(ValidationError, "preferred and excluded"):
            self.client.logistics_carrier_excluded_ids = self.partner

    def test_invoice_day_fits_the_way_of_billing(self):
        self.client.write({"logistics_billing_mode": "weekly"})
        self.client.logistics_billing_day = 5
        with self.assertRaisesRegex(ValidationError, "1 to 7"):
            self.client.logistics_billing_day = 31
        self.client.write(
            {"logistics_billing_mode": "monthly", "logistics_billing_day": 31}
        )
        with self.assertRaises(ValidationError):
            self.client.logistics_billing_mode = "job"

    def test_negative_free_time_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot be negative"):
            self.client.logistics_free_time_days = -1

    def test_temperatures_the_wrong_way_round_are_refused(self):
        with self.assertRaisesRegex(ValidationError, "exchange them"):
            self.client.write(
                {"logistics_temperature_min": 8, "logistics_temperature_max": 2}
            )

    def test_tags_are_the_same_read_together_or_alone(self):
        services = self.env["logistics.service"].search([], limit=3)
        archived = services[1]
        archived.active = False
        self.client.write(
            {
                "logistics_service_needed_ids": services,
                "logistics_service_used_ids": services[2],
                "logistics_carrier_preferred_ids": self.partner,
                "logistics_role_ids": self.env.ref(
                    "logistics_crm.partner_role_shipper"
                ),
            }
        )
        clients = (self.client | self.partner).with_user(self.salesperson)
        names = clients._get_logistics_tag_fields()
        clients.env.invalidate_all()
        together = clients.read(names)
        clients.env.invalidate_all()
        alone = [{"id": client.id} for client in clients]
        for name in names:
            for values, client in zip(alone, clients, strict=True):
                values[name] = client[name].ids
            clients.env.invalidate_all()
        self.assertEqual(together, alone)
        self.assertEqual(
            together[0]["logistics_service_needed_ids"], (services - archived).ids
        )
        everything = clients[0].with_context(active_test=False)
        self.assertEqual(everything.logistics_service_needed_ids, services)


@tagged("post_install", "-at_install")
class TestReferenceNames(FreightCommon):
    def test_renamed_stage_shows_its_new_name(self):
        self.env.invalidate_all()
        self.assertEqual(self.first.with_user(self.salesperson).name, "first")
        self.first.name = "Prospect"
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.first.with_user(self.salesperson).name, "Prospect")

    def test_names_are_read_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        stage = self.first
        stage.with_context(lang="fr_FR").name = "premier"
        self.env.invalidate_all()
        self.assertEqual(stage.with_context(lang="fr_FR").name, "premier")
        self.assertEqual(stage.with_context(lang="en_US").name, "first")

    def test_names_cost_no_query(self):
        stages = self.scheme.stage_ids.with_user(self.salesperson)
        stages.mapped("name")
        self.env.invalidate_all()
        with self.assertQueryCount(0):
            stages.mapped("name")
