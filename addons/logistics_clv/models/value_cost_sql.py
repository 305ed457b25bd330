"""Set-based SQL of direct cost: how far bills have replaced an order's buy price."""

from odoo.tools import SQL

from .value_job_sql import accounts_of, job_lines, targets
from .value_scope_sql import BILL_TYPES, Batch, Scope, analytic_keys, counts, is_manual


def replaced_estimates(order_lines: SQL, batch: Batch, scope: Scope) -> SQL:
    """Select which share of each order line's buy price its bills have replaced.

    ``order_lines`` selects order_line_id and analytic_distribution.
    Sources: ``replaced_by_purchases``, ``replaced_by_analytics``. Grain: order line.
    The source is that of the first kind found; what purchases left open, analytic
    distributions may fill.
    """
    selects = [replaced_by_analytics(order_lines, batch, scope)]
    if scope.has_purchases:
        selects.append(replaced_by_purchases(order_lines, batch, scope))
    return SQL(
        """
        SELECT order_line_id,
               CASE COUNT(*) WHEN 1 THEN MIN(share)
                    ELSE 1 - (1 - MIN(share)) * (1 - MAX(share)) END AS share,
               MAX(source) AS source
          FROM (%s) AS found
         WHERE share > 0
         GROUP BY order_line_id
        """,
        SQL(" UNION ALL ").join(
            SQL(
                "SELECT order_line_id, share, source FROM (%s) AS one_kind",
                select,
            )
            for select in selects
        ),
    )


def replaced_by_purchases(order_lines: SQL, batch: Batch, scope: Scope) -> SQL:
    """Select the share of each order line that purchase lines were billed for.

    Sources: purchase_order_line, account_move_line of posted bills in scope.
    Grain: order line. Indexes: purchase_order_line.sale_line_id,
    account_move_line.purchase_line_id.

    A credit note that takes back quantity brings the estimate back; one that leaves
    cost behind has only corrected the price.
    """
    return SQL(
        """
        SELECT order_line_id,
               LEAST(1, GREATEST(0,
                   SUM(billed_quantity * price) / NULLIF(SUM(quantity * price), 0)
               )) AS share,
               'vendor_bill' AS source
          FROM (
                SELECT purchase.sale_line_id AS order_line_id,
                       COALESCE(NULLIF(ABS(purchase.price_unit), 0), 1)::numeric
                       AS price,
                       MIN(purchase.product_qty)::numeric AS quantity,
                       CASE WHEN SUM(bill_line.quantity * bill.sign) > 0
                                 OR SUM(bill_line.balance) <= 0
                            THEN SUM(bill_line.quantity * bill.sign)
                            ELSE SUM(bill_line.quantity) FILTER (WHERE bill.sign = 1)
                       END::numeric AS billed_quantity
                  FROM (SELECT DISTINCT order_line_id
                          FROM (%(order_lines)s) AS asked) AS asked
                  JOIN purchase_order_line AS purchase
                    ON purchase.sale_line_id = asked.order_line_id
                  JOIN account_move_line AS bill_line
                    ON bill_line.purchase_line_id = purchase.id
                   AND bill_line.account_id = ANY(%(accounts)s)
            CROSS JOIN LATERAL (
                       SELECT CASE move.move_type WHEN 'in_refund' THEN -1 ELSE 1 END
                              AS sign
                         FROM account_move AS move
                        WHERE move.id = bill_line.move_id
                          AND move.move_type IN %(bill_types)s
                          AND move.company_id = %(company_id)s
                          AND %(counts)s
                       ) AS bill
                 GROUP BY purchase.id
               ) AS billed
         GROUP BY order_line_id
        """,
        order_lines=order_lines,
        accounts=scope.accounts_of("cost", "expense"),
        bill_types=BILL_TYPES,
        company_id=batch.company_id,
        counts=counts(SQL("move")),
    )


