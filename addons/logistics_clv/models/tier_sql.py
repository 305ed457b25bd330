"""Set-based SQL of the tiers: values to grade by, grades, tiers and their history."""

from odoo.tools import SQL


def client_basis(company_id: int, basis: str, as_of, year_before, only=None) -> SQL:
    """Select the value that every client of a company is graded by, and its grade.

    Sources: logistics_client_value; for the last twelve months logistics_value_entry
    and the allocations of confirmed cost runs. Grain: client, ordered by id, which
    decides between equals. Index: logistics_client_value__total_idx,
    logistics_value_entry_period_idx.

    :param only: a sub-select of client values; None for all
    """
    if basis in ("total", "historical", "predicted"):
        amount, join = SQL.identifier("value", basis), SQL()
    else:
        amount, join = _last_year(company_id, as_of, year_before)
        if basis == "expected":
            amount = SQL("%s + value.predicted", amount)
    return SQL(
        """
        SELECT value.client_id,
               COALESCE(%(amount)s, 0) AS amount,
               COALESCE(value.graded_tier_id, 0) AS tier_id
          FROM logistics_client_value AS value
               %(join)s
         WHERE value.company_id = %(company_id)s
               %(only)s
         ORDER BY value.client_id
        """,
        only=SQL("AND value.id IN %s", only) if only else SQL(),
        amount=amount,
        join=join,
        company_id=company_id,
    )


def _last_year(company_id, as_of, year_before):
    """Return the net contribution of twelve months as expression and joins."""
    join = SQL(
        """
        LEFT JOIN (
            SELECT client_id, SUM(contribution) AS amount
              FROM logistics_value_entry
             WHERE company_id = %(company_id)s
               AND date > %(year_before)s
               AND date <= %(as_of)s
             GROUP BY client_id
        ) AS earned ON earned.client_id = value.client_id
        LEFT JOIN (
            SELECT partner.commercial_partner_id AS client_id,
                   SUM(allocation.amount) AS amount
              FROM logistics_cost_allocation AS allocation
              JOIN logistics_cost_run_pool AS line ON line.id = allocation.run_pool_id
              JOIN logistics_cost_run AS run
                ON run.id = line.run_id AND run.state = 'confirmed'
              JOIN res_partner AS partner ON partner.id = allocation.client_id
             WHERE allocation.company_id = %(company_id)s
               AND allocation.period + interval '1 month' - interval '1 day'
                   BETWEEN %(year_before)s AND %(as_of)s
             GROUP BY partner.commercial_partner_id
        ) AS served ON served.client_id = value.client_id
        """,
        company_id=company_id,
        as_of=as_of,
        year_before=year_before,
    )
    return SQL("COALESCE(earned.amount, 0) - COALESCE(served.amount, 0)"), join


def write_grades(company_id: int, client_ids, tier_ids, amounts, shares) -> SQL:
    """Keep the grade of every client in the company, with what it follows from.

    Target: logistics_client_value, only rows that differ. Grain: client and company.
    Index: its unique key.
    """
    return SQL(
        """
        UPDATE logistics_client_value AS value
           SET graded_tier_id = fresh.tier_id,
               graded_value = fresh.amount,
               graded_share = fresh.share
          FROM unnest(%(client_ids)s::int[], %(tier_ids)s::int[],
                      %(amounts)s::numeric[], %(shares)s::numeric[])
               AS fresh(client_id, tier_id, amount, share)
         WHERE value.company_id = %(company_id)s
           AND value.client_id = fresh.client_id
           AND (value.graded_tier_id, value.graded_value, value.graded_share)
               IS DISTINCT FROM (fresh.tier_id, fresh.amount, fresh.share)
        """,
        company_id=company_id,
        client_ids=client_ids,
        tier_ids=tier_ids,
        amounts=amounts,
        shares=shares,
    )


def write_tiers(client_ids, uid: int, moment, today, followed=False) -> SQL:
    """Give clients the best grade of their companies, and write the history.

    Sources: logistics_client_value of companies with automatic tiers,
    logistics_tier_override in force. Target: res_partner and logistics_tier_history,
    only for clients whose tier changes. Grain: client. Index:
    logistics_client_value__total_idx, res_partner_pkey,
    logistics_tier_override__client_uniq.

    :param client_ids: only these; None for all
    :param followed: nobody is to be told of the changes
    """
    only = SQL("AND value.client_id = ANY(%s)", client_ids) if client_ids else SQL()
    return SQL(
        """
        WITH graded AS (
            SELECT DISTINCT ON (value.client_id)
                   value.client_id, value.graded_tier_id AS tier_id, value.company_id,
                   value.currency_id, value.run_id, value.graded_value,
                   value.graded_share
              FROM logistics_client_value AS value
              JOIN res_company AS company
                ON company.id = value.company_id
               AND company.logistics_tiers_automatic
              JOIN logistics_value_tier AS tier ON tier.id = value.graded_tier_id
             WHERE TRUE %(only)s
             ORDER BY value.client_id, tier.sequence, tier.id, value.company_id
        ),
        change AS MATERIALIZED (
            SELECT graded.*,
                   partner.logistics_tier_id AS from_tier_id,
                   COALESCE(override.tier_id, graded.tier_id) AS to_tier_id,
                   override.reason
              FROM graded
              JOIN res_partner AS partner ON partner.id = graded.client_id
         LEFT JOIN logistics_tier_override AS override
                ON override.client_id = graded.client_id
               AND override.ended_on IS NULL
               AND (override.until_date IS NULL OR override.until_date >= %(today)s)
             WHERE partner.logistics_tier_id
                   IS DISTINCT FROM COALESCE(override.tier_id, graded.tier_id)
        ),
        changed AS (
            UPDATE res_partner
               SET logistics_tier_id = change.to_tier_id,
                   logistics_tier_date = %(moment)s::date,
                   write_uid = %(uid)s,
                   write_date = now() AT TIME ZONE 'UTC'
              FROM change
             WHERE res_partner.id = change.client_id
        )
        INSERT INTO logistics_tier_history (
               client_id, company_id, currency_id, run_id, from_tier_id, to_tier_id,
               date, value, share, reason, user_id, automatic, followed)
        SELECT client_id, company_id, currency_id, run_id, from_tier_id, to_tier_id,
               %(moment)s, graded_value, graded_share, reason, %(uid)s, TRUE,
               %(followed)s
          FROM change
         ORDER BY client_id
        """,
        only=only,
        followed=followed,
        uid=uid,
        moment=moment,
        today=today,
    )
