"""Set-based SQL of the entries: make them equal to the books, touching only changes.

The steps for one batch of moves, each a statement over tables of this transaction:

1. ``make_fresh``: what the entries have to be, by the books of today;
2. ``make_differing``: the moves whose entries are not so;
3. ``make_closed``: those among them whose entries lie in a closed period;
4. ``delete_stale`` and ``write_fresh``: the open ones are made so;
5. ``make_adjustments``, ``delete_adjustments``, ``write_adjustments``: for the closed
   ones the difference goes to the first open day.

A company that has no entries of the batch yet needs the first step and ``fill`` only.
"""

from odoo.tools import SQL

from .value_bills_sql import bill_lines
from .value_lines_sql import sale_lines
from .value_scope_sql import BILL_TYPES, MOVE_TYPES, Batch, Scope

OWNER_COLUMNS = ("move_id", "invoice_id", "client_id", "service_id", "order_id")
KEY_COLUMNS = (*OWNER_COLUMNS, "cost_source", "is_other_account")
OPTIONAL_KEYS = ("invoice_id", "client_id", "service_id", "order_id")
MEASURES = (
    "revenue",
    "revenue_document",
    "cost",
    "cost_document",
    "contribution",
    "quoted_cost",
    "disbursement_revenue",
    "disbursement_cost",
)
ATTRIBUTES = (
    "company_id",
    "date",
    "period",
    "order_date",
    "is_order",
    "currency_id",
    "document_currency_id",
    "user_id",
    "vendor_id",
    "mode_id",
    "origin_id",
    "destination_id",
    "vessel_id",
)
VALUE_COLUMNS = (*ATTRIBUTES, *MEASURES)
TABLES = ("fresh", "differing", "closed", "adjustment")


def make_fresh(batch: Batch, scope: Scope) -> SQL:
    """Add up the lines of the batch to entries.

    Sources: ``sale_lines``, ``bill_lines``, account_move, sale_order.
    Grain: document, customer invoice (of a bill), client, service, order, cost source.
    Index: account_move_pkey, sale_order_pkey.
    """
    keys = _columns(KEY_COLUMNS)
    return SQL(
        """
        CREATE TEMP TABLE logistics_value_fresh ON COMMIT DROP AS
        SELECT %(grouped_keys)s,
               move.company_id,
               move.date,
               date_trunc('month', move.date)::date AS period,
               grouped.order_date,
               grouped.is_order,
               company.currency_id,
               move.currency_id AS document_currency_id,
               CASE WHEN move.move_type IN %(move_types)s THEN move.invoice_user_id
                    ELSE grouped.user_id END AS user_id,
               CASE WHEN move.move_type IN %(bill_types)s
                    THEN move.commercial_partner_id END AS vendor_id,
               sale.logistics_mode_id AS mode_id,
               sale.logistics_origin_id AS origin_id,
               sale.logistics_destination_id AS destination_id,
               sale.logistics_vessel_id AS vessel_id,
               grouped.revenue,
               grouped.revenue_document,
               grouped.cost,
               grouped.cost_document,
               grouped.revenue - grouped.cost AS contribution,
               grouped.quoted_cost,
               grouped.disbursement_revenue,
               grouped.disbursement_cost
          FROM (
                SELECT %(keys)s,
                       MIN(order_date) AS order_date,
                       BOOL_OR(is_order) AS is_order,
                       MIN(user_id) AS user_id,
                       SUM(revenue) AS revenue,
                       SUM(revenue_document) AS revenue_document,
                       SUM(cost) AS cost,
                       SUM(cost_document) AS cost_document,
                       SUM(quoted_cost) AS quoted_cost,
                       SUM(disbursement_revenue) AS disbursement_revenue,
                       SUM(disbursement_cost) AS disbursement_cost
                  FROM (
                        SELECT * FROM (%(sale_lines)s) AS sale_line
                         UNION ALL
                        SELECT * FROM (%(bill_lines)s) AS bill_line
                       ) AS line
                 GROUP BY %(keys)s
               ) AS grouped
          JOIN account_move AS move ON move.id = grouped.move_id
          JOIN res_company AS company ON company.id = move.company_id
     LEFT JOIN sale_order AS sale ON sale.id = grouped.order_id
        """,
        keys=keys,
        grouped_keys=_columns(KEY_COLUMNS, "grouped"),
        move_types=MOVE_TYPES,
        bill_types=BILL_TYPES,
        sale_lines=sale_lines(batch, scope),
        bill_lines=bill_lines(batch, scope),
    )


