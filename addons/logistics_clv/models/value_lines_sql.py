"""Set-based SQL of sales: what the lines of customer invoices put into the ledger."""

from odoo.tools import SQL

from .value_client_sql import line_clients
from .value_cost_sql import replaced_estimates
from .value_scope_sql import MOVE_TYPES, Batch, Scope, counts, rate_at


def sale_lines(batch: Batch, scope: Scope) -> SQL:
    """Select what each line of customer invoices and credit notes puts in the ledger.

    Sources: account_move, account_move_line on chosen accounts, product, sale order,
    and what ``replaced_estimates`` knows of bills. Grain: invoice line.
    Index: account_move_line.move_id and the keys of sale_order_line_invoice_rel.

    The estimate is rounded here, per invoice line and in company currency: whatever is
    grouped later adds up to the same total, without a remainder. The client is the
    commercial entity of today: a client merged into another takes its past along.
    The cost of goods sold that Odoo books on the invoice is an actual cost: it comes
    in with its own line, and the line of the goods keeps no estimate.
    """
    return SQL(
        """
        WITH role AS MATERIALIZED (%(roles)s),
        move AS MATERIALIZED (
            SELECT move.id,
                   COALESCE(
                       reversed.invoice_date, reversed.date,
                       move.invoice_date, move.date
                   ) AS order_date,
                   COALESCE(move.invoice_date, move.date) AS rate_date,
                   move.currency_id AS document_currency_id,
                   NULLIF(move.invoice_currency_rate, 0) AS document_rate,
                   CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END AS sign,
                   move.logistics_attributed_client_id AS client_id,
                   move.commercial_partner_id,
                   company.currency_id,
                   split_part(company.parent_path, '/', 1)::int AS root_company_id,
                   currency.rounding
              FROM account_move AS move
              JOIN res_company AS company ON company.id = move.company_id
              JOIN res_currency AS currency ON currency.id = company.currency_id
         LEFT JOIN account_move AS reversed
                ON reversed.id = move.reversed_entry_id
               AND move.move_type = 'out_refund'
             WHERE %(in_batch)s
               AND move.company_id = %(company_id)s
               AND move.move_type IN %(move_types)s
               AND %(counts)s
        ),
        line AS MATERIALIZED (
            SELECT line.id,
                   line.move_id,
                   role.kind,
                   line.display_type,
                   line.product_id,
                   line.balance,
                   line.amount_currency,
                   COALESCE(line.quantity, 0)::numeric AS quantity,
                   line.product_uom_id,
                   line.logistics_attributed_client_id AS line_client_id,
                   move.client_id AS move_client_id,
                   move.commercial_partner_id AS invoiced_partner_id,
                   template.logistics_service_id AS service_id,
                   COALESCE(template.logistics_is_disbursement, FALSE)
                   AS is_disbursement
              FROM move
              JOIN account_move_line AS line
                ON line.move_id = move.id AND %(line_in_batch)s
              JOIN role
                ON role.account_id = line.account_id
               AND (role.kind <> 'expense' OR line.display_type = 'cogs')
         LEFT JOIN product_product AS product ON product.id = line.product_id
         LEFT JOIN product_template AS template
                ON template.id = product.product_tmpl_id
        ),
        goods AS MATERIALIZED (
            SELECT DISTINCT move_id, product_id
              FROM line
             WHERE display_type = 'cogs'
        ),
        sold AS MATERIALIZED (
            SELECT line.id AS line_id,
                   line.move_id,
                   order_line.id AS order_line_id,
                   order_line.order_id,
                   order_line.is_downpayment,
                   sale.currency_id,
                   order_line.analytic_distribution,
                   ABS(order_line.product_uom_qty)::numeric AS weight,
                   order_line.purchase_price::numeric * CASE
                       WHEN line.product_uom_id = order_line.product_uom_id THEN 1
                       ELSE COALESCE(
                           invoiced.factor::numeric
                           / NULLIF(ordered.factor, 0)::numeric,
                           1
                       ) END AS price
              FROM line
              JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = line.id
              JOIN sale_order_line AS order_line ON order_line.id = rel.order_line_id
              JOIN sale_order AS sale ON sale.id = order_line.order_id
         LEFT JOIN uom_uom AS invoiced ON invoiced.id = line.product_uom_id
         LEFT JOIN uom_uom AS ordered ON ordered.id = order_line.product_uom_id
        ),
        rate AS MATERIALIZED (
            SELECT pair.move_id,
                   pair.currency_id,
                   CASE
                       WHEN pair.currency_id = move.document_currency_id
                            AND move.document_rate IS NOT NULL
                       THEN move.document_rate
                       ELSE (%(order_rate)s) / (%(company_rate)s)
                   END AS per_company_unit
              FROM (SELECT DISTINCT sold.move_id, sold.currency_id
                      FROM sold
                      JOIN move ON move.id = sold.move_id
                     WHERE sold.currency_id <> move.currency_id) AS pair
              JOIN move ON move.id = pair.move_id
        ),
        replaced AS MATERIALIZED (%(replaced)s),
        single AS (
            SELECT sold.*,
                   sold.price / COALESCE(rate.per_company_unit, 1) AS company_price,
                   COALESCE(replaced.share, 0) AS share,
                   replaced.source
              FROM sold
         LEFT JOIN rate
                ON rate.move_id = sold.move_id
               AND rate.currency_id = sold.currency_id
         LEFT JOIN replaced ON replaced.order_line_id = sold.order_line_id
        ),
        bought AS MATERIALIZED (
            SELECT line_id,
                   MIN(move_id) AS move_id,
                   MIN(order_id) AS order_id,
                   BOOL_OR(is_downpayment) AS is_downpayment,
                   %(price)s AS price,
                   %(open_price)s AS open_price,
                   MIN(source) AS source
              FROM single
             GROUP BY line_id
        ),
        advance AS MATERIALIZED (
            SELECT bought.order_id,
                   MIN(COALESCE(regular.invoice_date, regular.date)) AS order_date
              FROM (SELECT DISTINCT order_id
                      FROM bought
                     WHERE is_downpayment) AS bought
              JOIN sale_order_line AS order_line
                ON order_line.order_id = bought.order_id
               AND order_line.is_downpayment IS NOT TRUE
              JOIN sale_order_line_invoice_rel AS rel
                ON rel.order_line_id = order_line.id
              JOIN account_move_line AS line ON line.id = rel.invoice_line_id
              JOIN account_move AS regular
                ON regular.id = line.move_id
               AND regular.state = 'posted'
               AND regular.move_type = 'out_invoice'
             GROUP BY bought.order_id
        ),
        valued AS (
            SELECT line.*,
                   move.order_date,
                   move.rounding,
                   bought.source,
                   bought.order_id AS own_order_id,
                   COALESCE(bought.price, 0) * line.quantity * move.sign AS estimate,
                   COALESCE(bought.open_price, 0) * line.quantity * move.sign
                   AS open_estimate,
                   CASE
                       WHEN line.kind <> 'income' AND line.display_type = 'cogs'
                       THEN 'stock'
                       WHEN line.is_disbursement THEN 'disbursement'
                       WHEN line.kind <> 'income' THEN 'manual'
                       WHEN bought.is_downpayment THEN 'down_payment'
                       WHEN goods.move_id IS NOT NULL THEN 'stock'
                       WHEN bought.source IS NOT NULL AND bought.open_price = 0
                       THEN bought.source
                       WHEN bought.open_price <> 0 THEN 'order_line'
                       ELSE 'none'
                   END AS cost_source
              FROM line
              JOIN move ON move.id = line.move_id
         LEFT JOIN bought ON bought.line_id = line.id
         LEFT JOIN goods
                ON goods.move_id = line.move_id
               AND goods.product_id = line.product_id
        )
        SELECT valued.move_id,
               NULL::int AS invoice_id,
               counted.client_id,
               valued.service_id,
               counted.order_id,
               valued.cost_source,
               valued.kind = 'expense' AS is_other_account,
               CASE WHEN valued.cost_source = 'down_payment'
                    THEN COALESCE(advance.order_date, valued.order_date)
                    ELSE valued.order_date END AS order_date,
               valued.kind = 'income'
               AND valued.cost_source NOT IN ('disbursement', 'down_payment')
               AS is_order,
               NULL::int AS user_id,
               CASE WHEN valued.kind = 'income' AND NOT valued.is_disbursement
                    THEN -valued.balance ELSE 0 END AS revenue,
               CASE WHEN valued.kind = 'income' AND NOT valued.is_disbursement
                    THEN -valued.amount_currency ELSE 0 END AS revenue_document,
               CASE
                   WHEN valued.kind <> 'income' AND NOT valued.is_disbursement
                   THEN valued.balance
                   WHEN valued.cost_source = 'order_line'
                   THEN ROUND(valued.open_estimate / valued.rounding)
                        * valued.rounding
                   ELSE 0
               END AS cost,
               CASE
                   WHEN valued.kind <> 'income' AND NOT valued.is_disbursement
                   THEN valued.amount_currency ELSE 0 END AS cost_document,
               CASE
                   WHEN valued.cost_source = 'order_line'
                   THEN ROUND(valued.open_estimate / valued.rounding)
                        * valued.rounding
                   WHEN valued.cost_source = 'stock' AND valued.kind = 'income'
                   THEN ROUND(valued.estimate / valued.rounding) * valued.rounding
                   ELSE 0
               END AS quoted_cost,
               CASE WHEN valued.kind = 'income' AND valued.is_disbursement
                    THEN -valued.balance ELSE 0 END AS disbursement_revenue,
               CASE WHEN valued.kind <> 'income' AND valued.is_disbursement
                    THEN valued.balance ELSE 0 END AS disbursement_cost
          FROM valued
          JOIN (%(clients)s) AS counted ON counted.line_id = valued.id
     LEFT JOIN advance ON advance.order_id = counted.order_id
        """,
        roles=scope.roles(),
        in_batch=batch.holds(SQL("move.id")),
        line_in_batch=batch.holds(SQL("line.move_id")),
        company_id=batch.company_id,
        move_types=MOVE_TYPES,
        counts=counts(SQL("move")),
        order_rate=_rate_of_move(SQL("pair.currency_id")),
        company_rate=_rate_of_move(SQL("move.currency_id")),
        replaced=replaced_estimates(
            SQL("SELECT order_line_id, analytic_distribution FROM sold"), batch, scope
        ),
        price=_average(SQL("company_price")),
        open_price=_average(SQL("company_price * (1 - share)")),
        clients=line_clients(
            SQL(
                "SELECT id, move_id, line_client_id, move_client_id,"
                " invoiced_partner_id FROM line"
            ),
            orders=SQL("SELECT line_id AS id, move_id, order_id FROM bought"),
        ),
    )


def _average(price: SQL) -> SQL:
    """Return the mean price of the order lines of an invoice line, by quantity."""
    return SQL(
        """
        CASE WHEN COUNT(*) = 1 THEN MIN(%(price)s)
             WHEN SUM(weight) > 0 THEN SUM((%(price)s) * weight) / SUM(weight)
             ELSE AVG(%(price)s) END
        """,
        price=price,
    )


def _rate_of_move(currency: SQL) -> SQL:
    return rate_at(currency, SQL("move.rate_date"), SQL("move.root_company_id"))
