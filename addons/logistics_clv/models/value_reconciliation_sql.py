"""Set-based SQL of the reconciliation: the accounts beside the value ledger."""

from odoo.tools import SQL

from .value_scope_sql import BILL_TYPES

# Parts of a document on one side, as numbers: millions of them are sorted.
BOOKED, ESTIMATE, OTHER_ACCOUNT, ADJUSTMENT = range(4)


def reconciliation(accounts: dict[int, dict[int, str]]) -> SQL:
    """Select both sides, added up per document, date, side and part.

    ``accounts``: kind (income, cost) by company and account.
    Sources: account_move_line on the chosen accounts, logistics_value_entry.
    Grain: move, accounting date, side (income or cost), part (what is in the books,
    estimates that are not, other accounts, adjustments of closed periods). A move that
    changed its date since the last refresh shows on both dates.
    Index: account_move_line_account_id_date_idx and logistics_value_entry_period_idx;
    company and date filters reach both sides. The document leads the key of the
    grouping, as it decides nearly every comparison of the sort.
    """
    chosen = [
        (company, account, kind)
        for company, kinds in accounts.items()
        for account, kind in kinds.items()
        if kind in ("income", "cost")
    ]
    return SQL(
        """
        WITH journal AS MATERIALIZED (
            SELECT journal.id,
                   EXISTS (SELECT 1
                             FROM logistics_value_excluded_journal_rel AS excluded
                            WHERE excluded.company_id = journal.company_id
                              AND excluded.journal_id = journal.id) AS is_excluded,
                   EXISTS (SELECT 1
                             FROM logistics_value_manual_journal_rel AS manual
                            WHERE manual.company_id = journal.company_id
                              AND manual.journal_id = journal.id) AS is_manual
              FROM account_journal AS journal
        )
        SELECT both_sides.id,
               both_sides.company_id,
               both_sides.date,
               both_sides.move_id,
               CASE WHEN both_sides.is_income THEN 'income' ELSE 'cost' END AS side,
               both_sides.currency_id,
               move.journal_id,
               move.commercial_partner_id AS partner_id,
               both_sides.booked,
               both_sides.ledger,
               both_sides.booked - both_sides.ledger AS difference,
               CASE
                   WHEN both_sides.part = %(adjustment)s THEN 'adjustment'
                   WHEN both_sides.part = %(other_account)s THEN 'other_account'
                   WHEN both_sides.part = %(estimate)s THEN 'estimate'
                   WHEN both_sides.booked = both_sides.ledger
                        AND both_sides.has_entries
                   THEN CASE WHEN both_sides.is_unattributed
                             THEN 'unattributed' ELSE 'ledger' END
                   WHEN both_sides.has_entries OR move.state <> 'posted'
                   THEN CASE WHEN EXISTS (
                       SELECT 1
                         FROM logistics_value_entry AS adjustment
                        WHERE adjustment.move_id = both_sides.move_id
                          AND adjustment.is_adjustment
                   ) THEN 'adjustment' ELSE 'pending' END
                   WHEN journal.is_excluded THEN 'excluded_journal'
                   WHEN move.logistics_value_excluded THEN 'excluded'
                   WHEN move.move_type = 'entry' AND NOT journal.is_manual
                   THEN 'manual'
                   WHEN move.move_type = 'out_receipt' THEN 'receipt'
                   WHEN move.move_type IN %(bill_types)s
                        AND both_sides.is_income THEN 'bill'
                   ELSE 'pending'
               END AS category
          FROM (
                SELECT COALESCE(MIN(line_id) * 2, MIN(entry_id) * 16 + MIN(number))
                       AS id,
                       company_id,
                       date,
                       move_id,
                       is_income,
                       part,
                       MIN(currency_id) AS currency_id,
                       COALESCE(SUM(amount) FILTER (WHERE entry_id IS NULL), 0)
                       AS booked,
                       COALESCE(SUM(amount) FILTER (WHERE entry_id IS NOT NULL), 0)
                       AS ledger,
                       MIN(entry_id) IS NOT NULL AS has_entries,
                       BOOL_OR(is_unattributed) AS is_unattributed
                  FROM (%(sides)s) AS side
                 GROUP BY move_id, date, company_id, is_income, part
               ) AS both_sides
          JOIN account_move AS move ON move.id = both_sides.move_id
          JOIN journal ON journal.id = move.journal_id
        """,
        adjustment=ADJUSTMENT,
        other_account=OTHER_ACCOUNT,
        estimate=ESTIMATE,
        bill_types=BILL_TYPES,
        sides=SQL(" UNION ALL ").join(
            (_booked(chosen), _in_ledger_as_income(), _in_ledger_as_cost())
        ),
    )


def _booked(chosen) -> SQL:
    """Select what the accounts hold. Grain: line on a chosen account."""
    return SQL(
        """
        SELECT line.id::bigint AS line_id,
               NULL::bigint AS entry_id,
               0 AS number,
               line.company_id,
               line.date,
               line.move_id,
               role.kind = 'income' AS is_income,
               %(booked)s AS part,
               line.company_currency_id AS currency_id,
               CASE role.kind WHEN 'income' THEN -line.balance
                    ELSE line.balance END AS amount,
               FALSE AS is_unattributed
          FROM account_move_line AS line
          JOIN unnest(%(companies)s::int[], %(account_ids)s::int[],
                      %(kinds)s::text[]) AS role(company_id, account_id, kind)
            ON role.account_id = line.account_id
           AND role.company_id = line.company_id
         WHERE line.parent_state = 'posted'
        """,
        booked=BOOKED,
        companies=[company for company, _account, _kind in chosen],
        account_ids=[account for _company, account, _kind in chosen],
        kinds=[kind for _company, _account, kind in chosen],
    )


def _in_ledger_as_income() -> SQL:
    """Select the income of the ledger. Grain: entry."""
    return SQL(
        """
        SELECT NULL,
               entry.id,
               1,
               entry.company_id,
               entry.date,
               entry.move_id,
               TRUE,
               CASE WHEN entry.is_adjustment THEN %s ELSE %s END,
               entry.currency_id,
               entry.revenue + entry.disbursement_revenue,
               entry.client_id IS NULL
          FROM logistics_value_entry AS entry
         WHERE entry.revenue <> 0
            OR entry.disbursement_revenue <> 0
            OR entry.is_order
        """,
        ADJUSTMENT,
        BOOKED,
    )


def _in_ledger_as_cost() -> SQL:
    """Select the cost of the ledger: booked, estimated, or elsewhere. Grain: entry."""
    return SQL(
        """
        SELECT NULL,
               entry.id,
               CASE WHEN entry.is_adjustment THEN 3
                    WHEN entry.is_other_account THEN 5
                    WHEN entry.cost_source = 'order_line' THEN 7
                    ELSE 9 END,
               entry.company_id,
               entry.date,
               entry.move_id,
               FALSE,
               CASE WHEN entry.is_adjustment THEN %(adjustment)s
                    WHEN entry.is_other_account THEN %(other_account)s
                    WHEN entry.cost_source = 'order_line' THEN %(estimate)s
                    ELSE %(booked)s END,
               entry.currency_id,
               entry.cost + entry.disbursement_cost,
               entry.client_id IS NULL
          FROM logistics_value_entry AS entry
         WHERE entry.cost <> 0 OR entry.disbursement_cost <> 0
        """,
        adjustment=ADJUSTMENT,
        other_account=OTHER_ACCOUNT,
        estimate=ESTIMATE,
        booked=BOOKED,
    )