def has_entries(batch: Batch) -> SQL:
    """Return whether any move of the batch is in the ledger.

    Source: logistics_value_entry. Index: logistics_value_entry_grain_idx.
    """
    return SQL(
        "SELECT EXISTS (SELECT 1 FROM logistics_value_entry"
        " WHERE %s AND company_id = %s)",
        batch.holds(SQL("move_id")),
        batch.company_id,
    )


def fill() -> SQL:
    """Write the entries of moves that have none, in the order of the documents."""
    return SQL(
        """
        INSERT INTO logistics_value_entry (%(columns)s, is_adjustment)
        SELECT %(columns)s, FALSE FROM logistics_value_fresh ORDER BY move_id
        """,
        columns=_columns(KEY_COLUMNS + VALUE_COLUMNS),
    )


def make_differing(batch: Batch) -> SQL:
    """Find the moves whose entries are not what the books say.

    Sources: logistics_value_fresh, logistics_value_entry. Grain: move.
    Index: logistics_value_entry_grain_idx for few moves, a hash join for many.
    """
    return SQL(
        """
        CREATE TEMP TABLE logistics_value_differing ON COMMIT DROP AS
        SELECT DISTINCT COALESCE(fresh.move_id, entry.move_id) AS move_id
          FROM logistics_value_fresh AS fresh
     FULL JOIN (
                SELECT *
                  FROM logistics_value_entry
                 WHERE %(in_batch)s AND company_id = %(company_id)s
               ) AS entry
            ON %(same_key)s
         WHERE fresh.move_id IS NULL
            OR entry.move_id IS NULL
            OR entry.is_adjustment
            OR (%(old)s) IS DISTINCT FROM (%(new)s)
        """,
        in_batch=batch.holds(SQL("move_id")),
        company_id=batch.company_id,
        same_key=_same(KEY_COLUMNS, "fresh", "entry"),
        old=_columns(VALUE_COLUMNS, "entry"),
        new=_columns(VALUE_COLUMNS, "fresh"),
    )


def make_closed(lock_dates) -> SQL:
    """Find the differing moves that have entries in a closed period.

    ``lock_dates``: last closed day by type of journal ('' for all others), as Odoo's
    lock dates and their exceptions say.
    Sources: logistics_value_differing, logistics_value_entry, account_journal.
    Grain: move. Index: logistics_value_entry_grain_idx.
    """
    return SQL(
        """
        CREATE TEMP TABLE logistics_value_closed ON COMMIT DROP AS
        SELECT differing.move_id, locked.until
          FROM logistics_value_differing AS differing
          JOIN account_move AS move ON move.id = differing.move_id
          JOIN account_journal AS journal ON journal.id = move.journal_id
    CROSS JOIN LATERAL (
               SELECT CASE journal.type WHEN 'sale' THEN %(sale)s::date
                      WHEN 'purchase' THEN %(purchase)s::date
                      ELSE %(other)s::date END AS until
               ) AS locked
         WHERE EXISTS (
               SELECT 1
                 FROM logistics_value_entry AS entry
                WHERE entry.move_id = differing.move_id
                  AND entry.date <= locked.until
               )
        """,
        sale=lock_dates["sale"],
        purchase=lock_dates["purchase"],
        other=lock_dates[""],
    )


