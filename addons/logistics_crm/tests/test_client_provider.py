from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged, users

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestClientProvider(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._lead_team()
        cls.rival = cls.env["res.partner"].create({"name": "Rival Forwarding"})

    def _create_provider(self, **values):
        return (
            self.env["logistics.client.provider"]
            .sudo()
            .create(
                {"partner_id": self.client.id, "provider_id": self.rival.id, **values}
            )
        )

    def test_lane_of_another_client_is_refused(self):
        lane = self._create_lane(self.partner)
        with self.assertRaisesRegex(ValidationError, "is not one of Test Client"):
            self._create_provider(lane_id=lane.id)
        self._create_provider(lane_id=self._create_lane().id, share=40)

    def test_client_is_not_its_own_provider(self):
        with self.assertRaisesRegex(ValidationError, "its own provider"):
            self._create_provider(provider_id=self.client.id)

    def test_provider_of_a_contact_is_refused(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.client.id}
        )
        with self.assertRaisesRegex(ValidationError, "choose Test Client instead"):
            self._create_provider(partner_id=contact.id)

    def test_client_that_becomes_a_contact_hands_over_its_providers(self):
        person = self.env["res.partner"].create({"name": "Ann"})
        lane = self._create_lane(person)
        kept = self._create_provider(partner_id=person.id, lane_id=lane.id)
        own = self._create_provider(partner_id=person.id, provider_id=self.client.id)
        person.parent_id = self.client
        self.assertEqual(kept.partner_id, self.client)
        self.assertEqual(lane.partner_id, self.client)
        self.assertFalse(own.exists())

    def test_share_is_a_percentage(self):
        with self.assertConstraint("logistics.client.provider", "between 0 and 100"):
            self._create_provider(share=101)

    @users("freight_sales", "freight_sales_other", "freight_leader", "freight_none")
    def test_providers_of_own_clients_are_seen(self):
        provider = self._create_provider()
        providers = self.env["logistics.client.provider"]
        login = self.env.user.login
        if login == "freight_none":
            with self.assertRaises(AccessError):
                providers.search([])
            return
        found = providers.search([("id", "=", provider.id)])
        self.assertEqual(bool(found), login != "freight_sales_other")
