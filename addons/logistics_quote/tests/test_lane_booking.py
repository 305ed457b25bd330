from odoo import Command
from odoo.tests import tagged

from .common import FreightQuoteCommon


@tagged("post_install", "-at_install")
class TestLaneBooking(FreightQuoteCommon):
    def _create_lane(self, **values):
        return self.env["logistics.trade.lane"].create(
            {
                "partner_id": self.client.id,
                "origin_id": self.shanghai.id,
                "destination_id": self.hamburg.id,
                "mode_id": self.fcl.id,
                **values,
            }
        )

    def _confirm_order(self, *cargo):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "logistics_mode_id": self.fcl.id,
                "logistics_origin_id": self.shanghai.id,
                "logistics_destination_id": self.hamburg.id,
                "logistics_cargo_ids": [Command.create(line) for line in cargo],
            }
        )
        order.action_confirm()
        return order

    def test_cargo_is_counted_on_the_lane_of_its_equipment(self):
        large = self._create_lane(container_type_id=self.hc40.id, yearly_volume=16)
        other = self._create_lane(yearly_volume=10, volume_unit="t")
        self._confirm_order(
            {
                "container_type_id": self.hc40.id,
                "container_count": 2,
                "weight_kg": 30_000,
            },
            {"container_type_id": self.gp20.id, "weight_kg": 8_000},
        )
        (large | other)._refresh_booked(self.client.ids)
        self.assertRecordValues(
            large | other,
            [
                {"booked_volume": 4, "booked_orders": 1, "booked_share": 25},
                {"booked_volume": 8, "booked_orders": 1, "booked_share": 80},
            ],
        )

    def test_lane_without_orders_has_booked_nothing(self):
        lane = self._create_lane(yearly_volume=5)
        order = self._confirm_order({"container_type_id": self.hc40.id})
        order._action_cancel()
        lane._refresh_booked(self.client.ids)
        self.assertRecordValues(lane, [{"booked_volume": 0, "booked_orders": 0}])
