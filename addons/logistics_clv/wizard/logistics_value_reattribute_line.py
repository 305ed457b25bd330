from odoo import fields, models


class LogisticsValueReattributeLine(models.TransientModel):
    """The client that one line of a document shall count for."""

    _name = "logistics.value.reattribute.line"
    _description = "Client value: client of a line"

    wizard_id = fields.Many2one(
        "logistics.value.reattribute", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one("account.move.line", required=True)
    currency_id = fields.Many2one(related="line_id.currency_id")
    name = fields.Char(related="line_id.name")
    amount = fields.Monetary(related="line_id.price_subtotal")
    client_id = fields.Many2one(
        "res.partner", "Counts for", help="Empty: the client of the document."
    )
