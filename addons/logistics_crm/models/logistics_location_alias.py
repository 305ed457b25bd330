from odoo import api, fields, models
from odoo.tools import escape_psql


class LogisticsLocationAlias(models.Model):
    """Another name of a location: other languages, spellings of rate sheets."""

    _name = "logistics.location.alias"
    _inherit = ["logistics.seed.mixin"]
    _description = "Location Alias"
    _order = "location_id, name"

    name = fields.Char(required=True, index="trigram")
    location_id = fields.Many2one(
        "logistics.location", required=True, index=True, ondelete="cascade"
    )

    _name_uniq = models.UniqueIndex(
        "(location_id, lower(name))", "This location has this alias already."
    )
    # whole labels of a rate sheet, and names of two Chinese characters, which are
    # too short for trigrams
    _name_lower = models.Index("(lower(name) text_pattern_ops)")

    @api.model
    def _get_seed_domain(self, values):
        # as the unique index compares them
        return [
            ("location_id", "=", values["location_id"]),
            ("name", "=ilike", escape_psql(values["name"])),
        ]
