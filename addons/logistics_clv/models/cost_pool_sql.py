"""Set-based SQL of the cost pools: which journal items they come from."""

from odoo.tools import SQL


def pool_items(pool_id: int, scope, accounts, analytic, items=None) -> SQL:
    """Select the journal items of a pool in a month, with the part that it takes.

    Sources: account_move_line, account_account. Grain: journal item. Index:
    account_move_line_account_id_date_idx; with analytic accounts alone one pass over
    the items of the month on expense accounts.

    :param scope: company, first day, first day after (cost_driver_sql.Scope)
    :param accounts: ids of accounts, or None for all expense accounts
    :param analytic: ids of analytic accounts, or None for whole items; of an item that
        is distributed to several it takes their percentages
    :param items: a select of journal items to stay within, or None
    """
    conditions = [SQL("line.account_id = ANY(%s)", accounts)]
    if accounts is None:
        conditions = [SQL("account.account_type LIKE 'expense%%'")]
    if items is not None:
        conditions.append(SQL("line.id IN %s", items))
    if analytic is None:
        percent = SQL("100::numeric")
    else:
        percent = SQL(
            """
            (SELECT SUM(part.value::numeric)
               FROM jsonb_each_text(line.analytic_distribution) AS part
              WHERE string_to_array(part.key, ',') && %s::text[])
            """,
            [str(key) for key in analytic],
        )
        conditions.append(SQL("line.analytic_distribution IS NOT NULL"))
    return SQL(
        """
        SELECT %(pool_id)s AS pool_id, taken.*
          FROM (
                SELECT line.id AS line_id,
                       line.account_id,
                       line.balance,
                       line.balance * %(percent)s / 100 AS amount
                  FROM account_move_line AS line
                  JOIN account_account AS account ON account.id = line.account_id
                 WHERE line.company_id = %(company_id)s
                   AND line.parent_state = 'posted'
                   AND line.date >= %(start)s
                   AND line.date < %(end)s
                   AND %(conditions)s
               ) AS taken
         WHERE taken.amount IS NOT NULL
        """,
        pool_id=pool_id,
        percent=percent,
        company_id=scope.company_id,
        start=scope.start,
        end=scope.end,
        conditions=SQL(" AND ").join(conditions),
    )


def account_amounts(pools: list[SQL], decimals: int) -> SQL:
    """Add up what each pool takes from each account, rounded to the currency."""
    return SQL(
        """
        SELECT pool_id, account_id, ROUND(SUM(amount), %s) AS balance
          FROM (%s) AS item
         GROUP BY pool_id, account_id
         ORDER BY pool_id, account_id
        """,
        decimals,
        SQL(" UNION ALL ").join(pools),
    )


def items_taken_twice(pools: list[SQL]) -> SQL:
    """Select what several pools together take more of than there is, by account."""
    return SQL(
        """
        SELECT account_id,
               ARRAY_AGG(DISTINCT pool_id ORDER BY pool_id) AS pool_ids,
               SUM(amount) AS amount,
               COUNT(*) AS items
          FROM (
                SELECT item.*,
                       COUNT(*) OVER w AS takers,
                       SUM(ABS(amount)) OVER w - ABS(balance) AS excess
                  FROM (%s) AS item
                WINDOW w AS (PARTITION BY line_id)
               ) AS shared
         WHERE takers > 1 AND excess > 0.005
         GROUP BY account_id
         ORDER BY account_id
        """,
        SQL(" UNION ALL ").join(pools),
    )


def account_balances(scope, account_ids) -> SQL:
    """Select the balance of the month of the given and all overhead accounts.

    Sources: account_move_line, account_account. Grain: account. Index:
    account_move_line_account_id_date_idx. Overhead is every expense account but those
    of direct cost.
    """
    return SQL(
        """
        SELECT line.account_id, SUM(line.balance) AS balance
          FROM account_account AS account
          JOIN account_move_line AS line ON line.account_id = account.id
         WHERE line.company_id = %(company_id)s
           AND line.parent_state = 'posted'
           AND line.date >= %(start)s
           AND line.date < %(end)s
           AND (account.id = ANY(%(account_ids)s)
                OR account.account_type LIKE 'expense%%'
                   AND account.account_type <> 'expense_direct_cost')
         GROUP BY line.account_id
        HAVING SUM(line.balance) <> 0 OR line.account_id = ANY(%(account_ids)s)
         ORDER BY line.account_id
        """,
        company_id=scope.company_id,
        start=scope.start,
        end=scope.end,
        account_ids=list(account_ids),
    )
