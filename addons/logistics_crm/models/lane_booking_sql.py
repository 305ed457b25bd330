"""Set-based SQL of the volume that is booked and moved on trade lanes."""

from odoo.tools import SQL


def order_goods() -> SQL:
    """Select the weight and volume of the goods that orders sell.

    Tables: sale_order_line (index on order_id) and its products. Grain: order, without
    equipment. Reads `booked`, the orders in question. Services weigh nothing, so this
    is the cargo of a warehouse or trading client; TEU are not known from it.
    """
    return SQL(
        """
        SELECT line.order_id,
               NULL::integer AS container_type_id,
               NULL::numeric AS teu,
               SUM(line.product_uom_qty * unit.factor / own.factor
                   * COALESCE(product.weight, 0))::numeric AS weight_kg,
               SUM(line.product_uom_qty * unit.factor / own.factor
                   * COALESCE(product.volume, 0))::numeric AS volume_m3
          FROM booked
          JOIN sale_order_line AS line ON line.order_id = booked.order_id
          JOIN product_product AS product ON product.id = line.product_id
          JOIN product_template AS template ON template.id = product.product_tmpl_id
          JOIN uom_uom AS unit ON unit.id = line.product_uom_id
          JOIN uom_uom AS own ON own.id = template.uom_id
         WHERE line.display_type IS NULL
           AND (product.weight > 0 OR product.volume > 0)
         GROUP BY line.order_id
        """
    )


def no_transfers() -> SQL:
    """Select nothing in the shape of `done_transfers`: no Inventory here."""
    return SQL(
        """
        SELECT NULL::integer AS order_id, 0 AS transfers, 0::numeric AS weight_kg,
               0::numeric AS volume_m3, 0 AS pallets
         WHERE FALSE
        """
    )


def done_transfers() -> SQL:
    """Select what the done transfers of orders have moved.

    Tables: stock_picking (index on sale_id), stock_move_line (index on picking_id).
    Grain: order. A package counts as one pallet. Returns come back and do not count.
    """
    return SQL(
        """
        SELECT picking.sale_id AS order_id,
               COUNT(DISTINCT picking.id) AS transfers,
               SUM(line.quantity_product_uom * COALESCE(product.weight, 0))::numeric
                   AS weight_kg,
               SUM(line.quantity_product_uom * COALESCE(product.volume, 0))::numeric
                   AS volume_m3,
               COUNT(DISTINCT line.result_package_id) AS pallets
          FROM booked
          JOIN stock_picking AS picking ON picking.sale_id = booked.order_id
          JOIN stock_picking_type AS kind ON kind.id = picking.picking_type_id
     LEFT JOIN stock_move_line AS line
            ON line.picking_id = picking.id AND line.state = 'done'
     LEFT JOIN product_product AS product ON product.id = line.product_id
         WHERE picking.state = 'done'
           AND kind.code = 'outgoing'
         GROUP BY picking.sale_id
        """
    )


