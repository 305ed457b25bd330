"""Set-based SQL of the queue: which moves the value ledger has to look at again.

The steps of a refresh, in this order:

1. ``lower_bound``: up to where a later refresh may rely on ``write_date``;
2. ``changed_*`` and ``queue_moves``: what changed since the watermark is queued;
3. ``take_batch``: one worker takes some moves off the queue;
4. ``value_entries_sql``: the entries of these moves are made equal to the books.

A step may be killed and repeated at any point: the queue is emptied in the same
transaction that writes the entries, and writing them twice changes nothing.
"""

from odoo.tools import SQL

from .value_job_sql import accounts_of, job_lines
from .value_scope_sql import (
    DOCUMENT_TYPES,
    MOVE_TYPES,
    analytic_keys,
    is_manual,
)


def lower_bound() -> SQL:
    """Return until when every change is visible to snapshots taken from now on.

    Source: pg_stat_activity, this database. Grain: one timestamp (UTC).
    ``write_date`` is the start of the writing transaction, so a row that is still
    invisible now will appear with a ``write_date`` at or after the start of the
    oldest open transaction. Sessions of another database role hide their start;
    Odoo's own sessions share one role.
    """
    return SQL(
        """
        SELECT LEAST(now(), MIN(xact_start)) AT TIME ZONE 'UTC',
               clock_timestamp() AT TIME ZONE 'UTC'
          FROM pg_stat_activity
         WHERE datname = current_database()
           AND backend_type = 'client backend'
        """
    )


def queue_moves(moves: SQL, company_id: int | None = None) -> SQL:
    """Queue the documents of the ledger among the selected ones (column ``id``).

    Target: logistics_value_queue. Grain: move (its unique key). A move that waits
    already is locked until commit: else a worker who cannot see the change yet might
    take it off the queue meanwhile, and the change would be lost.
    """
    return SQL(
        """
        INSERT INTO logistics_value_queue (move_id, company_id)
        SELECT DISTINCT move.id, move.company_id
          FROM (%(moves)s) AS changed
          JOIN account_move AS move ON move.id = changed.id
         WHERE (move.move_type IN %(documents)s OR %(is_manual)s) AND %(of_company)s
            ON CONFLICT (move_id) DO UPDATE SET company_id = EXCLUDED.company_id
        """,
        moves=moves,
        of_company=SQL("move.company_id = %s", company_id)
        if company_id
        else SQL("TRUE"),
        documents=DOCUMENT_TYPES,
        is_manual=is_manual(SQL("move")),
    )


def next_range(company_id: int, first_id: int, last_id: int, size: int) -> SQL:
    """Return the last id of the next moves that a rebuild goes through, and how many.

    Source: account_move. Grain: one row. Index: account_move_pkey.
    """
    return SQL(
        """
        SELECT MAX(id), COUNT(*)
          FROM (
                SELECT id
                  FROM account_move
                 WHERE id BETWEEN %s AND %s AND company_id = %s
                 ORDER BY id
                 LIMIT %s
               ) AS move
        """,
        first_id,
        last_id,
        company_id,
        size,
    )


def changed_moves(watermark) -> SQL:
    """Select moves written since the watermark: posted, reset, re-attributed ...

    Sources: account_move, the journals chosen in the settings. Grain: move.
    Indexes: account_move_logistics_value_idx, account_move.journal_id.
    A credit note follows the invoice that it reverses, whose day it takes.
    """
    return SQL(
        """
        SELECT id
          FROM account_move
         WHERE write_date >= %(watermark)s AND move_type IN %(documents)s
         UNION
        SELECT refund.id
          FROM account_move AS invoice
          JOIN account_move AS refund ON refund.reversed_entry_id = invoice.id
         WHERE invoice.write_date >= %(watermark)s
           AND invoice.move_type IN %(documents)s
         UNION
        SELECT move.id
          FROM logistics_value_manual_journal_rel AS chosen
          JOIN account_move AS move ON move.journal_id = chosen.journal_id
         WHERE move.write_date >= %(watermark)s
        """,
        watermark=watermark,
        documents=DOCUMENT_TYPES,
    )


def changed_lines(watermark) -> SQL:
    """Select moves whose lines were written apart from the move (account, product).

    Source: account_move_line. Grain: move.
    Index: account_move_line_logistics_value_idx.
    """
    return SQL(
        """
        SELECT move_id AS id
          FROM account_move_line
         WHERE write_date >= %s
           AND display_type NOT IN (
               'payment_term', 'line_section', 'line_subsection', 'line_note'
           )
        """,
        watermark,
    )


