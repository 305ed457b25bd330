from odoo import fields, models


class LogisticsTierRuleLine(models.Model):
    """The border of one tier: until which share, or from which value."""

    _name = "logistics.tier.rule.line"
    _description = "Client tiers: border of a tier"
    _order = "rule_id, id"

    rule_id = fields.Many2one(
        "logistics.tier.rule", required=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="rule_id.currency_id")
    tier_id = fields.Many2one(
        "logistics.value.tier", required=True, ondelete="restrict"
    )
    share = fields.Float(
        "Until (%)",
        digits=(6, 2),
        help="Clients ahead of this share of all positive value are in the tier; the "
        "one that crosses the border as well.",
    )
    amount = fields.Monetary("From", help="Least value of a client in the tier.")

    _tier_uniq = models.Constraint(
        "UNIQUE (rule_id, tier_id)", "Use each tier once, in one place of the rule."
    )
