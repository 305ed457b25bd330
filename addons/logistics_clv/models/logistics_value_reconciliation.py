from odoo import fields, models

from .value_reconciliation_sql import reconciliation


class LogisticsValueReconciliation(models.Model):
    """The chosen accounts against the ledger, a row per document, date and side."""

    _name = "logistics.value.reconciliation"
    _description = "Client value: reconciliation with the accounts"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "move_id"

    company_id = fields.Many2one("res.company", readonly=True)
    date = fields.Date("Accounting Date", readonly=True)
    move_id = fields.Many2one("account.move", "Document", readonly=True)
    journal_id = fields.Many2one("account.journal", readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    side = fields.Selection(
        [("income", "Income accounts"), ("cost", "Direct cost accounts")],
        "Accounts",
        readonly=True,
    )
    category = fields.Selection(
        [
            ("ledger", "In the ledger"),
            ("unattributed", "In the ledger without a client"),
            ("estimate", "Estimated cost, not booked yet"),
            ("other_account", "Cost of a job on another account"),
            ("adjustment", "Adjustment of a closed period"),
            ("manual", "Journal entry of a journal not chosen"),
            ("bill", "Vendor bill on an income account"),
            ("receipt", "Sales receipt"),
            ("excluded_journal", "Journal left out by the settings"),
            ("excluded", "Document left out by hand"),
            ("pending", "Not refreshed yet"),
        ],
        readonly=True,
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    booked = fields.Monetary(readonly=True, help="What the chosen accounts hold.")
    ledger = fields.Monetary("Value Ledger", readonly=True)
    difference = fields.Monetary(readonly=True)

    @property
    def _table_query(self):
        return reconciliation(self.env.companies._get_value_accounts())

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
