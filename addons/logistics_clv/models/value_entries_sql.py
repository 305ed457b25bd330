"""Set-based SQL of the entries: make them equal to the books, touching only changes.

The steps for one batch of moves, each a table of this transaction or a change:

1. ``fresh_steps``: what the entries have to be, by the books of today;
2. ``differing``: the moves whose entries are not so;
3. ``closed``: those among them whose entries lie in a closed period;
4. ``delete_stale`` and ``write_fresh``: the open ones are made so;
5. for the closed ones the difference goes to the first open day
   (``value_adjustments_sql``).

A company that has no entries of the batch yet needs the first step and ``fill`` only.
"""

from odoo.tools import SQL

from .value_columns_sql import (
    KEY_COLUMNS,
    VALUE_COLUMNS,
    columns_of,
    key_expressions,
    same,
)
from .value_scope_sql import Batch


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
        columns=columns_of(KEY_COLUMNS + VALUE_COLUMNS),
    )


def differing(batch: Batch) -> SQL:
    """Find the moves whose entries are not what the books say.

    Sources: logistics_value_fresh, logistics_value_entry. Grain: move.
    Index: logistics_value_entry_grain_idx for few moves, a hash join for many.
    """
    return SQL(
        """
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
        same_key=same(KEY_COLUMNS, "fresh", "entry"),
        old=columns_of(VALUE_COLUMNS, "entry"),
        new=columns_of(VALUE_COLUMNS, "fresh"),
    )


def closed(lock_dates) -> SQL:
    """Find the differing moves that have entries in a closed period.

    ``lock_dates``: last closed day by type of journal ('' for all others), as Odoo's
    lock dates and their exceptions say.
    Sources: logistics_value_differing, logistics_value_entry, account_journal.
    Grain: move. Index: logistics_value_entry_grain_idx.
    """
    return SQL(
        """
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
        same(KEY_COLUMNS, "fresh", "entry"),
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
        columns=columns_of(KEY_COLUMNS + VALUE_COLUMNS),
        fresh=columns_of(KEY_COLUMNS + VALUE_COLUMNS, "fresh"),
        fresh_keys=columns_of(KEY_COLUMNS, "fresh"),
        conflict=key_expressions(KEY_COLUMNS),
        values=columns_of(VALUE_COLUMNS),
        old=columns_of(VALUE_COLUMNS, "entry"),
        new=columns_of(VALUE_COLUMNS, "excluded"),
    )