def delete_stale() -> SQL:
    """Delete the entries that the books of open moves no longer have."""
    return SQL(
        """
        DELETE FROM logistics_value_entry AS entry
         USING logistics_value_differing AS differing
         WHERE entry.move_id = differing.move_id
           AND NOT EXISTS (
               SELECT 1
                 FROM logistics_value_closed AS closed
                WHERE closed.move_id = entry.move_id
               )
           AND (entry.is_adjustment OR NOT EXISTS (
               SELECT 1 FROM logistics_value_fresh AS fresh WHERE %s
               ))
        """,
        _same(KEY_COLUMNS, "fresh", "entry"),
    )


def write_fresh() -> SQL:
    """Write the entries of open moves that are new or have changed.

    Index: logistics_value_entry_grain_idx (the unique key of the grain).
    """
    return SQL(
        """
        INSERT INTO logistics_value_entry AS entry (%(columns)s, is_adjustment)
        SELECT %(fresh)s, FALSE
          FROM logistics_value_fresh AS fresh
          JOIN logistics_value_differing AS differing
            ON differing.move_id = fresh.move_id
         WHERE NOT EXISTS (
               SELECT 1
                 FROM logistics_value_closed AS closed
                WHERE closed.move_id = fresh.move_id
               )
         ORDER BY %(fresh_keys)s
            ON CONFLICT (%(conflict)s) WHERE NOT is_adjustment
            DO UPDATE SET (%(values)s) = (%(new)s)
         WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
        """,
        columns=_columns(KEY_COLUMNS + VALUE_COLUMNS),
        fresh=_columns(KEY_COLUMNS + VALUE_COLUMNS, "fresh"),
        fresh_keys=_columns(KEY_COLUMNS, "fresh"),
        conflict=_key_expressions(KEY_COLUMNS),
        values=_columns(VALUE_COLUMNS),
        old=_columns(VALUE_COLUMNS, "entry"),
        new=_columns(VALUE_COLUMNS, "excluded"),
    )


def make_adjustments() -> SQL:
    """Work out what closed moves lack, against all their entries of closed periods.

    Sources: logistics_value_closed, _fresh, logistics_value_entry.
    Grain: document, customer invoice, client, service, order.
    An adjustment that stands in an open period already keeps its date; else it takes
    the first open day, or the later day to which the document itself has moved.
    """
    described = [name for name in ATTRIBUTES if name not in ("date", "period")]
    described += ["cost_source", "is_other_account"]
    return SQL(
        """
        CREATE TEMP TABLE logistics_value_adjustment ON COMMIT DROP AS
        WITH side AS (
            SELECT %(fresh)s, %(plus)s, fresh.date, NULL::int AS entry_id,
                   closed.until
              FROM logistics_value_closed AS closed
              JOIN logistics_value_fresh AS fresh ON fresh.move_id = closed.move_id
             UNION ALL
            SELECT %(entry)s, %(minus)s, NULL, entry.id, closed.until
              FROM logistics_value_closed AS closed
              JOIN logistics_value_entry AS entry
                ON entry.move_id = closed.move_id
               AND entry.date <= closed.until
        ),
        first_entry AS (
            SELECT move_id, MIN(entry_id) AS entry_id FROM side GROUP BY move_id
        ),
        delta AS (
            SELECT %(owner)s, %(described)s, %(sums)s,
                   MIN(entry_id) AS entry_id,
                   GREATEST(MAX(until) + 1, MAX(date)) AS date
              FROM side
             GROUP BY %(owner)s
            HAVING %(any)s
        )
        SELECT delta.*,
               date_trunc('month', delta.date)::date AS period,
               COALESCE(delta.entry_id, first_entry.entry_id) AS adjusted_id
          FROM (
                SELECT %(delta)s,
                       delta.entry_id,
                       COALESCE((
                           SELECT MIN(entry.date)
                             FROM logistics_value_entry AS entry
                             JOIN logistics_value_closed AS closed
                               ON closed.move_id = entry.move_id
                            WHERE entry.date > closed.until
                              AND entry.is_adjustment
                              AND %(same_owner)s
                       ), delta.date) AS date
                  FROM delta
               ) AS delta
          JOIN first_entry ON first_entry.move_id = delta.move_id
        """,
        fresh=_columns((*OWNER_COLUMNS, *described), "fresh"),
        entry=_columns((*OWNER_COLUMNS, *described), "entry"),
        plus=_columns(MEASURES, "fresh"),
        minus=SQL(", ").join(
            SQL("-%s AS %s", SQL.identifier("entry", name), SQL.identifier(name))
            for name in MEASURES
        ),
        owner=_columns(OWNER_COLUMNS),
        described=SQL(", ").join(
            SQL(
                "(ARRAY_AGG(%s ORDER BY entry_id NULLS FIRST, cost DESC))[1] AS %s",
                SQL.identifier(name),
                SQL.identifier(name),
            )
            for name in described
        ),
        sums=SQL(", ").join(
            SQL("SUM(%s) AS %s", SQL.identifier(name), SQL.identifier(name))
            for name in MEASURES
        ),
        any=SQL(" OR ").join(
            SQL("SUM(%s) <> 0", SQL.identifier(name)) for name in MEASURES
        ),
        delta=_columns((*OWNER_COLUMNS, *described, *MEASURES), "delta"),
        same_owner=_same(OWNER_COLUMNS, "entry", "delta"),
    )


