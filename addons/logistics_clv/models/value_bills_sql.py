"""Set-based SQL of actual cost: what bills and journal entries put into the ledger.

The steps, each a table of the transaction (``value_stage_sql``): ``bill_line``, the
orders and clients that they fall to (``target``), the customer invoices of these
(``part``), and the estimates that cost on a job's account replaced
(``job_replaced``); ``bill_lines`` puts them together.
"""

from odoo.tools import SQL

from .value_bill_parts_sql import invoiced_parts
from .value_cost_sql import no_purchase, replaced_by_analytics
from .value_job_sql import targets
from .value_scope_sql import BILL_TYPES, Batch, Scope, counts, is_manual
from .value_stage_sql import staged

LINE, TARGET, PART, REPLACED = (
    staged(name) for name in ("bill_line", "target", "part", "job_replaced")
)


def has_bills(batch: Batch) -> SQL:
    """Return whether the batch has bills or entries of the chosen journals.

    Source: account_move. Without any, the steps of the bills have nothing to do.
    """
    return SQL(
        """
        SELECT EXISTS (
            SELECT 1
              FROM account_move AS move
             WHERE %(in_batch)s
               AND move.company_id = %(company_id)s
               AND (move.move_type IN %(bill_types)s OR %(is_manual)s)
               AND move.state = 'posted'
        )
        """,
        in_batch=batch.holds(SQL("move.id")),
        company_id=batch.company_id,
        bill_types=BILL_TYPES,
        is_manual=is_manual(SQL("move")),
    )


def bill_steps(batch: Batch, scope: Scope) -> tuple[tuple[str, SQL], ...]:
    """Return the tables that ``bill_lines`` reads, in the order of their making."""
    return (
        ("bill_line", _bill_line(batch, scope)),
        ("target", _targets(scope)),
        ("part", invoiced_parts(TARGET, batch)),
        ("job_replaced", _job_replaced(batch, scope)),
    )


def _bill_line(batch: Batch, scope: Scope) -> SQL:
    """Select the lines of bills and chosen journals, with what their move says.

    Sources: account_move, account_move_line on chosen accounts (of a job: on any
    expense account), product. Grain: line. Index: account_move_line.move_id.
    """
    return SQL(
        """
        SELECT line.id,
               line.move_id,
               role.kind,
               line.balance,
               line.amount_currency,
               document_currency.rounding AS document_rounding,
               COALESCE(line.quantity, 0)::numeric
               * CASE move.move_type WHEN 'in_refund' THEN -1 ELSE 1 END AS quantity,
               line.analytic_distribution,
               COALESCE(
                   by_line.commercial_partner_id, by_move.commercial_partner_id
               ) AS attributed_client_id,
               CASE WHEN move.move_type = 'entry' THEN own.commercial_partner_id END
               AS own_client_id,
               template.logistics_service_id AS service_id,
               COALESCE(template.logistics_is_disbursement, FALSE) AS is_disbursement,
               %(purchase_line)s AS purchase_line_id,
               COALESCE(move.invoice_date, move.date) AS order_date,
               move.move_type = 'entry' AS is_manual,
               currency.rounding
          FROM account_move AS move
          JOIN res_company AS company ON company.id = move.company_id
          JOIN res_currency AS currency ON currency.id = company.currency_id
          JOIN account_move_line AS line
            ON line.move_id = move.id AND %(line_in_batch)s
          JOIN (%(roles)s) AS role
            ON role.account_id = line.account_id
           AND (role.kind <> 'income' OR move.move_type = 'entry')
          JOIN res_currency AS document_currency
            ON document_currency.id = line.currency_id
     LEFT JOIN res_partner AS own ON own.id = line.partner_id
     LEFT JOIN res_partner AS by_line
            ON by_line.id = line.logistics_attributed_client_id
     LEFT JOIN res_partner AS by_move
            ON by_move.id = move.logistics_attributed_client_id
     LEFT JOIN product_product AS product ON product.id = line.product_id
     LEFT JOIN product_template AS template ON template.id = product.product_tmpl_id
         WHERE %(in_batch)s
           AND move.company_id = %(company_id)s
           AND (move.move_type IN %(bill_types)s OR %(is_manual)s)
           AND %(counts)s
        """,
        roles=scope.roles(),
        in_batch=batch.holds(SQL("move.id")),
        line_in_batch=batch.holds(SQL("line.move_id")),
        company_id=batch.company_id,
        bill_types=BILL_TYPES,
        is_manual=is_manual(SQL("move")),
        counts=counts(SQL("move")),
        purchase_line=SQL("line.purchase_line_id")
        if scope.has_purchases
        else SQL("NULL::int"),
    )


