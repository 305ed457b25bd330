from odoo import fields, models


class LogisticsValueSnapshotLine(models.Model):
    """One client in one snapshot. Written by SQL only (snapshot_sql.py)."""

    _name = "logistics.value.snapshot.line"
    _description = "Client value: client of a snapshot"
    _log_access = False  # the snapshot tells when
    _order = "month desc, total desc, id"
    _rec_name = "client_id"

    snapshot_id = fields.Many2one(
        "logistics.value.snapshot",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    currency_id = fields.Many2one("res.currency", required=True, readonly=True)
    month = fields.Date(required=True, readonly=True)
    # not unique in a snapshot: two clients that are merged keep both their lines
    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        "Lifecycle Stage",
        readonly=True,
        ondelete="set null",
    )
    tier_id = fields.Many2one(
        "logistics.value.tier", readonly=True, ondelete="set null"
    )
    band = fields.Selection(
        selection=lambda self: self._get_bands(), string="Activity", readonly=True
    )
    historical = fields.Monetary("Historical Value", readonly=True)
    predicted = fields.Monetary("Current Value", readonly=True)
    potential = fields.Monetary("Potential Value", readonly=True)
    total = fields.Monetary("Client Value", readonly=True)
    p_alive = fields.Float(
        "Still Active", digits=(6, 4), readonly=True, aggregator="avg"
    )
    silence_ratio = fields.Float(
        "Silence",
        digits=(8, 2),
        readonly=True,
        aggregator="avg",
        help="Days since the last order day over the usual days between them.",
    )
    value_at_risk = fields.Monetary(
        readonly=True,
        help="Current value of a client that is at risk or probably lost.",
    )
    revenue = fields.Monetary("Revenue of the Month", readonly=True)
    contribution = fields.Monetary("Contribution of the Month", readonly=True)
    cost_to_serve = fields.Monetary("Cost-to-Serve of the Month", readonly=True)
    net_contribution = fields.Monetary("Net Contribution of the Month", readonly=True)
    order_days = fields.Integer("Order Days of the Month", readonly=True)

    _client_idx = models.Index("(client_id, month)")

    def _get_bands(self):
        field = self.env["logistics.client.value"]._fields["band"]
        return field._description_selection(self.env)

    def action_open_entries(self):
        """Open the ledger entries of the client in the month."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Value Entries of %(client)s", client=self.display_name),
            "res_model": "logistics.value.entry",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [
                ("client_id", "=", self.client_id.id),
                ("company_id", "=", self.company_id.id),
                ("period", "=", fields.Date.to_string(self.month)),
            ],
        }
