"""Set-based SQL of actual cost: what bills and journal entries put into the ledger."""

from odoo.tools import SQL

from .value_client_sql import line_clients
from .value_cost_sql import no_purchase, replaced_by_analytics
from .value_job_sql import targets
from .value_scope_sql import BILL_TYPES, MOVE_TYPES, Batch, Scope, counts, is_manual


def bill_lines(batch: Batch, scope: Scope) -> SQL:
    """Select what each line of bills and of chosen journals puts in the ledger.

    Sources: account_move, account_move_line on chosen accounts (of a job: on any
    expense account), purchase_order_line, analytic distributions, ``invoiced_parts``.
    Grain: line and the part of it that falls to one order, customer invoice, client.
    Index: account_move_line.move_id, and those of the parts.

    The parts are rounded cumulatively, in a settled order: they add up to the line to
    the cent, whatever the shares. What leads to no client stays, without one.
    """
    return SQL(
        """
        WITH role AS MATERIALIZED (%(roles)s),
        move AS MATERIALIZED (
            SELECT move.id,
                   COALESCE(move.invoice_date, move.date) AS order_date,
                   CASE move.move_type WHEN 'in_refund' THEN -1 ELSE 1 END AS sign,
                   move.move_type = 'entry' AS is_manual,
                   move.logistics_attributed_client_id AS client_id,
                   move.commercial_partner_id,
                   currency.rounding
              FROM account_move AS move
              JOIN res_company AS company ON company.id = move.company_id
              JOIN res_currency AS currency ON currency.id = company.currency_id
             WHERE %(in_batch)s
               AND move.company_id = %(company_id)s
               AND (move.move_type IN %(bill_types)s OR %(is_manual)s)
               AND %(counts)s
        ),
        line AS MATERIALIZED (
            SELECT line.id,
                   line.move_id,
                   role.kind,
                   line.balance,
                   line.amount_currency,
                   document_currency.rounding AS document_rounding,
                   COALESCE(line.quantity, 0)::numeric * move.sign AS quantity,
                   line.analytic_distribution,
                   COALESCE(
                       by_line.commercial_partner_id, by_move.commercial_partner_id
                   ) AS attributed_client_id,
                   CASE WHEN move.is_manual THEN own.commercial_partner_id END
                   AS own_client_id,
                   template.logistics_service_id AS service_id,
                   COALESCE(template.logistics_is_disbursement, FALSE)
                   AS is_disbursement,
                   %(purchase_line)s AS purchase_line_id
              FROM move
              JOIN account_move_line AS line
                ON line.move_id = move.id AND %(line_in_batch)s
              JOIN role
                ON role.account_id = line.account_id
               AND (role.kind <> 'income' OR move.is_manual)
              JOIN res_currency AS document_currency
                ON document_currency.id = line.currency_id
         LEFT JOIN res_partner AS own ON own.id = line.partner_id
         LEFT JOIN res_partner AS by_line
                ON by_line.id = line.logistics_attributed_client_id
         LEFT JOIN res_partner AS by_move ON by_move.id = move.client_id
         LEFT JOIN product_product AS product ON product.id = line.product_id
         LEFT JOIN product_template AS template
                ON template.id = product.product_tmpl_id
        ),
        target AS MATERIALIZED (%(targets)s),
        part AS MATERIALIZED (%(parts)s),
        replaced AS MATERIALIZED (
            SELECT DISTINCT order_id, replaced_estimate, billed_amount
              FROM (%(replaced)s) AS replaced
             WHERE billed_amount > 0
        ),
        whole AS (
            SELECT part.line_id,
                   part.order_id,
                   part.invoice_id,
                   part.client_id,
                   part.service_id,
                   part.share,
                   part.source,
                   part.quoted_cost
              FROM part
             UNION ALL
            SELECT line.id, NULL, NULL, NULL, NULL,
                   1 - COALESCE(SUM(part.share), 0), NULL, 0
              FROM line
         LEFT JOIN part ON part.line_id = line.id
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
                   ROUND(line.balance * ROUND(upto, 9) / move.rounding)
                   * move.rounding
                   - ROUND(line.balance * ROUND(upto - share, 9) / move.rounding)
                   * move.rounding AS balance,
                   ROUND(line.amount_currency * ROUND(upto, 9) / document_rounding)
                   * document_rounding
                   - ROUND(line.amount_currency * ROUND(upto - share, 9)
                           / document_rounding)
                   * document_rounding AS amount_currency
              FROM summed
              JOIN line ON line.id = summed.line_id
              JOIN move ON move.id = line.move_id
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
                    WHEN move.is_manual THEN 'manual'
                    ELSE COALESCE(amount.source, 'vendor_bill') END AS cost_source,
               line.kind = 'expense' AS is_other_account,
               COALESCE(invoice.invoice_date, invoice.date, move.order_date)
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
                        ) / move.rounding) * move.rounding
                   ELSE ROUND(amount.quoted_cost / move.rounding) * move.rounding
               END AS quoted_cost,
               CASE WHEN line.kind = 'income' AND line.is_disbursement
                    THEN -amount.balance ELSE 0 END AS disbursement_revenue,
               CASE WHEN line.kind <> 'income' AND line.is_disbursement
                    THEN amount.balance ELSE 0 END AS disbursement_cost
          FROM amount
          JOIN line ON line.id = amount.line_id
          JOIN move ON move.id = line.move_id
     LEFT JOIN sale_order AS sale ON sale.id = amount.order_id
     LEFT JOIN account_move AS invoice ON invoice.id = amount.invoice_id
     LEFT JOIN replaced ON replaced.order_id = amount.order_id
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
        targets=_targets(scope),
        parts=invoiced_parts(batch),
        replaced=replaced_by_analytics(
            SQL(
                """
                SELECT order_line.id AS order_line_id, order_line.analytic_distribution
                  FROM (SELECT DISTINCT order_id
                          FROM target
                         WHERE source = 'analytic') AS job
                  JOIN sale_order_line AS order_line
                    ON order_line.order_id = job.order_id
                """
            ),
            batch,
            scope,
        ),
    )


def _targets(scope: Scope) -> SQL:
    """Select the orders and clients that the lines of ``line`` fall to, by share.

    Sources: ``line``, purchase_order_line, ``value_job_sql.targets``.
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
                  FROM line
                 WHERE analytic_distribution IS NOT NULL
                   AND analytic_distribution <> '{}'
                   AND %s
                """,
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
          FROM line
          JOIN purchase_order_line AS purchase ON purchase.id = line.purchase_line_id
          JOIN sale_order_line AS order_line ON order_line.id = purchase.sale_line_id
          JOIN sale_order AS sale ON sale.id = order_line.order_id
         UNION ALL
        %s
        """,
        analytic,
    )


