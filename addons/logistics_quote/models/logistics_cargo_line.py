from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rating_engine import CargoItem
from .logistics_rate import _decimal

CM3_PER_M3 = 1_000_000


class LogisticsCargoLine(models.Model):
    _name = "logistics.cargo.line"
    _description = "Freight Cargo Line"
    _order = "order_id, sequence, id"
    _check_company_auto = True

    order_id = fields.Many2one(
        "sale.order", required=True, index=True, ondelete="cascade", copy=False
    )
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    name = fields.Char(string="Description")
    commodity_id = fields.Many2one("logistics.commodity", ondelete="restrict")

    container_type_id = fields.Many2one("logistics.container.type", ondelete="restrict")
    container_count = fields.Integer(
        string="Containers",
        compute="_compute_container_count",
        store=True,
        readonly=False,
        precompute=True,
    )
    pieces = fields.Integer()
    length_cm = fields.Float(string="Length (cm)", digits=(12, 2))
    width_cm = fields.Float(string="Width (cm)", digits=(12, 2))
    height_cm = fields.Float(string="Height (cm)", digits=(12, 2))
    weight_kg = fields.Float(
        string="Weight (kg)",
        digits=(16, 3),
        help="Gross weight of all pieces of the line.",
    )
    volume_m3 = fields.Float(
        string="Volume (m³)",
        digits=(16, 6),
        compute="_compute_volume_m3",
        store=True,
        readonly=False,
        precompute=True,
        help="Of all pieces of the line; reckoned from the dimensions where given.",
    )

    _not_negative = models.Constraint(
        "CHECK (pieces >= 0 AND length_cm >= 0 AND width_cm >= 0 AND height_cm >= 0"
        " AND weight_kg >= 0 AND volume_m3 >= 0 AND container_count >= 0)",
        "Pieces, dimensions, weight and volume of cargo cannot be negative.",
    )

    @api.depends("container_type_id")
    def _compute_container_count(self):
        for line in self:
            if not line.container_type_id:
                line.container_count = 0
            elif not line.container_count:
                line.container_count = 1

    @api.depends("pieces", "length_cm", "width_cm", "height_cm")
    def _compute_volume_m3(self):
        for line in self:
            if line._has_dimensions():
                volume = line.length_cm * line.width_cm * line.height_cm
                line.volume_m3 = volume * line.pieces / CM3_PER_M3

    @api.constrains("container_type_id", "container_count")
    def _check_container_type(self):
        for line in self:
            if line.container_count and not line.container_type_id:
                raise ValidationError(
                    self.env._(
                        "Choose the container type of the %(count)s containers.",
                        count=line.container_count,
                    )
                )

    def _has_dimensions(self):
        self.ensure_one()
        return bool(self.pieces and self.length_cm and self.width_cm and self.height_cm)

    def _prepare_cargo_item(self):
        """Return the line as the engine's cargo item."""
        self.ensure_one()
        by_dimensions = self._has_dimensions()
        return CargoItem(
            pieces=self.pieces,
            weight_kg=_decimal(self.weight_kg),
            length_cm=_decimal(self.length_cm) if self.length_cm else None,
            width_cm=_decimal(self.width_cm) if self.width_cm else None,
            height_cm=_decimal(self.height_cm) if self.height_cm else None,
            # the engine rounds dimensions first: a volume would overrule them
            volume_m3=None if by_dimensions else _decimal(self.volume_m3),
            container_type=self.container_type_id.code or None,
            container_count=self.container_count if self.container_type_id else 0,
            teu=_decimal(self.container_type_id.teu),
        )
