"""Set-based SQL of adjustments: what a closed period lacks stands in an open one."""

from odoo.tools import SQL

from .value_columns_sql import (
    ATTRIBUTES,
    KEY_COLUMNS,
    MEASURES,
    OWNER_COLUMNS,
    VALUE_COLUMNS,
    columns_of,
    same,
)


def adjustments() -> SQL:
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
        fresh=columns_of((*OWNER_COLUMNS, *described), "fresh"),
        entry=columns_of((*OWNER_COLUMNS, *described), "entry"),
        plus=columns_of(MEASURES, "fresh"),
        minus=SQL(", ").join(
            SQL("-%s AS %s", SQL.identifier("entry", name), SQL.identifier(name))
            for name in MEASURES
        ),
        owner=columns_of(OWNER_COLUMNS),
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
        delta=columns_of((*OWNER_COLUMNS, *described, *MEASURES), "delta"),
        same_owner=same(OWNER_COLUMNS, "entry", "delta"),
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
        same_owner=same(OWNER_COLUMNS, "entry", "adjustment"),
        old=columns_of(MEASURES, "entry"),
        new=columns_of(MEASURES, "adjustment"),
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
        columns=columns_of(columns),
        adjustment=columns_of(columns, "adjustment"),
        keys=columns_of(OWNER_COLUMNS, "adjustment"),
        same_owner=same(OWNER_COLUMNS, "entry", "adjustment"),
    )