def replaced_by_analytics(order_lines: SQL, batch: Batch, scope: Scope) -> SQL:
    """Select the share of each order line that cost on its job's account replaced.

    Sources: sale_order_line, account_move_line of bills and chosen journals, without
    those of a purchase of an order. Grain: order line, with the order's billed cost
    and the estimate that it replaced, in company currency.
    Index: the gin indexes of both analytic distributions.

    A line for the product of an order line replaces this; what is left replaces the
    estimates of the other lines as far as it goes.
    """
    return SQL(
        """
        WITH distributed AS MATERIALIZED (
            SELECT *
              FROM (%(order_lines)s) AS asked
             WHERE analytic_distribution IS NOT NULL
               AND analytic_distribution <> '{}'
        ),
        found AS MATERIALIZED (
            SELECT DISTINCT bill_line.id
              FROM (SELECT DISTINCT account_id FROM (%(jobs)s) AS job) AS account
        CROSS JOIN LATERAL (
                   SELECT line.id, line.move_id
                     FROM account_move_line AS line
                    WHERE %(keys)s && ARRAY[account.account_id::text]
                      AND line.account_id = ANY(%(accounts)s)
                      AND %(no_purchase)s
                   OFFSET 0
                   ) AS bill_line
              JOIN account_move AS move
                ON move.id = bill_line.move_id
               AND (move.move_type IN %(bill_types)s OR %(is_manual)s)
               AND move.company_id = %(company_id)s
               AND %(counts)s
        ),
        target AS MATERIALIZED (%(targets)s),
        billed AS MATERIALIZED (
            SELECT target.order_id,
                   line.product_id,
                   SUM(line.balance * target.share) AS amount
              FROM target
              JOIN account_move_line AS line ON line.id = target.line_id
             WHERE target.order_id IS NOT NULL
             GROUP BY target.order_id, line.product_id
        ),
        estimated AS MATERIALIZED (
            SELECT order_line.id,
                   order_line.order_id,
                   (COALESCE(order_line.purchase_price, 0)
                    * order_line.product_uom_qty)::numeric
                   / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric AS estimate,
                   order_line.product_id IN (
                       SELECT product_id
                         FROM billed
                        WHERE billed.order_id = order_line.order_id AND amount > 0
                   ) AS is_billed
              FROM (SELECT DISTINCT order_id FROM billed) AS job
              JOIN sale_order AS sale ON sale.id = job.order_id
              JOIN sale_order_line AS order_line ON order_line.order_id = sale.id
             WHERE order_line.display_type IS NULL
               AND order_line.is_downpayment IS NOT TRUE
        ),
        other AS (
            SELECT billed.order_id, SUM(billed.amount) AS amount
              FROM billed
             WHERE NOT EXISTS (
                   SELECT 1
                     FROM estimated
                    WHERE estimated.order_id = billed.order_id
                      AND estimated.is_billed
                      AND billed.product_id = (
                          SELECT product_id
                            FROM sale_order_line
                           WHERE sale_order_line.id = estimated.id
                          )
                   )
             GROUP BY billed.order_id
        ),
        shared AS (
            SELECT estimated.*,
                   CASE WHEN is_billed THEN 1
                        ELSE LEAST(1, GREATEST(0, COALESCE(
                            other.amount / NULLIF(
                                SUM(estimate) FILTER (WHERE is_billed IS NOT TRUE)
                                OVER (PARTITION BY estimated.order_id), 0
                            ), 0)))
                   END AS share
              FROM estimated
         LEFT JOIN other ON other.order_id = estimated.order_id
        )
        SELECT shared.id AS order_line_id,
               shared.order_id,
               shared.share,
               'analytic' AS source,
               SUM(shared.estimate * shared.share) OVER job AS replaced_estimate,
               (SELECT SUM(amount)
                  FROM billed
                 WHERE billed.order_id = shared.order_id) AS billed_amount
          FROM shared
        WINDOW job AS (PARTITION BY shared.order_id)
        """,
        order_lines=order_lines,
        jobs=job_lines(
            accounts_of(SQL("SELECT analytic_distribution FROM distributed"))
        ),
        keys=analytic_keys(SQL("line.analytic_distribution")),
        accounts=scope.accounts_of("cost", "expense"),
        no_purchase=no_purchase(SQL("line"), scope),
        bill_types=BILL_TYPES,
        is_manual=is_manual(SQL("move")),
        company_id=batch.company_id,
        counts=counts(SQL("move")),
        targets=targets(
            SQL(
                "SELECT line.id, line.analytic_distribution FROM found"
                " JOIN account_move_line AS line ON line.id = found.id"
            )
        ),
    )


def no_purchase(line: SQL, scope: Scope) -> SQL:
    """Return the condition that no purchase ties the bill line to an order."""
    if not scope.has_purchases:
        return SQL("TRUE")
    return SQL(
        """
        NOT EXISTS (
            SELECT 1
              FROM purchase_order_line AS purchase
             WHERE purchase.id = %s.purchase_line_id
               AND purchase.sale_line_id IS NOT NULL
        )
        """,
        line,
    )
