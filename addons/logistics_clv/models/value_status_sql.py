"""Set-based SQL of the lists of documents: their status in the value ledger."""

from odoo.tools import SQL

from .value_scope_sql import DOCUMENT_TYPES

# Cost sources that a later document may still replace, and the one without any cost.
ESTIMATED_SOURCES = ("order_line",)
NO_COST = "none"
# What has no cost by its nature: neither covered nor missing.
NEUTRAL_SOURCES = ("disbursement", "down_payment")


def moves_without_client() -> SQL:
    """Select the documents in the ledger of which a part counts for nobody.

    Source: logistics_value_entry. Grain: move. Index: its partial one on no client.
    """
    return SQL("SELECT move_id FROM logistics_value_entry WHERE client_id IS NULL")


def adjusted_moves() -> SQL:
    """Select the documents with adjustments, as their period was closed.

    Source: logistics_value_entry. Grain: move. Index:
    logistics_value_entry_adjustment_idx.
    """
    return SQL("SELECT move_id FROM logistics_value_entry WHERE is_adjustment")


def bill_clients(move_ids) -> SQL:
    """Select how many clients the cost of bills counts for, and one of them.

    Source: logistics_value_entry. Grain: bill. Index: logistics_value_entry_grain_idx.
    """
    return SQL(
        """
        SELECT move_id, COUNT(DISTINCT COALESCE(client_id, 0)), MIN(client_id)
          FROM logistics_value_entry
         WHERE move_id = ANY(%s)
         GROUP BY move_id
        """,
        list(move_ids),
    )


def value_rows(move_ids) -> SQL:
    """Select what documents have in the ledger, and the bills that cost for them.

    Sources: logistics_value_entry, account_move, sale_order, res_partner. Grain:
    document, own or of a bill, cost source, client, adjustment and its period.
    Indexes: logistics_value_entry_grain_idx and that on invoice_id. The documents are
    readable already, and their entries are of the same company.
    """
    return SQL(
        """
        SELECT entry.document_id,
               entry.is_billed,
               entry.cost_source,
               entry.client_id,
               MIN(client.complete_name) AS client,
               entry.is_adjustment,
               CASE WHEN entry.is_adjustment THEN entry.period END AS period,
               SUM(entry.revenue) AS revenue,
               SUM(entry.cost) AS cost,
               SUM(entry.contribution) AS contribution,
               COUNT(*) AS number,
               STRING_AGG(DISTINCT other.name, ', ') AS document,
               STRING_AGG(DISTINCT other.invoice_origin, ', ') AS origin,
               STRING_AGG(DISTINCT sale.name, ', ') AS sale_order
          FROM (
                SELECT move_id AS document_id, FALSE AS is_billed,
                       invoice_id AS other_id, own.*
                  FROM logistics_value_entry AS own
                 WHERE move_id = ANY(%(moves)s)
                 UNION ALL
                SELECT invoice_id, TRUE, move_id, billed.*
                  FROM logistics_value_entry AS billed
                 WHERE invoice_id = ANY(%(moves)s)
               ) AS entry
     LEFT JOIN account_move AS other ON other.id = entry.other_id
     LEFT JOIN sale_order AS sale ON sale.id = entry.order_id
     LEFT JOIN res_partner AS client ON client.id = entry.client_id
         GROUP BY 1, 2, 3, 4, 6, 7
         ORDER BY 1, 2, 6, 3, 4
        """,
        moves=list(move_ids),
    )


def reattributed_moves() -> SQL:
    """Select the documents of which a part counts for a client that was chosen.

    Sources: account_move, account_move_line. Grain: move. Indexes: their partial ones
    on logistics_attributed_client_id.
    """
    return SQL(
        """
        SELECT id FROM account_move WHERE logistics_attributed_client_id IS NOT NULL
         UNION
        SELECT move_id
          FROM account_move_line
         WHERE logistics_attributed_client_id IS NOT NULL
        """
    )


