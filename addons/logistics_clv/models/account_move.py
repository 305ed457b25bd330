from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from . import value_client_sql as client_sql
from . import value_days_sql as days_sql
from . import value_queue_sql as queue_sql
from . import value_scope_sql as scope_sql
from . import value_status_sql as status_sql

READER = "logistics_clv.group_value_reader"
ACCOUNTANT = "logistics_clv.group_accountant"
# Written by the re-attribution only, which asks for a reason and leaves a trail.
ATTRIBUTION_FIELDS = (
    "logistics_attributed_client_id",
    "logistics_attribution_reason",
)


class AccountMove(models.Model):
    """For which client a document counts; what it contributes: account_move_value."""

    _inherit = "account.move"

    logistics_client_id = fields.Many2one(
        "res.partner",
        "Counts for Client",
        compute="_compute_logistics_client_id",
        search="_search_logistics_client_id",
        groups=READER,
        help="The client whose value this document counts for: the one whom an "
        "accountant chose, else whom a rule names, else who ordered, else the "
        "commercial entity of the invoice. A vendor bill counts for the clients of "
        "the invoices that it is a cost of, unless one is chosen.",
    )
    logistics_attributed_client_id = fields.Many2one(
        "res.partner",
        "Re-attributed to",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        groups=READER,
        help="The client that an accountant chose instead of the default.",
    )
    logistics_attribution_reason = fields.Char(
        "Reason for Re-attribution",
        copy=False,
        readonly=True,
        groups=READER,
        help="Why the document counts for another client than the default.",
    )
    logistics_client_reason = fields.Char(
        "Why this Client", compute="_compute_logistics_client_id", groups=READER
    )
    logistics_value_excluded = fields.Boolean(
        "Outside the Value Ledger",
        copy=False,
        tracking=True,
        groups=READER,
        help="Leave this invoice out of the value of any client. The reconciliation "
        "lists it as a difference.",
    )

    # What was written since the last refresh of the value ledger.
    _logistics_value_idx = models.Index(
        "(write_date) WHERE move_type IN ('out_invoice', 'out_refund', 'in_invoice', "
        "'in_refund', 'in_receipt')"
    )
    _logistics_excluded_idx = models.Index(
        "(id) WHERE logistics_value_excluded IS TRUE"
    )

    @api.depends("logistics_attributed_client_id", "commercial_partner_id", "move_type")
    @api.depends_context("lang")
    def _compute_logistics_client_id(self):
        sales = self.filtered(lambda move: move.move_type in scope_sql.MOVE_TYPES)
        found = {move_id: default for move_id, *default in sales._fetch_defaults()}
        billed = (self - sales)._fetch_bill_clients()
        partners = self.env["res.partner"]
        for move in self:
            client = move.logistics_attributed_client_id.commercial_partner_id
            client_id, rule, order = found.get(move._origin.id, (False, None, None))
            reason = False
            if client:
                reason = self.env._("chosen by an accountant")
            elif move in sales:
                client = partners.browse(client_id)
                client = client or move.commercial_partner_id.commercial_partner_id
                reason = move._explain_client(rule, order)
            elif move._origin.id in billed:
                number, client_id = billed[move._origin.id]
                if number > 1:
                    reason = self.env._("several: see the entries")
                else:
                    client = partners.browse(client_id)
                    reason = self.env._("by what the cost is for")
            move.logistics_client_id = client
            move.logistics_client_reason = reason

    def _search_logistics_client_id(self, operator, value):
        self._check_field_access(self._fields["logistics_client_id"], "read")
        if operator in ("any", "any!"):
            partners = self.env["res.partner"].sudo(self.env.su or operator == "any!")
            clients = value if isinstance(value, Query) else partners._search(value)
            ids = clients.subselect()
        elif operator == "in":
            clients = [client for client in value if client]
            ids = SQL("SELECT unnest(%s::int[])", clients)
        else:
            return NotImplemented
        found = Domain("id", "in", client_sql.moves_of_clients(ids))
        if operator == "in" and len(clients) < len(value):
            found |= Domain(
                [
                    ("commercial_partner_id", "=", False),
                    ("logistics_attributed_client_id", "=", False),
                ]
            )
        return found & Domain("move_type", "in", scope_sql.MOVE_TYPES)

    @api.model
    def _has_field_access(self, field, operation):
        """Keep the re-attribution to its action: with a reason and a trail."""
        if (
            operation == "write"
            and field.name in ATTRIBUTION_FIELDS
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_exclude({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        excluding = self._check_may_exclude(vals.keys())
        changed = super().write(vals)
        if excluding or not vals.keys().isdisjoint(ATTRIBUTION_FIELDS):
            self._refresh_logistics_value()
        return changed

    @api.ondelete(at_uninstall=False)
    def _unlink_queue_credit_notes(self):
        """Let the credit notes of deleted invoices find their own day."""
        ledgers = self.env["logistics.value.ledger"]
        # the entries go with their document, without a trace
        self.env.cr.execute(days_sql.touch_clients_of_moves(self.ids))
        ledgers._queue(queue_sql.credit_notes_of(self.ids))
        # bills and invoices of the same orders; what is deleted leaves the queue too
        ledgers._queue(queue_sql.given_moves(self.ids))

    def action_reattribute(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the Client"),
            "res_model": "logistics.value.reattribute",
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def action_open_attributions(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Changes of the Client"),
            "res_model": "logistics.value.attribution",
            "views": [(False, "list")],
            "domain": [("move_id", "in", self.ids)],
        }

    def _reattribute(self, client, reason):
        """Let the documents count for another client; an empty one for the default."""
        return self.env["logistics.value.attribution.batch"]._attribute_documents(
            self, client, reason
        )

    @api.model
    def _check_may_exclude(self, names):
        """Return whether the exclusion is among what is to be written.

        No constraint does it: these are checked as superuser.
        """
        excluding = "logistics_value_excluded" in names
        if excluding and not (self.env.su or self.env.user.has_group(ACCOUNTANT)):
            raise AccessError(
                self.env._("Only accountants may change whom an invoice counts for.")
            )
        return excluding

    def _refresh_logistics_value(self):
        # the ledger says what the books say, whoever changed them
        self.env["logistics.value.ledger"].sudo()._refresh_moves(self.ids)

    def _count_in_closed_periods(self):
        """Return how many of the documents lie before the lock dates of today.

        The user's own exceptions from the lock dates count, as when posting.
        """
        closed = 0
        for company, journal, dates in self.env["account.move"]._read_group(
            [("id", "in", self._origin.ids)],
            ["company_id", "journal_id"],
            ["date:array_agg"],
        ):
            lock_date = company._get_user_fiscal_lock_date(journal)
            closed += sum(date <= lock_date for date in dates if date)
        return closed

    def _get_counting_clients(self):
        """Return by id of the document the id of the client that it counts for."""
        # of thousands of documents not all the columns
        self.fetch(
            ["move_type", "commercial_partner_id", "logistics_attributed_client_id"]
        )
        defaults = self._get_default_clients()
        return {
            move.id: (
                move.logistics_attributed_client_id.commercial_partner_id
                or defaults[move]
            ).id
            if move.move_type in scope_sql.MOVE_TYPES
            else move.logistics_attributed_client_id.commercial_partner_id.id
            for move in self
        }

    def _get_default_clients(self):
        """Return per move the client by rule, who ordered, or the commercial entity.

        No record rules on the order: the client is the same for every reader.
        """
        partners = self.env["res.partner"]
        clients = {
            move_id: client_id for move_id, client_id, *__ in self._fetch_defaults()
        }
        return {
            move: partners.browse(clients.get(move._origin.id))
            or move.commercial_partner_id.commercial_partner_id
            for move in self
        }

    def _fetch_bill_clients(self):
        """Return number of clients and one of them by id of the vendor bill."""
        if not self._origin:
            return {}
        self.env.cr.execute(status_sql.bill_clients(self._origin.ids))
        return {move_id: found for move_id, *found in self.env.cr.fetchall()}

    def _fetch_defaults(self):
        """Return (move, client, name of rule, of order) by the rules and the books."""
        if not self._origin:
            return []
        self.env["sale.order"].flush_model(["partner_id"])
        self.env["account.move"].flush_model(
            ["partner_id", "partner_shipping_id", "commercial_partner_id", "journal_id"]
        )
        self.env["account.move.line"].flush_model(["move_id", "sale_line_ids"])
        self.env.cr.execute(client_sql.default_clients(self._origin.ids))
        return self.env.cr.fetchall()
