"""Set-based SQL of the fresh entries: what the entries of a batch have to be."""

from odoo.tools import SQL

from .value_bills_sql import bill_lines, bill_steps
from .value_columns_sql import KEY_COLUMNS, MEASURES, columns_of
from .value_lines_sql import sale_lines, sale_steps
from .value_scope_sql import BILL_TYPES, MOVE_TYPES, Batch, Scope

# What a line puts in the ledger, beside the key of its entry.
LINE_VALUES = (
    "order_date",
    "is_order",
    "user_id",
    *(name for name in MEASURES if name != "contribution"),
)


def fresh_steps(
    batch: Batch, scope: Scope, has_bills: bool
) -> tuple[tuple[str, SQL], ...]:
    """Return the tables that lead from the books to the entries of the batch."""
    return (
        *sale_steps(batch, scope),
        *(bill_steps(batch, scope) if has_bills else ()),
        ("fresh", _fresh(has_bills)),
    )


def _fresh(has_bills: bool) -> SQL:
    """Add up the lines of the batch to entries: what the books say today.

    Sources: ``sale_lines``, ``bill_lines``, account_move, sale_order.
    Grain: document, customer invoice (of a bill), client, service, order, cost source.
    Index: account_move_pkey, sale_order_pkey.
    The only line of a document needs no adding up.
    """
    return SQL(
        """
        WITH line AS NOT MATERIALIZED (%(lines)s)
        SELECT %(grouped_keys)s,
               move.company_id,
               move.date,
               date_trunc('month', move.date::timestamp)::date AS period,
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
                SELECT %(keys)s, %(values)s
                  FROM line
                 WHERE is_lone
                 UNION ALL
                SELECT %(keys)s,
                       MIN(order_date),
                       BOOL_OR(is_order),
                       MIN(user_id),
                       SUM(revenue),
                       SUM(revenue_document),
                       SUM(cost),
                       SUM(cost_document),
                       SUM(quoted_cost),
                       SUM(disbursement_revenue),
                       SUM(disbursement_cost)
                  FROM line
                 WHERE NOT is_lone
                 GROUP BY %(keys)s
               ) AS grouped
          JOIN account_move AS move ON move.id = grouped.move_id
          JOIN res_company AS company ON company.id = move.company_id
     LEFT JOIN sale_order AS sale ON sale.id = grouped.order_id
        """,
        keys=columns_of(KEY_COLUMNS),
        values=columns_of(LINE_VALUES),
        grouped_keys=columns_of(KEY_COLUMNS, "grouped"),
        move_types=MOVE_TYPES,
        bill_types=BILL_TYPES,
        lines=SQL(" UNION ALL ").join(
            SQL("SELECT * FROM (%s) AS one_kind", select)
            for select in (sale_lines(), *([bill_lines()] if has_bills else []))
        ),
    )
