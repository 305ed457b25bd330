"""Set-based SQL of sales: what the lines of customer invoices put into the ledger.

The steps, each a table of the transaction (``value_stage_sql``): ``sale_line``, their
order lines (``sold``), what bills have replaced (``replaced``), the buy price of each
line (``bought``), and its client (``line_client``); ``sale_lines`` puts them together.
"""

from odoo.tools import SQL

from .value_client_sql import line_clients
from .value_cost_sql import replaced_estimates
from .value_scope_sql import MOVE_TYPES, Batch, Scope, counts, rate_at
from .value_stage_sql import staged


def sale_steps(batch: Batch, scope: Scope) -> tuple[tuple[str, SQL], ...]:
    """Return the tables that ``sale_lines`` reads, in the order of their making."""
    return (
        ("sale_line", _sale_line(batch, scope)),
        ("sold", _sold()),
        (
            "replaced",
            replaced_estimates(
                SQL("SELECT order_line_id, analytic_distribution FROM %s", SOLD),
                batch,
                scope,
            ),
        ),
        ("bought", _bought()),
        (
            "line_client",
            line_clients(
                SQL(
                    "SELECT id, move_id, line_client_id, move_client_id,"
                    " invoiced_partner_id FROM %s",
                    LINE,
                ),
                orders=SQL("SELECT line_id AS id, move_id, order_id FROM %s", BOUGHT),
            ),
        ),
    )


LINE, SOLD, REPLACED, BOUGHT, CLIENT = (
    staged(name) for name in ("sale_line", "sold", "replaced", "bought", "line_client")
)


def _sale_line(batch: Batch, scope: Scope) -> SQL:
    """Select the lines of customer moves on chosen accounts, with what their move says.

    Sources: account_move, account_move_line, product. Grain: invoice line.
    Index: account_move_line.move_id for few moves, one pass for many.
    """
    return SQL(
        """
        SELECT line.id,
               line.move_id,
               COUNT(*) OVER (PARTITION BY line.move_id) = 1 AS is_lone,
               role.kind,
               line.display_type,
               line.product_id,
               line.balance,
               line.amount_currency,
               COALESCE(line.quantity, 0)::numeric
               * CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END AS quantity,
               line.product_uom_id,
               line.logistics_attributed_client_id AS line_client_id,
               move.logistics_attributed_client_id AS move_client_id,
               move.commercial_partner_id AS invoiced_partner_id,
               template.logistics_service_id AS service_id,
               COALESCE(template.logistics_is_disbursement, FALSE) AS is_disbursement,
               COALESCE(
                   reversed.invoice_date, reversed.date, move.invoice_date, move.date
               ) AS order_date,
               COALESCE(move.invoice_date, move.date) AS rate_date,
               move.currency_id AS document_currency_id,
               NULLIF(move.invoice_currency_rate, 0) AS document_rate,
               company.currency_id,
               split_part(company.parent_path, '/', 1)::int AS root_company_id,
               currency.rounding
          FROM account_move AS move
          JOIN res_company AS company ON company.id = move.company_id
          JOIN res_currency AS currency ON currency.id = company.currency_id
          JOIN account_move_line AS line
            ON line.move_id = move.id AND %(line_in_batch)s
          JOIN (%(roles)s) AS role
            ON role.account_id = line.account_id
           AND (role.kind <> 'expense' OR line.display_type = 'cogs')
     LEFT JOIN account_move AS reversed
            ON reversed.id = move.reversed_entry_id
           AND move.move_type = 'out_refund'
     LEFT JOIN product_product AS product ON product.id = line.product_id
     LEFT JOIN product_template AS template ON template.id = product.product_tmpl_id
         WHERE %(in_batch)s
           AND move.company_id = %(company_id)s
           AND move.move_type IN %(move_types)s
           AND %(counts)s
        """,
        roles=scope.roles(),
        in_batch=batch.holds(SQL("move.id")),
        line_in_batch=batch.holds(SQL("line.move_id")),
        company_id=batch.company_id,
        move_types=MOVE_TYPES,
        counts=counts(SQL("move")),
    )


