"""Set-based SQL of the value ledger: from the lines of an invoice to its entries."""

from odoo.tools import SQL

from .value_client_sql import line_clients
from .value_scope_sql import INCOME_TYPES, MOVE_TYPES


def income_lines(move_ids) -> SQL:
    """Select the lines of the given moves that count, with client and direct cost.

    Sources: account_move, account_move_line, account_account, product, sale order.
    Grain: invoice line on an income account. Index: account_move_line.move_id and
    the keys of sale_order_line_invoice_rel.

    The cost is rounded here, per invoice line and in company currency: whatever is
    grouped later adds up to the same total, without a remainder. The client is the
    commercial entity of today: a client merged into another takes its past along.
    """
    return SQL(
        """
        WITH move AS MATERIALIZED (
            SELECT move.id,
                   move.company_id,
                   move.date,
                   COALESCE(
                       reversed.invoice_date, reversed.date,
                       move.invoice_date, move.date
                   ) AS order_date,
                   COALESCE(move.invoice_date, move.date) AS rate_date,
                   move.currency_id AS document_currency_id,
                   NULLIF(move.invoice_currency_rate, 0) AS document_rate,
                   CASE move.move_type WHEN 'out_refund' THEN -1 ELSE 1 END AS sign,
                   move.invoice_user_id AS user_id,
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
             WHERE move.id = ANY(%(move_ids)s)
               AND move.state = 'posted'
               AND move.move_type IN %(move_types)s
               AND move.logistics_value_excluded IS NOT TRUE
               AND NOT EXISTS (
                   SELECT 1
                     FROM account_journal AS journal
                     JOIN logistics_value_excluded_journal_rel AS excluded
                       ON excluded.journal_id = journal.id
                      AND excluded.company_id = journal.company_id
                    WHERE journal.id = move.journal_id
                   )
        ),
        line AS MATERIALIZED (
            SELECT line.id,
                   line.move_id,
                   -line.balance AS revenue,
                   -line.amount_currency AS revenue_document,
                   COALESCE(line.quantity, 0)::numeric AS quantity,
                   uom.factor::numeric AS factor,
                   line.logistics_attributed_client_id AS line_client_id,
                   move.client_id AS move_client_id,
                   move.commercial_partner_id AS invoiced_partner_id,
                   template.logistics_service_id AS service_id
              FROM move
              JOIN account_move_line AS line ON line.move_id = move.id
              JOIN account_account AS account
                ON account.id = line.account_id
               AND account.account_type IN %(income_types)s
         LEFT JOIN uom_uom AS uom ON uom.id = line.product_uom_id
         LEFT JOIN product_product AS product ON product.id = line.product_id
         LEFT JOIN product_template AS template
                ON template.id = product.product_tmpl_id
        ),
        ordered AS MATERIALIZED (
            SELECT line.id AS line_id,
                   line.move_id,
                   sale.id AS order_id,
                   sale.currency_id,
                   sale.logistics_mode_id AS mode_id,
                   sale.logistics_origin_id AS origin_id,
                   sale.logistics_destination_id AS destination_id,
                   ABS(order_line.product_uom_qty)::numeric AS weight,
                   order_line.purchase_price::numeric
                   * COALESCE(line.factor / NULLIF(uom.factor, 0)::numeric, 1)
                   AS price
              FROM line
              JOIN sale_order_line_invoice_rel AS rel ON rel.invoice_line_id = line.id
              JOIN sale_order_line AS order_line ON order_line.id = rel.order_line_id
              JOIN sale_order AS sale ON sale.id = order_line.order_id
         LEFT JOIN uom_uom AS uom ON uom.id = order_line.product_uom_id
        ),
        rate AS MATERIALIZED (
            SELECT pair.move_id,
                   pair.currency_id,
                   CASE
                       WHEN pair.currency_id = move.currency_id THEN 1
                       WHEN pair.currency_id = move.document_currency_id
                            AND move.document_rate IS NOT NULL
                       THEN move.document_rate
                       ELSE (%(order_rate)s) / (%(company_rate)s)
                   END AS per_company_unit
              FROM (SELECT DISTINCT move_id, currency_id FROM ordered) AS pair
              JOIN move ON move.id = pair.move_id
        ),
        bought AS MATERIALIZED (
            SELECT ordered.line_id,
                   CASE WHEN MIN(ordered.mode_id) = MAX(ordered.mode_id)
                        THEN MIN(ordered.mode_id) END AS mode_id,
                   CASE WHEN MIN(ordered.origin_id) = MAX(ordered.origin_id)
                        THEN MIN(ordered.origin_id) END AS origin_id,
                   CASE WHEN MIN(ordered.destination_id) = MAX(ordered.destination_id)
                        THEN MIN(ordered.destination_id) END AS destination_id,
                   CASE WHEN SUM(ordered.weight) > 0
                        THEN SUM(
                                 ordered.price * ordered.weight / rate.per_company_unit
                             ) / SUM(ordered.weight)
                        ELSE AVG(ordered.price / rate.per_company_unit)
                   END AS price
              FROM ordered
              JOIN rate
                ON rate.move_id = ordered.move_id
               AND rate.currency_id = ordered.currency_id
             GROUP BY ordered.line_id
        )
        SELECT line.id AS line_id,
               line.move_id,
               move.company_id,
               move.date,
               move.order_date,
               move.currency_id,
               move.document_currency_id,
               move.user_id,
               line.service_id,
               line.revenue,
               line.revenue_document,
               counted.client_id,
               bought.mode_id,
               bought.origin_id,
               bought.destination_id,
               CASE WHEN COALESCE(bought.price, 0) <> 0
                    THEN 'order_line' ELSE 'none' END AS cost_source,
               ROUND(
                   COALESCE(bought.price, 0) * line.quantity * move.sign
                   / move.rounding
               ) * move.rounding AS cost
          FROM line
          JOIN move ON move.id = line.move_id
          JOIN (%(clients)s) AS counted ON counted.line_id = line.id
     LEFT JOIN bought ON bought.line_id = line.id
        """,
        move_ids=list(move_ids),
        clients=line_clients(
            SQL(
                "SELECT id, move_id, line_client_id, move_client_id,"
                " invoiced_partner_id FROM line"
            )
        ),
        move_types=MOVE_TYPES,
        income_types=INCOME_TYPES,
        order_rate=_rate_at(SQL("pair.currency_id")),
        company_rate=_rate_at(SQL("move.currency_id")),
    )


