"""Set-based SQL of how clients pay, per commercial partner and company."""

from odoo.tools import SQL


def clients_with_facts(since, computed_before) -> SQL:
    """Select the clients to rate: with invoices, promises or a rating; not rated today.

    Tables: account_move_line (one pass over the receivable lines of invoices),
    logistics_payment_promise, logistics_credit_rating, res_partner (partial index of
    the clients in collection). Grain: client.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id
          FROM (
              SELECT DISTINCT partner_id
                FROM account_move_line
               WHERE display_type = 'payment_term'
                 AND parent_state = 'posted'
                 AND balance > 0
                 AND partner_id IS NOT NULL
                 AND (date_maturity >= %(since)s OR reconciled IS NOT TRUE)
          ) AS line
          JOIN res_partner AS partner ON partner.id = line.partner_id
         UNION
        SELECT partner_id FROM logistics_payment_promise
         UNION
        SELECT partner_id FROM logistics_credit_rating
         UNION
        SELECT id FROM res_partner WHERE logistics_legal_action
        EXCEPT
        SELECT partner_id FROM logistics_credit_rating
         WHERE computed_at >= %(computed_before)s
         ORDER BY 1
        """,
        since=since,
        computed_before=computed_before,
    )


def payment_behaviour(client_ids, since, today) -> SQL:
    """Select the measures of some clients.

    Tables: res_partner (index on commercial_partner_id), account_move_line (index on
    partner_id), account_partial_reconcile (index on debit_move_id). Grain: client and
    company. Amounts in the currency of the company.

    An amount that a credit note has settled was neither paid nor late. What was paid
    counts from the day of the payment, not of its entry in the books.
    """
    return SQL(
        """
        WITH receivable AS MATERIALIZED (
            SELECT partner.commercial_partner_id AS client_id, line.id, line.company_id,
                   COALESCE(line.date_maturity, line.date) AS due, line.amount_residual
              FROM UNNEST(%(clients)s) AS client (id)
              JOIN res_partner AS partner ON partner.commercial_partner_id = client.id
              JOIN account_move_line AS line ON line.partner_id = partner.id
              JOIN account_account AS account ON account.id = line.account_id
             WHERE line.display_type = 'payment_term'
               AND line.parent_state = 'posted'
               AND line.balance > 0
               AND account.account_type = 'asset_receivable'
               AND (line.date_maturity >= %(since)s OR line.reconciled IS NOT TRUE)
        ),
        piece AS (
            SELECT receivable.client_id, receivable.company_id, partial.amount,
                   payment.date - receivable.due AS days,
                   0::numeric AS open_amount, 0::numeric AS overdue_amount
              FROM receivable
              JOIN account_partial_reconcile AS partial
                ON partial.debit_move_id = receivable.id
              JOIN account_move_line AS payment ON payment.id = partial.credit_move_id
              JOIN account_move AS move ON move.id = payment.move_id
             WHERE move.move_type NOT IN ('out_refund', 'in_invoice')
             UNION ALL
            SELECT client_id, company_id,
                   CASE WHEN due < %(today)s THEN amount_residual ELSE 0 END,
                   CASE WHEN due < %(today)s THEN %(today)s::date - due ELSE 0 END,
                   amount_residual,
                   CASE WHEN due < %(today)s THEN amount_residual ELSE 0 END
              FROM receivable
             WHERE amount_residual > 0
        ),
        paid AS (
            SELECT client_id, company_id,
                   SUM(amount) AS amount,
                   SUM(amount * days) AS weighted_days,
                   SUM(open_amount) AS open_amount,
                   SUM(overdue_amount) AS overdue_amount,
                   COALESCE(MAX(days) FILTER (WHERE overdue_amount > 0), 0) AS oldest
              FROM piece
             GROUP BY client_id, company_id
        ),
        promised AS (
            SELECT partner_id AS client_id, company_id,
                   COUNT(*) FILTER (WHERE state = 'broken') AS broken,
                   COUNT(*) FILTER (WHERE state = 'kept') AS kept
              FROM logistics_payment_promise
             WHERE partner_id = ANY(%(clients)s)
               AND active
               AND date >= %(since)s
             GROUP BY partner_id, company_id
        )
        SELECT client_id, company_id,
               COALESCE(paid.amount, 0), COALESCE(paid.weighted_days, 0),
               COALESCE(paid.open_amount, 0), COALESCE(paid.overdue_amount, 0),
               COALESCE(paid.oldest, 0), COALESCE(promised.broken, 0),
               COALESCE(promised.kept, 0)
          FROM paid
          FULL JOIN promised USING (client_id, company_id)
        """,
        clients=list(client_ids),
        since=since,
        today=today,
    )


def known_ratings(client_ids) -> SQL:
    """Select the keys of the ratings of some clients, by the index on the client."""
    return SQL(
        """
        SELECT partner_id, company_id FROM logistics_credit_rating
         WHERE partner_id = ANY(%s)
        """,
        list(client_ids),
    )