def changed_orders(watermark) -> SQL:
    """Select moves whose sale order (partner, mode, lane) or buy price was written.

    Sources: sale_order, sale_order_line, sale_order_line_invoice_rel. Grain: move.
    Indexes: sale_order_logistics_value_idx, sale_order_line_logistics_value_idx.
    """
    return SQL(
        """
        SELECT line.move_id AS id
          FROM (
                SELECT id FROM sale_order_line WHERE write_date >= %(watermark)s
                 UNION
                SELECT order_line.id
                  FROM sale_order
                  JOIN sale_order_line AS order_line
                    ON order_line.order_id = sale_order.id
                 WHERE sale_order.write_date >= %(watermark)s
               ) AS order_line
          JOIN sale_order_line_invoice_rel AS rel
            ON rel.order_line_id = order_line.id
          JOIN account_move_line AS line ON line.id = rel.invoice_line_id
        """,
        watermark=watermark,
    )


def moves_of_scope(accounts, templates, journals) -> SQL:
    """Select moves on accounts, products or journals whose role in the ledger changed.

    Sources: account_move_line, account_move. Grain: move.
    Indexes: account_move_line_account_id_date_idx, product_id, journal_id.
    """
    return SQL(
        """
        SELECT move_id AS id
          FROM account_move_line
         WHERE account_id = ANY(%(accounts)s)
         UNION
        SELECT line.move_id
          FROM account_move_line AS line
          JOIN product_product AS product ON product.id = line.product_id
         WHERE product.product_tmpl_id = ANY(%(templates)s)
         UNION
        SELECT id FROM account_move WHERE journal_id = ANY(%(journals)s)
        """,
        accounts=list(accounts),
        templates=list(templates),
        journals=list(journals),
    )


def moves_of_partners(partner_ids) -> SQL:
    """Select moves that count for one of the partners, or would by default.

    Sources: account_move, sale_order and its lines. Grain: move.
    Indexes: commercial_partner_id, logistics_attributed_client_id, and
    sale_order.partner_id.
    """
    return SQL(
        """
        SELECT id
          FROM account_move
         WHERE commercial_partner_id = ANY(%(partners)s)
         UNION
        SELECT id
          FROM account_move
         WHERE logistics_attributed_client_id = ANY(%(partners)s)
         UNION
        SELECT line.move_id
          FROM sale_order AS sale
          JOIN sale_order_line AS order_line ON order_line.order_id = sale.id
          JOIN sale_order_line_invoice_rel AS rel ON rel.order_line_id = order_line.id
          JOIN account_move_line AS line ON line.id = rel.invoice_line_id
         WHERE sale.partner_id = ANY(%(partners)s)
        """,
        partners=list(partner_ids),
    )


def changed_purchases(watermark) -> SQL:
    """Select the bills of purchase lines that were written (order, quantity, price).

    Sources: purchase_order_line, account_move_line. Grain: move.
    Index: account_move_line.purchase_line_id; purchase lines are read through, as no
    index of ours is put on a table of an app that we do not depend on.
    """
    return SQL(
        """
        SELECT line.move_id AS id
          FROM purchase_order_line AS purchase
          JOIN account_move_line AS line ON line.purchase_line_id = purchase.id
         WHERE purchase.write_date >= %s
        """,
        watermark,
    )


def changed_rates(watermark) -> SQL:
    """Select invoices of orders in a currency whose rate was entered late.

    Sources: res_currency_rate, sale_order and its invoices. Grain: move.
    Index: sale_order.currency_id is none: the orders are read through, and only after
    a rate was entered for a day in the past.
    """
    return SQL(
        """
        SELECT DISTINCT move.id
          FROM res_currency_rate AS rate
          JOIN sale_order AS sale
            ON sale.currency_id = rate.currency_id
            OR sale.company_id IN (
               SELECT id FROM res_company WHERE currency_id = rate.currency_id
               )
          JOIN res_company AS company
            ON company.id = sale.company_id
           AND company.currency_id <> sale.currency_id
          JOIN sale_order_line AS order_line ON order_line.order_id = sale.id
          JOIN sale_order_line_invoice_rel AS rel ON rel.order_line_id = order_line.id
          JOIN account_move_line AS line ON line.id = rel.invoice_line_id
          JOIN account_move AS move
            ON move.id = line.move_id
           AND COALESCE(move.invoice_date, move.date) >= rate.name
         WHERE rate.write_date >= %s
        """,
        watermark,
    )


