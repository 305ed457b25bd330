"""Set-based SQL of the valuation: the facts of all clients, and their values."""

from dateutil.relativedelta import relativedelta

from odoo.tools import SQL


def client_facts(
    company_id: int,
    as_of,
    *,
    booked_until=None,
    break_from=None,
    break_until=None,
) -> SQL:
    """Select what is known of every client up to a date.

    Source: logistics_client_day. Grain: client, ordered by id so that every run adds
    up in the same order. Index: logistics_client_day_facts_idx (index-only).

    An order day is a day with positive net revenue, or with documents of nothing but
    zero (a shipment free of charge is one). Money of other days (credit notes that
    reverse no invoice) belongs to the order day before it. The company's own partners
    are no clients.

    Not all order days count for the model: none before the date since when somebody
    is a client, and none in a break from which nothing is to be learnt; ``moment`` is
    the day with the break cut out of the calendar.

    :param booked_until: amounts count up to this accounting date, by default
        ``as_of``. A check of the past counts what has been booked since for the days
        up to ``as_of``, and nothing of later days.
    :param break_from, break_until: first and last day of the break
    """
    return SQL(
        """
        WITH day AS (
            SELECT client_id,
                   order_date,
                   SUM(revenue) AS revenue,
                   SUM(contribution) AS contribution,
                   SUM(unknown_revenue) AS unknown_revenue,
                   SUM(estimated_revenue) AS estimated_revenue,
                   order_date <= %(as_of)s
                   AND BOOL_OR(has_order)
                   AND (SUM(order_revenue) > 0
                        OR BOOL_AND(is_free) FILTER (WHERE has_order))
                   AS is_order
              FROM logistics_client_day
             WHERE company_id = %(company_id)s
               AND date <= %(booked_until)s
               %(past_only)s
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
                   SUM(contribution) AS contribution,
                   SUM(unknown_revenue) AS unknown_revenue,
                   SUM(estimated_revenue) AS estimated_revenue
              FROM numbered
             GROUP BY client_id, GREATEST(number, 1)
        ),
        counted AS (
            SELECT order_day.*,
                   client.since,
                   %(moment)s AS moment,
                   order_date IS NOT NULL
                   AND (client.since IS NULL OR order_date >= client.since)
                   AND NOT (%(in_break)s) AS counts,
                   CASE WHEN order_date > %(as_of)s - 730
                        THEN 0.5::float8 ^ ((%(as_of)s - order_date) / 365.25)
                        ELSE 0 END AS weight
              FROM order_day
         LEFT JOIN (
                   SELECT id, logistics_customer_since AS since
                     FROM res_partner
                    WHERE logistics_customer_since IS NOT NULL
                   ) AS client ON client.id = order_day.client_id
        ),
        spaced AS (
            SELECT *,
                   MAX(moment) FILTER (WHERE counts) OVER (
                       PARTITION BY client_id ORDER BY number
                       ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                   ) AS previous
              FROM counted
        )
        SELECT client_id,
               SUM(revenue) AS revenue,
               SUM(contribution) AS historical,
               SUM(unknown_revenue) AS unknown_revenue,
               SUM(estimated_revenue) AS estimated_revenue,
               COUNT(order_date) AS order_days,
               MIN(order_date) AS first_order,
               MAX(order_date) AS last_order,
               COUNT(*) FILTER (WHERE order_date > %(year_before)s)
                   AS order_days_year,
               COUNT(*) FILTER (WHERE order_date <= %(year_before)s
                                  AND order_date > %(years_before)s)
                   AS order_days_before,
               COALESCE(SUM(revenue) FILTER (WHERE order_date > %(year_before)s), 0)
                   AS revenue_year,
               COALESCE(SUM(contribution) FILTER (
                   WHERE order_date > %(year_before)s
               ), 0) AS contribution_year,
               COALESCE(SUM(contribution) FILTER (
                   WHERE order_date <= %(year_before)s
                     AND order_date > %(years_before)s
               ), 0) AS contribution_before,
               COALESCE(BOOL_OR(since < order_date) FILTER (WHERE number = 1), FALSE)
                   AS is_older,
               COUNT(*) FILTER (WHERE counts) AS model_days,
               COALESCE(MAX(moment) FILTER (WHERE counts)
                   - MIN(moment) FILTER (WHERE counts), 0) AS recency_days,
               COALESCE(%(now)s - MIN(moment) FILTER (WHERE counts), 0) AS age_days,
               COALESCE(SUM(contribution) FILTER (WHERE counts), 0)::float8
                   AS margin_total,
               COALESCE(SUM(contribution::float8 ^ 2) FILTER (WHERE counts), 0)
                   AS margin_squares,
               COALESCE(SUM(contribution) FILTER (
                   WHERE counts AND previous IS NULL
               ), 0)::float8 AS first_margin,
               COALESCE(SUM(LN(GREATEST(moment - previous, 1)::float8))
                   FILTER (WHERE counts), 0) AS log_gap_days,
               COALESCE(SUM(weight) FILTER (WHERE counts), 0) AS recent_weight,
               COALESCE(SUM(weight * contribution::float8) FILTER (WHERE counts), 0)
                   AS recent_margin,
               COALESCE(SUM(weight * contribution::float8 ^ 2)
                   FILTER (WHERE counts), 0) AS recent_squares
          FROM spaced
         GROUP BY client_id
         ORDER BY client_id
        """,
        company_id=company_id,
        as_of=SQL("%s::date", as_of),
        booked_until=booked_until or as_of,
        past_only=SQL("AND order_date <= %s", as_of) if booked_until else SQL(),
        year_before=as_of - relativedelta(years=1),
        years_before=as_of - relativedelta(years=2),
        in_break=SQL("order_date BETWEEN %s AND %s", break_from, break_until)
        if break_from
        else SQL("FALSE"),
        moment=_moment(SQL("order_date"), break_from, break_until),
        now=_moment(SQL("%s::date", as_of), break_from, break_until),
    )


