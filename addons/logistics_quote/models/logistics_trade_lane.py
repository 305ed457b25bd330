from odoo import api, models
from odoo.tools import SQL


class LogisticsTradeLane(models.Model):
    _inherit = "logistics.trade.lane"

    @api.model
    def _get_booked_cargo_sql(self):
        """Count the cargo of freight orders; their goods where no cargo is entered.

        Table: logistics_cargo_line (index on order_id). Grain: order and equipment.
        """
        return SQL(
            """
            SELECT cargo.order_id,
                   cargo.container_type_id,
                   SUM(cargo.container_count * kind.teu)::numeric AS teu,
                   SUM(cargo.weight_kg)::numeric AS weight_kg,
                   SUM(cargo.volume_m3)::numeric AS volume_m3
              FROM booked
              JOIN logistics_cargo_line AS cargo ON cargo.order_id = booked.order_id
         LEFT JOIN logistics_container_type AS kind ON kind.id = cargo.container_type_id
             GROUP BY cargo.order_id, cargo.container_type_id
             UNION ALL
            SELECT goods.*
              FROM (%(goods)s) AS goods
             WHERE NOT EXISTS (
                       SELECT FROM logistics_cargo_line AS cargo
                        WHERE cargo.order_id = goods.order_id
                   )
            """,
            goods=super()._get_booked_cargo_sql(),
        )

    @api.model
    def _flush_booked_sources(self):
        self.env["logistics.cargo.line"].flush_model()
        return super()._flush_booked_sources()
