"""Set-based SQL of the snapshots: all clients of a month, and their migration."""

from odoo.tools import SQL

# From this silence ratio on, what is expected of a client is at risk.
SILENT = 4
# Whether the rows of one client and day in logistics_client_day are an order day.
IS_ORDER_DAY = SQL(
    "BOOL_OR(has_order) AND (SUM(order_revenue) > 0"
    " OR BOOL_AND(is_free) FILTER (WHERE has_order))"
)


def write_lines(snapshot_id: int, company_id: int, month) -> SQL:
    """Write one line per client with a value, with what the month itself brought.

    Sources: logistics_client_value, res_partner for stage, tier and salesperson,
    logistics_value_entry and allocations of confirmed cost runs for the month,
    logistics_client_day for its order days. Grain: client. Index:
    logistics_client_value__total_idx, logistics_value_entry_period_idx. The caller has
    deleted the lines before.
    """
    return SQL(
        """
        WITH entry AS MATERIALIZED (
            SELECT client_id, SUM(revenue) AS revenue, SUM(contribution) AS contribution
              FROM logistics_value_entry
             WHERE company_id = %(company_id)s AND period = %(month)s
             GROUP BY client_id
        ),
        order_day AS MATERIALIZED (
            SELECT client_id, COUNT(*) AS days
              FROM (
                  SELECT client_id, order_date
                    FROM logistics_client_day
                   WHERE company_id = %(company_id)s
                     AND order_date >= %(month)s
                     AND order_date < %(month)s::date + interval '1 month'
                   GROUP BY client_id, order_date
                  HAVING %(is_order_day)s
              ) AS day
             GROUP BY client_id
        ),
        served AS MATERIALIZED (
            SELECT partner.commercial_partner_id AS client_id,
                   SUM(allocation.amount) AS amount
              FROM logistics_cost_allocation AS allocation
              JOIN logistics_cost_run_pool AS line ON line.id = allocation.run_pool_id
              JOIN logistics_cost_run AS run
                ON run.id = line.run_id AND run.state = 'confirmed'
              JOIN res_partner AS partner ON partner.id = allocation.client_id
             WHERE allocation.company_id = %(company_id)s
               AND allocation.period = %(month)s
             GROUP BY partner.commercial_partner_id
        )
        INSERT INTO logistics_value_snapshot_line (
               snapshot_id, company_id, currency_id, month, client_id, user_id,
               stage_id, tier_id, band, historical, predicted, total, p_alive,
               potential, silence_ratio, value_at_risk, revenue, contribution,
               cost_to_serve, net_contribution, order_days)
        SELECT %(snapshot_id)s, value.company_id, value.currency_id, %(month)s,
               value.client_id, partner.user_id, partner.logistics_stage_id,
               partner.logistics_tier_id, value.band, value.historical,
               value.predicted, value.total, value.p_alive,
               value.potential, value.silence_ratio,
               CASE WHEN value.band IN ('risk', 'lost')
                         OR value.silence_ratio >= %(silent)s
                    THEN GREATEST(value.predicted, 0) ELSE 0 END,
               COALESCE(entry.revenue, 0), COALESCE(entry.contribution, 0),
               COALESCE(served.amount, 0),
               COALESCE(entry.contribution, 0) - COALESCE(served.amount, 0),
               COALESCE(order_day.days, 0)
          FROM logistics_client_value AS value
          JOIN res_partner AS partner ON partner.id = value.client_id
     LEFT JOIN entry ON entry.client_id = value.client_id
     LEFT JOIN order_day ON order_day.client_id = value.client_id
     LEFT JOIN served ON served.client_id = value.client_id
         WHERE value.company_id = %(company_id)s
        """,
        snapshot_id=snapshot_id,
        company_id=company_id,
        month=month,
        silent=SILENT,
        is_order_day=IS_ORDER_DAY,
    )


def migration(before: SQL, after: SQL, column: str, measures: bool = True) -> SQL:
    """Count the clients by where they stood in one snapshot and in another.

    Sources: logistics_value_snapshot_line twice, as far as the user may read them;
    lines of merged clients count as one. Grain: pair of tiers (or stages), -1 where
    the client is not in the snapshot, 0 where it has none; without ``measures`` the
    client with its pair. Index: logistics_value_snapshot_line__snapshot_id_index.

    :param before: sub-select of id, client_id, the column and total
    """

    def side(query):
        return SQL(
            """
            SELECT client_id,
                   COALESCE((array_agg(%(column)s ORDER BY total DESC, id))[1], 0)
                   AS place,
                   SUM(total) AS total
              FROM %(query)s AS line
             GROUP BY client_id
            """,
            column=SQL.identifier(column),
            query=query,
        )

    select = (
        SQL(
            "COUNT(*) AS clients, SUM(COALESCE(former.total, 0)) AS before_total,"
            " SUM(COALESCE(later.total, 0)) AS after_total"
        )
        if measures
        else SQL("client_id")
    )
    return SQL(
        """
        SELECT COALESCE(former.place, -1) AS from_id,
               COALESCE(later.place, -1) AS to_id,
               %(select)s
          FROM (%(before)s) AS former
          FULL JOIN (%(after)s) AS later USING (client_id)
         %(group)s
        """,
        select=select,
        before=side(before),
        after=side(after),
        group=SQL("GROUP BY 1, 2") if measures else SQL("ORDER BY client_id"),
    )
