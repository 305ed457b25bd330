"""Set-based SQL of what the lifecycle measures of clients, all of them or some.

An event is a confirmed order, or a posted invoice that no order stands behind. Grain of
everything here: the commercial partner, over all companies.
"""

from odoo.tools import SQL


def events(clients: SQL | None) -> SQL:
    """Select (client_id, day) of every event.

    Tables: sale_order (index on partner_id), account_move (index on
    commercial_partner_id), res_partner (index on commercial_partner_id). For some
    clients by these indexes, for all of them in one pass over both tables.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id AS client_id, sale.date_order::date AS day
          FROM sale_order AS sale
          JOIN res_partner AS partner ON partner.id = sale.partner_id
         WHERE sale.state = 'sale' AND %(of_orders)s
         UNION ALL
        SELECT move.commercial_partner_id, move.invoice_date
          FROM account_move AS move
         WHERE move.move_type = 'out_invoice'
           AND move.state = 'posted'
           AND COALESCE(move.invoice_origin, '') = ''
           AND move.invoice_date IS NOT NULL
           AND %(of_moves)s
        """,
        of_orders=_among(SQL("partner.commercial_partner_id"), clients),
        of_moves=_among(SQL("move.commercial_partner_id"), clients),
    )


def event_counts(clients: SQL | None, today) -> SQL:
    """Select how often and when each client has ordered.

    Grain: client with an event. Windows end today; that of the year before begins a
    year earlier, so that a season does not look like a trend.
    """
    return SQL(
        """
        SELECT client_id,
               MIN(day) AS first_order,
               MAX(day) AS last_order,
               SUM(orders)::int AS order_count,
               COUNT(*)::int AS order_days,
               COALESCE(SUM(orders) FILTER (
                   WHERE day > %(today)s::date - 90), 0)::int AS orders_90,
               COALESCE(SUM(orders) FILTER (
                   WHERE day > %(today)s::date - 455
                     AND day <= %(today)s::date - 365), 0)::int AS previous_90,
               COALESCE(SUM(orders) FILTER (
                   WHERE day > %(today)s::date - 365), 0)::int AS orders_365,
               COALESCE(SUM(orders) FILTER (
                   WHERE day > %(today)s::date - 730
                     AND day <= %(today)s::date - 365), 0)::int AS previous_365
          FROM (
              SELECT client_id, day, COUNT(*) AS orders
                FROM (%(events)s) AS event
               WHERE day <= %(today)s
               GROUP BY client_id, day
          ) AS order_day
         GROUP BY client_id
        """,
        today=today,
        events=events(clients),
    )


# Days before today on which an event enters or leaves a window.
WINDOW_EDGES = (90, 365, 455, 730)


def done_transfers(clients: SQL | None, today) -> SQL:
    """Select the transfers of the last 90 and 365 days.

    Tables: stock_picking (its index on date_done where done), sale_order, res_partner.
    Grain: client. A transfer belongs to who ordered it, else to the owner of the goods,
    else to whom it goes.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id AS client_id,
               COUNT(*) FILTER (
                   WHERE picking.date_done > %(today)s::date - 89)::int AS shipments_90,
               COUNT(*)::int AS shipments_365
          FROM stock_picking AS picking
          JOIN stock_picking_type AS kind ON kind.id = picking.picking_type_id
     LEFT JOIN sale_order AS sale ON sale.id = picking.sale_id
          JOIN res_partner AS partner
            ON partner.id = COALESCE(
                   sale.partner_id, picking.owner_id, picking.partner_id)
         WHERE picking.state = 'done'
           AND kind.code IN ('incoming', 'outgoing')
           AND picking.date_done > %(today)s::date - 364
           AND %(of_clients)s
         GROUP BY partner.commercial_partner_id
        """,
        today=today,
        of_clients=_among(SQL("partner.commercial_partner_id"), clients),
    )


def order_amounts(clients: SQL | None, today, amount: SQL, rates: SQL) -> SQL:
    """Select what the orders of the last 365 days have brought.

    :param amount: margin or untaxed amount of `sale`, in the currency of the order
    :param rates: SELECT (company_id, factor) from company currency to one currency

    Tables: sale_order (index on date_order, or on partner_id). Grain: client.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id AS client_id,
               SUM(%(amount)s / COALESCE(NULLIF(sale.currency_rate, 0), 1)
                   * rate.factor)::numeric AS contribution_365
          FROM sale_order AS sale
          JOIN res_partner AS partner ON partner.id = sale.partner_id
          JOIN (%(rates)s) AS rate ON rate.company_id = sale.company_id
         WHERE sale.state = 'sale'
           AND sale.date_order > %(today)s::date - 365
           AND %(of_clients)s
         GROUP BY partner.commercial_partner_id
        """,
        amount=amount,
        rates=rates,
        today=today,
        of_clients=_among(SQL("partner.commercial_partner_id"), clients),
    )


