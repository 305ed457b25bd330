from odoo.tests import HttpCase, tagged

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestClientTour(FreightCommon, HttpCase):
    def test_salesperson_creates_a_client_in_the_browser(self):
        self.start_tour(
            "/odoo/freight-clients", "freight_client_tour", login="freight_sales"
        )
        client = self.env["res.partner"].search([("name", "=", "Tour Client")])
        self.assertRecordValues(
            client,
            [
                {
                    "is_company": True,
                    "user_id": self.salesperson.id,
                    "logistics_stage_id": self.second.id,
                    "logistics_role_ids": self.env.ref(
                        "logistics_crm.partner_role_shipper"
                    ).ids,
                }
            ],
        )
        self.assertRecordValues(
            client.logistics_lane_ids,
            [
                {
                    "origin_id": self.port.id,
                    "destination_id": self.far_port.id,
                    "yearly_volume": 120,
                }
            ],
        )
        self.assertEqual(
            client.logistics_stage_history_ids.to_stage_id, self.first | self.second
        )
