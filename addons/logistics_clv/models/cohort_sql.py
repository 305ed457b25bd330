"""Set-based SQL of the cohorts: clients by the quarter of their first order day."""

from odoo.tools import SQL

from .snapshot_sql import IS_ORDER_DAY


def cohorts(days: SQL, until) -> SQL:
    """Count the clients of each cohort that ordered in a quarter, and what it brought.

    Source: logistics_client_day, as far as the user may read it. Grain: cohort (first
    day of the quarter of the first order day) and quarter. Money before the first
    order day belongs to it. Clients without an order day are the cohort NULL.
    Index: logistics_client_day_facts_idx.

    :param days: sub-select of logistics_client_day, all its columns
    :param until: no order day lies in the future
    """
    return SQL(
        """
        WITH %(day)s
        SELECT first.cohort,
               GREATEST(date_trunc('quarter', day.order_date)::date, first.cohort)
               AS quarter,
               COUNT(DISTINCT day.client_id) FILTER (WHERE day.is_order) AS clients,
               SUM(day.revenue) AS revenue,
               SUM(day.contribution) AS contribution
          FROM day
          JOIN first USING (client_id)
         GROUP BY 1, 2
         ORDER BY 1, 2
        """,
        day=_days(days, until),
    )


def clients_of_cell(days: SQL, until, cohort, quarter) -> SQL:
    """Select the clients of a cohort; with a quarter those who ordered in it.

    Source, grain and index: as ``cohorts``; one row per client.
    """
    ordered = SQL(
        "AND day.is_order AND date_trunc('quarter', day.order_date)::date = %s", quarter
    )
    return SQL(
        """
        WITH %(day)s
        SELECT DISTINCT day.client_id
          FROM day
          JOIN first USING (client_id)
         WHERE first.cohort = %(cohort)s %(ordered)s
         ORDER BY 1
        """,
        day=_days(days, until),
        cohort=cohort,
        ordered=ordered if quarter else SQL(),
    )


def _days(days, until):
    return SQL(
        """
        day AS MATERIALIZED (
            SELECT client_id,
                   order_date,
                   SUM(revenue) AS revenue,
                   SUM(contribution) AS contribution,
                   order_date <= %(until)s AND %(is_order_day)s AS is_order
              FROM %(days)s AS client_day
             WHERE client_id NOT IN (SELECT partner_id FROM res_company)
             GROUP BY client_id, order_date
        ),
        first AS (
            SELECT client_id,
                   date_trunc(
                       'quarter', MIN(order_date) FILTER (WHERE is_order)
                   )::date AS cohort
              FROM day
             GROUP BY client_id
        )
        """,
        days=days,
        until=until,
        is_order_day=IS_ORDER_DAY,
    )
