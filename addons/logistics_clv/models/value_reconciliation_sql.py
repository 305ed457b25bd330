"""Set-based SQL of the reconciliation: the accounts beside the value ledger."""

from odoo.tools import SQL

from .value_scope_sql import BILL_TYPES


def reconciliation(accounts: dict[int, dict[int, str]]) -> SQL:
    """Select both sides, added up per document, date, side and part.

    ``accounts``: kind (income, cost) by company and account.
    Sources: account_move_line on the chosen accounts, logistics_value_entry.
    Grain: move, accounting date, side (income or cost), part (what is in the books,
    estimates that are not, other accounts, adjustments of closed periods). A move that
    changed its date since the last refresh shows on both dates.
    Index: account_move_line_account_id_date_idx and logistics_value_entry_period_idx;
    company and date filters reach both sides.
    """
    chosen = [
        (company, account, kind)
        for company, kinds in accounts.items()
        for account, kind in kinds.items()
        if kind in ("income", "cost")
    ]
    return SQL(
        """
        SELECT both_sides.id,
               both_sides.company_id,
               both_sides.date,
               both_sides.move_id,
               both_sides.side,
               both_sides.currency_id,
               move.journal_id,
               move.commercial_partner_id AS partner_id,
               both_sides.booked,
               both_sides.ledger,
               both_sides.booked - both_sides.ledger AS difference,
               CASE
                   WHEN both_sides.part <> 'booked' THEN both_sides.part
                   WHEN both_sides.booked = both_sides.ledger
                        AND both_sides.entries > 0
                   THEN CASE WHEN both_sides.unattributed > 0
                             THEN 'unattributed' ELSE 'ledger' END
                   WHEN both_sides.entries > 0 OR move.state <> 'posted'
                   THEN CASE WHEN EXISTS (
                       SELECT 1
                         FROM logistics_value_entry AS adjustment
                        WHERE adjustment.move_id = both_sides.move_id
                          AND adjustment.is_adjustment
                   ) THEN 'adjustment' ELSE 'pending' END
                   WHEN excluded.journal_id IS NOT NULL THEN 'excluded_journal'
                   WHEN move.logistics_value_excluded THEN 'excluded'
                   WHEN move.move_type = 'entry' AND manual.journal_id IS NULL
                   THEN 'manual'
                   WHEN move.move_type = 'out_receipt' THEN 'receipt'
                   WHEN move.move_type IN %(bill_types)s
                        AND both_sides.side = 'income' THEN 'bill'
                   ELSE 'pending'
               END AS category
          FROM (
                SELECT COALESCE(MIN(line_id) * 2, MIN(entry_id) * 16 + MIN(number))
                       AS id,
                       company_id,
                       date,
                       move_id,
                       side,
                       part,
                       MIN(currency_id) AS currency_id,
                       SUM(booked) AS booked,
                       SUM(ledger) AS ledger,
                       COUNT(entry_id) AS entries,
                       SUM(unattributed) AS unattributed
                  FROM (%(sides)s) AS side
                 GROUP BY company_id, date, move_id, side, part
               ) AS both_sides
          JOIN account_move AS move ON move.id = both_sides.move_id
          JOIN account_journal AS journal ON journal.id = move.journal_id
     LEFT JOIN logistics_value_excluded_journal_rel AS excluded
            ON excluded.company_id = journal.company_id
           AND excluded.journal_id = journal.id
     LEFT JOIN logistics_value_manual_journal_rel AS manual
            ON manual.company_id = journal.company_id
           AND manual.journal_id = journal.id
        """,
        bill_types=BILL_TYPES,
        sides=SQL(
            """
            SELECT line.id::bigint AS line_id,
                   NULL::bigint AS entry_id,
                   0 AS number,
                   line.company_id,
                   line.date,
                   line.move_id,
                   role.kind AS side,
                   'booked' AS part,
                   line.company_currency_id AS currency_id,
                   CASE role.kind WHEN 'income' THEN -line.balance
                        ELSE line.balance END AS booked,
                   0 AS ledger,
                   0 AS unattributed
              FROM account_move_line AS line
              JOIN unnest(%(companies)s::int[], %(account_ids)s::int[],
                          %(kinds)s::text[]) AS role(company_id, account_id, kind)
                ON role.account_id = line.account_id
               AND role.company_id = line.company_id
             WHERE line.parent_state = 'posted'
             UNION ALL
            SELECT NULL,
                   entry.id,
                   1,
                   entry.company_id,
                   entry.date,
                   entry.move_id,
                   'income',
                   CASE WHEN entry.is_adjustment THEN 'adjustment' ELSE 'booked' END,
                   entry.currency_id,
                   0,
                   entry.revenue + entry.disbursement_revenue,
                   (entry.client_id IS NULL)::int
              FROM logistics_value_entry AS entry
             WHERE entry.revenue <> 0
                OR entry.disbursement_revenue <> 0
                OR entry.is_order
             UNION ALL
            SELECT NULL,
                   entry.id,
                   CASE WHEN entry.is_adjustment THEN 3
                        WHEN entry.is_other_account THEN 5
                        WHEN entry.cost_source = 'order_line' THEN 7
                        ELSE 9 END,
                   entry.company_id,
                   entry.date,
                   entry.move_id,
                   'cost',
                   CASE WHEN entry.is_adjustment THEN 'adjustment'
                        WHEN entry.is_other_account THEN 'other_account'
                        WHEN entry.cost_source = 'order_line' THEN 'estimate'
                        ELSE 'booked' END,
                   entry.currency_id,
                   0,
                   entry.cost + entry.disbursement_cost,
                   (entry.client_id IS NULL)::int
              FROM logistics_value_entry AS entry
             WHERE entry.cost <> 0 OR entry.disbursement_cost <> 0
            """,
            companies=[company for company, _account, _kind in chosen],
            account_ids=[account for _company, account, _kind in chosen],
            kinds=[kind for _company, _account, kind in chosen],
        ),
    )
