from odoo import fields, models

READER = "logistics_clv.group_value_reader"


class LogisticsTierHistory(models.Model):
    """One row for each change of a client's tier, by a rule or by hand."""

    _name = "logistics.tier.history"
    _description = "Client tiers: history"
    _log_access = False  # written by SQL; date and user are its own
    _order = "date desc, id desc"
    _rec_name = "client_id"

    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    from_tier_id = fields.Many2one(
        "logistics.value.tier", "From", readonly=True, ondelete="restrict"
    )
    to_tier_id = fields.Many2one(
        "logistics.value.tier", "To", readonly=True, ondelete="restrict"
    )
    date = fields.Datetime(
        required=True,
        readonly=True,
        default=lambda self: self._default_date(),
        index=True,
    )
    user_id = fields.Many2one(
        "res.users", "Changed by", readonly=True, ondelete="set null"
    )
    automatic = fields.Boolean(
        readonly=True, help="The rule of a company gave this tier."
    )
    reason = fields.Char(readonly=True)
    company_id = fields.Many2one(
        "res.company",
        "Graded in",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="The company whose grade counts: the best one.",
    )
    currency_id = fields.Many2one("res.currency", readonly=True)
    run_id = fields.Many2one(
        "logistics.value.run",
        "Valuation Run",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=READER,
    )
    value = fields.Monetary(
        "Graded Value", readonly=True, aggregator=False, groups=READER
    )
    share = fields.Float(
        "Share Ahead",
        digits=(7, 6),
        readonly=True,
        aggregator=False,
        groups=READER,
        help="Share of all positive value that clients with a higher value bring.",
    )
    followed = fields.Boolean(
        readonly=True, default=True, help="Playbooks have been told of the change."
    )

    _pending_idx = models.Index("(id) WHERE followed IS NOT TRUE")

    def _default_date(self):
        return fields.Datetime.now()
