from odoo import api, fields, models

KINDS = [
    ("client", "Clients"),
    ("contact", "Contacts"),
    ("opportunity", "Opportunities"),
    ("quote", "Open Quotations"),
    ("activity", "Activities"),
    ("follower", "Mail Subscriptions"),
]


class LogisticsHandOverLine(models.Model):
    """One record that a hand-over has passed on; written by SQL only."""

    _name = "logistics.hand.over.line"
    _description = "Record Handed Over"
    _order = "hand_over_id, kind, id"
    _log_access = False
    _rec_name = "kind"

    hand_over_id = fields.Many2one(
        "logistics.hand.over", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(KINDS, required=True)
    res_model = fields.Char(string="Model", required=True)
    res_id = fields.Many2oneReference(
        string="Record ID", model_field="res_model", required=True
    )
    res_name = fields.Char(string="Record", compute="_compute_res_name")
    to_user_id = fields.Many2one(
        "res.users", string="To", required=True, index=True, ondelete="cascade"
    )
    is_merged = fields.Boolean(help="The receiver had subscribed before.")
    is_reverted = fields.Boolean(string="Reverted")

    @api.depends("res_model", "res_id")
    def _compute_res_name(self):
        """Name the records, a query for each model; those hidden stay without."""
        for model, lines in self.grouped("res_model").items():
            records = self.env[model].browse(lines.mapped("res_id")).exists()
            names = {
                record.id: record.display_name
                for record in records._filtered_access("read")
            }
            for line in lines:
                line.res_name = names.get(line.res_id)