def lane_bookings(clients: SQL, since, cargo: SQL, transfers: SQL) -> SQL:
    """Select the booked and moved volume of every lane of some clients.

    :param clients: SELECT of the ids of the clients
    :param since: orders from this day on count
    :param cargo: SELECT (order_id, container_type_id, teu, weight_kg, volume_m3) that
        reads `booked`; several rows of an order are added up by equipment
    :param transfers: SELECT (order_id, transfers, weight_kg, volume_m3, pallets)

    Tables: logistics_trade_lane (index on partner_id), sale_order (index on partner_id,
    that of the clients and of their contacts), res_partner (commercial partner).
    Grain: lane, each lane of the clients, also those without any order.

    Each piece of cargo counts for one lane: of those with the origin, destination and
    mode (or no mode) the one with its equipment, else one without equipment, else the
    first. So nothing counts twice and nothing is lost.
    """
    return SQL(
        """
        WITH client AS MATERIALIZED (%(clients)s),
        booked AS MATERIALIZED (
            SELECT sale.id AS order_id, partner.commercial_partner_id AS client_id,
                   sale.logistics_origin_id AS origin_id,
                   sale.logistics_destination_id AS destination_id,
                   sale.logistics_mode_id AS mode_id, sale.company_id
              FROM client
              JOIN res_partner AS partner ON partner.commercial_partner_id = client.id
              JOIN sale_order AS sale ON sale.partner_id = partner.id
             WHERE sale.state = 'sale'
               AND sale.date_order >= %(since)s
               AND sale.logistics_origin_id IS NOT NULL
               AND sale.logistics_destination_id IS NOT NULL
        ),
        cargo AS (
            SELECT order_id, container_type_id, SUM(teu) AS teu,
                   SUM(weight_kg) AS weight_kg, SUM(volume_m3) AS volume_m3
              FROM (%(cargo)s) AS piece
             GROUP BY order_id, container_type_id
        ),
        moved AS (%(transfers)s),
        piece AS (
            SELECT ROW_NUMBER() OVER () AS number, booked.*, cargo.container_type_id,
                   cargo.teu, cargo.weight_kg, cargo.volume_m3,
                   moved.transfers, moved.weight_kg AS moved_kg,
                   moved.volume_m3 AS moved_m3, moved.pallets,
                   ROW_NUMBER() OVER (PARTITION BY booked.order_id) = 1 AS is_first
              FROM booked
         LEFT JOIN cargo ON cargo.order_id = booked.order_id
         LEFT JOIN moved ON moved.order_id = booked.order_id
        ),
        assigned AS (
            SELECT DISTINCT ON (piece.number) piece.*, lane.id AS lane_id
              FROM piece
              JOIN logistics_trade_lane AS lane
                ON lane.partner_id = piece.client_id
               AND lane.origin_id = piece.origin_id
               AND lane.destination_id = piece.destination_id
               AND (lane.mode_id = piece.mode_id OR lane.mode_id IS NULL)
               AND (lane.company_id = piece.company_id OR lane.company_id IS NULL)
             WHERE lane.active
             ORDER BY piece.number,
                      (lane.container_type_id = piece.container_type_id) IS TRUE DESC,
                      lane.container_type_id IS NULL DESC,
                      lane.mode_id IS NULL, lane.sequence, lane.id
        ),
        total AS (
            SELECT lane_id,
                   COUNT(DISTINCT order_id) AS orders,
                   COALESCE(SUM(teu), 0) AS teu,
                   COALESCE(SUM(weight_kg), 0) / 1000 AS t,
                   COALESCE(SUM(volume_m3), 0) AS cbm,
                   COUNT(DISTINCT order_id) FILTER (WHERE transfers > 0)
                       AS moved_orders,
                   COALESCE(SUM(transfers) FILTER (WHERE is_first), 0) AS transfers,
                   COALESCE(SUM(teu) FILTER (WHERE transfers > 0), 0) AS moved_teu,
                   COALESCE(SUM(moved_kg) FILTER (WHERE is_first), 0) / 1000 AS moved_t,
                   COALESCE(SUM(moved_m3) FILTER (WHERE is_first), 0) AS moved_cbm,
                   COALESCE(SUM(pallets) FILTER (WHERE is_first), 0) AS pallets
              FROM assigned
             GROUP BY lane_id
        )
        SELECT lane.id,
               COALESCE(total.orders, 0) AS booked_orders,
               ROUND(COALESCE(CASE lane.volume_unit
                   WHEN 'teu' THEN total.teu
                   WHEN 't' THEN total.t
                   WHEN 'cbm' THEN total.cbm
                   WHEN 'shipment' THEN total.orders
                   WHEN 'pallet' THEN total.pallets
               END, 0), 2)::double precision AS booked_volume,
               COALESCE(total.transfers, 0) AS moved_transfers,
               ROUND(COALESCE(CASE lane.volume_unit
                   WHEN 'teu' THEN total.moved_teu
                   WHEN 't' THEN total.moved_t
                   WHEN 'cbm' THEN total.moved_cbm
                   WHEN 'shipment' THEN total.moved_orders
                   WHEN 'pallet' THEN total.pallets
               END, 0), 2)::double precision AS moved_volume,
               ROUND(COALESCE(total.moved_t, 0) * 1000, 3)::double precision
                   AS moved_weight_kg
          FROM client
          JOIN logistics_trade_lane AS lane ON lane.partner_id = client.id
     LEFT JOIN total ON total.lane_id = lane.id
        """,
        clients=clients,
        since=since,
        cargo=cargo,
        transfers=transfers,
    )


def write_bookings(bookings: SQL, now) -> SQL:
    """Write the figures of `lane_bookings` into the lanes, with their shares.

    Target: logistics_trade_lane by its key. Grain: lane.
    """
    return SQL(
        """
        UPDATE logistics_trade_lane AS lane
           SET booked_orders = fresh.booked_orders,
               booked_volume = fresh.booked_volume,
               moved_transfers = fresh.moved_transfers,
               moved_volume = fresh.moved_volume,
               moved_weight_kg = fresh.moved_weight_kg,
               booked_share = CASE WHEN lane.yearly_volume > 0 THEN ROUND(
                   (100 * fresh.booked_volume / lane.yearly_volume)::numeric, 1
               ) ELSE 0 END,
               target_reached = CASE WHEN lane.target_volume > 0 THEN ROUND(
                   (100 * fresh.booked_volume / lane.target_volume)::numeric, 1
               ) ELSE 0 END,
               booked_at = %(now)s
          FROM (%(bookings)s) AS fresh
         WHERE fresh.id = lane.id
        """,
        bookings=bookings,
        now=now,
    )


def changed_clients(since) -> SQL:
    """Select the clients whose freight orders were written since a moment.

    Table: sale_order, partial index sale_order__logistics_write_date_idx.
    """
    return SQL(
        """
        SELECT DISTINCT partner.commercial_partner_id AS id
          FROM sale_order AS sale
          JOIN res_partner AS partner ON partner.id = sale.partner_id
         WHERE sale.logistics_origin_id IS NOT NULL
           AND sale.write_date >= %s
        """,
        since,
    )


def changed_by_transfers(since) -> SQL:
    """Select the clients whose transfers were done since a moment.

    Table: stock_picking by its index on the date done of done ones, else a scan of
    the newest; grain: client.
    """
    return SQL(
        """
        SELECT DISTINCT partner.commercial_partner_id AS id
          FROM stock_picking AS picking
          JOIN sale_order AS sale ON sale.id = picking.sale_id
          JOIN res_partner AS partner ON partner.id = sale.partner_id
         WHERE picking.state = 'done'
           AND picking.date_done >= %s
           AND sale.logistics_origin_id IS NOT NULL
        """,
        since,
    )
