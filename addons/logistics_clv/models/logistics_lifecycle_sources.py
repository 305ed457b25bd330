from datetime import timedelta

from odoo import models
from odoo.tools import SQL


class LogisticsLifecycleSources(models.AbstractModel):
    _inherit = "logistics.lifecycle.sources"

    def _get_contribution(self, clients, today):
        """Take the contribution of 365 days from the value ledger, once it is filled.

        Table: logistics_value_entry (index on company and client). Grain: client.
        """
        if not self._has_value_ledger():
            return super()._get_contribution(clients, today)
        return SQL(
            """
            SELECT entry.client_id,
                   SUM(entry.contribution * rate.factor)::numeric AS contribution_365
              FROM logistics_value_entry AS entry
              JOIN (%(rates)s) AS rate ON rate.company_id = entry.company_id
             WHERE entry.date > %(today)s::date - 365
               AND entry.date <= %(today)s
               AND %(of_clients)s
             GROUP BY entry.client_id
            """,
            rates=self._get_rates(today),
            today=today,
            of_clients=SQL("entry.client_id IN (%s)", clients)
            if clients
            else SQL("entry.client_id IS NOT NULL"),
        )

    def _get_changed_clients(self, since, today, since_day):
        """Add the clients whose entries were written, or have left the year.

        Tables: logistics_value_entry, account_move (index of customer moves by
        write_date). The ledger follows the books within hours: a day is looked back.
        """
        found = super()._get_changed_clients(since, today, since_day)
        if self._has_value_ledger():
            found.append(
                SQL(
                    """
                    SELECT entry.client_id AS id
                      FROM account_move AS move
                      JOIN logistics_value_entry AS entry ON entry.move_id = move.id
                     WHERE move.write_date >= %(since)s
                       AND entry.client_id IS NOT NULL
                     UNION
                    SELECT entry.client_id
                      FROM logistics_value_entry AS entry
                     WHERE entry.client_id IS NOT NULL
                       AND (entry.date >= %(first)s::date - 365
                            AND entry.date <= %(today)s::date - 365
                            OR entry.date > %(first)s AND entry.date <= %(today)s)
                    """,
                    since=since - timedelta(days=1),
                    first=since_day,
                    today=today,
                )
            )
        return found

    def _has_value_ledger(self):
        # sudo: whether there is a ledger, not what it says
        ledgers = self.env["logistics.value.ledger"].sudo()
        return bool(ledgers.search_count([("last_refresh", "!=", False)], limit=1))