def invoiced_parts(batch: Batch) -> SQL:
    """Split what falls to an order over its customer invoices, by invoiced value.

    Sources: ``target``, sale_order_line, its invoice lines and ``line_clients``.
    Grain: line, order, customer invoice (none for what is not invoiced yet), client.
    Index: the keys of sale_order_line_invoice_rel.
    A credit note takes its quantity off the invoice that it reverses.
    """
    return SQL(
        """
        WITH wanted AS MATERIALIZED (
            SELECT target.line_id,
                   target.order_id,
                   target.source,
                   order_line.id AS order_line_id,
                   order_line.product_uom_qty::numeric AS quantity,
                   CASE WHEN target.order_line_id IS NOT NULL THEN 1
                        ELSE ABS(COALESCE(
                            order_line.price_subtotal
                            / NULLIF(order_line.product_uom_qty, 0), 0
                        )) END::numeric AS value
              FROM target
              JOIN sale_order_line AS order_line
                ON order_line.order_id = target.order_id
               AND (target.order_line_id IS NULL
                    OR order_line.id = target.order_line_id)
             WHERE order_line.display_type IS NULL
               AND order_line.is_downpayment IS NOT TRUE
        ),
        invoiced AS MATERIALIZED (
            SELECT asked.order_line_id,
                   line.id,
                   line.move_id,
                   move.move_type = 'out_refund' AS is_refund,
                   COALESCE(
                       CASE WHEN move.move_type = 'out_refund'
                            THEN move.reversed_entry_id END,
                       move.id
                   ) AS invoice_id,
                   line.quantity::numeric
                   * CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END
                   AS quantity,
                   line.logistics_attributed_client_id AS line_client_id,
                   move.logistics_attributed_client_id AS move_client_id,
                   move.commercial_partner_id AS invoiced_partner_id
              FROM (SELECT DISTINCT order_line_id FROM wanted) AS asked
              JOIN sale_order_line_invoice_rel AS rel
                ON rel.order_line_id = asked.order_line_id
              JOIN account_move_line AS line ON line.id = rel.invoice_line_id
              JOIN account_move AS move
                ON move.id = line.move_id
               AND move.move_type IN %(move_types)s
               AND move.company_id = %(company_id)s
               AND %(counts)s
        ),
        net AS MATERIALIZED (
            SELECT invoiced.order_line_id,
                   invoiced.invoice_id,
                   MIN(counted.client_id) FILTER (WHERE NOT is_refund) AS client_id,
                   SUM(quantity) AS quantity
              FROM invoiced
              JOIN (%(clients)s) AS counted ON counted.line_id = invoiced.id
             GROUP BY invoiced.order_line_id, invoiced.invoice_id
            HAVING SUM(quantity) > 0
        ),
        weight AS MATERIALIZED (
            SELECT wanted.line_id, wanted.order_id, wanted.source,
                   net.invoice_id, net.client_id,
                   SUM(net.quantity * wanted.value) AS weight
              FROM wanted
              JOIN net ON net.order_line_id = wanted.order_line_id
             GROUP BY 1, 2, 3, 4, 5
             UNION ALL
            SELECT wanted.line_id, wanted.order_id, wanted.source, NULL, NULL,
                   SUM(GREATEST(wanted.quantity - COALESCE(done.quantity, 0), 0)
                       * wanted.value)
              FROM wanted
         LEFT JOIN (
                    SELECT order_line_id, SUM(quantity) AS quantity
                      FROM net
                     GROUP BY order_line_id
                   ) AS done
                ON done.order_line_id = wanted.order_line_id
             GROUP BY 1, 2, 3
        ),
        relative AS MATERIALIZED (
            SELECT weight.*,
                   weight / SUM(weight) OVER (
                       PARTITION BY line_id, order_id, source
                   ) AS part
              FROM weight
             WHERE weight > 0
        )
        SELECT target.line_id,
               target.order_id,
               relative.invoice_id,
               COALESCE(
                   relative.client_id,
                   ordering.commercial_partner_id,
                   target.client_id
               ) AS client_id,
               template.logistics_service_id AS service_id,
               target.share * COALESCE(relative.part, 1) AS share,
               target.source,
               target.quoted_cost * COALESCE(relative.part, 1) AS quoted_cost
          FROM target
     LEFT JOIN relative
            ON relative.line_id = target.line_id
           AND relative.order_id = target.order_id
           AND relative.source = target.source
     LEFT JOIN sale_order AS sale ON sale.id = target.order_id
     LEFT JOIN res_partner AS ordering ON ordering.id = sale.partner_id
     LEFT JOIN sale_order_line AS order_line ON order_line.id = target.order_line_id
     LEFT JOIN product_product AS product ON product.id = order_line.product_id
     LEFT JOIN product_template AS template ON template.id = product.product_tmpl_id
        """,
        move_types=MOVE_TYPES,
        company_id=batch.company_id,
        counts=counts(SQL("move")),
        clients=line_clients(
            SQL(
                "SELECT DISTINCT id, move_id, line_client_id, move_client_id,"
                " invoiced_partner_id FROM invoiced"
            )
        ),
    )