def _targets(scope: Scope) -> SQL:
    """Select the orders and clients that the lines of ``bill_line`` fall to, by share.

    Sources: ``bill_line``, purchase_order_line, ``value_job_sql.targets``.
    Grain: line, order, order line (by purchase), client (without an order).
    The purchase of an order goes before the analytic distribution.
    """
    analytic = SQL(
        """
        SELECT line_id, order_id, NULL::int AS order_line_id, client_id, share,
               'analytic' AS source, 0::numeric AS quoted_cost
          FROM (%s) AS job
        """,
        targets(
            SQL(
                """
                SELECT id, analytic_distribution
                  FROM %s AS line
                 WHERE analytic_distribution IS NOT NULL
                   AND analytic_distribution <> '{}'
                   AND %s
                """,
                LINE,
                no_purchase(SQL("line"), scope),
            )
        ),
    )
    if not scope.has_purchases:
        return analytic
    return SQL(
        """
        SELECT line.id AS line_id,
               order_line.order_id,
               order_line.id AS order_line_id,
               NULL::int AS client_id,
               1::numeric AS share,
               'vendor_bill' AS source,
               (COALESCE(order_line.purchase_price, 0) * order_line.product_uom_qty
                )::numeric
               * COALESCE(line.quantity / NULLIF(purchase.product_qty, 0), 0)::numeric
               / COALESCE(NULLIF(sale.currency_rate, 0), 1)::numeric AS quoted_cost
          FROM %s AS line
          JOIN purchase_order_line AS purchase ON purchase.id = line.purchase_line_id
          JOIN sale_order_line AS order_line ON order_line.id = purchase.sale_line_id
          JOIN sale_order AS sale ON sale.id = order_line.order_id
         UNION ALL
        %s
        """,
        LINE,
        analytic,
    )


def _job_replaced(batch: Batch, scope: Scope) -> SQL:
    """Select the estimates of the jobs that the bills' analytic distributions replace.

    Sources: ``target``, sale_order_line, ``replaced_by_analytics``. Grain: order.
    """
    return SQL(
        """
        SELECT DISTINCT order_id, replaced_estimate, billed_amount
          FROM (%s) AS replaced
         WHERE billed_amount > 0
        """,
        replaced_by_analytics(
            SQL(
                """
                SELECT order_line.id AS order_line_id, order_line.analytic_distribution
                  FROM (SELECT DISTINCT order_id
                          FROM %s
                         WHERE source = 'analytic') AS job
                  JOIN sale_order_line AS order_line
                    ON order_line.order_id = job.order_id
                """,
                TARGET,
            ),
            batch,
            scope,
        ),
    )


