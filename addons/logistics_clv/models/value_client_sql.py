"""Set-based SQL of customer moves: for which client they count, and their status."""

from odoo.tools import SQL

from .value_client_rule_sql import ruled_moves


def line_clients(lines: SQL, orders: SQL | None = None, **rules) -> SQL:
    """Select for which client, and by which order, each line of a sale counts.

    This is the one place of the rule: the ledger and the invoice read it. The first
    that is known decides: the line's own re-attribution, the document's, the rules for
    agents and payers (their keywords: see ``ruled_moves``), the ordering client of the
    line, of the document's first order, and the invoiced partner.

    ``lines`` selects id, move_id, line_client_id and move_client_id (both as chosen
    by an accountant) and invoiced_partner_id of the lines in question; ``orders``
    their id, move_id and order_id, for one who has both in tables already.

    Sources: ``lines``, ``ruled_moves``, sale_order_line_invoice_rel, sale_order,
    res_partner. Grain: line. Index: the keys of sale_order_line_invoice_rel.
    """
    return SQL(
        """
        WITH sold AS %(kept)s (%(lines)s),
        ordered AS %(kept)s (%(orders)s),
        first_order AS (
            SELECT move_id, MIN(order_id) AS order_id
              FROM ordered
             WHERE move_id IN (
                   SELECT sold.move_id
                     FROM sold
                    WHERE NOT EXISTS (SELECT 1 FROM ordered WHERE id = sold.id)
                   )
             GROUP BY move_id
        ),
        ruled AS MATERIALIZED (%(ruled)s)
        SELECT sold.id AS line_id,
               sold.move_id,
               COALESCE(ordered.order_id, first_order.order_id) AS order_id,
               ruled.rule_id,
               COALESCE(
                   by_line.commercial_partner_id,
                   by_move.commercial_partner_id,
                   ruled.client_id,
                   ordering.commercial_partner_id,
                   invoiced.commercial_partner_id
               ) AS client_id
          FROM sold
     LEFT JOIN ordered ON ordered.id = sold.id
     LEFT JOIN first_order ON first_order.move_id = sold.move_id
     LEFT JOIN sale_order AS sale
            ON sale.id = COALESCE(ordered.order_id, first_order.order_id)
     LEFT JOIN ruled ON ruled.move_id = sold.move_id
     LEFT JOIN res_partner AS by_line ON by_line.id = sold.line_client_id
     LEFT JOIN res_partner AS by_move ON by_move.id = sold.move_client_id
     LEFT JOIN res_partner AS ordering ON ordering.id = sale.partner_id
     LEFT JOIN res_partner AS invoiced ON invoiced.id = sold.invoiced_partner_id
        """,
        # tables are read as often as needed, queries once
        kept=SQL("NOT MATERIALIZED") if orders else SQL("MATERIALIZED"),
        lines=lines,
        ruled=ruled_moves(SQL("SELECT DISTINCT move_id FROM sold"), **rules),
        orders=orders
        or SQL(
            """
            SELECT sold.id, sold.move_id, MIN(order_line.order_id) AS order_id
              FROM sold
              JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = sold.id
              JOIN sale_order_line AS order_line ON order_line.id = rel.order_line_id
             GROUP BY sold.id, sold.move_id
            """
        ),
    )


def default_clients(move_ids) -> SQL:
    """Select the client of each move unless re-attributed, and by which rule or order.

    Sources: ``line_clients``, account_move, account_move_line.
    Grain: move (the first order counts). Index: account_move_line.move_id.
    """
    return SQL(
        """
        SELECT DISTINCT ON (counted.move_id)
               counted.move_id,
               counted.client_id,
               rule.name AS rule,
               sale.name AS sale_order
          FROM (%s) AS counted
     LEFT JOIN logistics_value_client_rule AS rule ON rule.id = counted.rule_id
     LEFT JOIN sale_order AS sale ON sale.id = counted.order_id
         ORDER BY counted.move_id, counted.order_id
        """,
        line_clients(
            SQL(
                """
                SELECT line.id,
                       line.move_id,
                       NULL::int AS line_client_id,
                       NULL::int AS move_client_id,
                       move.commercial_partner_id AS invoiced_partner_id
                  FROM account_move_line AS line
                  JOIN account_move AS move ON move.id = line.move_id
                 WHERE line.move_id = ANY(%s)
                """,
                list(move_ids),
            )
        ),
    )


def clients_by_line(move_ids, **rules) -> SQL:
    """Select line, move and client of each line of the moves that nobody re-attributed.

    Sources: ``line_clients`` (with its keywords), account_move_line. Grain: line.
    Index: account_move_line.move_id.
    """
    lines = SQL(
        """
        SELECT line.id,
               line.move_id,
               NULL::int AS line_client_id,
               NULL::int AS move_client_id,
               move.commercial_partner_id AS invoiced_partner_id
          FROM account_move AS move
          JOIN account_move_line AS line ON line.move_id = move.id
         WHERE move.id = ANY(%s)
           AND move.logistics_attributed_client_id IS NULL
           AND line.logistics_attributed_client_id IS NULL
           AND line.display_type = 'product'
        """,
        list(move_ids),
    )
    return SQL(
        "SELECT line_id, move_id, client_id FROM (%s) AS counted",
        line_clients(lines, **rules),
    )


def moves_of_clients(clients: SQL) -> SQL:
    """Select the documents that count for the selected clients.

    Sources: logistics_value_entry for what is in the ledger; account_move and
    sale_order for drafts and what waits. Grain: move. Indexes:
    logistics_value_entry.client_id, the attributed clients of documents and lines,
    res_partner.commercial_partner_id, sale_order.partner_id, account_move.partner_id.
    """
    return SQL(
        """
        WITH client AS MATERIALIZED (
            SELECT id FROM res_partner WHERE commercial_partner_id IN (%(clients)s)
        ),
        candidate AS (
            SELECT line.move_id AS id
              FROM client
              JOIN sale_order AS sale ON sale.partner_id = client.id
              JOIN sale_order_line AS order_line ON order_line.order_id = sale.id
              JOIN sale_order_line_invoice_rel AS rel
                ON rel.order_line_id = order_line.id
              JOIN account_move_line AS line ON line.id = rel.invoice_line_id
             UNION
            SELECT move.id
              FROM client
              JOIN account_move AS move ON move.partner_id = client.id
             WHERE NOT EXISTS (
                   SELECT 1
                     FROM account_move_line AS line
                     JOIN sale_order_line_invoice_rel AS rel
                       ON rel.invoice_line_id = line.id
                    WHERE line.move_id = move.id
                   )
        )
        SELECT entry.move_id AS id
          FROM client
          JOIN logistics_value_entry AS entry ON entry.client_id = client.id
         UNION
        SELECT move.id
          FROM client
          JOIN account_move AS move ON move.logistics_attributed_client_id = client.id
         UNION
        SELECT move.id
          FROM candidate
          JOIN account_move AS move ON move.id = candidate.id
         WHERE move.logistics_attributed_client_id IS NULL
           AND NOT EXISTS (
               SELECT 1 FROM logistics_value_entry WHERE move_id = move.id
               )
        """,
        clients=clients,
    )
