from collections import defaultdict

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain


class LogisticsClientDemo(models.AbstractModel):
    _inherit = "logistics.client.demo"

    @api.model
    def _add_cargo(self):
        """Give the orders on demo lanes the cargo that the lane's share tells."""
        lanes = self._get_demo_records("demo_lane_", "logistics.trade.lane")
        since = fields.Datetime.now() - relativedelta(months=12)
        orders = self.env["sale.order"].search(
            Domain("partner_id", "in", lanes.partner_id.ids)
            & Domain("state", "=", "sale")
            & Domain("date_order", ">=", since)
            & Domain("logistics_cargo_ids", "=", False)
        )
        by_route = defaultdict(orders.browse)
        for order in orders:
            by_route[self._get_route(order.partner_id, order)] |= order
        vals_list = []
        for lane in lanes:
            found = by_route.pop(
                self._get_route(lane.partner_id, lane), orders.browse()
            )
            volume = lane.yearly_volume * (lane.share_of_wallet or 10) / 100
            for order in found:
                share = volume / len(found)
                vals_list.append(self._prepare_cargo_vals(lane, order, share))
        self.env["logistics.cargo.line"].create(vals_list)
        lanes._refresh_booked(lanes.partner_id.ids)

    def _get_route(self, client, record):
        """Return what an order and a lane have in common; both name it alike."""
        prefix = "logistics_" if record._name == "sale.order" else ""
        return (
            client,
            *(
                record[prefix + name]
                for name in ("origin_id", "destination_id", "mode_id")
            ),
        )

    def _prepare_cargo_vals(self, lane, order, volume):
        vals = {"order_id": order.id, "name": lane.commodity_id.name}
        kind = lane.container_type_id
        if kind:
            count = max(1, round(volume / (kind.teu or 1)))
            return vals | {
                "container_type_id": kind.id,
                "container_count": count,
                "weight_kg": 14_500 * count,
                "volume_m3": 52 * count,
            }
        cubic = volume if lane.volume_unit == "cbm" else volume * 5
        return vals | {
            "pieces": max(1, round(cubic)),
            "weight_kg": round(
                1000 * (volume if lane.volume_unit == "t" else cubic / 3)
            ),
            "volume_m3": round(cubic, 2),
        }
