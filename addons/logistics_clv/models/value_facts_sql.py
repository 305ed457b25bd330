"""Set-based SQL of the valuation: the facts of all clients, and their values."""

from odoo.tools import SQL


def client_facts(company_id: int, as_of, year_before) -> SQL:
    """Select what is known of every client up to a date.

    Source: logistics_value_entry. Grain: client, ordered by id so that every run adds
    up in the same order. Index: logistics_value_entry_facts_idx (index-only).

    An order day is a day with positive net revenue, or with invoices of nothing but
    zero (a shipment free of charge is one); several invoices of one day are one order
    day. Money of other days (credit notes that reverse no invoice) belongs to the
    order day before it. Bills, down payments and disbursements make no order day. The
    company's own partners are no clients.
    """
    return SQL(
        """
        WITH day AS (
            SELECT client_id,
                   order_date,
                   SUM(revenue) AS revenue,
                   SUM(contribution) AS contribution,
                   order_date <= %(as_of)s
                   AND BOOL_OR(is_order)
                   AND (SUM(revenue) FILTER (WHERE is_order) > 0
                        OR MIN(revenue) FILTER (WHERE is_order) = 0
                           AND MAX(revenue) FILTER (WHERE is_order) = 0)
                   AS is_order
              FROM logistics_value_entry
             WHERE company_id = %(company_id)s
               AND date <= %(as_of)s
               AND client_id IS NOT NULL
               AND client_id NOT IN (SELECT partner_id FROM res_company)
             GROUP BY client_id, order_date
        ),
        numbered AS (
            SELECT *,
                   COUNT(*) FILTER (WHERE is_order) OVER (
                       PARTITION BY client_id ORDER BY order_date
                   ) AS number
              FROM day
        ),
        order_day AS (
            SELECT client_id,
                   GREATEST(number, 1) AS number,
                   MIN(order_date) FILTER (WHERE is_order) AS order_date,
                   SUM(revenue) AS revenue,
                   SUM(contribution) AS contribution
              FROM numbered
             GROUP BY client_id, GREATEST(number, 1)
        )
        SELECT client_id,
               SUM(revenue) AS revenue,
               SUM(contribution) AS historical,
               COUNT(order_date) AS order_days,
               MIN(order_date) AS first_order,
               MAX(order_date) AS last_order,
               COUNT(*) FILTER (WHERE order_date > %(year_before)s) AS order_days_year,
               SUM(contribution * contribution) AS margin_squares,
               SUM(contribution) FILTER (WHERE number = 1) AS first_margin
          FROM order_day
         GROUP BY client_id
         ORDER BY client_id
        """,
        company_id=company_id,
        as_of=as_of,
        year_before=year_before,
    )


def write_values(run_id: int, company_id: int, currency_id: int, uid: int, columns):
    """Replace the values of all clients of the company in one statement.

    Target: logistics_client_value. Grain: client and company (its unique key).
    ``columns`` are lists of one length by column name, with their SQL types. What is
    gone is found by an anti-join: older servers search an array row by row.
    """
    names = SQL(", ").join(SQL.identifier(name) for name in columns)
    arrays = SQL(", ").join(
        SQL("%s::" + sql_type + "[]", values)  # types are constants of this addon
        for sql_type, values in columns.values()
    )
    fresh = SQL(", ").join(
        SQL("%s = EXCLUDED.%s", SQL.identifier(name), SQL.identifier(name))
        for name in (*columns, "run_id", "currency_id", "write_uid", "write_date")
        if name != "client_id"
    )
    return SQL(
        """
        WITH gone AS (
            DELETE FROM logistics_client_value
             WHERE company_id = %(company_id)s
               AND NOT EXISTS (
                   SELECT 1
                     FROM unnest(%(client_ids)s::int[]) AS kept(client_id)
                    WHERE kept.client_id = logistics_client_value.client_id
                   )
        )
        INSERT INTO logistics_client_value (
               %(names)s, run_id, company_id, currency_id,
               create_uid, create_date, write_uid, write_date)
        SELECT %(names)s, %(run_id)s, %(company_id)s, %(currency_id)s,
               %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
          FROM unnest(%(arrays)s) AS fresh(%(names)s)
            ON CONFLICT (client_id, company_id) DO UPDATE SET %(fresh)s
        """,
        names=names,
        arrays=arrays,
        fresh=fresh,
        client_ids=columns["client_id"][1],
        run_id=run_id,
        company_id=company_id,
        currency_id=currency_id,
        uid=uid,
    )