def _rate_at(currency: SQL) -> SQL:
    """Select a currency's rate on the invoice date, as res.currency does.

    Source: res_currency_rate. Grain: one number. Index: (name, currency, company).
    """
    return SQL(
        """
        SELECT COALESCE(
            (SELECT rate
               FROM res_currency_rate
              WHERE currency_id = %(currency)s
                AND name <= move.rate_date
                AND (company_id IS NULL OR company_id = move.root_company_id)
              ORDER BY company_id, name DESC
              LIMIT 1),
            (SELECT rate
               FROM res_currency_rate
              WHERE currency_id = %(currency)s
                AND (company_id IS NULL OR company_id = move.root_company_id)
              ORDER BY company_id, name
              LIMIT 1),
            1
        )
        """,
        currency=currency,
    )


def refresh_entries(move_ids) -> SQL:
    """Make the entries of the given moves equal to the books, touching only changes.

    Sources: ``income_lines``, logistics_value_entry.
    Grain: move, client, service, cost source.
    Index: logistics_value_entry_grain_idx (the unique key of the grain).
    """
    return SQL(
        """
        WITH fresh AS MATERIALIZED (
            SELECT move_id,
                   client_id,
                   service_id,
                   cost_source,
                   company_id,
                   date,
                   date_trunc('month', date)::date AS period,
                   order_date,
                   currency_id,
                   document_currency_id,
                   user_id,
                   CASE WHEN MIN(mode_id) = MAX(mode_id)
                        THEN MIN(mode_id) END AS mode_id,
                   CASE WHEN MIN(origin_id) = MAX(origin_id)
                        THEN MIN(origin_id) END AS origin_id,
                   CASE WHEN MIN(destination_id) = MAX(destination_id)
                        THEN MIN(destination_id) END AS destination_id,
                   SUM(revenue) AS revenue,
                   SUM(revenue_document) AS revenue_document,
                   SUM(cost) AS cost,
                   SUM(revenue) - SUM(cost) AS contribution
              FROM (%(lines)s) AS income_line
             GROUP BY move_id, client_id, service_id, cost_source, company_id, date,
                      order_date, currency_id, document_currency_id, user_id
        ),
        gone AS (
            DELETE FROM logistics_value_entry AS entry
             WHERE entry.move_id = ANY(%(move_ids)s)
               AND NOT EXISTS (
                   SELECT 1
                     FROM fresh
                    WHERE fresh.move_id = entry.move_id
                      AND COALESCE(fresh.client_id, 0) = COALESCE(entry.client_id, 0)
                      AND COALESCE(fresh.service_id, 0)
                        = COALESCE(entry.service_id, 0)
                      AND fresh.cost_source = entry.cost_source
                   )
        )
        INSERT INTO logistics_value_entry AS entry (%(columns)s)
        SELECT %(columns)s
          FROM fresh
         ORDER BY move_id, client_id, service_id, cost_source
            ON CONFLICT (
               move_id, COALESCE(client_id, 0), COALESCE(service_id, 0), cost_source
            )
            DO UPDATE SET (%(values)s) = (%(new_values)s)
         WHERE (%(old_values)s) IS DISTINCT FROM (%(new_values)s)
        """,
        lines=income_lines(move_ids),
        move_ids=list(move_ids),
        columns=_columns(KEY_COLUMNS + VALUE_COLUMNS),
        values=_columns(VALUE_COLUMNS),
        old_values=_columns(VALUE_COLUMNS, "entry"),
        new_values=_columns(VALUE_COLUMNS, "excluded"),
    )


KEY_COLUMNS = ("move_id", "client_id", "service_id", "cost_source")
VALUE_COLUMNS = (
    "company_id",
    "date",
    "period",
    "order_date",
    "currency_id",
    "document_currency_id",
    "user_id",
    "mode_id",
    "origin_id",
    "destination_id",
    "revenue",
    "revenue_document",
    "cost",
    "contribution",
)


def _columns(names, table=None) -> SQL:
    return SQL(", ").join(
        SQL.identifier(table, name) if table else SQL.identifier(name) for name in names
    )