def waiting_moves(move_ids=None) -> SQL:
    """Select the documents that the ledger has still to look at (column ``id``).

    Sources: logistics_value_queue, account_move, logistics_value_ledger. Grain: move.
    Index: the queue's key, account_move_logistics_value_idx on what was written since
    the watermark. A company without a ledger yet waits with all its documents.
    """
    among = (
        SQL("TRUE") if move_ids is None else SQL("move.id = ANY(%s)", list(move_ids))
    )
    return SQL(
        """
        SELECT move.id
          FROM logistics_value_queue AS queue
          JOIN account_move AS move ON move.id = queue.move_id
         WHERE %(among)s
         UNION
        SELECT move.id
          FROM logistics_value_ledger AS ledger
          JOIN account_move AS move
            ON move.company_id = ledger.company_id
           AND move.write_date >= ledger.watermark
         WHERE move.move_type IN %(move_types)s AND %(among)s
         UNION
        SELECT move.id
          FROM res_company AS company
          JOIN account_move AS move ON move.company_id = company.id
         WHERE move.move_type IN %(move_types)s
           AND %(among)s
           AND NOT EXISTS (
               SELECT 1
                 FROM logistics_value_ledger AS ledger
                WHERE ledger.company_id = company.id
                  AND ledger.watermark IS NOT NULL
               )
        """,
        among=among,
        move_types=DOCUMENT_TYPES,
    )


def moves_with_status(status: str, estimated_sources) -> SQL:
    """Select the customer moves with a value status, posted or not (one column).

    Source: logistics_value_entry for what is in the ledger; account_move for what is
    excluded, the queue and what was written last for what waits. Grain: move.
    Indexes: logistics_value_entry_no_cost_idx and _grain_idx,
    account_move_logistics_excluded_idx and _logistics_value_idx. No pass over the
    invoices, but for ``empty``.
    """
    outside = SQL(
        "NOT EXISTS (SELECT 1 FROM logistics_value_entry WHERE move_id = move.id)"
    )
    estimated = list(estimated_sources)
    known = SQL("<> ALL(%s)", [NO_COST, *NEUTRAL_SOURCES])
    queries = {
        "no_cost": _entries(SQL("= 'none'"), without=known),
        "partial": SQL("%s AND EXISTS (%s)", _entries(SQL("= 'none'")), _others(known)),
        "estimated": _entries(SQL("= ANY(%s)", estimated), without=SQL("= 'none'")),
        "actual": _entries(
            SQL("<> ALL(%s)", [*estimated, "none"]),
            without=SQL("= ANY(%s)", [*estimated, "none"]),
        ),
        "excluded": SQL(
            """
            SELECT move.id
              FROM account_move AS move
             WHERE move.id IN (%s) AND move.move_type IN %s AND %s
            """,
            _excluded_moves(),
            DOCUMENT_TYPES,
            outside,
        ),
        "pending": SQL(
            "SELECT move.id FROM (%s) AS move WHERE %s AND move.id NOT IN (%s)",
            waiting_moves(),
            outside,
            _excluded_moves(),
        ),
        "empty": SQL(
            """
            SELECT move.id
              FROM account_move AS move
             WHERE move.move_type IN %s
               AND %s
               AND move.id NOT IN (%s)
               AND move.id NOT IN (%s)
            """,
            DOCUMENT_TYPES,
            outside,
            _excluded_moves(),
            waiting_moves(),
        ),
    }
    return queries.get(status, SQL("SELECT NULL::int"))


def _entries(source: SQL, without: SQL | None = None) -> SQL:
    """Select the moves with entries of a cost source, and without ones of another."""
    return SQL(
        """
        SELECT entry.move_id
          FROM logistics_value_entry AS entry
         WHERE entry.cost_source %s AND %s AND %s
        """,
        source,
        _in_force(SQL.identifier("entry")),
        SQL("NOT EXISTS (%s)", _others(without)) if without else SQL("TRUE"),
    )


def _others(source: SQL) -> SQL:
    return SQL(
        """
        SELECT 1
          FROM logistics_value_entry AS other
         WHERE other.move_id = entry.move_id AND other.cost_source %s AND %s
        """,
        source,
        _in_force(SQL.identifier("other")),
    )


def _in_force(entry: SQL) -> SQL:
    """Return that an entry tells today's cost source of its document.

    What was adjusted has another source now than when its period closed. Index:
    logistics_value_entry_adjustment_idx.
    """
    return SQL(
        """
        (%(entry)s.is_adjustment OR NOT EXISTS (
            SELECT 1
              FROM logistics_value_entry AS adjustment
             WHERE adjustment.move_id = %(entry)s.move_id
               AND adjustment.is_adjustment
        ))
        """,
        entry=entry,
    )


def _excluded_moves() -> SQL:
    return SQL(
        """
        SELECT id FROM account_move WHERE logistics_value_excluded IS TRUE
         UNION ALL
        SELECT move.id
          FROM logistics_value_excluded_journal_rel AS rel
          JOIN account_journal AS journal
            ON journal.id = rel.journal_id AND journal.company_id = rel.company_id
          JOIN account_move AS move ON move.journal_id = journal.id
        """
    )
