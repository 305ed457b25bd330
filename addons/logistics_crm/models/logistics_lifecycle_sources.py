from odoo import models
from odoo.tools import SQL

from . import lifecycle_measures_sql as measures_sql


class LogisticsLifecycleSources(models.AbstractModel):
    """Where the measures come from; extend a method to give a better source.

    The one place that looks which of Odoo's optional apps are there. Each method
    returns SQL for some clients (a SELECT of their ids), or for all of them (None).
    """

    _name = "logistics.lifecycle.sources"
    _description = "Lifecycle: sources of the measures"

    def _get_shipments(self, clients, today):
        """SELECT client_id, shipments_90, shipments_365."""
        if self._has_transfers():
            return measures_sql.done_transfers(clients, today)
        return measures_sql.nothing("shipments_90", "shipments_365")

    def _get_contribution(self, clients, today):
        """SELECT client_id, contribution_365, in the currency of the main company.

        None: what the orders of the last 365 days have brought, see
        `_get_order_amount`, which is counted together with them.
        """
        return

    def _get_cases(self, clients, today):
        """SELECT client_id, open_cases. Nothing counts cases here."""
        return measures_sql.nothing("open_cases")

    def _get_changed_clients(self, since, today, since_day):
        """Return SELECTs (id) of the clients to measure again."""
        found = [measures_sql.changed_clients(since, today, since_day)]
        if self._has_transfers():
            found.append(measures_sql.clients_with_transfers(since, today, since_day))
        return found

    def _has_transfers(self):
        """Tell whether Inventory is there and its transfers know their order."""
        fields = self.env.registry.get("stock.picking")
        return fields is not None and "sale_id" in fields._fields

    def _get_order_amount(self):
        """Return what an order brings: its margin where one is kept."""
        margin = self.env["sale.order"]._fields.get("margin")
        stored = margin is not None and margin.store
        return SQL("sale.%s", SQL.identifier("margin" if stored else "amount_untaxed"))

    def _get_rates(self, today):
        """SELECT company_id, factor to the currency of the main company."""
        # the factors say nothing that the user may not know
        companies = (
            self.env["res.company"].sudo().search([("active", "in", (True, False))])
        )
        main = companies.sorted("id")[:1]
        rows = [
            SQL(
                "(%s, %s::numeric)",
                company.id,
                company.currency_id._convert(
                    1.0, main.currency_id, main, today, round=False
                ),
            )
            for company in companies
        ]
        return SQL(
            "SELECT * FROM (VALUES %s) AS factor (company_id, factor)",
            SQL(", ").join(rows),
        )