def with_related(moves: SQL, has_purchases: bool) -> SQL:
    """Select the given moves, and those of the same orders whose entries follow them.

    A bill replaces the estimate on the invoices of its order; an invoice says for
    whom the bills of its order count; a down payment takes the day of the invoice.

    Sources: the orders of the invoices and bills, by invoiced, purchased or analytic
    link. Grain: move. Indexes: those of the links, and the analytic gin indexes.
    """
    none = SQL("SELECT NULL::int, NULL::int WHERE FALSE")
    return SQL(
        """
        WITH changed AS MATERIALIZED (%(moves)s),
        linked AS (
            SELECT rel.order_line_id
              FROM changed
              JOIN account_move_line AS line ON line.move_id = changed.id
              JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = line.id
             UNION
            SELECT purchased.order_line_id
              FROM changed
              JOIN (%(purchased)s) AS purchased ON purchased.move_id = changed.id
             UNION
            SELECT job.order_line_id FROM (%(billed_jobs)s) AS job
        ),
        order_line AS MATERIALIZED (
            SELECT DISTINCT line.id, line.analytic_distribution
              FROM linked
              JOIN sale_order_line AS known ON known.id = linked.order_line_id
              JOIN sale_order_line AS line ON line.order_id = known.order_id
        )
        SELECT id FROM changed
         UNION
        SELECT line.move_id
          FROM order_line
          JOIN sale_order_line_invoice_rel AS rel ON rel.order_line_id = order_line.id
          JOIN account_move_line AS line ON line.id = rel.invoice_line_id
         UNION
        SELECT purchased.move_id
          FROM order_line
          JOIN (%(purchased)s) AS purchased
            ON purchased.order_line_id = order_line.id
         UNION
        SELECT line.move_id
          FROM (SELECT DISTINCT account_id FROM (%(jobs)s) AS job) AS account
          JOIN account_move_line AS line
            ON %(keys)s && ARRAY[account.account_id::text]
         WHERE line.parent_state <> 'cancel'
        """,
        moves=moves,
        purchased=SQL(
            """
            SELECT line.move_id, purchase.sale_line_id AS order_line_id
              FROM account_move_line AS line
              JOIN purchase_order_line AS purchase
                ON purchase.id = line.purchase_line_id
             WHERE purchase.sale_line_id IS NOT NULL
            """
        )
        if has_purchases
        else SQL(
            "SELECT move_id, order_line_id FROM (%s) AS x(move_id, order_line_id)", none
        ),
        billed_jobs=job_lines(
            accounts_of(
                SQL(
                    """
                    SELECT line.analytic_distribution
                      FROM changed
                      JOIN account_move AS move ON move.id = changed.id
                      JOIN account_move_line AS line ON line.move_id = move.id
                     WHERE move.move_type NOT IN %s
                       AND line.analytic_distribution IS NOT NULL
                       AND line.analytic_distribution <> '{}'
                    """,
                    MOVE_TYPES,
                )
            )
        ),
        jobs=job_lines(
            accounts_of(
                SQL(
                    """
                    SELECT analytic_distribution
                      FROM order_line
                     WHERE analytic_distribution IS NOT NULL
                       AND analytic_distribution <> '{}'
                    """
                )
            )
        ),
        keys=analytic_keys(SQL("line.analytic_distribution")),
    )


def by_company(moves: SQL) -> SQL:
    """Select company and ids, in their order, of the selected moves.

    Source: account_move. Grain: company. Index: account_move_pkey.
    """
    return SQL(
        """
        SELECT move.company_id, ARRAY_AGG(move.id ORDER BY move.id)
          FROM (%s) AS chosen
          JOIN account_move AS move ON move.id = chosen.id
         GROUP BY move.company_id
         ORDER BY move.company_id
        """,
        moves,
    )


def given_moves(move_ids) -> SQL:
    """Select the given moves."""
    return SQL("SELECT unnest(%s::int[]) AS id", list(move_ids))


def credit_notes_of(move_ids) -> SQL:
    """Select the credit notes that reverse the given moves.

    Source: account_move. Grain: move. Index: reversed_entry_id.
    """
    return SQL(
        "SELECT id FROM account_move WHERE reversed_entry_id = ANY(%s)", list(move_ids)
    )


def take_batch(company_id: int, size: int, wait: bool = False) -> SQL:
    """Take some moves off the queue; other workers skip these rows meanwhile.

    One who has to ``wait`` for them fails to serialize once they are gone, and begins
    anew with entries that are up to date.

    Source: logistics_value_queue. Grain: move. Index: company_id, primary key.
    The array makes PostgreSQL choose the rows once, whatever it believes of the size.
    """
    return SQL(
        """
        DELETE FROM logistics_value_queue
         WHERE id = ANY(ARRAY(
               SELECT id
                 FROM logistics_value_queue
                WHERE company_id = %s
                ORDER BY id
                LIMIT %s
                  FOR UPDATE %s
               ))
        RETURNING move_id
        """,
        company_id,
        size,
        SQL() if wait else SQL("SKIP LOCKED"),
    )