def nothing(*columns: str) -> SQL:
    """Select no rows of client_id and some numbers: a source that is not there."""
    return SQL(
        "SELECT NULL::int AS client_id, %s WHERE FALSE",
        SQL(", ").join(SQL("0 AS %s", SQL.identifier(name)) for name in columns),
    )


def write_measures(
    clients: SQL | None, counts: SQL, shipments: SQL, amounts: SQL, cases: SQL
) -> SQL:
    """Make the measures of the clients what the sources say, touching only changes.

    Target: logistics_client_measure by its unique client. Grain: client: those asked
    for, or all with an event, a stage, a lane or a measure. Returns the changed ones.
    """
    everybody = SQL(
        """
        SELECT client_id FROM counted
         UNION
        SELECT id FROM res_partner WHERE logistics_stage_id IS NOT NULL
         UNION
        SELECT partner_id FROM logistics_trade_lane
         UNION
        SELECT partner_id FROM logistics_client_measure
        """
    )
    return SQL(
        """
        WITH counted AS MATERIALIZED (%(counts)s),
        shipped AS MATERIALIZED (%(shipments)s),
        earned AS MATERIALIZED (%(amounts)s),
        cased AS MATERIALIZED (%(cases)s)
        INSERT INTO logistics_client_measure AS measure (
            partner_id, is_due, first_order, last_order, order_count, order_days,
            orders_90, previous_90, orders_365, previous_365, shipments_90,
            shipments_365, contribution_365, open_cases
        )
        SELECT partner.id, TRUE, counted.first_order, counted.last_order,
               COALESCE(counted.order_count, 0), COALESCE(counted.order_days, 0),
               COALESCE(counted.orders_90, 0), COALESCE(counted.previous_90, 0),
               COALESCE(counted.orders_365, 0), COALESCE(counted.previous_365, 0),
               COALESCE(shipped.shipments_90, 0), COALESCE(shipped.shipments_365, 0),
               COALESCE(ROUND(earned.contribution_365, 2), 0),
               COALESCE(cased.open_cases, 0)
          FROM (%(clients)s) AS client (id)
          JOIN res_partner AS partner
            ON partner.id = client.id AND partner.commercial_partner_id = partner.id
     LEFT JOIN counted ON counted.client_id = client.id
     LEFT JOIN shipped ON shipped.client_id = client.id
     LEFT JOIN earned ON earned.client_id = client.id
     LEFT JOIN cased ON cased.client_id = client.id
            ON CONFLICT (partner_id) DO UPDATE SET (
                is_due, first_order, last_order, order_count, order_days, orders_90,
                previous_90, orders_365, previous_365, shipments_90, shipments_365,
                contribution_365, open_cases
            ) = (
                TRUE, EXCLUDED.first_order, EXCLUDED.last_order, EXCLUDED.order_count,
                EXCLUDED.order_days, EXCLUDED.orders_90, EXCLUDED.previous_90,
                EXCLUDED.orders_365, EXCLUDED.previous_365, EXCLUDED.shipments_90,
                EXCLUDED.shipments_365, EXCLUDED.contribution_365, EXCLUDED.open_cases
            )
         WHERE (
                measure.first_order, measure.last_order, measure.order_count,
                measure.order_days, measure.orders_90, measure.previous_90,
                measure.orders_365, measure.previous_365, measure.shipments_90,
                measure.shipments_365, measure.contribution_365, measure.open_cases
            ) IS DISTINCT FROM (
                EXCLUDED.first_order, EXCLUDED.last_order, EXCLUDED.order_count,
                EXCLUDED.order_days, EXCLUDED.orders_90, EXCLUDED.previous_90,
                EXCLUDED.orders_365, EXCLUDED.previous_365, EXCLUDED.shipments_90,
                EXCLUDED.shipments_365, EXCLUDED.contribution_365, EXCLUDED.open_cases
            )
        """,
        counts=counts,
        shipments=shipments,
        amounts=amounts,
        cases=cases,
        clients=clients or everybody,
    )


