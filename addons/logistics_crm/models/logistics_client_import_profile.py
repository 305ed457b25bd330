from odoo import fields, models


class LogisticsClientImportProfile(models.Model):
    """How sheets with these headings are read: guessed once, corrected once."""

    _name = "logistics.client.import.profile"
    _description = "Client Import Profile"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("customer", "Customers"), ("contact", "Contacts"), ("lane", "Trade Lanes")],
        required=True,
        readonly=True,
    )
    signature = fields.Char(required=True, readonly=True)
    column_ids = fields.One2many("logistics.client.import.column", "profile_id")

    _signature_uniq = models.Constraint(
        "UNIQUE (signature)", "There is a profile for these headings already."
    )
