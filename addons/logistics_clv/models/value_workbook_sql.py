"""Set-based SQL of the value workbook: the client rows and the cohorts."""

from odoo.tools import SQL

CURSOR = SQL.identifier("logistics_value_workbook_clients")


def open_clients(values: SQL, columns: list[str]) -> SQL:
    """Open a cursor over the client values, the highest first.

    Sources: logistics_client_value, res_partner for names, tier, stage, salesperson.
    Grain: client. Index: logistics_client_value__run_id_index, one sort by value.

    :param values: ids, as the rules of the reader allow them
    :param columns: further columns of logistics_client_value
    """
    return SQL(
        """
        DECLARE %(cursor)s NO SCROLL CURSOR FOR
        SELECT COALESCE(NULLIF(client.complete_name, ''), client.name,
                        'ID ' || client.id) AS name,
               COALESCE(client.ref, '') AS reference,
               COALESCE(seller.name, '') AS salesperson,
               client.logistics_tier_id AS tier_id,
               client.logistics_stage_id AS stage_id,
               %(columns)s
          FROM logistics_client_value AS value
          JOIN res_partner AS client ON client.id = value.client_id
     LEFT JOIN res_users AS users ON users.id = client.user_id
     LEFT JOIN res_partner AS seller ON seller.id = users.partner_id
         WHERE value.id IN %(values)s
         ORDER BY value.total DESC, value.id
        """,
        cursor=CURSOR,
        columns=SQL(", ").join(SQL.identifier("value", name) for name in columns),
        values=values,
    )


def fetch_clients(count: int) -> SQL:
    """Fetch the next rows of the cursor that ``open_clients`` opened."""
    return SQL("FETCH FORWARD %s FROM %s", SQL(str(int(count))), CURSOR)


def close_clients() -> SQL:
    return SQL("CLOSE %s", CURSOR)


def cohorts(company_id: int, as_of) -> SQL:
    """Select what became of the clients who began in the same quarter.

    Source: logistics_client_day. Grain: quarter of the first order day, quarters since;
    a quarter in which nothing happened has no row. Order days are those of
    value_facts_sql.client_facts. What is booked
    before the first order day counts for its quarter.
    Index: logistics_client_day__facts_idx, an index-only scan of the company.
    """
    return SQL(
        """
        WITH days AS (
            SELECT client_id,
                   order_date,
                   SUM(contribution) AS contribution,
                   BOOL_OR(has_order)
                   AND (SUM(order_revenue) > 0
                        OR BOOL_AND(is_free) FILTER (WHERE has_order)) AS ordered
              FROM logistics_client_day
             WHERE company_id = %(company_id)s
               AND date <= %(as_of)s
               AND order_date <= %(as_of)s
               AND client_id NOT IN (SELECT partner_id FROM res_company)
             GROUP BY client_id, order_date
        ),
        client AS (
            SELECT client_id,
                   date_trunc('quarter', MIN(order_date)) AS quarter
              FROM days
             WHERE ordered
             GROUP BY client_id
        ),
        cohort AS (
            SELECT quarter, COUNT(*) AS size FROM client GROUP BY quarter
        )
        SELECT cohort.quarter::date AS quarter,
               since.quarters,
               cohort.size,
               COUNT(DISTINCT days.client_id) FILTER (WHERE days.ordered) AS active,
               SUM(days.contribution) AS contribution
          FROM days
          JOIN client USING (client_id)
          JOIN cohort USING (quarter)
    CROSS JOIN LATERAL (
               SELECT GREATEST(
                   (EXTRACT(YEAR FROM days.order_date)
                    - EXTRACT(YEAR FROM client.quarter))::int * 4
                   + (EXTRACT(QUARTER FROM days.order_date)
                      - EXTRACT(QUARTER FROM client.quarter))::int, 0) AS quarters
               ) AS since
         GROUP BY cohort.quarter, since.quarters, cohort.size
         ORDER BY cohort.quarter, since.quarters
        """,
        company_id=company_id,
        as_of=as_of,
    )
