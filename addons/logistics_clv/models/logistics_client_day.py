from odoo import api, fields, models

from . import value_days_sql as days_sql

# What PostgreSQL may use for one sort or hash of a whole company.
REBUILD_MEMORY = "128MB"


class LogisticsClientDay(models.Model):
    """What one client did on one day: the facts that the valuation counts.

    The grain is company, client, order day and accounting date, so that the facts as
    of a past date are those which the books had then. Days are written by SQL only
    (value_days_sql.py), from the entries of the value ledger.
    """

    _name = "logistics.client.day"
    _description = "Client value: day of a client"
    _log_access = False  # derived from the value ledger
    _order = "order_date desc, id desc"
    _rec_name = "client_id"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    order_date = fields.Date(
        required=True,
        readonly=True,
        help="The day of the shipment where the order knows it (delivery done or "
        "promised; the order's own date where one invoice collects several orders), "
        "else the date of the invoice.",
    )
    date = fields.Date(
        "Accounting Date",
        required=True,
        readonly=True,
        help="The date under which the accounts carry these amounts.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    revenue = fields.Monetary(readonly=True)
    contribution = fields.Monetary(
        readonly=True, help="Revenue less direct cost, in company currency."
    )
    order_revenue = fields.Monetary(
        readonly=True, help="Revenue of documents that make an order day."
    )
    has_order = fields.Boolean(readonly=True)
    is_free = fields.Boolean(
        "Free of Charge",
        readonly=True,
        help="All documents of the day are about nothing: a shipment free of charge.",
    )
    mode_id = fields.Many2one(
        "logistics.transport.mode",
        "Transport Mode",
        readonly=True,
        ondelete="set null",
        help="Of several modes on one day the first in the list of modes counts.",
    )
    unknown_revenue = fields.Monetary(
        "Revenue without Known Cost", readonly=True, help="No direct cost is known."
    )
    estimated_revenue = fields.Monetary(
        "Revenue with Estimated Cost",
        readonly=True,
        help="The buy price of the order stands in for a vendor bill yet to come.",
    )

    # Covers the facts of all clients: an index-only scan in the order of the clients.
    _facts_idx = models.UniqueIndex(
        "(company_id, client_id, order_date, date) INCLUDE (revenue, contribution, "
        "order_revenue, unknown_revenue, estimated_revenue, has_order, is_free, "
        "mode_id)",
        "A client has each day once.",
    )

    @api.model
    def _refresh(self, company, rebuild=False):
        """Make the days of clients with news equal to the ledger; return how many."""
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(days_sql.take_touched(company.id))
        client_ids = [client_id for (client_id,) in cr.fetchall()]
        cr.execute(days_sql.has_days(company.id))
        [is_filled] = cr.fetchone()
        everybody = rebuild or not is_filled or days_sql.EVERYBODY in client_ids
        if not everybody and not client_ids:
            return 0
        if everybody:
            cr.execute("SET LOCAL work_mem = %s", [REBUILD_MEMORY])
        cr.execute(days_sql.drop_fresh())
        cr.execute(
            days_sql.make_fresh(
                company.id,
                None if everybody else client_ids,
                company._get_value_scope().has_transfers,
            )
        )
        if is_filled:
            cr.execute("ANALYZE logistics_client_day_fresh")
            cr.execute(
                days_sql.delete_stale(company.id, None if everybody else client_ids)
            )
            cr.execute(days_sql.write_fresh(company.id))
        else:
            cr.execute(days_sql.fill(company.id))
        written = cr.rowcount
        cr.execute(days_sql.drop_fresh())
        if everybody:
            cr.execute("SET LOCAL work_mem TO DEFAULT")
        self.invalidate_model()
        return written

    @api.model
    def _refresh_checked(self, company):
        """Refresh, and rebuild if the days do not add up to the ledger.

        What is deleted with a document by the database itself leaves no trace, so the
        sums are compared; entries are summed up for each valuation anyway.
        """
        written = self._refresh(company)
        cr = self.env.cr
        cr.execute(days_sql.equals_ledger(company.id))
        [equal] = cr.fetchone()
        if equal:
            return written
        return self._refresh(company, rebuild=True)

    @api.model
    def _touch_everybody(self, company):
        """Have the days of all clients made anew at the next refresh."""
        self.env.cr.execute(days_sql.touch_everybody(company.id))
