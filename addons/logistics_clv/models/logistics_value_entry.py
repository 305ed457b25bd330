from odoo import fields, models


class LogisticsValueEntry(models.Model):
    """What one invoice contributed to one client, by service and cost source.

    Entries are written by SQL only (value_ledger_sql.py): read them, and change the
    books or the attribution of the invoice where they are wrong.
    """

    _name = "logistics.value.entry"
    _description = "Client value: ledger entry"
    _log_access = False  # derived from the books: the chatter of the invoice tells
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _check_company_auto = True

    move_id = fields.Many2one(
        "account.move",
        "Invoice",
        required=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    client_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The client whose value this counts for.",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)

    date = fields.Date(
        "Accounting Date",
        required=True,
        readonly=True,
        help="The date under which the accounts carry this amount.",
    )
    period = fields.Date(
        required=True, readonly=True, help="First day of the month of the date."
    )
    order_date = fields.Date(
        required=True,
        readonly=True,
        help="Date of the invoice; a credit note takes the date of the invoice that "
        "it reverses, so that a fully reversed day is no order day.",
    )

    service_id = fields.Many2one(
        "logistics.service", readonly=True, ondelete="restrict"
    )
    mode_id = fields.Many2one(
        "logistics.transport.mode", readonly=True, ondelete="restrict"
    )
    origin_id = fields.Many2one(
        "logistics.location", readonly=True, ondelete="restrict"
    )
    destination_id = fields.Many2one(
        "logistics.location", readonly=True, ondelete="restrict"
    )

    cost_source = fields.Selection(
        [("order_line", "Buy price of the order"), ("none", "No cost known")],
        required=True,
        readonly=True,
        help="Where the direct cost comes from.",
    )
    currency_id = fields.Many2one(
        "res.currency", "Company Currency", required=True, readonly=True
    )
    document_currency_id = fields.Many2one(
        "res.currency", "Invoice Currency", readonly=True
    )
    revenue = fields.Monetary(
        readonly=True, help="What the invoice's lines put on income accounts."
    )
    revenue_document = fields.Monetary(
        "Revenue in Invoice Currency",
        currency_field="document_currency_id",
        readonly=True,
        aggregator=False,
    )
    cost = fields.Monetary("Direct Cost", readonly=True)
    contribution = fields.Monetary(
        readonly=True, help="Revenue less direct cost, in company currency."
    )

    _grain_idx = models.UniqueIndex(
        "(move_id, COALESCE(client_id, 0), COALESCE(service_id, 0), cost_source)",
        "An invoice has one entry for each client, service and cost source.",
    )
    # Covers the facts of the valuation: an index-only scan per company.
    _facts_idx = models.Index(
        "(company_id, client_id, order_date) INCLUDE (date, revenue, contribution)"
    )
    _period_idx = models.Index("(company_id, date)")
    # The lists of documents without a known cost, and without a client.
    _no_cost_idx = models.Index("(move_id) WHERE cost_source = 'none'")
    _no_client_idx = models.Index("(move_id) WHERE client_id IS NULL")

    def action_open_move(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "res_id": self.move_id.id,
            "views": [(False, "form")],
        }

    def action_refresh(self):
        return self._action_refresh()

    def action_rebuild(self):
        return self._action_refresh(rebuild=True)

    def _action_refresh(self, rebuild=False):
        # who may value the clients may bring the ledger up to date
        self.env["logistics.value.run"].check_access("create")
        ledgers = self.env["logistics.value.ledger"]
        done = ledgers._refresh_or_schedule(self.env.companies, rebuild=rebuild)
        if done:
            message = self.env._("The ledger is up to date.")
        else:
            message = self.env._(
                "There is much to do: the ledger is being brought up to date in the "
                "background."
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "success" if done else "info",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