def bill_lines() -> SQL:
    """Select what each line of bills and of chosen journals puts in the ledger.

    Sources: the tables of ``bill_steps``, sale_order, account_move.
    Grain: line and the part of it that falls to one order, customer invoice, client.
    Index: the primary keys.

    The parts are rounded cumulatively, in a settled order: they add up to the line to
    the cent, whatever the shares. What leads to no client stays, without one.
    """
    return SQL(
        """
        WITH whole AS (
            SELECT part.line_id,
                   part.order_id,
                   part.invoice_id,
                   part.client_id,
                   part.service_id,
                   part.share,
                   part.source,
                   part.quoted_cost
              FROM %(part)s AS part
             UNION ALL
            SELECT line.id, NULL, NULL, NULL, NULL,
                   1 - COALESCE(SUM(part.share), 0), NULL, 0
              FROM %(line)s AS line
         LEFT JOIN %(part)s AS part ON part.line_id = line.id
             WHERE line.kind <> 'expense'
             GROUP BY line.id
            HAVING 1 - COALESCE(SUM(part.share), 0) > 0.0000001
        ),
        summed AS (
            SELECT whole.*, SUM(share) OVER settled AS upto
              FROM whole
            WINDOW settled AS (
                   PARTITION BY line_id
                   ORDER BY order_id, invoice_id, client_id, source
                   ROWS UNBOUNDED PRECEDING
                   )
        ),
        amount AS (
            SELECT summed.*,
                   ROUND(line.balance * ROUND(upto, 9) / line.rounding)
                   * line.rounding
                   - ROUND(line.balance * ROUND(upto - share, 9) / line.rounding)
                   * line.rounding AS balance,
                   ROUND(line.amount_currency * ROUND(upto, 9) / line.document_rounding)
                   * line.document_rounding
                   - ROUND(line.amount_currency * ROUND(upto - share, 9)
                           / line.document_rounding)
                   * line.document_rounding AS amount_currency
              FROM summed
              JOIN %(line)s AS line ON line.id = summed.line_id
        )
        SELECT line.move_id,
               amount.invoice_id,
               COALESCE(
                   line.attributed_client_id,
                   amount.client_id,
                   line.own_client_id
               ) AS client_id,
               COALESCE(line.service_id, amount.service_id) AS service_id,
               amount.order_id,
               CASE WHEN line.is_disbursement THEN 'disbursement'
                    WHEN line.is_manual THEN 'manual'
                    ELSE COALESCE(amount.source, 'vendor_bill') END AS cost_source,
               line.kind = 'expense' AS is_other_account,
               COALESCE(invoice.invoice_date, invoice.date, line.order_date)
               AS order_date,
               FALSE AS is_order,
               COALESCE(invoice.invoice_user_id, sale.user_id) AS user_id,
               CASE WHEN line.kind = 'income' AND NOT line.is_disbursement
                    THEN -amount.balance ELSE 0 END AS revenue,
               CASE WHEN line.kind = 'income' AND NOT line.is_disbursement
                    THEN -amount.amount_currency ELSE 0 END AS revenue_document,
               CASE WHEN line.kind <> 'income' AND NOT line.is_disbursement
                    THEN amount.balance ELSE 0 END AS cost,
               CASE WHEN line.kind <> 'income' AND NOT line.is_disbursement
                    THEN amount.amount_currency ELSE 0 END AS cost_document,
               CASE
                   WHEN line.kind = 'income' OR line.is_disbursement THEN 0
                   WHEN amount.source = 'analytic'
                   THEN ROUND(COALESCE(
                            replaced.replaced_estimate * amount.balance
                            / replaced.billed_amount, 0
                        ) / line.rounding) * line.rounding
                   ELSE ROUND(amount.quoted_cost / line.rounding) * line.rounding
               END AS quoted_cost,
               CASE WHEN line.kind = 'income' AND line.is_disbursement
                    THEN -amount.balance ELSE 0 END AS disbursement_revenue,
               CASE WHEN line.kind <> 'income' AND line.is_disbursement
                    THEN amount.balance ELSE 0 END AS disbursement_cost,
               FALSE AS is_lone
          FROM amount
          JOIN %(line)s AS line ON line.id = amount.line_id
     LEFT JOIN sale_order AS sale ON sale.id = amount.order_id
     LEFT JOIN account_move AS invoice ON invoice.id = amount.invoice_id
     LEFT JOIN %(replaced)s AS replaced ON replaced.order_id = amount.order_id
        """,
        line=LINE,
        part=PART,
        replaced=REPLACED,
    )
