"""Events of the cost drivers that come from invoices: number, revenue, lateness."""

from odoo.tools import SQL


def invoices(scope) -> SQL:
    """Select the invoices and credit notes of the month, for whom they count.

    Source: logistics_value_entry. Grain: move and client.
    Index: logistics_value_entry_period_idx.
    """
    return SQL(
        """
        SELECT DISTINCT entry.move_id AS record_id,
               entry.client_id,
               entry.date AS day,
               1 AS quantity
          FROM logistics_value_entry AS entry
         WHERE entry.company_id = %s AND entry.date >= %s AND entry.date < %s
        """,
        scope.company_id,
        scope.start,
        scope.end,
    )


def revenue(scope) -> SQL:
    """Select the revenue of the month; clients with more credit notes count nothing.

    Source: logistics_value_entry. Grain: ledger entry.
    Index: logistics_value_entry_period_idx.
    """
    return SQL(
        """
        SELECT entry.id AS record_id,
               entry.client_id,
               entry.date AS day,
               entry.revenue AS quantity
          FROM logistics_value_entry AS entry
         WHERE entry.company_id = %s AND entry.date >= %s AND entry.date < %s
        """,
        scope.company_id,
        scope.start,
        scope.end,
    )


def late_money(scope) -> SQL:
    """Select overdue amount times days overdue in the month, in company currency.

    Sources: account_move_line on receivable accounts, account_partial_reconcile.
    Grain: receivable item. An amount is late from the day after it is due until the
    day of its payment: what was paid in parts is late in parts, so that a month gives
    the same whenever it is counted, and the months add up to A x days late.
    Indexes: account_move_line_unreconciled_index for what is open,
    account_partial_reconcile.debit_move_id; one pass over the payments since.
    """
    return SQL(
        """
        WITH item AS MATERIALIZED (
            SELECT line.id,
                   COALESCE(attributed.commercial_partner_id,
                            partner.commercial_partner_id) AS client_id,
                   GREATEST(COALESCE(line.date_maturity, line.date), %(start)s - 1)
                   AS due,
                   line.amount_residual
              FROM account_move_line AS line
              JOIN account_account AS account
                ON account.id = line.account_id
               AND account.account_type = 'asset_receivable'
              JOIN account_move AS move ON move.id = line.move_id
              JOIN res_partner AS partner ON partner.id = line.partner_id
         LEFT JOIN res_partner AS attributed
                ON attributed.id = move.logistics_attributed_client_id
             WHERE line.company_id = %(company_id)s
               AND line.parent_state = 'posted'
               AND line.balance > 0
               AND line.date < %(end)s
               AND COALESCE(line.date_maturity, line.date) < %(end)s - 1
               AND (line.reconciled IS NOT TRUE OR line.id IN (
                    SELECT partial.debit_move_id
                      FROM account_partial_reconcile AS partial
                     WHERE partial.company_id = %(company_id)s
                       AND partial.max_date >= %(start)s
                   ))
        ),
        part AS (
            SELECT id, client_id, amount_residual * (%(end)s - 1 - due) AS quantity
              FROM item
             WHERE amount_residual > 0
             UNION ALL
            SELECT item.id,
                   item.client_id,
                   partial.amount
                   * GREATEST(LEAST(partial.max_date, %(end)s - 1) - item.due, 0)
              FROM item
              JOIN account_partial_reconcile AS partial
                ON partial.debit_move_id = item.id
        )
        SELECT id AS record_id, client_id, NULL::date AS day, SUM(quantity) AS quantity
          FROM part
         GROUP BY id, client_id
        HAVING SUM(quantity) > 0
        """,
        company_id=scope.company_id,
        start=SQL("%s::date", scope.start),
        end=SQL("%s::date", scope.end),
    )
