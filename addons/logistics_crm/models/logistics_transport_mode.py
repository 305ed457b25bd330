from odoo import api, fields, models

CM3_PER_M3 = 1_000_000


class LogisticsTransportMode(models.Model):
    _name = "logistics.transport.mode"
    _inherit = ["logistics.reference.mixin"]
    _description = "Transport Mode"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    cargo_unit = fields.Selection(
        [
            ("container", "Containers"),
            ("weight_volume", "Weight and Volume"),
            ("vehicle", "Vehicles"),
        ],
        required=True,
        default="weight_volume",
        help="What an enquiry counts in this mode.",
    )
    # no digits: air is 1e6 / 6000 and a rounded 166.6667 would make 324 kg 324.00006
    volumetric_kg_per_m3 = fields.Float(
        string="Volumetric Weight (kg per m³)",
        help="One cubic metre counts as this many kilograms. 0: volume never counts.",
    )
    volumetric_cm3_per_kg = fields.Float(
        string="Volumetric Divisor (cm³ per kg)",
        digits=(12, 2),
        compute="_compute_volumetric_cm3_per_kg",
        inverse="_inverse_volumetric_cm3_per_kg",
        help="The same rule as air cargo states it: 6000 cm³ count as one kilogram.",
    )

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "A transport mode with this code exists already."
    )
    _volumetric_positive = models.Constraint(
        "CHECK (volumetric_kg_per_m3 >= 0)",
        "The volumetric weight cannot be negative.",
    )

    @api.depends("volumetric_kg_per_m3")
    def _compute_volumetric_cm3_per_kg(self):
        for mode in self:
            factor = mode.volumetric_kg_per_m3
            mode.volumetric_cm3_per_kg = round(CM3_PER_M3 / factor, 4) if factor else 0

    def _inverse_volumetric_cm3_per_kg(self):
        for mode in self:
            divisor = mode.volumetric_cm3_per_kg
            mode.volumetric_kg_per_m3 = CM3_PER_M3 / divisor if divisor else 0