def write_overdue(today, rates: SQL) -> SQL:
    """Write what each client owes beyond its due day.

    Tables: account_move_line, by the core's index of unreconciled lines; target
    logistics_client_measure. Grain: client; all of them, for paid debts are gone.
    """
    return SQL(
        """
        WITH overdue AS MATERIALIZED (
            SELECT partner.commercial_partner_id AS client_id,
                   MIN(line.date_maturity) AS since,
                   ROUND(SUM(line.amount_residual * rate.factor)::numeric, 2) AS amount
              FROM account_account AS account
              JOIN account_move_line AS line ON line.account_id = account.id
              JOIN res_partner AS partner ON partner.id = line.partner_id
              JOIN (%(rates)s) AS rate ON rate.company_id = line.company_id
             WHERE account.account_type = 'asset_receivable'
               AND line.parent_state = 'posted'
               AND line.reconciled IS NOT TRUE
               AND line.amount_residual > 0
               AND line.date_maturity < %(today)s
             GROUP BY partner.commercial_partner_id
        )
        UPDATE logistics_client_measure AS measure
           SET is_due = TRUE,
               overdue_since = overdue.since,
               overdue_amount = COALESCE(overdue.amount, 0)
          FROM logistics_client_measure AS old
     LEFT JOIN overdue ON overdue.client_id = old.partner_id
         WHERE old.id = measure.id
           AND (overdue.client_id IS NOT NULL OR old.overdue_since IS NOT NULL)
           AND (measure.overdue_since, measure.overdue_amount)
               IS DISTINCT FROM (overdue.since, COALESCE(overdue.amount, 0))
        """,
        today=today,
        rates=rates,
    )


def changed_clients(since, today, since_day) -> SQL:
    """Select the clients whose orders or invoices were written since a moment.

    And those with an event on a day that has entered or left a window since the last
    run. Tables: sale_order (index on write_date of confirmed and cancelled ones, index
    on date_order), account_move (index on write_date of invoices without an order).
    """
    edges = SQL(" OR ").join(
        SQL(
            "sale.date_order >= %(first)s::date - %(days)s"
            " AND sale.date_order < %(last)s::date - %(days)s + 1",
            first=since_day,
            last=today,
            days=days,
        )
        for days in WINDOW_EDGES
    )
    return SQL(
        """
        SELECT partner.commercial_partner_id AS id
          FROM sale_order AS sale
          JOIN res_partner AS partner ON partner.id = sale.partner_id
         WHERE sale.state IN ('sale', 'cancel') AND sale.write_date >= %(since)s
         UNION
        SELECT partner.commercial_partner_id
          FROM sale_order AS sale
          JOIN res_partner AS partner ON partner.id = sale.partner_id
         WHERE sale.state = 'sale' AND (%(edges)s)
         UNION
        SELECT move.commercial_partner_id
          FROM account_move AS move
         WHERE move.move_type = 'out_invoice'
           AND COALESCE(move.invoice_origin, '') = ''
           AND move.write_date >= %(since)s
           AND move.commercial_partner_id IS NOT NULL
         UNION
        SELECT id
          FROM res_partner
         WHERE logistics_stage_id IS NOT NULL
           AND commercial_partner_id = id
           AND NOT EXISTS (
               SELECT 1 FROM logistics_client_measure AS measure
                WHERE measure.partner_id = res_partner.id)
        """,
        since=since,
        edges=edges,
    )


def clients_with_transfers(since) -> SQL:
    """Select the clients with transfers done since a moment.

    Table: stock_picking by its index on date_done. Grain: client.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id AS id
          FROM stock_picking AS picking
     LEFT JOIN sale_order AS sale ON sale.id = picking.sale_id
          JOIN res_partner AS partner
            ON partner.id = COALESCE(
                   sale.partner_id, picking.owner_id, picking.partner_id)
         WHERE picking.state = 'done' AND picking.date_done >= %s
        """,
        since,
    )


def base_figures() -> SQL:
    """Select the sums of which the usual interval and the growth of all come.

    Table: logistics_client_measure, one pass. Grain: one row.
    """
    return SQL(
        """
        SELECT COALESCE(SUM(last_order - first_order), 0),
               COALESCE(SUM(GREATEST(order_days - 1, 0)), 0),
               COALESCE(SUM(orders_365), 0), COALESCE(SUM(previous_365), 0),
               COALESCE(SUM(orders_90), 0), COALESCE(SUM(previous_90), 0)
          FROM logistics_client_measure
        """
    )


# What the rules need of one client, in the order in which it is unpacked.
_CLIENT_COLUMNS = SQL(
    """
    measure.id, measure.partner_id, partner.logistics_stage_id,
    measure.candidate_stage_id, measure.candidate_runs,
    partner.logistics_stage_hold_until,
    measure.first_order, measure.last_order, measure.order_count,
    measure.order_days, measure.orders_90, measure.previous_90,
    measure.orders_365, measure.previous_365, measure.shipments_90,
    measure.shipments_365, measure.contribution_365, measure.open_cases,
    measure.overdue_since, measure.overdue_amount, measure.checked_on
    """
)


