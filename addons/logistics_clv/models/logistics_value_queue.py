from odoo import fields, models


class LogisticsValueQueue(models.Model):
    """Moves whose ledger entries are to be brought up to date."""

    _name = "logistics.value.queue"
    _description = "Client value: moves to refresh"
    _log_access = False
    _order = "id"

    move_id = fields.Many2one("account.move", required=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, ondelete="cascade"
    )

    _move_uniq = models.Constraint(
        "UNIQUE (move_id)", "A move is queued only once for the value ledger."
    )
