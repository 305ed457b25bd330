"""Set-based SQL of customer moves: for which client they count, and their status."""

from odoo.tools import SQL

from .value_scope_sql import MOVE_TYPES


def line_clients(lines: SQL) -> SQL:
    """Select for which client, and by which order, each line of a sale counts.

    This is the one place of the rule: the ledger and the invoice read it. The first
    that is known decides: the line's own re-attribution, the document's, the ordering
    client of the line, of the document's first order, and the invoiced partner.

    ``lines`` selects id, move_id, line_client_id and move_client_id (both as chosen
    by an accountant) and invoiced_partner_id of the lines in question.

    Sources: ``lines``, sale_order_line_invoice_rel, sale_order, res_partner.
    Grain: line. Index: the keys of sale_order_line_invoice_rel.
    """
    return SQL(
        """
        WITH sold AS MATERIALIZED (%(lines)s),
        ordered AS MATERIALIZED (
            SELECT sold.id, sold.move_id, MIN(order_line.order_id) AS order_id
              FROM sold
              JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = sold.id
              JOIN sale_order_line AS order_line ON order_line.id = rel.order_line_id
             GROUP BY sold.id, sold.move_id
        ),
        first_order AS (
            SELECT move_id, MIN(order_id) AS order_id FROM ordered GROUP BY move_id
        )
        SELECT sold.id AS line_id,
               sold.move_id,
               COALESCE(ordered.order_id, first_order.order_id) AS order_id,
               COALESCE(
                   by_line.commercial_partner_id,
                   by_move.commercial_partner_id,
                   ordering.commercial_partner_id,
                   invoiced.commercial_partner_id
               ) AS client_id
          FROM sold
     LEFT JOIN ordered ON ordered.id = sold.id
     LEFT JOIN first_order ON first_order.move_id = sold.move_id
     LEFT JOIN sale_order AS sale
            ON sale.id = COALESCE(ordered.order_id, first_order.order_id)
     LEFT JOIN res_partner AS by_line ON by_line.id = sold.line_client_id
     LEFT JOIN res_partner AS by_move ON by_move.id = sold.move_client_id
     LEFT JOIN res_partner AS ordering ON ordering.id = sale.partner_id
     LEFT JOIN res_partner AS invoiced ON invoiced.id = sold.invoiced_partner_id
        """,
        lines=lines,
    )


def default_clients(move_ids) -> SQL:
    """Select the client that each move counts for unless it is re-attributed.

    Sources: ``line_clients``, account_move, account_move_line.
    Grain: move (the first order counts). Index: account_move_line.move_id.
    """
    return SQL(
        """
        SELECT DISTINCT ON (move_id) move_id, client_id
          FROM (%s) AS counted
         ORDER BY move_id, order_id
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


def moves_of_clients(clients: SQL) -> SQL:
    """Select the customer moves that count for the selected clients.

    Sources: account_move, account_move_line, sale_order_line, sale_order, res_partner.
    Grain: move. Indexes: res_partner.commercial_partner_id, sale_order.partner_id,
    account_move.commercial_partner_id and logistics_attributed_client_id.
    """
    return SQL(
        """
        SELECT move.id
          FROM res_partner AS partner
          JOIN account_move AS move
            ON move.logistics_attributed_client_id = partner.id
         WHERE partner.commercial_partner_id IN (%(clients)s)
         UNION
        SELECT move.id
          FROM res_partner AS partner
          JOIN sale_order AS sale ON sale.partner_id = partner.id
          JOIN sale_order_line AS order_line ON order_line.order_id = sale.id
          JOIN sale_order_line_invoice_rel AS rel ON rel.order_line_id = order_line.id
          JOIN account_move_line AS line ON line.id = rel.invoice_line_id
          JOIN account_move AS move ON move.id = line.move_id
         WHERE partner.commercial_partner_id IN (%(clients)s)
           AND move.logistics_attributed_client_id IS NULL
         UNION
        SELECT move.id
          FROM res_partner AS partner
          JOIN account_move AS move ON move.commercial_partner_id = partner.id
         WHERE partner.commercial_partner_id IN (%(clients)s)
           AND move.logistics_attributed_client_id IS NULL
           AND NOT EXISTS (
               SELECT 1
                 FROM account_move_line AS line
                 JOIN sale_order_line_invoice_rel AS rel
                   ON rel.invoice_line_id = line.id
                WHERE line.move_id = move.id
               )
        """,
        clients=clients,
    )


def moves_with_status(status: str, estimated_sources) -> SQL:
    """Select the posted customer moves with a value status.

    Sources: account_move, logistics_value_entry. Grain: move. Index: none for the
    moves (a full pass), logistics_value_entry_grain_idx for their entries.
    """
    estimated = list(estimated_sources)
    excluded = SQL(
        """
        (move.logistics_value_excluded IS TRUE OR EXISTS (
            SELECT 1
              FROM account_journal AS journal
              JOIN logistics_value_excluded_journal_rel AS rel
                ON rel.journal_id = journal.id
               AND rel.company_id = journal.company_id
             WHERE journal.id = move.journal_id
        ))
        """
    )
    conditions = {
        "excluded": SQL("COUNT(entry.id) = 0 AND BOOL_AND%s", excluded),
        "pending": SQL("COUNT(entry.id) = 0 AND NOT BOOL_AND%s", excluded),
        "no_cost": SQL("BOOL_AND(cost_source = 'none')"),
        "partial": SQL(
            "BOOL_OR(cost_source = 'none') AND BOOL_OR(cost_source <> 'none')"
        ),
        "estimated": SQL(
            "BOOL_AND(cost_source <> 'none') AND BOOL_OR(cost_source = ANY(%s))",
            estimated,
        ),
        "actual": SQL(
            "BOOL_AND(cost_source <> 'none' AND cost_source <> ALL(%s))", estimated
        ),
    }
    return SQL(
        """
        SELECT move.id
          FROM account_move AS move
     LEFT JOIN logistics_value_entry AS entry ON entry.move_id = move.id
         WHERE move.state = 'posted' AND move.move_type IN %s
         GROUP BY move.id
        HAVING %s
        """,
        MOVE_TYPES,
        conditions.get(status, SQL("FALSE")),
    )
