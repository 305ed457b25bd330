from odoo import fields, models


class LogisticsTierPreviewLine(models.TransientModel):
    """A client that a rule would put into another tier."""

    _name = "logistics.tier.preview.line"
    _description = "Client tiers: change of a preview"
    _order = "value desc, id"

    preview_id = fields.Many2one(
        "logistics.tier.preview", required=True, index=True, ondelete="cascade"
    )
    client_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    currency_id = fields.Many2one("res.currency", required=True)
    from_tier_id = fields.Many2one("logistics.value.tier", "From")
    to_tier_id = fields.Many2one("logistics.value.tier", "To")
    value = fields.Monetary("Graded Value")
    direction = fields.Selection([("up", "Up"), ("down", "Down"), ("new", "First")])
