"""Set-based SQL of what the lifecycle measures of clients, all of them or some.

An event is a confirmed order, or a posted invoice that no order stands behind. Grain of
everything here: the commercial partner, over all companies.
"""

from odoo.tools import SQL


def events(clients: SQL | None, amount: SQL) -> SQL:
    """Select (client_id, company_id, day, amount) of every event.

    Tables: sale_order (index on partner_id), account_move (index on
    commercial_partner_id), res_partner (index on commercial_partner_id). For some
    clients by these indexes, for all of them in one pass over both tables.

    :param amount: what `sale` has brought, in the currency of the order
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id AS client_id,
               sale.company_id,
               sale.date_order::date AS day,
               %(amount)s / COALESCE(NULLIF(sale.currency_rate, 0), 1) AS amount
          FROM sale_order AS sale
          JOIN res_partner AS partner ON partner.id = sale.partner_id
         WHERE sale.state = 'sale' AND %(of_orders)s
         UNION ALL
        SELECT move.commercial_partner_id, move.company_id, move.invoice_date, 0
          FROM account_move AS move
         WHERE move.move_type = 'out_invoice'
           AND move.state = 'posted'
           AND COALESCE(move.invoice_origin, '') = ''
           AND move.invoice_date IS NOT NULL
           AND %(of_moves)s
        """,
        amount=amount,
        of_orders=_among(SQL("partner.commercial_partner_id"), clients),
        of_moves=_among(SQL("move.commercial_partner_id"), clients),
    )


def event_counts(clients: SQL | None, today, amount: SQL, rates: SQL) -> SQL:
    """Select how often and when each client has ordered, and what that has brought.

    Grain: client with an event. Windows end today; that of the year before begins a
    year earlier, so that a season does not look like a trend. In one level: days
    counted as distinct cost less than a second grouping by day.

    :param amount: what `sale` has brought, in the currency of the order
    :param rates: SELECT (company_id, factor) from company currency to one currency
    """
    return SQL(
        """
        SELECT client_id,
               MIN(day) AS first_order,
               MAX(day) AS last_order,
               COUNT(*)::int AS order_count,
               COUNT(DISTINCT day)::int AS order_days,
               COUNT(*) FILTER (WHERE day > %(today)s::date - 90)::int AS orders_90,
               COUNT(*) FILTER (
                   WHERE day > %(today)s::date - 455
                     AND day <= %(today)s::date - 365)::int AS previous_90,
               COUNT(*) FILTER (WHERE day > %(today)s::date - 365)::int AS orders_365,
               COUNT(*) FILTER (
                   WHERE day > %(today)s::date - 730
                     AND day <= %(today)s::date - 365)::int AS previous_365,
               SUM(amount * rate.factor) FILTER (
                   WHERE day > %(today)s::date - 365) AS contribution_365
          FROM (%(events)s) AS event
     LEFT JOIN (%(rates)s) AS rate ON rate.company_id = event.company_id
         WHERE day <= %(today)s
         GROUP BY client_id
        """,
        today=today,
        rates=rates,
        events=events(clients, amount),
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


def nothing(*columns: str) -> SQL:
    """Select no rows of client_id and some numbers: a source that is not there."""
    return SQL(
        "SELECT NULL::int AS client_id, %s WHERE FALSE",
        SQL(", ").join(SQL("0 AS %s", SQL.identifier(name)) for name in columns),
    )


def write_measures(
    clients: SQL | None, counts: SQL, shipments: SQL, amounts: SQL | None, cases: SQL
) -> SQL:
    """Make the measures of the clients what the sources say, touching only changes.

    :param amounts: contribution from elsewhere than the orders, if any

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
        earned AS (%(amounts)s),
        cased AS MATERIALIZED (%(cases)s)
        INSERT INTO logistics_client_measure AS measure (
            partner_id, is_due, is_stale, first_order, last_order, order_count,
            order_days, orders_90, previous_90, orders_365, previous_365, shipments_90,
            shipments_365, contribution_365, open_cases
        )
        SELECT partner.id, TRUE, FALSE, counted.first_order, counted.last_order,
               COALESCE(counted.order_count, 0), COALESCE(counted.order_days, 0),
               COALESCE(counted.orders_90, 0), COALESCE(counted.previous_90, 0),
               COALESCE(counted.orders_365, 0), COALESCE(counted.previous_365, 0),
               COALESCE(shipped.shipments_90, 0), COALESCE(shipped.shipments_365, 0),
               COALESCE(ROUND(earned.contribution_365::numeric, 2), 0),
               COALESCE(cased.open_cases, 0)
          FROM (%(clients)s) AS client (id)
          JOIN res_partner AS partner
            ON partner.id = client.id AND partner.commercial_partner_id = partner.id
     LEFT JOIN counted ON counted.client_id = client.id
     LEFT JOIN shipped ON shipped.client_id = client.id
     LEFT JOIN earned ON earned.client_id = client.id
     LEFT JOIN cased ON cased.client_id = client.id
            ON CONFLICT (partner_id) DO UPDATE SET (
                is_due, is_stale, first_order, last_order, order_count, order_days,
                orders_90, previous_90, orders_365, previous_365, shipments_90,
                shipments_365, contribution_365, open_cases
            ) = (
                TRUE, FALSE, EXCLUDED.first_order, EXCLUDED.last_order,
                EXCLUDED.order_count,
                EXCLUDED.order_days, EXCLUDED.orders_90, EXCLUDED.previous_90,
                EXCLUDED.orders_365, EXCLUDED.previous_365, EXCLUDED.shipments_90,
                EXCLUDED.shipments_365, EXCLUDED.contribution_365, EXCLUDED.open_cases
            )
         WHERE (
                measure.is_stale,
                measure.first_order, measure.last_order, measure.order_count,
                measure.order_days, measure.orders_90, measure.previous_90,
                measure.orders_365, measure.previous_365, measure.shipments_90,
                measure.shipments_365, measure.contribution_365, measure.open_cases
            ) IS DISTINCT FROM (
                EXCLUDED.is_stale,
                EXCLUDED.first_order, EXCLUDED.last_order, EXCLUDED.order_count,
                EXCLUDED.order_days, EXCLUDED.orders_90, EXCLUDED.previous_90,
                EXCLUDED.orders_365, EXCLUDED.previous_365, EXCLUDED.shipments_90,
                EXCLUDED.shipments_365, EXCLUDED.contribution_365, EXCLUDED.open_cases
            )
        """,
        counts=counts,
        shipments=shipments,
        amounts=amounts or SQL("SELECT client_id, contribution_365 FROM counted"),
        cases=cases,
        clients=clients or everybody,
    )