def take_due(today, size: int, client_ids=None) -> SQL:
    """Lock and return some clients that rules must look at, with all they need.

    Table: logistics_client_measure by its partial index of due ones. Two workers never
    take the same.
    """
    due = (
        SQL("measure.partner_id = ANY(%s)", list(client_ids))
        if client_ids is not None
        else SQL("(measure.is_due OR measure.next_check <= %s)", today)
    )
    return SQL(
        """
        SELECT %(columns)s
          FROM logistics_client_measure AS measure
          JOIN res_partner AS partner ON partner.id = measure.partner_id
         WHERE partner.active AND %(due)s
         ORDER BY measure.id
         LIMIT %(size)s
           FOR UPDATE OF measure SKIP LOCKED
        """,
        columns=_CLIENT_COLUMNS,
        due=due,
        size=size,
    )


def measured_clients(stage_ids, is_default: bool, after: int, size: int) -> SQL:
    """Select the clients of a scheme with what rules need, in the order of their key.

    Tables: logistics_client_measure by key, res_partner. Clients without a stage belong
    to the default scheme.
    """
    return SQL(
        """
        SELECT %(columns)s
          FROM logistics_client_measure AS measure
          JOIN res_partner AS partner ON partner.id = measure.partner_id
         WHERE partner.active
           AND measure.id > %(after)s
           AND (partner.logistics_stage_id = ANY(%(stages)s)
                OR (%(is_default)s AND partner.logistics_stage_id IS NULL))
         ORDER BY measure.id
         LIMIT %(size)s
        """,
        columns=_CLIENT_COLUMNS,
        after=after,
        stages=list(stage_ids),
        is_default=is_default,
        size=size,
    )


def write_preview(draft_id: int, moves) -> SQL:
    """Insert the clients that would move; (client, old stage, new stage, facts)."""
    clients, old, new, facts = zip(*moves, strict=True)
    return SQL(
        """
        INSERT INTO logistics_lifecycle_draft_line (
            draft_id, partner_id, from_stage_id, to_stage_id, facts)
        SELECT %s, move.*
          FROM UNNEST(%s::int[], %s::int[], %s::int[], %s::jsonb[]) AS move
        """,
        draft_id,
        list(clients),
        list(old),
        list(new),
        list(facts),
    )


def write_decisions(rows, today) -> SQL:
    """Write what the rules have found; the clients are no longer due.

    :param rows: (id, candidate stage, runs, next check), by client measure
    """
    ids, candidates, runs, checks = zip(*rows, strict=True)
    return SQL(
        """
        UPDATE logistics_client_measure AS measure
           SET is_due = FALSE,
               checked_on = %s,
               candidate_stage_id = fresh.candidate,
               candidate_runs = fresh.runs,
               next_check = fresh.next_check
          FROM UNNEST(%s::int[], %s::int[], %s::int[], %s::date[])
               AS fresh (id, candidate, runs, next_check)
         WHERE fresh.id = measure.id
        """,
        today,
        list(ids),
        list(candidates),
        list(runs),
        list(checks),
    )


def move_clients(moves, now, user_id: int, run_id: int | None) -> SQL:
    """Move clients to their new stages and write their history.

    :param moves: (client, old stage or None, new stage, facts as JSON)

    Tables: res_partner by key, logistics_lifecycle_history (index on partner_id, for
    how long the client was in its old stage). Grain: client.
    """
    clients, old, new, facts = zip(*moves, strict=True)
    return SQL(
        """
        WITH move AS MATERIALIZED (
            SELECT *
              FROM UNNEST(%(clients)s::int[], %(old)s::int[], %(new)s::int[],
                          %(facts)s::jsonb[]) AS move (client_id, old, new, facts)
        ),
        moved AS (
            UPDATE res_partner AS partner
               SET logistics_stage_id = move.new
              FROM move
             WHERE partner.id = move.client_id
        )
        INSERT INTO logistics_lifecycle_history (
            partner_id, from_stage_id, to_stage_id, is_loss, date, user_id, is_automatic,
            facts, run_id, days_in_stage, create_uid, create_date, write_uid, write_date
        )
        SELECT move.client_id, move.old, move.new, stage.is_loss, %(now)s, %(user)s,
               TRUE, move.facts,
               %(run)s,
               EXTRACT(EPOCH FROM %(now)s::timestamp - last.date) / 86400,
               %(user)s, %(now)s, %(user)s, %(now)s
          FROM move
          JOIN logistics_lifecycle_stage AS stage ON stage.id = move.new
     LEFT JOIN LATERAL (
               SELECT date FROM logistics_lifecycle_history AS history
                WHERE history.partner_id = move.client_id
                ORDER BY date DESC, id DESC LIMIT 1
          ) AS last ON TRUE
        """,
        clients=list(clients),
        old=list(old),
        new=list(new),
        facts=list(facts),
        now=now,
        user=user_id,
        run=run_id,
    )


def _among(column: SQL, clients: SQL | None) -> SQL:
    return SQL("%s IN (%s)", column, clients) if clients else SQL("TRUE")
