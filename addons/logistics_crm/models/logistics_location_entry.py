from odoo import fields, models


class LogisticsLocationEntry(models.Model):
    """What the UN/LOCODE list said of a location when it was last loaded.

    Written by the load only. It tells what a later list has changed from what a user
    has: a location whose name is not the one of its entry keeps the user's.
    """

    _name = "logistics.location.entry"
    _description = "UN/LOCODE Entry"
    _order = "id"
    _log_access = False

    location_id = fields.Many2one(
        "logistics.location",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    name = fields.Char(string="Listed Name", readonly=True)
    subdivision = fields.Char(readonly=True)
    status = fields.Char(
        readonly=True,
        help="Who has approved the entry: AA the national authority, AI taken over"
        " from IATA, RL recognised, RQ under examination, QQ not verified.",
    )
    function = fields.Char(
        readonly=True,
        help="1 port, 2 rail, 3 road, 4 airport, 5 postal exchange, 6 inland depot,"
        " 7 fixed transport, B border crossing, 0 not known.",
    )
    date = fields.Char(
        string="Last Change", readonly=True, help="Year and month: 0104 is April 2001."
    )
    iata = fields.Char(string="Listed IATA Code", readonly=True)
    coordinates = fields.Char(readonly=True)
    latitude = fields.Float(digits=(9, 6), readonly=True)
    longitude = fields.Float(digits=(9, 6), readonly=True)
    synonyms = fields.Char(
        readonly=True, help="Names that the list refers to this entry."
    )
    remarks = fields.Char(readonly=True)
    change = fields.Char(
        string="Mark",
        readonly=True,
        help="+ added, # name changed, | other change, X to be removed, ! retained.",
    )

    _location_uniq = models.UniqueIndex(
        "(location_id)", "A location has one entry in the list."
    )
