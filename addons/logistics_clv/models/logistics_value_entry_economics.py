from odoo import api, fields, models
from odoo.tools import SQL

from .account_move import READER
from .value_status_sql import ESTIMATED_SOURCES, NO_COST


class LogisticsValueEntry(models.Model):
    """Dimensions and measures of service economics on the entries of the ledger.

    Shares are no sums: a group's share is worked out from the sums of the group (see
    ``_get_share_parts``), also in totals, and never as a mean of shares.
    """

    _inherit = "logistics.value.entry"

    service_family = fields.Selection(
        related="service_id.family", string="Service Family"
    )
    tier_id = fields.Many2one(related="client_id.logistics_tier_id", string="Tier")

    # From whom and for how much we buy is for readers, not for salespeople.
    vendor_id = fields.Many2one(groups=READER)
    quoted_cost = fields.Monetary(groups=READER)
    cost_variance = fields.Monetary(
        "Variance to Quote",
        compute="_compute_cost_variance",
        aggregator="sum",
        groups=READER,
        help="Direct cost less quoted cost: above zero, it cost more than quoted. An "
        "estimate that no bill has replaced yet makes no difference.",
    )
    margin_rate = fields.Float(
        "Margin (%)",
        compute="_compute_shares",
        aggregator="avg",
        digits=(16, 1),
        help="Contribution as a share of revenue; in groups, of their sums.",
    )
    cost_coverage = fields.Float(
        "Revenue with known Cost (%)",
        compute="_compute_shares",
        aggregator="avg",
        digits=(16, 1),
        help="Share of the revenue whose direct cost is known, actual or estimated. "
        "Below 90 % a contribution is provisional: it looks too good.",
    )
    actual_coverage = fields.Float(
        "Revenue with actual Cost (%)",
        compute="_compute_shares",
        aggregator="avg",
        digits=(16, 1),
        help="Share of the revenue whose direct cost is booked, not estimated.",
    )

    @api.depends("cost", "quoted_cost")
    def _compute_cost_variance(self):
        for entry in self:
            entry.cost_variance = entry.cost - entry.quoted_cost

    @api.depends("revenue", "contribution", "cost_source")
    def _compute_shares(self):
        for entry in self:
            known = entry.cost_source != NO_COST
            actual = known and entry.cost_source not in ESTIMATED_SOURCES
            entry.margin_rate = (
                100 * entry.contribution / entry.revenue if entry.revenue else 0
            )
            entry.cost_coverage = 100 if entry.revenue and known else 0
            entry.actual_coverage = 100 if entry.revenue and actual else 0

    def _read_group_select(self, aggregate_spec, query):
        """Add up variances, and take shares from the sums of the group."""
        name, __, __ = aggregate_spec.partition(":")
        if name == "cost_variance":
            # also for one who asks without the right to the field
            self._check_field_access(self._fields[name], "read")
            return SQL(
                "SUM(%s - %s)",
                self._field_to_sql(self._table, "cost", query),
                self._field_to_sql(self._table, "quoted_cost", query),
            )
        parts = self._get_share_parts(query)
        if name not in parts:
            return super()._read_group_select(aggregate_spec, query)
        part, whole = parts[name]
        return SQL("100 * SUM(%s)::float8 / NULLIF(SUM(%s), 0)::float8", part, whole)

    def _get_share_parts(self, query):
        """Return what to add up for the part and for the whole of each share."""

        def column(name):
            return self._field_to_sql(self._table, name, query)

        known = SQL(
            "CASE WHEN %s <> %s THEN %s ELSE 0 END",
            column("cost_source"),
            NO_COST,
            column("revenue"),
        )
        actual = SQL(
            "CASE WHEN %s <> ALL(%s) THEN %s ELSE 0 END",
            column("cost_source"),
            [*ESTIMATED_SOURCES, NO_COST],
            column("revenue"),
        )
        return {
            "margin_rate": (column("contribution"), column("revenue")),
            "cost_coverage": (known, column("revenue")),
            "actual_coverage": (actual, column("revenue")),
        }

    def action_open_lines(self):
        """Open the lines of the document that the entry adds up."""
        self.ensure_one()
        domain = [
            ("move_id", "=", self.move_id.id),
            ("display_type", "in", ("product", "cogs", "epd", "discount")),
            (
                "product_id.product_tmpl_id.logistics_service_id",
                "=",
                self.service_id.id,
            ),
        ]
        return self._open_journal_items(
            self.env._("Lines of %(document)s", document=self.move_id.display_name),
            domain,
        )

    def action_open_bill_lines(self):
        """Open the vendor bill lines that are the direct cost of the invoice."""
        self.ensure_one()
        invoice = self.invoice_id or self.move_id
        bills = self.search([("invoice_id", "=", invoice.id)]).move_id
        return self._open_journal_items(
            self.env._("Bills for %(document)s", document=invoice.display_name),
            [("move_id", "in", bills.ids), ("display_type", "=", "product")],
        )

    def _open_journal_items(self, name, domain):
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": {"create": False},
        }
