from odoo import fields, models


class LogisticsLocationLoadLine(models.Model):
    """One difference between the list and the locations, or a row that has an error."""

    _name = "logistics.location.load.line"
    _description = "UN/LOCODE Load Line"
    _order = "load_id, id"
    _rec_name = "code"
    _log_access = False

    load_id = fields.Many2one(
        "logistics.location.load",
        required=True,
        index=True,
        ondelete="cascade",
        readonly=True,
    )
    kind = fields.Selection(
        [
            ("error", "Error"),
            ("new", "New"),
            ("changed", "Changed"),
            ("kept", "Own Value Kept"),
            ("alias", "New Alias"),
            ("archived", "Archived"),
            ("flagged", "Withdrawn, in Use"),
            ("restored", "Restored"),
        ],
        required=True,
        readonly=True,
    )
    code = fields.Char(string="UN/LOCODE", readonly=True)
    location_id = fields.Many2one(
        "logistics.location", index="btree_not_null", ondelete="set null", readonly=True
    )
    field = fields.Selection(
        [
            ("name", "Name"),
            ("subdivision_code", "Subdivision"),
            ("iata_code", "IATA Code"),
            ("coordinates", "Coordinates"),
            ("is_port", "Sea Port"),
            ("is_rail_terminal", "Rail Terminal"),
            ("is_road_terminal", "Road Terminal"),
            ("is_airport", "Airport"),
            ("is_inland_terminal", "Inland Depot"),
            ("is_border_crossing", "Border Crossing"),
        ],
        readonly=True,
    )
    old_value = fields.Char(string="Here", readonly=True)
    new_value = fields.Char(string="In the List", readonly=True)
    file = fields.Char(readonly=True)
    row = fields.Integer(readonly=True)
