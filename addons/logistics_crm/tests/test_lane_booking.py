from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.logistics_crm.models.logistics_trade_lane_booking import (
    LogisticsTradeLane,
)

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestLaneBooking(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.product = cls.env["product.product"].create(
            {"name": "Goods", "type": "consu", "weight": 500, "volume": 2}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Ann", "parent_id": cls.client.id}
        )

    def _confirm_order(self, quantity=1, **values):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "logistics_mode_id": self.mode.id,
                "logistics_origin_id": self.port.id,
                "logistics_destination_id": self.far_port.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": quantity}
                    )
                ],
                **values,
            }
        )
        order.action_confirm()
        return order

    def _refresh(self, lanes):
        lanes._refresh_booked(lanes.partner_id.ids)
        return lanes

    def test_volume_is_counted_in_the_unit_of_the_lane(self):
        tonnes = self._create_lane(volume_unit="t", yearly_volume=10)
        self._confirm_order(4)
        self._confirm_order(2, partner_id=self.contact.id)
        self._refresh(tonnes)
        self.assertRecordValues(
            tonnes,
            [{"booked_orders": 2, "booked_volume": 3.0, "booked_share": 30.0}],
        )
        tonnes.volume_unit = "cbm"
        self.assertEqual(tonnes.booked_volume, 12)
        tonnes.volume_unit = "shipment"
        self.assertRecordValues(tonnes, [{"booked_volume": 2, "booked_share": 20}])
        tonnes.target_volume = 4
        self.assertEqual(tonnes.target_reached, 50)
        self._refresh(tonnes)
        self.assertRecordValues(tonnes, [{"booked_share": 20, "target_reached": 50}])

    def test_new_lane_shows_what_is_booked_already(self):
        self._confirm_order()
        lane = self._create_lane(volume_unit="shipment")
        self.assertEqual(lane.booked_volume, 1)

    def test_order_counts_for_one_lane_only(self):
        any_mode = self._create_lane(mode_id=False, volume_unit="shipment")
        self._confirm_order()
        self._refresh(any_mode)
        self.assertEqual(any_mode.booked_volume, 1)
        this_mode = self._create_lane(volume_unit="shipment")
        self.assertEqual((any_mode | this_mode).mapped("booked_volume"), [0, 1])

    def test_other_orders_do_not_count(self):
        lane = self._create_lane(volume_unit="shipment")
        self._confirm_order(logistics_destination_id=self.airport.id)
        self._confirm_order(partner_id=self.partner.id)
        self._confirm_order()._action_cancel()
        old = self._confirm_order()
        old.date_order = fields.Datetime.now() - timedelta(days=370)
        self.assertEqual(self._refresh(lane).booked_volume, 0)

    def test_lane_of_another_company_takes_no_orders(self):
        other = self.env["res.company"].create({"name": "Test Company 2"})
        lane = self._create_lane(volume_unit="shipment", company_id=other.id)
        self._confirm_order()
        self.assertEqual(self._refresh(lane).booked_volume, 0)

    def test_done_deliveries_are_counted_where_inventory_is_used(self):
        lane = self._create_lane(volume_unit="t")
        if not lane._has_transfers():
            self.assertEqual(self._refresh(lane).moved_transfers, 0)
            return
        order = self._confirm_order(4)
        picking = order.picking_ids
        picking.move_ids.quantity = 3
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")
        self._refresh(lane)
        self.assertRecordValues(
            lane,
            [
                {
                    "booked_volume": 2.0,
                    "moved_transfers": 1,
                    "moved_volume": 1.5,
                    "moved_weight_kg": 1500,
                }
            ],
        )
        with patch.object(LogisticsTradeLane, "_has_transfers", lambda self: False):
            self._refresh(lane)
        self.assertRecordValues(
            lane, [{"booked_volume": 2.0, "moved_transfers": 0, "moved_volume": 0}]
        )

    def test_cron_counts_clients_with_news_and_once_a_day_all(self):
        lane = self._create_lane(volume_unit="shipment")
        Lane = self.env["logistics.trade.lane"]
        other = self._create_lane(self.partner)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sale_order SET write_date = write_date - interval '2 days'"
        )
        self.assertNotIn(self.client.id, Lane._get_clients_to_count())
        self._confirm_order()
        todo = Lane._get_clients_to_count()
        self.assertIn(self.client.id, todo)
        self.assertNotIn(self.partner.id, todo)
        with self.enter_registry_test_mode():
            self.env.ref("logistics_crm.ir_cron_lane_volumes").method_direct_trigger()
        self.assertEqual(lane.booked_volume, 1)
        other.booked_at = fields.Datetime.now() - timedelta(days=1)
        self.assertIn(self.partner.id, Lane._get_clients_to_count())

    def test_order_that_a_salesperson_confirms_calls_for_a_count(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "user_id": self.salesperson.id,
                "logistics_origin_id": self.port.id,
                "logistics_destination_id": self.far_port.id,
            }
        )
        cron = self.env.ref("logistics_crm.ir_cron_lane_volumes")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        order.with_user(self.salesperson).action_confirm()
        after = triggers.search_count([("cron_id", "=", cron.id)])
        self.assertEqual(after, before + 1)

    def test_salesperson_counts_now(self):
        lane = self._create_lane(volume_unit="shipment")
        self._confirm_order()
        lane.with_user(self.salesperson).action_refresh_booked()
        self.assertEqual(lane.booked_volume, 1)

    def test_change_of_volume_is_logged(self):
        lane = self._create_lane(yearly_volume=10).with_context(
            tracking_disable=False, mail_notrack=False
        )
        self.env.cr.precommit.run()
        lane.yearly_volume = 20
        self.env.flush_all()
        self.env.cr.precommit.run()
        changes = lane.message_ids.tracking_value_ids
        self.assertEqual(changes.field_id.mapped("name"), ["yearly_volume"])
