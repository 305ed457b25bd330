from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, Query

from . import value_client_sql as client_sql
from . import value_ledger_sql as ledger_sql
from . import value_queue_sql as queue_sql

READER = "logistics_clv.group_value_reader"
ACCOUNTANT = "logistics_clv.group_accountant"
ATTRIBUTION_FIELDS = (
    "logistics_attributed_client_id",
    "logistics_attribution_reason",
    "logistics_value_excluded",
)
VALUE_FIELDS = (
    "logistics_contribution",
    "logistics_value_status",
    "logistics_value_entry_count",
)


class AccountMove(models.Model):
    _inherit = "account.move"

    logistics_client_id = fields.Many2one(
        "res.partner",
        "Counts for Client",
        compute="_compute_logistics_client_id",
        inverse="_inverse_logistics_client_id",
        search="_search_logistics_client_id",
        groups=READER,
        help="The client whose value this invoice counts for: the one who ordered it, "
        "else the commercial entity of the invoice, unless re-attributed.",
    )
    logistics_attributed_client_id = fields.Many2one(
        "res.partner",
        "Re-attributed to",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        tracking=True,
        groups=READER,
        help="The client that an accountant chose instead of the default.",
    )
    logistics_attribution_reason = fields.Char(
        "Reason for Re-attribution",
        copy=False,
        readonly=True,
        tracking=True,
        groups=READER,
        help="Why the invoice counts for another client than the default.",
    )
    logistics_value_excluded = fields.Boolean(
        "Outside the Value Ledger",
        copy=False,
        tracking=True,
        groups=READER,
        help="Leave this invoice out of the value of any client. The reconciliation "
        "lists it as a difference.",
    )
    logistics_contribution = fields.Monetary(
        "Contribution",
        compute="_compute_logistics_value",
        currency_field="company_currency_id",
        groups=READER,
        help="Revenue less direct cost as in the value ledger, in company currency.",
    )
    logistics_value_status = fields.Selection(
        [
            ("actual", "Actual cost"),
            ("estimated", "Estimated cost"),
            ("partial", "Partly without cost"),
            ("no_cost", "No cost"),
            ("excluded", "Excluded"),
            ("pending", "Not in the ledger yet"),
        ],
        "Value Status",
        compute="_compute_logistics_value",
        search="_search_logistics_value_status",
        groups=READER,
        help="Where the direct cost of the invoice comes from, or why the ledger has "
        "no entry of it.",
    )
    logistics_value_entry_count = fields.Integer(
        "Value Entries", compute="_compute_logistics_value", groups=READER
    )

    # What was written since the last refresh of the value ledger.
    _logistics_value_idx = models.Index(
        "(write_date) WHERE move_type IN ('out_invoice', 'out_refund')"
    )

    @api.depends("logistics_attributed_client_id", "commercial_partner_id", "move_type")
    def _compute_logistics_client_id(self):
        sales = self.filtered(lambda move: move.move_type in ledger_sql.MOVE_TYPES)
        defaults = sales._get_default_clients()
        for move in self:
            attributed = move.logistics_attributed_client_id.commercial_partner_id
            move.logistics_client_id = move in sales and (attributed or defaults[move])

    def _inverse_logistics_client_id(self):
        chosen = {move: move.logistics_client_id for move in self}
        defaults = self._get_default_clients()
        for move, client in chosen.items():
            client = client.commercial_partner_id
            move.logistics_attributed_client_id = client != defaults[move] and client

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
        return found & Domain("move_type", "in", ledger_sql.MOVE_TYPES)

    @api.depends_context("company")
    def _compute_logistics_value(self):
        for name in VALUE_FIELDS:
            self[name] = False
        sources = {}
        for move, source, contribution, count in self.env[
            "logistics.value.entry"
        ]._read_group(
            [("move_id", "in", self._origin.ids)],
            ["move_id", "cost_source"],
            ["contribution:sum", "__count"],
        ):
            sources.setdefault(move.id, {})[source] = (contribution, count)
        for move in self:
            if move.move_type not in ledger_sql.MOVE_TYPES or move.state != "posted":
                continue
            found = sources.get(move._origin.id, {})
            move.logistics_contribution = sum(value for value, __ in found.values())
            move.logistics_value_entry_count = sum(n for __, n in found.values())
            move.logistics_value_status = move._get_logistics_value_status(set(found))

    def _search_logistics_value_status(self, operator, value):
        self._check_field_access(self._fields["logistics_value_status"], "read")
        if operator != "in":
            return NotImplemented
        estimated = self._get_estimated_cost_sources()
        return Domain.OR(
            Domain("id", "in", client_sql.moves_with_status(status, estimated))
            for status in value
        )

    @api.model_create_multi
    def create(self, vals_list):
        self._check_may_attribute({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        attributing = self._check_may_attribute(vals.keys())
        changed = super().write(vals)
        if attributing:
            self._refresh_logistics_value()
        return changed

    @api.ondelete(at_uninstall=False)
    def _unlink_queue_credit_notes(self):
        """Let the credit notes of deleted invoices find their own day."""
        self.env["logistics.value.ledger"]._queue(queue_sql.credit_notes_of(self.ids))

    def action_open_value_entries(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Value Entries"),
            "res_model": "logistics.value.entry",
            "views": [(False, "list"), (False, "pivot")],
            "domain": [("move_id", "in", self.ids)],
        }

    def action_reattribute(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change the Client"),
            "res_model": "logistics.value.reattribute",
            "views": [(False, "form")],
            "target": "new",
            "context": {"active_model": self._name, "active_ids": self.ids},
        }

    def _reattribute(self, client, reason):
        """Let the invoices count for another client; an empty one for the default."""
        self.check_access("write")
        client = client.commercial_partner_id
        defaults = self._get_default_clients()
        moved = self.filtered(lambda move: client and client != defaults[move])
        for moves, attributed in ((moved, client), (self - moved, client.browse())):
            moves.write(
                {
                    "logistics_attributed_client_id": attributed.id,
                    "logistics_attribution_reason": reason,
                }
            )

    @api.model
    def _check_may_attribute(self, names):
        """Return whether fields of the attribution are among those to be written.

        No constraint does it: these are checked as superuser.
        """
        attributing = not names.isdisjoint(ATTRIBUTION_FIELDS)
        if attributing and not (self.env.su or self.env.user.has_group(ACCOUNTANT)):
            raise AccessError(
                self.env._("Only accountants may change whom an invoice counts for.")
            )
        return attributing

    def _refresh_logistics_value(self):
        self.env["logistics.value.ledger"].sudo()._refresh_moves(self.ids)

    def _get_default_clients(self):
        """Return per move the one who ordered, else the commercial entity of today.

        No record rules on the order: the client is the same for every reader.
        """
        self.env["sale.order"].flush_model(["partner_id"])
        self.env["account.move.line"].flush_model(["move_id", "sale_line_ids"])
        clients = {}
        if self._origin:
            self.env.cr.execute(client_sql.default_clients(self._origin.ids))
            clients = dict(self.env.cr.fetchall())
        partners = self.env["res.partner"]
        return {
            move: partners.browse(clients.get(move._origin.id))
            or move.commercial_partner_id.commercial_partner_id
            for move in self
        }

    def _get_logistics_value_status(self, sources):
        """Return the status that the cost sources of the entries amount to."""
        self.ensure_one()
        if not sources:
            # a branch uses the journals, and their settings, of its parent
            owner = self.journal_id.company_id.sudo()
            journals = owner.logistics_value_excluded_journal_ids
            excluded = self.logistics_value_excluded or self.journal_id in journals
            return "excluded" if excluded else "pending"
        if sources == {"none"}:
            return "no_cost"
        if "none" in sources:
            return "partial"
        if sources & self._get_estimated_cost_sources():
            return "estimated"
        return "actual"

    @api.model
    def _get_estimated_cost_sources(self):
        """Return the cost sources that a later document may still replace."""
        return {"order_line"}
