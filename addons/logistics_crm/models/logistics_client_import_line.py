from odoo import fields, models


class LogisticsClientImportLine(models.Model):
    """One row of a file: what it would do, and what it did."""

    _name = "logistics.client.import.line"
    _description = "Client Import Row"
    _order = "import_id, sequence, id"
    _rec_name = "label"

    import_id = fields.Many2one(
        "logistics.client.import", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(readonly=True)
    kind = fields.Selection(
        [("customer", "Customers"), ("contact", "Contacts"), ("lane", "Trade Lanes")],
        required=True,
        readonly=True,
    )
    sheet = fields.Char(readonly=True)
    row = fields.Integer(readonly=True, aggregator=None)
    column = fields.Char(readonly=True)
    label = fields.Char(string="Name", readonly=True)
    status = fields.Selection(
        [
            ("staged", "Not Checked"),
            ("new", "New"),
            ("update", "Update"),
            ("duplicate", "Possible Duplicate"),
            ("unchanged", "Unchanged"),
            ("error", "Error"),
        ],
        required=True,
        readonly=True,
    )
    message = fields.Char(readonly=True)
    decision = fields.Selection(
        [
            ("update", "Update the Existing One"),
            ("skip", "Leave It Out"),
            ("create", "Create Anyway"),
        ],
        help="What to do with a possible duplicate. Empty: as chosen for the file.",
    )
    # what the file says, then what would be written; never searched
    values = fields.Json(readonly=True)
    client_line_id = fields.Many2one(
        "logistics.client.import.line",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The row of this file that makes the client.",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer or Contact",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    lane_id = fields.Many2one(
        "logistics.trade.lane",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    outcome = fields.Selection(
        [("created", "Created"), ("updated", "Updated"), ("skipped", "Left Out")],
        readonly=True,
    )

    _open_idx = models.Index("(import_id, sequence) WHERE outcome IS NULL")
