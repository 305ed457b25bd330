from odoo import fields, models


class LogisticsLifecycleHistory(models.Model):
    """One row for each move of a client; written by res.partner, never by hand."""

    _name = "logistics.lifecycle.history"
    _description = "Lifecycle History"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True, ondelete="cascade"
    )
    from_stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        string="From",
        index="btree_not_null",
        ondelete="restrict",
    )
    to_stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        string="To",
        index="btree_not_null",
        ondelete="restrict",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one("res.users", string="Moved by", index="btree_not_null")
    reason = fields.Char(index="trigram")
