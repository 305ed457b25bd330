from odoo import api, fields, models

from . import value_adjustments_sql as adjustments_sql
from . import value_days_sql as days_sql
from . import value_entries_sql as entries_sql
from . import value_stage_sql as stage_sql
from .value_bills_sql import has_bills
from .value_fields import CopiedMany2one
from .value_fresh_sql import fresh_steps

READER = "logistics_clv.group_value_reader"


class LogisticsValueEntry(models.Model):
    """What one document puts in the account of one client.

    The grain is document, customer invoice (of a bill), client, service, order, cost
    source, and whether the account is another than those chosen. Amounts are in the
    period of the document, as in the books; what belongs to a customer invoice takes
    its day as order date. Entries are written by SQL only (value_entries_sql.py): read
    them, and change the books or the attribution where they are wrong.
    """

    _name = "logistics.value.entry"
    _description = "Client value: ledger entry"
    _log_access = False  # derived from the books: the chatter of the invoice tells
    _order = "date desc, id desc"
    _rec_name = "move_id"
    _check_company_auto = True

    move_id = fields.Many2one(
        "account.move",
        "Document",
        required=True,
        readonly=True,
        ondelete="cascade",
        check_company=True,
    )
    invoice_id = fields.Many2one(
        "account.move",
        "Cost of Invoice",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        check_company=True,
        help="The customer invoice that the cost of this bill belongs to.",
    )
    reversed_id = fields.Many2one(
        related="move_id.reversed_entry_id",
        string="Reversal of",
        help="The document that this credit note takes back.",
    )
    order_id = fields.Many2one(
        "sale.order",
        "Sales Order",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
    )
    vendor_id = fields.Many2one(
        "res.partner", readonly=True, ondelete="restrict", groups=READER
    )
    client_id = fields.Many2one(
        "res.partner",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The client whose value this counts for.",
    )
    company_id = CopiedMany2one("res.company", required=True, readonly=True)
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
        "it reverses, so that a fully reversed day is no order day. A bill takes the "
        "date of the invoice that its cost belongs to, a down payment that of the "
        "first regular invoice of its order.",
    )
    is_order = fields.Boolean(
        "Order Day",
        readonly=True,
        help="Whether the client bought on the order date. Bills, "
        "down payments and disbursements make no order day.",
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

    vessel_id = fields.Many2one("logistics.vessel", readonly=True, ondelete="restrict")

    cost_source = fields.Selection(
        [
            ("vendor_bill", "Vendor bill"),
            ("analytic", "Job's analytic account"),
            ("order_line", "Buy price of the order"),
            ("stock", "Stock valuation"),
            ("manual", "Journal entry"),
            ("disbursement", "Disbursement"),
            ("down_payment", "Down payment"),
            ("none", "No cost known"),
        ],
        required=True,
        readonly=True,
        help="Where the direct cost comes from.",
    )
    is_other_account = fields.Boolean(
        "On Another Account",
        readonly=True,
        help="The cost of a job that is not booked on a direct cost account of the "
        "settings. The reconciliation lists it as a difference.",
    )
    is_adjustment = fields.Boolean(
        "Adjustment",
        readonly=True,
        help="The period of the document is closed: what changed afterwards stands "
        "here, in the first period that was open.",
    )
    adjusted_id = fields.Many2one(
        "logistics.value.entry",
        "Adjusted Entry",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="The entry of the closed period that this one adjusts.",
    )
    currency_id = CopiedMany2one(
        "res.currency", "Company Currency", required=True, readonly=True
    )
    document_currency_id = CopiedMany2one(
        "res.currency", "Document Currency", readonly=True
    )
    revenue = fields.Monetary(
        readonly=True, help="What the invoice's lines put on income accounts."
    )
    revenue_document = fields.Monetary(
        "Revenue in Document Currency",
        currency_field="document_currency_id",
        readonly=True,
        aggregator=False,
    )
    cost = fields.Monetary("Direct Cost", readonly=True)
    cost_document = fields.Monetary(
        "Cost in Document Currency",
        currency_field="document_currency_id",
        readonly=True,
        aggregator=False,
        help="Cost that this document itself has booked, in its own currency.",
    )
    quoted_cost = fields.Monetary(
        readonly=True,
        groups=READER,
        help="What the buy price of the order had estimated for this cost. An actual "
        "cost takes the estimate that it replaces along.",
    )
    disbursement_revenue = fields.Monetary(
        "Disbursements Charged",
        readonly=True,
        help="Charged to the client for what was paid on its behalf: outside the "
        "contribution.",
    )
    disbursement_cost = fields.Monetary(
        "Disbursements Paid",
        readonly=True,
        help="Paid on behalf of the client: outside the contribution.",
    )
    contribution = fields.Monetary(
        readonly=True, help="Revenue less direct cost, in company currency."
    )

    _grain_idx = models.UniqueIndex(
        "(move_id, COALESCE(invoice_id, 0), COALESCE(client_id, 0), "
        "COALESCE(service_id, 0), COALESCE(order_id, 0), cost_source, "
        "is_other_account) WHERE NOT is_adjustment",
        "A document has one entry for each invoice, client, service, order and source.",
    )
    _adjustment_idx = models.UniqueIndex(
        "(move_id, COALESCE(invoice_id, 0), COALESCE(client_id, 0), "
        "COALESCE(service_id, 0), COALESCE(order_id, 0), date) WHERE is_adjustment",
        "A document has one adjustment for each invoice, client, service and order.",
    )
    # Covers the facts of the valuation: an index-only scan per company.
    _facts_idx = models.Index(
        "(company_id, client_id, order_date) "
        "INCLUDE (date, revenue, contribution, is_order)"
    )
    _period_idx = models.Index("(company_id, date)")
    # The lists of documents without a known cost, and without a client.
    _no_cost_idx = models.Index("(move_id) WHERE cost_source = 'none'")
    _no_client_idx = models.Index("(move_id) WHERE client_id IS NULL")

    def unlink(self):
        """Have the days of the clients follow."""
        self.env.cr.execute(days_sql.touch_clients_of_moves(self.move_id.ids))
        return super().unlink()

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

    @api.model
    def _equal_the_books(self, batch, scope, lock_dates):
        """Make the entries of a batch of moves equal to the books.

        What has changed in a closed period is adjusted in the first open one.
        """
        cr = self.env.cr
        tables = []

        def make(name, select):
            cr.execute(stage_sql.stage(name, select))
            tables.append(name)

        cr.execute("SET LOCAL default_statistics_target = %s", [stage_sql.STATISTICS])
        cr.execute(has_bills(batch))
        for name, select in fresh_steps(batch, scope, cr.fetchone()[0]):
            make(name, select)
        cr.execute(days_sql.touch_clients(batch))
        cr.execute(entries_sql.has_entries(batch))
        if not cr.fetchone()[0]:
            cr.execute(entries_sql.fill())
        else:
            make("differing", entries_sql.differing(batch))
            cr.execute("SELECT EXISTS (SELECT 1 FROM logistics_value_differing)")
            if cr.fetchone()[0]:
                self._write_differing(make, lock_dates)
        cr.execute(stage_sql.drop(tables))
        cr.execute("SET LOCAL default_statistics_target TO DEFAULT")
        self.invalidate_model()

    @api.model
    def _write_differing(self, make, lock_dates):
        """Write the entries that differ; ``make`` adds a table of the transaction."""
        cr = self.env.cr
        make("closed", entries_sql.closed(lock_dates))
        cr.execute(entries_sql.delete_stale())
        cr.execute(entries_sql.write_fresh())
        cr.execute("SELECT EXISTS (SELECT 1 FROM logistics_value_closed)")
        if cr.fetchone()[0]:
            make("adjustment", adjustments_sql.adjustments())
            cr.execute(adjustments_sql.delete_adjustments())
            cr.execute(adjustments_sql.write_adjustments())

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
