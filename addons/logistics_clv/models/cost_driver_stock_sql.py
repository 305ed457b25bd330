"""Events of the cost drivers that come from the warehouse, where Inventory is there."""

from odoo.tools import SQL

NEEDS = ("stock.picking.owner_id",)
SALE = "stock.picking.sale_id"  # which order a transfer belongs to: sale_stock


def transfers(scope) -> SQL:
    """Select the transfers done in the month.

    Sources: stock_picking, stock_picking_type, sale_order, res_partner. Grain:
    transfer. Index: none on date_done, one pass over the transfers.

    It counts for the owner of the goods, else for the ordering client, else for the
    receiver; goods that come in from a vendor are nobody's effort here.
    """
    ordering = SQL("NULL::int")
    order_join = SQL()
    if SALE in scope.optional:
        ordering = SQL("sale.partner_id")
        order_join = SQL("LEFT JOIN sale_order AS sale ON sale.id = picking.sale_id")
    return SQL(
        """
        SELECT picking.id AS record_id,
               partner.commercial_partner_id AS client_id,
               %(day)s AS day,
               1 AS quantity
          FROM stock_picking AS picking
          JOIN stock_picking_type AS kind ON kind.id = picking.picking_type_id
          %(order_join)s
          JOIN res_partner AS partner
            ON partner.id = COALESCE(
                   picking.owner_id,
                   %(ordering)s,
                   CASE WHEN kind.code <> 'incoming' THEN picking.partner_id END
               )
         WHERE picking.company_id = %(company_id)s
           AND picking.state = 'done'
           AND %(within)s
        """,
        company_id=scope.company_id,
        ordering=ordering,
        order_join=order_join,
        day=scope.day(SQL("picking.date_done")),
        within=scope.within(SQL("picking.date_done")),
    )


def transfer_lines(scope) -> SQL:
    """Select the lines of the transfers done in the month.

    Sources: ``transfers``, stock_move. Grain: stock move. Index: stock_move.picking_id.
    """
    return SQL(
        """
        SELECT move.id AS record_id, transfer.client_id, transfer.day, 1 AS quantity
          FROM (%s) AS transfer
          JOIN stock_move AS move ON move.picking_id = transfer.record_id
         WHERE move.state = 'done'
        """,
        transfers(scope),
    )


def pallets(scope) -> SQL:
    """Select the packages moved by the transfers done in the month.

    Sources: ``transfers``, stock_move_line. Grain: transfer and package: a package
    with several products is one. Index: stock_move_line.picking_id.
    """
    return SQL(
        """
        SELECT MIN(line.id) AS record_id,
               transfer.client_id,
               transfer.day,
               1 AS quantity
          FROM (%s) AS transfer
          JOIN stock_move_line AS line ON line.picking_id = transfer.record_id
         WHERE line.state = 'done'
           AND COALESCE(line.result_package_id, line.package_id) IS NOT NULL
         GROUP BY transfer.record_id, transfer.client_id, transfer.day,
                  COALESCE(line.result_package_id, line.package_id)
        """,
        transfers(scope),
    )
