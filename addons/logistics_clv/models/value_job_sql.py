"""Set-based SQL of jobs: which orders an analytic account stands for."""

from odoo.tools import SQL

from .value_scope_sql import analytic_keys

# An account that more order lines share is a department or the like, and no job.
MAX_JOB_LINES = 500


def job_lines(accounts: SQL) -> SQL:
    """Select the confirmed order lines that use each of the accounts (account_id).

    Source: sale_order_line. Grain: account and order line.
    Index: sale_order_line_analytic_distribution_accounts_gin_index; the limit keeps a
    department's account from reading every order line there is.
    """
    return SQL(
        """
        SELECT account.account_id, used.id AS order_line_id, used.order_id
          FROM (%(accounts)s) AS account
    CROSS JOIN LATERAL (
               SELECT found.*, COUNT(*) OVER () AS number
                 FROM (
                       SELECT order_line.id, order_line.order_id
                         FROM sale_order_line AS order_line
                        WHERE %(keys)s && ARRAY[account.account_id::text]
                          AND order_line.state = 'sale'
                        LIMIT %(limit)s + 1
                      ) AS found
               ) AS used
         WHERE used.number <= %(limit)s
        """,
        accounts=accounts,
        keys=analytic_keys(SQL("order_line.analytic_distribution")),
        limit=MAX_JOB_LINES,
    )


def accounts_of(lines: SQL) -> SQL:
    """Select account_id of every analytic account in the lines' distributions.

    ``lines`` selects analytic_distribution. Grain: account.
    """
    return SQL(
        """
        SELECT DISTINCT account_id::int AS account_id
          FROM (%s) AS distributed
    CROSS JOIN LATERAL jsonb_object_keys(distributed.analytic_distribution) AS key
    CROSS JOIN LATERAL unnest(string_to_array(key, ',')) AS account_id
         WHERE account_id ~ '^[0-9]+$'
        """,
        lines,
    )


def targets(lines: SQL) -> SQL:
    """Select which share of each line falls to which order or client.

    ``lines`` selects id and analytic_distribution. Sources: sale_order_line,
    account_analytic_account. Grain: line, order, client; the shares of a line add up
    to one at most.

    Of the accounts combined in one part of a distribution the first that is a job
    decides, else the first with a customer. Several orders on one account share by
    their net amount. Parts that lead nowhere (departments) are left out; where jobs
    are in several plans, each at 100 %, they count in proportion.
    """
    return SQL(
        """
        WITH part AS MATERIALIZED (
            SELECT line.id AS line_id,
                   entry.key,
                   entry.value::numeric AS percent,
                   account_id::int AS account_id
              FROM (%(lines)s) AS line
        CROSS JOIN LATERAL jsonb_each_text(line.analytic_distribution) AS entry
        CROSS JOIN LATERAL unnest(string_to_array(entry.key, ',')) AS account_id
             WHERE account_id ~ '^[0-9]+$'
        ),
        used AS MATERIALIZED (%(job_lines)s),
        job AS MATERIALIZED (
            SELECT used.account_id,
                   used.order_id,
                   GREATEST(SUM(order_line.price_subtotal), 0)::numeric AS amount
              FROM used
              JOIN sale_order_line AS order_line ON order_line.id = used.order_line_id
             GROUP BY used.account_id, used.order_id
        ),
        weighed AS MATERIALIZED (
            SELECT account_id,
                   order_id,
                   CASE WHEN SUM(amount) OVER account > 0
                        THEN amount / SUM(amount) OVER account
                        ELSE 1.0 / COUNT(*) OVER account END AS weight
              FROM job
            WINDOW account AS (PARTITION BY account_id)
        ),
        chosen AS MATERIALIZED (
            SELECT DISTINCT ON (part.line_id, part.key)
                   part.line_id,
                   part.key,
                   part.percent,
                   part.account_id,
                   partner.commercial_partner_id AS client_id
              FROM part
              JOIN account_analytic_account AS account ON account.id = part.account_id
         LEFT JOIN res_partner AS partner ON partner.id = account.partner_id
             WHERE partner.id IS NOT NULL
                OR part.account_id IN (SELECT account_id FROM job)
             ORDER BY part.line_id,
                      part.key,
                      part.account_id NOT IN (SELECT account_id FROM job),
                      part.account_id
        ),
        shared AS (
            SELECT chosen.*,
                   percent / GREATEST(SUM(percent) OVER (PARTITION BY line_id), 100)
                   AS share
              FROM chosen
        )
        SELECT shared.line_id,
               weighed.order_id,
               CASE WHEN weighed.order_id IS NULL THEN shared.client_id END
               AS client_id,
               SUM(shared.share * COALESCE(weighed.weight, 1)) AS share
          FROM shared
     LEFT JOIN weighed ON weighed.account_id = shared.account_id
         WHERE shared.share > 0
         GROUP BY 1, 2, 3
        """,
        lines=lines,
        job_lines=job_lines(SQL("SELECT DISTINCT account_id FROM part")),
    )