def delete_adjustments() -> SQL:
    """Delete what closed moves have in open periods and should not have."""
    return SQL(
        """
        DELETE FROM logistics_value_entry AS entry
         USING logistics_value_closed AS closed
         WHERE entry.move_id = closed.move_id
           AND entry.date > closed.until
           AND NOT EXISTS (
               SELECT 1
                 FROM logistics_value_adjustment AS adjustment
                WHERE entry.is_adjustment
                  AND %(same_owner)s
                  AND adjustment.date = entry.date
                  AND adjustment.cost_source = entry.cost_source
                  AND (%(old)s) IS NOT DISTINCT FROM (%(new)s)
               )
        """,
        same_owner=_same(OWNER_COLUMNS, "entry", "adjustment"),
        old=_columns(MEASURES, "entry"),
        new=_columns(MEASURES, "adjustment"),
    )


def write_adjustments() -> SQL:
    """Write the adjustments that are not there yet.

    Index: logistics_value_entry_adjustment_idx (their unique key).
    """
    columns = (*KEY_COLUMNS, *VALUE_COLUMNS, "adjusted_id")
    return SQL(
        """
        INSERT INTO logistics_value_entry (%(columns)s, is_adjustment)
        SELECT %(adjustment)s, TRUE
          FROM logistics_value_adjustment AS adjustment
         WHERE NOT EXISTS (
               SELECT 1
                 FROM logistics_value_entry AS entry
                WHERE entry.is_adjustment
                  AND entry.date = adjustment.date
                  AND %(same_owner)s
               )
         ORDER BY %(keys)s
        """,
        columns=_columns(columns),
        adjustment=_columns(columns, "adjustment"),
        keys=_columns(OWNER_COLUMNS, "adjustment"),
        same_owner=_same(OWNER_COLUMNS, "entry", "adjustment"),
    )


def drop_tables() -> SQL:
    """Drop the tables of the steps, for the next batch of this transaction."""
    return SQL(
        "DROP TABLE IF EXISTS %s",
        SQL(", ").join(
            SQL.identifier("pg_temp", f"logistics_value_{name}") for name in TABLES
        ),
    )


def _columns(names, table=None) -> SQL:
    return SQL(", ").join(
        SQL.identifier(table, name) if table else SQL.identifier(name) for name in names
    )


def _key_expressions(names, table=None) -> SQL:
    return SQL(", ").join(
        SQL("COALESCE(%s, 0)", _columns([name], table))
        if name in OPTIONAL_KEYS
        else _columns([name], table)
        for name in names
    )


def _same(names, one, other) -> SQL:
    """Return that two rows have one key, in a way that can be hashed and indexed."""
    return SQL(" AND ").join(
        SQL("%s = %s", _key_expressions([name], one), _key_expressions([name], other))
        for name in names
    )