def _moment(day: SQL, break_from, break_until) -> SQL:
    """Return the day with the break before it cut out of the calendar."""
    if not break_from:
        return day
    return SQL(
        "(%(day)s - GREATEST("
        "LEAST(%(day)s, %(until)s::date + 1) - %(since)s::date, 0))",
        day=day,
        since=break_from,
        until=break_until,
    )


def client_outcomes(company_id: int, after, until) -> SQL:
    """Select what every client did in a period: order days and contribution.

    Source: logistics_client_day. Grain: client. Index: logistics_client_day_facts_idx.
    """
    return SQL(
        """
        SELECT client_id,
               COUNT(*) FILTER (WHERE is_order) AS order_days,
               SUM(contribution)::float8 AS contribution
          FROM (
                SELECT client_id,
                       order_date,
                       SUM(contribution) AS contribution,
                       BOOL_OR(has_order)
                       AND (SUM(order_revenue) > 0
                            OR BOOL_AND(is_free) FILTER (WHERE has_order))
                       AS is_order
                  FROM logistics_client_day
                 WHERE company_id = %(company_id)s
                   AND order_date > %(after)s
                   AND order_date <= %(until)s
                   AND date <= %(until)s
                 GROUP BY client_id, order_date
               ) AS day
         GROUP BY client_id
        """,
        company_id=company_id,
        after=after,
        until=until,
    )


def client_modes(company_id: int, as_of) -> SQL:
    """Select the transport mode of most order days of every client.

    Source: logistics_client_day. Grain: client. Index: logistics_client_day_facts_idx.
    """
    return SQL(
        """
        SELECT DISTINCT ON (client_id) client_id, mode_id
          FROM (
                SELECT client_id, mode_id, COUNT(DISTINCT order_date) AS days
                  FROM logistics_client_day
                 WHERE company_id = %(company_id)s
                   AND order_date <= %(as_of)s
                   AND mode_id IS NOT NULL
                 GROUP BY client_id, mode_id
               ) AS used
         ORDER BY client_id, days DESC, mode_id
        """,
        company_id=company_id,
        as_of=as_of,
    )


def client_categories(company_id: int) -> SQL:
    """Select the first tag, by id, of every client with one.

    Sources: logistics_client_day, the tags of partners. Grain: client.
    """
    return SQL(
        """
        SELECT day.client_id, MIN(tag.category_id) AS category_id
          FROM (
                SELECT DISTINCT client_id
                  FROM logistics_client_day
                 WHERE company_id = %s
               ) AS day
          JOIN res_partner_res_partner_category_rel AS tag
            ON tag.partner_id = day.client_id
         GROUP BY day.client_id
        """,
        company_id,
    )


def client_contracts(company_id: int, as_of) -> SQL:
    """Select the end of the contract of every client who has one that runs on.

    Source: res_partner. Grain: client.
    Index: res_partner.logistics_contract_renewal_date (partial).
    """
    return SQL(
        """
        SELECT id, logistics_contract_renewal_date
          FROM res_partner
         WHERE logistics_contract_renewal_date >= %(as_of)s
           AND EXISTS (
               SELECT 1
                 FROM logistics_client_day
                WHERE company_id = %(company_id)s AND client_id = res_partner.id
               )
        """,
        company_id=company_id,
        as_of=as_of,
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
