from odoo import fields, models


class LogisticsVesselAlias(models.Model):
    """A former name of a ship, or another spelling that mails and papers use."""

    _name = "logistics.vessel.alias"
    _description = "Vessel Alias"
    _order = "vessel_id, date_until desc, name"

    name = fields.Char(required=True, index="trigram")
    vessel_id = fields.Many2one(
        "logistics.vessel", required=True, index=True, ondelete="cascade"
    )
    date_until = fields.Date(
        string="Until", help="When the ship got its next name; empty: still in use."
    )

    _name_uniq = models.UniqueIndex(
        "(vessel_id, lower(name))", "This vessel has this name already."
    )
    _name_lower = models.Index("(lower(name))")
