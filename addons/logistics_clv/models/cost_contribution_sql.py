"""Set-based SQL of net contribution: the ledger and the confirmed cost runs as one."""

from odoo.tools import SQL

# Component: place in the bridge from revenue to net contribution, and what it adds to.
COMPONENTS = ("sales", "marketing", "service", "credit", "other")


def net_contribution() -> SQL:
    """Select the steps from revenue to net contribution as rows that add up.

    Sources: logistics_value_entry, logistics_cost_allocation of confirmed runs,
    logistics_cost_run_pool for what no client bears. Grain: ledger entry and step,
    allocation, pool of a run and step. Index: logistics_value_entry_period_idx,
    logistics_cost_allocation__client_id_index; company, client and period reach all
    parts.
    """
    return SQL(
        """
        SELECT entry.id * 8::bigint + step.place AS id,
               entry.company_id,
               entry.currency_id,
               entry.client_id,
               entry.period,
               entry.user_id,
               step.component,
               NULL::int AS pool_id,
               entry.move_id,
               NULL::int AS run_id,
               step.amount,
               CASE step.place WHEN 0 THEN step.amount ELSE 0 END AS revenue,
               step.amount AS contribution,
               0::numeric AS cost_to_serve,
               0::numeric AS acquisition_amount
          FROM logistics_value_entry AS entry
    CROSS JOIN LATERAL (VALUES
               (0, '1_revenue', entry.revenue),
               (1, '2_direct_cost', entry.contribution - entry.revenue)
               ) AS step(place, component, amount)
         WHERE step.amount <> 0
         UNION ALL
        SELECT allocation.id * 8::bigint + 2,
               allocation.company_id,
               line.currency_id,
               partner.commercial_partner_id,
               allocation.period,
               partner.user_id,
               CASE allocation.kind
                    WHEN 'sales' THEN '3_sales'
                    WHEN 'marketing' THEN '4_marketing'
                    WHEN 'service' THEN '5_service'
                    WHEN 'credit' THEN '6_credit'
                    ELSE '7_other' END,
               line.pool_id,
               NULL,
               line.run_id,
               -allocation.amount,
               0,
               0,
               allocation.amount,
               allocation.acquisition_amount
          FROM logistics_cost_allocation AS allocation
          JOIN logistics_cost_run_pool AS line ON line.id = allocation.run_pool_id
          JOIN logistics_cost_run AS run
            ON run.id = line.run_id AND run.state = 'confirmed'
          JOIN res_partner AS partner ON partner.id = allocation.client_id
         UNION ALL
        SELECT line.id * 8::bigint + step.place,
               line.company_id,
               line.currency_id,
               NULL,
               line.period,
               NULL,
               step.component,
               line.pool_id,
               NULL,
               line.run_id,
               -step.amount,
               0,
               0,
               step.amount,
               0
          FROM logistics_cost_run_pool AS line
          JOIN logistics_cost_run AS run
            ON run.id = line.run_id AND run.state = 'confirmed'
    CROSS JOIN LATERAL (VALUES
               (3, '8_unused', line.unused),
               (4, '9_unallocated', line.unallocated)
               ) AS step(place, component, amount)
         WHERE step.amount <> 0
        """
    )


def client_costs(company_id: int, as_of) -> SQL:
    """Select the cost-to-serve of every client up to a date.

    Sources: logistics_cost_allocation of confirmed runs, res_partner. Grain: client,
    the commercial entity of today; a month counts from its last day on.
    Index: none, one pass over the company's allocations.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id AS client_id,
               SUM(allocation.amount) AS cost_to_serve,
               SUM(allocation.acquisition_amount) AS acquisition_cost
          FROM logistics_cost_allocation AS allocation
          JOIN logistics_cost_run_pool AS line ON line.id = allocation.run_pool_id
          JOIN logistics_cost_run AS run
            ON run.id = line.run_id AND run.state = 'confirmed'
          JOIN res_partner AS partner ON partner.id = allocation.client_id
         WHERE allocation.company_id = %s
           AND allocation.period + interval '1 month' - interval '1 day' <= %s
         GROUP BY partner.commercial_partner_id
        """,
        company_id,
        as_of,
    )