def write_ratings(columns, now) -> SQL:
    """Write the ratings of clients and companies, keeping the grade before.

    Target: logistics_credit_rating by its unique key. ``columns``: lists of one length
    by column name, with their SQL types.
    """
    names = SQL(", ").join(SQL.identifier(name) for name in columns)
    arrays = SQL(", ").join(
        SQL("%s::" + sql_type + "[]", values)  # types are constants of this addon
        for sql_type, values in columns.values()
    )
    updates = SQL(", ").join(
        SQL("%(name)s = EXCLUDED.%(name)s", name=SQL.identifier(name))
        for name in columns
        if name not in ("partner_id", "company_id")
    )
    return SQL(
        """
        INSERT INTO logistics_credit_rating AS known (
            %(names)s, computed_at, changed_at, create_date
        )
        SELECT fresh.*, %(now)s, %(now)s, %(now)s
          FROM UNNEST(%(arrays)s) AS fresh
            ON CONFLICT (partner_id, company_id) DO UPDATE
           SET %(updates)s,
               computed_at = EXCLUDED.computed_at,
               previous_grade = CASE WHEN known.grade IS DISTINCT FROM EXCLUDED.grade
                   THEN known.grade ELSE known.previous_grade END,
               changed_at = CASE WHEN known.grade IS DISTINCT FROM EXCLUDED.grade
                   THEN EXCLUDED.computed_at ELSE known.changed_at END
        """,
        names=names,
        arrays=arrays,
        updates=updates,
        now=now,
    )


def write_client_grades(client_ids, today, reset=False) -> SQL:
    """Give clients the worst grade of all companies, or the one set by hand.

    Target: res_partner by its key, only where the grade changes. Grain: client. One
    that was never rated keeps what somebody entered for it, unless told to ``reset``.
    """
    return SQL(
        """
        UPDATE res_partner AS client
           SET logistics_credit_rating = fresh.grade
          FROM (
              SELECT partner.id,
                     CASE WHEN partner.logistics_credit_override_until >= %(today)s
                          THEN partner.logistics_credit_override
                          ELSE MAX(rating.grade) END AS grade
                FROM res_partner AS partner
           LEFT JOIN logistics_credit_rating AS rating ON rating.partner_id = partner.id
               WHERE partner.id = ANY(%(clients)s)
               GROUP BY partner.id
              HAVING COUNT(rating.id) > 0
                  OR partner.logistics_credit_override IS NOT NULL
                  OR %(reset)s
          ) AS fresh
         WHERE fresh.id = client.id
           AND client.logistics_credit_rating IS DISTINCT FROM fresh.grade
        """,
        clients=list(client_ids),
        today=today,
        reset=reset,
    )


def judge_promises(today, client_ids=None) -> SQL:
    """Judge the open promises: kept once paid, broken when the day has passed.

    Tables: logistics_payment_promise (index on state), res_partner (commercial
    partner), account_move_line (index on partner_id). Grain: open promise. Payments
    from the day of the promise to the promised day and the days of grace count. A
    payment counts for the earlier of two promises first.
    """
    among = SQL()
    if client_ids is not None:
        among = SQL("AND promise.partner_id = ANY(%s)", list(client_ids))
    return SQL(
        """
        WITH promise AS (
            SELECT promise.id, promise.partner_id, promise.company_id, promise.date,
                   promise.amount, promise.promised_on,
                   promise.date + company.logistics_promise_grace_days AS last_day
              FROM logistics_payment_promise AS promise
              JOIN res_company AS company ON company.id = promise.company_id
             WHERE promise.state = 'open' AND promise.active %(among)s
        ),
        paid AS (
            SELECT promise.id, COALESCE(SUM(-line.balance), 0) AS amount
              FROM promise
         LEFT JOIN (
                  account_move_line AS line
             JOIN account_account AS account ON account.id = line.account_id
             JOIN account_move AS move ON move.id = line.move_id
             JOIN res_partner AS partner ON partner.id = line.partner_id
              ) ON partner.commercial_partner_id = promise.partner_id
               AND line.company_id = promise.company_id
               AND line.date BETWEEN promise.promised_on AND promise.last_day
               AND line.parent_state = 'posted'
               AND line.balance < 0
               AND account.account_type = 'asset_receivable'
               AND move.move_type = 'entry'
             GROUP BY promise.id
        ),
        earlier AS (
            SELECT promise.id, COALESCE(SUM(other.amount), 0) AS amount
              FROM promise
         LEFT JOIN logistics_payment_promise AS other
                ON other.partner_id = promise.partner_id
               AND other.company_id = promise.company_id
               AND other.active
               AND other.state <> 'broken'
               AND other.date >= promise.promised_on
               AND (other.date, other.id) < (promise.date, promise.id)
             GROUP BY promise.id
        )
        UPDATE logistics_payment_promise AS promise
           SET state = fresh.state,
               paid_amount = fresh.paid
          FROM (
              SELECT promise.id,
                     GREATEST(paid.amount - earlier.amount, 0) AS paid,
                     CASE WHEN paid.amount - earlier.amount >= promise.amount
                          THEN 'kept'
                          WHEN promise.last_day < %(today)s THEN 'broken'
                          ELSE 'open' END AS state
                FROM promise
                JOIN paid ON paid.id = promise.id
                JOIN earlier ON earlier.id = promise.id
          ) AS fresh
         WHERE fresh.id = promise.id
        """,
        among=among,
        today=today,
    )
