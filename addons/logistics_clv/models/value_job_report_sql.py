"""Set-based SQL of the reports on jobs and on the coverage of cost."""

from odoo.tools import SQL

# Below this share of revenue with a known cost a contribution is provisional.
ENOUGH_COVERAGE = 0.9


def jobs(estimated_sources) -> SQL:
    """Select each job (sale order) with what it was quoted and what it cost.

    Source: logistics_value_entry. Grain: sale order and company. Index: order_id where
    one order is asked for, else a pass over the entries of orders.
    """
    return SQL(
        """
        SELECT entry.order_id AS id,
               entry.order_id,
               entry.company_id,
               MIN(entry.currency_id) AS currency_id,
               CASE WHEN MIN(entry.client_id) = MAX(entry.client_id)
                    THEN MIN(entry.client_id) END AS client_id,
               MIN(entry.user_id) AS user_id,
               MIN(entry.mode_id) AS mode_id,
               MIN(entry.origin_id) AS origin_id,
               MIN(entry.destination_id) AS destination_id,
               MIN(entry.vessel_id) AS vessel_id,
               MIN(entry.order_date) AS date,
               SUM(entry.revenue) AS revenue,
               SUM(entry.quoted_cost) AS quoted_cost,
               SUM(entry.cost) AS cost,
               SUM(entry.cost) FILTER (WHERE entry.cost_source <> ALL(%(estimated)s))
               AS actual_cost,
               SUM(entry.cost) FILTER (WHERE entry.cost_source = ANY(%(estimated)s))
               AS open_cost,
               SUM(entry.cost) - SUM(entry.quoted_cost) AS variance,
               SUM(entry.contribution) AS contribution,
               SUM(entry.revenue) FILTER (WHERE entry.cost_source = 'none')
               AS uncovered_revenue,
               CASE
                   WHEN BOOL_OR(entry.cost_source = ANY(%(estimated)s)
                                AND entry.cost <> 0) THEN 'estimated'
                   WHEN COALESCE(SUM(entry.revenue)
                                 FILTER (WHERE entry.cost_source = 'none'), 0)
                        > (1 - %(enough)s) * SUM(entry.revenue) THEN 'no_cost'
                   ELSE 'final'
               END AS state
          FROM logistics_value_entry AS entry
         WHERE entry.order_id IS NOT NULL
         GROUP BY entry.order_id, entry.company_id
        """,
        estimated=list(estimated_sources),
        enough=ENOUGH_COVERAGE,
    )


def coverage(estimated_sources) -> SQL:
    """Select how much of the revenue of each month has an actual or estimated cost.

    Source: logistics_value_entry. Grain: company and month. Index: none, a pass over
    the entries. Negative months (more credit notes than invoices) have no share.
    """
    return SQL(
        """
        SELECT MIN(entry.id) AS id,
               entry.company_id,
               entry.period,
               MIN(entry.currency_id) AS currency_id,
               SUM(entry.revenue) AS revenue,
               SUM(entry.contribution) AS contribution,
               COALESCE(SUM(entry.revenue) FILTER (
                   WHERE entry.cost_source <> ALL(%(unsure)s)), 0) AS actual_revenue,
               COALESCE(SUM(entry.revenue) FILTER (
                   WHERE entry.cost_source = ANY(%(estimated)s)), 0)
               AS estimated_revenue,
               COALESCE(SUM(entry.revenue) FILTER (
                   WHERE entry.cost_source = 'none'), 0) AS uncovered_revenue,
               CASE WHEN COALESCE(SUM(entry.revenue) FILTER (
                        WHERE entry.cost_source = 'none'), 0)
                        > (1 - %(enough)s) * SUM(entry.revenue)
                    THEN 'provisional' ELSE 'covered' END AS state
          FROM logistics_value_entry AS entry
         GROUP BY entry.company_id, entry.period
        """,
        estimated=list(estimated_sources),
        unsure=[*estimated_sources, "none"],
        enough=ENOUGH_COVERAGE,
    )
