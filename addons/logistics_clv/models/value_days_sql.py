"""Set-based SQL of the days of clients: the value ledger, a row for client and day."""

from odoo.tools import SQL

from .value_scope_sql import Batch

# Stands for all clients in the queue.
EVERYBODY = 0

KEYS = ("company_id", "client_id", "order_date", "date")
MEASURES = (
    "revenue",
    "contribution",
    "order_revenue",
    "unknown_revenue",
    "estimated_revenue",
    "has_order",
    "is_free",
    "mode_id",
)


def touch_clients(batch: Batch) -> SQL:
    """Queue the clients of a batch: those that it had, and those that it will have.

    Sources: logistics_value_entry, the table of fresh entries of this transaction.
    Grain: client. Index: logistics_value_entry_grain_idx. A range stands for all.
    """
    if batch.is_range:
        return touch_everybody(batch.company_id)
    return SQL(
        """
        INSERT INTO logistics_client_day_queue (client_id, company_id)
        SELECT client_id, %(company_id)s
          FROM (
                SELECT client_id FROM logistics_value_fresh
                 UNION
                SELECT client_id
                  FROM logistics_value_entry
                 WHERE %(in_batch)s AND company_id = %(company_id)s
               ) AS touched
         WHERE client_id IS NOT NULL
        """,
        in_batch=batch.holds(SQL("move_id")),
        company_id=batch.company_id,
    )


def touch_everybody(company_id: int) -> SQL:
    """Queue all clients."""
    return SQL(
        "INSERT INTO logistics_client_day_queue (client_id, company_id)"
        " VALUES (%s, %s)",
        EVERYBODY,
        company_id,
    )


def touch_clients_of_moves(move_ids) -> SQL:
    """Queue the clients in whose account the given documents are.

    Source: logistics_value_entry. Grain: client.
    Index: logistics_value_entry_grain_idx.
    """
    return SQL(
        """
        INSERT INTO logistics_client_day_queue (client_id, company_id)
        SELECT DISTINCT client_id, company_id
          FROM logistics_value_entry
         WHERE move_id = ANY(%s) AND client_id IS NOT NULL
        """,
        list(move_ids),
    )


def take_touched(company_id: int) -> SQL:
    """Take the clients off the queue that this transaction can see."""
    return SQL(
        """
        WITH taken AS (
            DELETE FROM logistics_client_day_queue
             WHERE company_id = %s
            RETURNING client_id
        )
        SELECT DISTINCT client_id FROM taken ORDER BY client_id
        """,
        company_id,
    )


def has_days(company_id: int) -> SQL:
    """Return whether the company has any day yet."""
    return SQL(
        "SELECT EXISTS (SELECT 1 FROM logistics_client_day WHERE company_id = %s)",
        company_id,
    )


def equals_ledger(company_id: int) -> SQL:
    """Return whether the days add up to the entries, in revenue and contribution.

    Sources: logistics_client_day, logistics_value_entry. Grain: one row.
    Indexes: logistics_client_day_facts_idx and logistics_value_entry_facts_idx
    (index-only).
    """
    return SQL(
        """
        SELECT (SELECT ROW(COALESCE(SUM(revenue), 0), COALESCE(SUM(contribution), 0))
                  FROM logistics_client_day
                 WHERE company_id = %(company_id)s)
             = (SELECT ROW(COALESCE(SUM(revenue), 0), COALESCE(SUM(contribution), 0))
                  FROM logistics_value_entry
                 WHERE company_id = %(company_id)s AND client_id IS NOT NULL)
        """,
        company_id=company_id,
    )


