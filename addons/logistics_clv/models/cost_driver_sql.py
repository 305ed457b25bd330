"""Set-based SQL of the cost drivers: what happened for which client, event by event.

Each source selects the events of one company and month as

    record_id, client_id, day, quantity

so that the same statement counts (``count_events``) and opens what was counted. The
grain is event and client; the client is the commercial entity of today. Days are those
of the company's time zone; ``day`` is empty where an amount has no single day.
"""

from collections.abc import Callable
from typing import NamedTuple

from odoo.tools import SQL

from . import cost_driver_contact_sql as contact_sql
from . import cost_driver_money_sql as money_sql
from . import cost_driver_stock_sql as stock_sql


class Scope(NamedTuple):
    """One company and month: dates, the same as UTC moments, and the time zone."""

    company_id: int
    start: object  # first day
    end: object  # first day after
    start_at: object
    end_at: object
    tz: str
    # optional fields of other addons that this database has, as "model.field"
    optional: frozenset = frozenset()

    def day(self, moment: SQL) -> SQL:
        """Return the company's day of a UTC moment."""
        return SQL("((%s AT TIME ZONE 'UTC') AT TIME ZONE %s)::date", moment, self.tz)

    def within(self, moment: SQL) -> SQL:
        """Return the condition that a UTC moment lies in the month."""
        return SQL(
            "%(moment)s >= %(start)s AND %(moment)s < %(end)s",
            moment=moment,
            start=self.start_at,
            end=self.end_at,
        )


class Source(NamedTuple):
    """Where a driver is counted; ``needs`` are optional fields it cannot do without."""

    model: str
    events: Callable[[Scope], SQL]
    needs: tuple = ()


def orders(scope: Scope) -> SQL:
    """Select the confirmed orders of the month.

    Sources: sale_order, res_partner. Grain: order. Index: sale_order_date_order_id_idx.
    """
    return SQL(
        """
        SELECT sale.id AS record_id,
               partner.commercial_partner_id AS client_id,
               %(day)s AS day,
               1 AS quantity
          FROM sale_order AS sale
          JOIN res_partner AS partner ON partner.id = sale.partner_id
         WHERE sale.company_id = %(company_id)s
           AND sale.state = 'sale'
           AND %(within)s
        """,
        company_id=scope.company_id,
        day=scope.day(SQL("sale.date_order")),
        within=scope.within(SQL("sale.date_order")),
    )


def order_lines(scope: Scope) -> SQL:
    """Select the lines of the confirmed orders of the month, without headings.

    Sources: ``orders``, sale_order_line. Grain: order line.
    Index: sale_order_line.order_id.
    """
    return SQL(
        """
        SELECT line.id AS record_id, placed.client_id, placed.day, 1 AS quantity
          FROM (%s) AS placed
          JOIN sale_order_line AS line ON line.order_id = placed.record_id
         WHERE line.display_type IS NULL
        """,
        orders(scope),
    )


def quotes(scope: Scope) -> SQL:
    """Select the quotes made in the month that went out, won or lost.

    Sources: sale_order, res_partner. Grain: order, at the day it was made; drafts do
    not count. Index: none on create_date, one pass over the orders.
    """
    return SQL(
        """
        SELECT sale.id AS record_id,
               partner.commercial_partner_id AS client_id,
               %(day)s AS day,
               1 AS quantity
          FROM sale_order AS sale
          JOIN res_partner AS partner ON partner.id = sale.partner_id
         WHERE sale.company_id = %(company_id)s
           AND sale.state IN ('sent', 'sale', 'cancel')
           AND %(within)s
        """,
        company_id=scope.company_id,
        day=scope.day(SQL("sale.create_date")),
        within=scope.within(SQL("sale.create_date")),
    )


SOURCES = {
    "orders": Source("sale.order", orders),
    "order_lines": Source("sale.order.line", order_lines),
    "quotes": Source("sale.order", quotes),
    "invoices": Source("account.move", money_sql.invoices),
    "revenue": Source("logistics.value.entry", money_sql.revenue),
    "late_money": Source("account.move.line", money_sql.late_money),
    "transfers": Source("stock.picking", stock_sql.transfers, stock_sql.NEEDS),
    "transfer_lines": Source("stock.move", stock_sql.transfer_lines, stock_sql.NEEDS),
    "pallets": Source("stock.move.line", stock_sql.pallets, stock_sql.NEEDS),
    "mails": Source("mail.message", contact_sql.mails),
    "activities": Source("mail.activity", contact_sql.activities),
    "visits": Source("calendar.event", contact_sql.visits),
    "campaign_touches": Source(
        "mailing.trace",
        contact_sql.campaign_touches,
        ("mailing.trace.mass_mailing_id",),
    ),
}


def manual_entries(scope: Scope, driver_id: int) -> SQL:
    """Select the counts entered by hand for the month.

    Sources: logistics_cost_driver_entry, res_partner. Grain: entry.
    Index: logistics_cost_driver_entry_count_idx.
    """
    return SQL(
        """
        SELECT entry.id AS record_id,
               partner.commercial_partner_id AS client_id,
               entry.date AS day,
               entry.quantity
          FROM logistics_cost_driver_entry AS entry
          JOIN res_partner AS partner ON partner.id = entry.client_id
         WHERE entry.company_id = %(company_id)s
           AND entry.driver_id = %(driver_id)s
           AND entry.date >= %(start)s
           AND entry.date < %(end)s
        """,
        company_id=scope.company_id,
        driver_id=driver_id,
        start=scope.start,
        end=scope.end,
    )


def events_of_client(events: SQL, client_id: int) -> SQL:
    """Select the records that were counted for a client (all clients: pass 0)."""
    return SQL(
        """
        SELECT DISTINCT record_id
          FROM (%(events)s) AS event
         WHERE (event.client_id = %(client_id)s OR %(client_id)s = 0)
           AND event.client_id NOT IN (SELECT partner_id FROM res_company)
        """,
        events=events,
        client_id=client_id,
    )


def totals_by_client(events: SQL) -> SQL:
    """Add up the events by client: what the preview shows, largest first."""
    return SQL(
        """
        SELECT client_id, SUM(quantity) AS quantity
          FROM (%s) AS event
         WHERE client_id NOT IN (SELECT partner_id FROM res_company)
         GROUP BY client_id
        HAVING SUM(quantity) > 0
         ORDER BY SUM(quantity) DESC, client_id
        """,
        events,
    )