def _sold() -> SQL:
    """Select the order lines of each sale line, and their buy price per invoiced unit.

    Sources: ``sale_line``, sale_order_line_invoice_rel, sale_order_line, sale_order.
    Grain: invoice line and order line. The price is in the currency of the company,
    at the invoice's own rate where this is in the currency of the order.
    Index: the keys of sale_order_line_invoice_rel.
    """
    return SQL(
        """
        WITH ordered AS MATERIALIZED (
            SELECT line.id AS line_id,
                   line.move_id,
                   order_line.id AS order_line_id,
                   order_line.order_id,
                   order_line.is_downpayment,
                   sale.currency_id,
                   sale.currency_id <> line.currency_id AS is_foreign,
                   line.currency_id AS company_currency_id,
                   line.root_company_id,
                   line.rate_date,
                   CASE WHEN sale.currency_id = line.document_currency_id
                        THEN line.document_rate END AS document_rate,
                   order_line.analytic_distribution,
                   ABS(order_line.product_uom_qty)::numeric AS weight,
                   CASE
                       WHEN line.product_uom_id = order_line.product_uom_id
                       THEN order_line.purchase_price::numeric
                       ELSE order_line.purchase_price::numeric * COALESCE(
                           invoiced.factor::numeric
                           / NULLIF(ordered.factor, 0)::numeric,
                           1
                       ) END AS price
              FROM %(line)s AS line
              JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = line.id
              JOIN sale_order_line AS order_line ON order_line.id = rel.order_line_id
              JOIN sale_order AS sale ON sale.id = order_line.order_id
         LEFT JOIN uom_uom AS invoiced ON invoiced.id = line.product_uom_id
         LEFT JOIN uom_uom AS ordered ON ordered.id = order_line.product_uom_id
        ),
        rate AS MATERIALIZED (
            SELECT pair.currency_id,
                   pair.rate_date,
                   (%(order_rate)s) / (%(company_rate)s) AS per_company_unit
              FROM (
                    SELECT DISTINCT
                           currency_id, rate_date, company_currency_id, root_company_id
                      FROM ordered
                     WHERE is_foreign AND document_rate IS NULL
                   ) AS pair
        )
        SELECT ordered.line_id,
               ordered.move_id,
               ordered.order_line_id,
               ordered.order_id,
               ordered.is_downpayment,
               ordered.analytic_distribution,
               ordered.weight,
               CASE WHEN ordered.is_foreign
                    THEN ordered.price
                         / COALESCE(ordered.document_rate, rate.per_company_unit, 1)
                    ELSE ordered.price END AS price
          FROM ordered
     LEFT JOIN rate
            ON rate.currency_id = ordered.currency_id
           AND rate.rate_date = ordered.rate_date
           AND ordered.is_foreign
           AND ordered.document_rate IS NULL
        """,
        line=LINE,
        order_rate=_rate_of_pair(SQL("pair.currency_id")),
        company_rate=_rate_of_pair(SQL("pair.company_currency_id")),
    )


def _bought() -> SQL:
    """Select the buy price of each sale line, and what of it bills have left open.

    Sources: ``sold``, ``replaced``. Grain: invoice line with an order.
    Nearly every line has one order line, and needs no adding up.
    """
    return SQL(
        """
        WITH shared AS (
            SELECT line_id FROM %(sold)s GROUP BY line_id HAVING COUNT(*) > 1
        ),
        single AS (
            SELECT sold.*,
                   CASE WHEN replaced.share IS NULL THEN sold.price
                        ELSE sold.price * (1 - replaced.share) END AS open_price,
                   replaced.source
              FROM %(sold)s AS sold
         LEFT JOIN %(replaced)s AS replaced
                ON replaced.order_line_id = sold.order_line_id
        )
        SELECT line_id, move_id, order_id, is_downpayment, price, open_price, source
          FROM single
         WHERE NOT EXISTS (SELECT 1 FROM shared WHERE shared.line_id = single.line_id)
         UNION ALL
        SELECT line_id,
               MIN(move_id),
               MIN(order_id),
               BOOL_OR(is_downpayment),
               %(price)s,
               %(open_price)s,
               MIN(source)
          FROM single
         WHERE line_id IN (SELECT line_id FROM shared)
         GROUP BY line_id
        """,
        sold=SOLD,
        replaced=REPLACED,
        price=_average(SQL("price")),
        open_price=_average(SQL("open_price")),
    )


def sale_lines() -> SQL:
    """Select what each line of customer invoices and credit notes puts in the ledger.

    Sources: the tables of ``sale_steps``. Grain: invoice line.

    The estimate is rounded here, per invoice line and in company currency: whatever is
    grouped later adds up to the same total, without a remainder. The client is the
    commercial entity of today: a client merged into another takes its past along.
    The cost of goods sold that Odoo books on the invoice is an actual cost: it comes
    in with its own line, and the line of the goods keeps no estimate.
    """
    return SQL(
        """
        WITH goods AS MATERIALIZED (
            SELECT DISTINCT move_id, product_id
              FROM %(line)s
             WHERE display_type = 'cogs'
        ),
        advance AS MATERIALIZED (
            SELECT bought.order_id,
                   MIN(COALESCE(regular.invoice_date, regular.date)) AS order_date
              FROM (SELECT DISTINCT order_id
                      FROM %(bought)s AS bought
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
                   bought.source,
                   COALESCE(bought.price, 0) * line.quantity AS estimate,
                   COALESCE(bought.open_price, 0) * line.quantity AS open_estimate,
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
              FROM %(line)s AS line
         LEFT JOIN %(bought)s AS bought ON bought.line_id = line.id
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
                    THEN valued.balance ELSE 0 END AS disbursement_cost,
               valued.is_lone
          FROM valued
          JOIN %(client)s AS counted ON counted.line_id = valued.id
     LEFT JOIN advance ON advance.order_id = counted.order_id
        """,
        line=LINE,
        bought=BOUGHT,
        client=CLIENT,
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


def _rate_of_pair(currency: SQL) -> SQL:
    return rate_at(currency, SQL("pair.rate_date"), SQL("pair.root_company_id"))
