from odoo import fields, models
from odoo.tools import SQL

from . import value_ledger_sql as ledger_sql


class LogisticsValueReconciliation(models.Model):
    """Income accounts against the ledger, one row per move and accounting date."""

    _name = "logistics.value.reconciliation"
    _description = "Client value: reconciliation with the income accounts"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"

    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date("Accounting Date", readonly=True)
    move_id = fields.Many2one("account.move", "Document", readonly=True)
    journal_id = fields.Many2one("account.journal", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    category = fields.Selection(
        [
            ("ledger", "In the ledger"),
            ("unattributed", "Invoice without a client"),
            ("manual", "Journal entry on an income account"),
            ("bill", "Vendor bill on an income account"),
            ("receipt", "Sales receipt"),
            ("excluded_journal", "Journal left out by the settings"),
            ("excluded", "Invoice left out by hand"),
            ("pending", "Not refreshed yet"),
        ],
        readonly=True,
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    income = fields.Monetary("Income Accounts", readonly=True)
    ledger = fields.Monetary("Value Ledger", readonly=True)
    difference = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        """Return both sides added up per move and date.

        Sources: account_move_line on income accounts, logistics_value_entry.
        Grain: move and accounting date (a move that changed its date since the last
        refresh shows on both dates). Index: account_move_line_account_id_date_idx and
        logistics_value_entry_period_idx; company and date filters reach both sides.
        """
        return SQL(
            """
            SELECT both_sides.id,
                   both_sides.company_id,
                   both_sides.date,
                   both_sides.move_id,
                   both_sides.currency_id,
                   move.journal_id,
                   move.commercial_partner_id AS partner_id,
                   both_sides.income,
                   both_sides.ledger,
                   both_sides.income - both_sides.ledger AS difference,
                   CASE
                       WHEN both_sides.entries > 0
                            AND both_sides.income = both_sides.ledger
                       THEN CASE WHEN both_sides.unattributed > 0
                                 THEN 'unattributed' ELSE 'ledger' END
                       WHEN both_sides.entries > 0 OR move.state <> 'posted'
                       THEN 'pending'
                       WHEN move.move_type = 'entry' THEN 'manual'
                       WHEN move.move_type LIKE 'in\\_%%' THEN 'bill'
                       WHEN move.move_type = 'out_receipt' THEN 'receipt'
                       WHEN excluded.journal_id IS NOT NULL THEN 'excluded_journal'
                       WHEN move.logistics_value_excluded THEN 'excluded'
                       ELSE 'pending'
                   END AS category
              FROM (
                    SELECT COALESCE(MIN(line_id) * 2, MIN(entry_id) * 2 + 1) AS id,
                           company_id,
                           date,
                           move_id,
                           MIN(currency_id) AS currency_id,
                           SUM(income) AS income,
                           SUM(ledger) AS ledger,
                           COUNT(entry_id) AS entries,
                           SUM(unattributed) AS unattributed
                      FROM (
                            SELECT line.id::bigint AS line_id,
                                   NULL::bigint AS entry_id,
                                   line.company_id,
                                   line.date,
                                   line.move_id,
                                   line.company_currency_id AS currency_id,
                                   -line.balance AS income,
                                   0 AS ledger,
                                   0 AS unattributed
                              FROM account_move_line AS line
                              JOIN account_account AS account
                                ON account.id = line.account_id
                               AND account.account_type IN %(income_types)s
                             WHERE line.parent_state = 'posted'
                             UNION ALL
                            SELECT NULL,
                                   entry.id,
                                   entry.company_id,
                                   entry.date,
                                   entry.move_id,
                                   entry.currency_id,
                                   0,
                                   entry.revenue,
                                   (entry.client_id IS NULL)::int
                              FROM logistics_value_entry AS entry
                           ) AS side
                     GROUP BY company_id, date, move_id
                   ) AS both_sides
              JOIN account_move AS move ON move.id = both_sides.move_id
              JOIN account_journal AS journal ON journal.id = move.journal_id
         LEFT JOIN logistics_value_excluded_journal_rel AS excluded
                ON excluded.company_id = journal.company_id
               AND excluded.journal_id = journal.id
            """,
            income_types=ledger_sql.INCOME_TYPES,
        )

    def action_refresh(self):
        return self.env["logistics.value.entry"].action_refresh()

    def action_open_move(self):
        """Open the document behind the row; the list passes it in the context."""
        move_id = self.env.context.get("move_id") or self[:1].move_id.id
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": move_id,
            "views": [(False, "form")],
        }