def write_overdue(today, rates: SQL, client_ids=None) -> SQL:
    """Write what each client owes beyond its due day.

    Tables: account_move_line, by the core's index of unreconciled lines; target
    logistics_client_measure. Grain: client; all of them, for paid debts are gone, or
    the given ones.
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
               AND %(of_clients)s
             GROUP BY partner.commercial_partner_id
        )
        UPDATE logistics_client_measure AS measure
           SET is_due = TRUE,
               overdue_since = overdue.since,
               overdue_amount = COALESCE(overdue.amount, 0)
          FROM logistics_client_measure AS old
     LEFT JOIN overdue ON overdue.client_id = old.partner_id
         WHERE old.id = measure.id
           AND %(of_measures)s
           AND (overdue.client_id IS NOT NULL OR old.overdue_since IS NOT NULL)
           AND (measure.overdue_since, measure.overdue_amount)
               IS DISTINCT FROM (overdue.since, COALESCE(overdue.amount, 0))
        """,
        today=today,
        rates=rates,
        of_clients=_any(SQL("partner.commercial_partner_id"), client_ids),
        of_measures=_any(SQL("old.partner_id"), client_ids),
    )


def changed_clients(since, today, since_day) -> SQL:
    """Select the clients whose orders or invoices were written since a moment.

    And those with an event on a day that has entered or left a window since the last
    run, or marked as stale. Tables: sale_order (index on write_date of confirmed and
    cancelled ones, index on date_order), account_move (indexes on write_date and
    invoice_date of invoices without an order), logistics_client_measure (index of
    stale ones).
    """
    edges = _on_edges(SQL("sale.date_order"), today, since_day)
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
        SELECT move.commercial_partner_id
          FROM account_move AS move
         WHERE move.move_type = 'out_invoice'
           AND COALESCE(move.invoice_origin, '') = ''
           AND move.state = 'posted'
           AND move.commercial_partner_id IS NOT NULL
           AND (%(invoice_edges)s)
         UNION
        SELECT partner_id FROM logistics_client_measure WHERE is_stale
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
        invoice_edges=_on_edges(SQL("move.invoice_date"), today, since_day),
    )


def _on_edges(moment: SQL, today, since_day) -> SQL:
    """Restrict a moment to days that entered or left a window since a day.

    A day ahead enters its windows when it comes: the edge of 0 days.
    """
    return SQL(" OR ").join(
        SQL(
            "%(moment)s >= %(first)s::date - %(days)s"
            " AND %(moment)s < %(last)s::date - %(days)s + 1",
            moment=moment,
            first=since_day,
            last=today,
            days=days,
        )
        for days in (0, *WINDOW_EDGES)
    )


def stale(client_ids) -> SQL:
    """Mark clients to be measured by the next run.

    Table: logistics_client_measure by its unique client.
    """
    return SQL(
        """
        UPDATE logistics_client_measure SET is_stale = TRUE
         WHERE partner_id = ANY(%s) AND NOT COALESCE(is_stale, FALSE)
        """,
        list(client_ids),
    )


def lower_bound() -> SQL:
    """Return until when every change is visible to snapshots taken from now on.

    Source: pg_stat_activity, this database. ``write_date`` is the start of the writing
    transaction: what is invisible now will appear with the start of an open one.
    """
    return SQL(
        """
        SELECT date_trunc('second', LEAST(now(), MIN(xact_start)) AT TIME ZONE 'UTC')
          FROM pg_stat_activity
         WHERE datname = current_database() AND backend_type = 'client backend'
        """
    )


def clients_with_transfers(since, today, since_day) -> SQL:
    """Select the clients with transfers written since a moment, or on an edge.

    Table: stock_picking (a pass: the core has no index on when it was written).
    Grain: client.
    """
    return SQL(
        """
        SELECT partner.commercial_partner_id AS id
          FROM stock_picking AS picking
     LEFT JOIN sale_order AS sale ON sale.id = picking.sale_id
          JOIN res_partner AS partner
            ON partner.id = COALESCE(
                   sale.partner_id, picking.owner_id, picking.partner_id)
         WHERE picking.write_date >= %(since)s
            OR picking.state = 'done' AND (%(edges)s)
        """,
        since=since,
        edges=_on_edges(SQL("picking.date_done"), today, since_day),
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


def _among(column: SQL, clients: SQL | None) -> SQL:
    return SQL("%s IN (%s)", column, clients) if clients else SQL("TRUE")


def _any(column: SQL, ids) -> SQL:
    return SQL("TRUE") if ids is None else SQL("%s = ANY(%s)", column, list(ids))
