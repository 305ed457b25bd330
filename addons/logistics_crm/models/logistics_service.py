from odoo import fields, models


class LogisticsService(models.Model):
    _name = "logistics.service"
    _inherit = ["logistics.reference.mixin"]
    _description = "Freight Service"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    family = fields.Selection(
        [
            ("transport", "Transport"),
            ("warehousing", "Warehousing"),
            ("distribution", "Distribution"),
            ("value_added", "Value-added"),
        ],
        required=True,
        default="transport",
    )
    mode_id = fields.Many2one(
        "logistics.transport.mode",
        string="Transport Mode",
        index="btree_not_null",
        ondelete="restrict",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "A service with this code exists already."
    )