def make_fresh(company_id: int, client_ids, has_transfers: bool) -> SQL:
    """Add up the entries of some clients, or all (None), by client and day.

    The day of an order is when it was delivered, or promised for; one of several
    orders on a collective invoice keeps its own date, so that a monthly invoice does
    not hide the cadence; else the day of the entry, the invoice's. A credit note is
    on the day of what it takes back by the same rule, through its order.

    Sources: logistics_value_entry, sale_order. Grain: client, order day, accounting
    date. Index: logistics_value_entry.client_id for some clients; all are one pass,
    with a hash join to the orders.
    """
    done = SQL("sale.effective_date::date") if has_transfers else SQL("NULL::date")
    chosen = SQL()
    if client_ids is not None:
        chosen = SQL("AND client_id = ANY(%s)", list(client_ids))
    return SQL(
        """
        CREATE TEMP TABLE logistics_client_day_fresh ON COMMIT DROP AS
        WITH collective AS (
            SELECT client_id, move_id
              FROM logistics_value_entry
             WHERE company_id = %(company_id)s
               AND is_order
               AND order_id IS NOT NULL %(chosen)s
             GROUP BY client_id, move_id
            HAVING MIN(order_id) <> MAX(order_id)
        )
        SELECT client_id,
               order_date,
               date,
               SUM(revenue) AS revenue,
               SUM(contribution) AS contribution,
               COALESCE(SUM(revenue) FILTER (WHERE is_order), 0) AS order_revenue,
               COALESCE(
                   SUM(revenue) FILTER (WHERE cost_source = 'none'), 0
               ) AS unknown_revenue,
               COALESCE(
                   SUM(revenue) FILTER (WHERE cost_source = 'order_line'), 0
               ) AS estimated_revenue,
               BOOL_OR(is_order) AS has_order,
               COALESCE(BOOL_AND(revenue = 0) FILTER (WHERE is_order), FALSE)
                   AS is_free,
               MIN(mode_id) FILTER (WHERE is_order) AS mode_id
          FROM (
                SELECT entry.client_id,
                       COALESCE(
                           %(done)s,
                           sale.commitment_date::date,
                           CASE WHEN collective.move_id IS NOT NULL
                                THEN LEAST(sale.date_order::date, entry.order_date)
                                END,
                           entry.order_date
                       ) AS order_date,
                       entry.date,
                       entry.revenue,
                       entry.contribution,
                       entry.is_order IS TRUE AS is_order,
                       entry.cost_source,
                       entry.mode_id
                  FROM logistics_value_entry AS entry
             LEFT JOIN sale_order AS sale ON sale.id = entry.order_id
             LEFT JOIN collective
                    ON collective.client_id = entry.client_id
                   AND collective.move_id = COALESCE(entry.invoice_id, entry.move_id)
                 WHERE entry.company_id = %(company_id)s
                   AND entry.client_id IS NOT NULL %(chosen_entry)s
               ) AS entry
         GROUP BY client_id, order_date, date
        """,
        company_id=company_id,
        done=done,
        chosen=chosen,
        chosen_entry=SQL()
        if client_ids is None
        else SQL("AND entry.client_id = ANY(%s)", list(client_ids)),
    )


def fill(company_id: int) -> SQL:
    """Write the days of a company that has none, in the order of the index."""
    return SQL(
        """
        INSERT INTO logistics_client_day (company_id, %(columns)s)
        SELECT %(company_id)s, %(columns)s
          FROM logistics_client_day_fresh
         ORDER BY client_id, order_date, date
        """,
        columns=_columns((*KEYS[1:], *MEASURES)),
        company_id=company_id,
    )


def delete_stale(company_id: int, client_ids) -> SQL:
    """Delete the days that the ledger no longer has.

    Index: logistics_client_day_facts_idx for some clients, a hash anti-join for all.
    """
    return SQL(
        """
        DELETE FROM logistics_client_day AS day
         WHERE day.company_id = %(company_id)s %(chosen)s
           AND NOT EXISTS (
               SELECT 1
                 FROM logistics_client_day_fresh AS fresh
                WHERE fresh.client_id = day.client_id
                  AND fresh.order_date = day.order_date
                  AND fresh.date = day.date
               )
        """,
        company_id=company_id,
        chosen=SQL()
        if client_ids is None
        else SQL("AND day.client_id = ANY(%s)", list(client_ids)),
    )


def write_fresh(company_id: int) -> SQL:
    """Write the days that are new or have changed, and no others.

    Index: logistics_client_day_facts_idx (the unique key of the grain).
    """
    return SQL(
        """
        INSERT INTO logistics_client_day AS day (company_id, %(columns)s)
        SELECT %(company_id)s, %(fresh)s
          FROM logistics_client_day_fresh AS fresh
     LEFT JOIN logistics_client_day AS known
            ON known.company_id = %(company_id)s
           AND known.client_id = fresh.client_id
           AND known.order_date = fresh.order_date
           AND known.date = fresh.date
         WHERE known.id IS NULL OR (%(known)s) IS DISTINCT FROM (%(measures)s)
         ORDER BY fresh.client_id, fresh.order_date, fresh.date
            ON CONFLICT (%(keys)s) DO UPDATE SET (%(names)s) = (%(excluded)s)
        """,
        company_id=company_id,
        columns=_columns((*KEYS[1:], *MEASURES)),
        fresh=_columns((*KEYS[1:], *MEASURES), "fresh"),
        known=_columns(MEASURES, "known"),
        measures=_columns(MEASURES, "fresh"),
        keys=_columns(KEYS),
        names=_columns(MEASURES),
        excluded=_columns(MEASURES, "excluded"),
    )


def drop_fresh() -> SQL:
    """Drop the table of the steps, for the next refresh of this transaction."""
    return SQL("DROP TABLE IF EXISTS pg_temp.logistics_client_day_fresh")


def _columns(names, table=None) -> SQL:
    return SQL(", ").join(
        SQL.identifier(table, name) if table else SQL.identifier(name) for name in names
    )
