from odoo import api, fields, models


class LogisticsTierOverride(models.Model):
    """A tier that a person gave to a client, with the reason; rules keep it."""

    _name = "logistics.tier.override"
    _description = "Client tiers: tier set by hand"
    _inherit = ["logistics.value.result"]
    _order = "id desc"
    _rec_name = "client_id"

    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    tier_id = fields.Many2one(
        "logistics.value.tier", required=True, readonly=True, ondelete="restrict"
    )
    reason = fields.Char(required=True, readonly=True)
    until_date = fields.Date(
        "Until", readonly=True, help="The last day. Empty: until somebody ends it."
    )
    user_id = fields.Many2one("res.users", "Set by", readonly=True, ondelete="set null")
    ended_on = fields.Date(readonly=True, help="Empty while the tier is in force.")

    _client_uniq = models.UniqueIndex(
        "(client_id) WHERE ended_on IS NULL",
        "A client has one tier set by hand at a time.",
    )

    def action_end(self):
        """End tiers set by hand; the grades count again."""
        # who may end is asked of the override: managers see and end them
        self.check_access("read")
        self.env["logistics.tier.override.wizard"].check_access("create")
        self.sudo()._end()

    @api.model
    def _set(self, clients, tier, reason, until_date=False):
        """Give clients a tier that rules keep; called as superuser."""
        self._get_in_force(clients)._end(apply=False)
        self.create(
            [
                {
                    "client_id": client.id,
                    "tier_id": tier.id,
                    "reason": reason,
                    "until_date": until_date,
                    "user_id": self.env.uid,
                }
                for client in clients
            ]
        )
        self._forget_in_force(clients)
        clients.with_context(logistics_tier_reason=reason).write(
            {"logistics_tier_id": tier.id}
        )

    @api.model
    def _get_in_force(self, clients):
        return self.search([("client_id", "in", clients.ids), ("ended_on", "=", False)])

    @api.model
    def _forget_in_force(self, clients):
        clients.invalidate_recordset(
            ["logistics_tier_override_id", "logistics_tier_override_reason"]
        )

    def _describe(self):
        if not self.until_date:
            return self.reason
        until = fields.Date.to_string(self.until_date)
        return self.env._("%(reason)s (until %(day)s)", reason=self.reason, day=until)

    def _end(self, apply=True):
        if not self:
            return
        self.ended_on = fields.Date.context_today(self)
        self.flush_recordset(["ended_on"])  # before another takes its place
        self._forget_in_force(self.client_id)
        if apply:
            self.env["logistics.tier.grading"]._apply(self.client_id.ids)

    @api.model
    def _end_overdue(self):
        today = fields.Date.context_today(self)
        self.search([("ended_on", "=", False), ("until_date", "<", today)])._end()
