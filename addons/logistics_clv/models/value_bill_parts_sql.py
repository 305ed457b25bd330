"""Set-based SQL of actual cost: the customer invoices that it belongs to."""

from odoo.tools import SQL

from .value_client_sql import line_clients
from .value_scope_sql import MOVE_TYPES, Batch, counts


def invoiced_parts(target: SQL, batch: Batch) -> SQL:
    """Split what falls to an order over its customer invoices, by invoiced value.

    ``target`` has line_id, order_id, order_line_id, client_id, share, source and
    quoted_cost. Sources: sale_order_line, its invoice lines and ``line_clients``.
    Grain: line, order, customer invoice (none for what is not invoiced yet), client.
    Index: the keys of sale_order_line_invoice_rel.
    A credit note takes its quantity off the invoice that it reverses.
    """
    return SQL(
        """
        WITH wanted AS MATERIALIZED (
            SELECT target.line_id,
                   target.order_id,
                   target.source,
                   order_line.id AS order_line_id,
                   order_line.product_uom_qty::numeric AS quantity,
                   CASE WHEN target.order_line_id IS NOT NULL THEN 1
                        ELSE ABS(COALESCE(
                            order_line.price_subtotal
                            / NULLIF(order_line.product_uom_qty, 0), 0
                        )) END::numeric AS value
              FROM %(target)s AS target
              JOIN sale_order_line AS order_line
                ON order_line.order_id = target.order_id
               AND (target.order_line_id IS NULL
                    OR order_line.id = target.order_line_id)
             WHERE order_line.display_type IS NULL
               AND order_line.is_downpayment IS NOT TRUE
        ),
        invoiced AS MATERIALIZED (
            SELECT asked.order_line_id,
                   line.id,
                   line.move_id,
                   move.move_type = 'out_refund' AS is_refund,
                   COALESCE(
                       CASE WHEN move.move_type = 'out_refund'
                            THEN move.reversed_entry_id END,
                       move.id
                   ) AS invoice_id,
                   line.quantity::numeric
                   * CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                   AS quantity,
                   line.logistics_attributed_client_id AS line_client_id,
                   move.logistics_attributed_client_id AS move_client_id,
                   move.commercial_partner_id AS invoiced_partner_id
              FROM (SELECT DISTINCT order_line_id FROM wanted) AS asked
              JOIN sale_order_line_invoice_rel AS rel
                ON rel.order_line_id = asked.order_line_id
              JOIN account_move_line AS line ON line.id = rel.invoice_line_id
              JOIN account_move AS move
                ON move.id = line.move_id
               AND move.move_type IN %(move_types)s
               AND move.company_id = %(company_id)s
               AND %(counts)s
        ),
        net AS MATERIALIZED (
            SELECT invoiced.order_line_id,
                   invoiced.invoice_id,
                   MIN(counted.client_id) FILTER (WHERE NOT is_refund) AS client_id,
                   SUM(quantity) AS quantity
              FROM invoiced
              JOIN (%(clients)s) AS counted ON counted.line_id = invoiced.id
             GROUP BY invoiced.order_line_id, invoiced.invoice_id
            HAVING SUM(quantity) > 0
        ),
        weight AS MATERIALIZED (
            SELECT wanted.line_id, wanted.order_id, wanted.source,
                   net.invoice_id, net.client_id,
                   SUM(net.quantity * wanted.value) AS weight
              FROM wanted
              JOIN net ON net.order_line_id = wanted.order_line_id
             GROUP BY 1, 2, 3, 4, 5
             UNION ALL
            SELECT wanted.line_id, wanted.order_id, wanted.source, NULL, NULL,
                   SUM(GREATEST(wanted.quantity - COALESCE(done.quantity, 0), 0)
                       * wanted.value)
              FROM wanted
         LEFT JOIN (
                    SELECT order_line_id, SUM(quantity) AS quantity
                      FROM net
                     GROUP BY order_line_id
                   ) AS done
                ON done.order_line_id = wanted.order_line_id
             GROUP BY 1, 2, 3
        ),
        relative AS MATERIALIZED (
            SELECT weight.*,
                   weight / SUM(weight) OVER (
                       PARTITION BY line_id, order_id, source
                   ) AS part
              FROM weight
             WHERE weight > 0
        )
        SELECT target.line_id,
               target.order_id,
               relative.invoice_id,
               COALESCE(
                   relative.client_id,
                   ordering.commercial_partner_id,
                   target.client_id
               ) AS client_id,
               template.logistics_service_id AS service_id,
               target.share * COALESCE(relative.part, 1) AS share,
               target.source,
               target.quoted_cost * COALESCE(relative.part, 1) AS quoted_cost
          FROM %(target)s AS target
     LEFT JOIN relative
            ON relative.line_id = target.line_id
           AND relative.order_id = target.order_id
           AND relative.source = target.source
     LEFT JOIN sale_order AS sale ON sale.id = target.order_id
     LEFT JOIN res_partner AS ordering ON ordering.id = sale.partner_id
     LEFT JOIN sale_order_line AS order_line ON order_line.id = target.order_line_id
     LEFT JOIN product_product AS product ON product.id = order_line.product_id
     LEFT JOIN product_template AS template ON template.id = product.product_tmpl_id
        """,
        target=target,
        move_types=MOVE_TYPES,
        company_id=batch.company_id,
        counts=counts(SQL("move")),
        clients=line_clients(
            SQL(
                "SELECT DISTINCT id, move_id, line_client_id, move_client_id,"
                " invoiced_partner_id FROM invoiced"
            )
        ),
    )
