from collections import namedtuple

from odoo import api, fields, models
from odoo.fields import Domain

from . import value_scope_sql as scope_sql
from . import value_status_sql as status_sql
from .account_move import READER

VALUE_FIELDS = (
    "logistics_contribution",
    "logistics_value_status",
    "logistics_value_entry_count",
    "logistics_value_without_client",
    "logistics_value_adjusted",
    "logistics_value_explanation",
)
ValueRow = namedtuple(
    "ValueRow",
    "move_id is_billed source client_id client is_adjustment period revenue cost"
    " contribution count document origin order",
)


class AccountMove(models.Model):
    """What a document contributes, as the value ledger says."""

    _inherit = "account.move"

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
            ("empty", "Nothing to count"),
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
    logistics_value_without_client = fields.Boolean(
        "Counts for Nobody",
        compute="_compute_logistics_value",
        search="_search_logistics_value_without_client",
        groups=READER,
    )
    logistics_value_adjusted = fields.Boolean(
        "Adjusted",
        compute="_compute_logistics_value",
        search="_search_logistics_value_adjusted",
        groups=READER,
        help="Changed after its period was closed: the change stands in a later one.",
    )
    logistics_value_explanation = fields.Text(
        "Why this Cost",
        compute="_compute_logistics_value",
        groups=READER,
        help="Where the direct cost comes from, document by document.",
    )
    logistics_value_reattributed = fields.Boolean(
        "Re-attributed",
        compute="_compute_logistics_value_reattributed",
        search="_search_logistics_value_reattributed",
        groups=READER,
        help="An accountant chose for whom the document, or a line of it, counts.",
    )

    @api.depends_context("lang")
    def _compute_logistics_value(self):
        for name in VALUE_FIELDS:
            self[name] = False
        found = self._get_value_rows()
        counting = self.filtered(
            lambda move: (
                move.move_type in scope_sql.DOCUMENT_TYPES and move.state == "posted"
            )
        )
        outside = counting.filtered(lambda move: move._origin.id not in found)
        waiting = outside._filtered_waiting_for_ledger()
        for move in counting:
            rows = found.get(move._origin.id, [])
            own = [row for row in rows if not row.is_billed]
            move.logistics_contribution = sum(row.contribution for row in rows)
            move.logistics_value_entry_count = sum(row.count for row in rows)
            move.logistics_value_without_client = any(not row.client_id for row in own)
            move.logistics_value_adjusted = any(row.is_adjustment for row in own)
            move.logistics_value_explanation = move._explain_value(rows)
            # what was adjusted has another source now than when its period closed
            adjusted = {row.source for row in own if row.is_adjustment}
            move.logistics_value_status = (
                move._get_logistics_value_status(
                    adjusted or {row.source for row in own}
                )
                if own
                else move._get_logistics_status_outside(move in waiting)
            )

    def _get_value_rows(self):
        """Return by id what the documents have in the ledger, and bills for them."""
        rows = {}
        if self._origin:
            self.env["account.move"].flush_model(["name", "invoice_origin"])
            self.env.cr.execute(status_sql.value_rows(self._origin.ids))
            for row in map(ValueRow._make, self.env.cr.fetchall()):
                rows.setdefault(row.move_id, []).append(row)
        return rows

    def _search_logistics_value_status(self, operator, value):
        self._check_field_access(self._fields["logistics_value_status"], "read")
        if operator != "in":
            return NotImplemented
        estimated = self._get_estimated_cost_sources()
        return Domain.OR(
            Domain("id", "in", status_sql.moves_with_status(status, estimated))
            for status in value
        ) & Domain("state", "=", "posted")

    def _search_logistics_value_without_client(self, operator, value):
        self._check_field_access(self._fields["logistics_value_without_client"], "read")
        if operator != "in" or False in value:
            return NotImplemented
        return Domain("id", "in", status_sql.moves_without_client())

    def _search_logistics_value_adjusted(self, operator, value):
        self._check_field_access(self._fields["logistics_value_adjusted"], "read")
        if operator != "in" or False in value:
            return NotImplemented
        return Domain("id", "in", status_sql.adjusted_moves())

    @api.depends("logistics_attributed_client_id")
    def _compute_logistics_value_reattributed(self):
        lines = dict(
            self.env["account.move.line"]._read_group(
                [
                    ("move_id", "in", self._origin.ids),
                    ("logistics_attributed_client_id", "!=", False),
                ],
                ["move_id"],
                ["__count"],
            )
        )
        for move in self:
            move.logistics_value_reattributed = bool(
                move.logistics_attributed_client_id or move._origin in lines
            )

    def _search_logistics_value_reattributed(self, operator, value):
        self._check_field_access(self._fields["logistics_value_reattributed"], "read")
        if operator != "in" or False in value:
            return NotImplemented
        return Domain("id", "in", status_sql.reattributed_moves())

    def action_open_value_entries(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Value Entries"),
            "res_model": "logistics.value.entry",
            "views": [(False, "list"), (False, "pivot")],
            "domain": [
                "|",
                ("move_id", "in", self.ids),
                ("invoice_id", "in", self.ids),
            ],
        }

    def _get_logistics_value_status(self, sources):
        """Return the status that the cost sources of the entries amount to."""
        self.ensure_one()
        sources = sources - {*status_sql.NEUTRAL_SOURCES}
        if sources == {"none"}:
            return "no_cost"
        if "none" in sources:
            return "partial"
        if sources & self._get_estimated_cost_sources():
            return "estimated"
        return "actual"

    def _get_logistics_status_outside(self, waiting):
        """Return why the ledger has no entry of the document."""
        self.ensure_one()
        # a branch uses the journals, and their settings, of its parent
        owner = self.journal_id.company_id.sudo()
        journals = owner.logistics_value_excluded_journal_ids
        if self.logistics_value_excluded or self.journal_id in journals:
            return "excluded"
        return "pending" if waiting else "empty"

    def _filtered_waiting_for_ledger(self):
        """Return those of the documents that the ledger has still to look at."""
        if not self._origin:
            return self.browse()
        self.flush_recordset(["state"])
        self.env.cr.execute(status_sql.waiting_moves(self._origin.ids))
        waiting = {move_id for (move_id,) in self.env.cr.fetchall()}
        return self.filtered(lambda move: move._origin.id in waiting)

    @api.model
    def _get_estimated_cost_sources(self):
        """Return the cost sources that a later document may still replace."""
        return {*status_sql.ESTIMATED_SOURCES}
