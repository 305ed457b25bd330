from odoo import api, fields, models
from odoo.fields import Command

from .selections import BASES


class LogisticsRateImportLine(models.Model):
    """One price of a rate sheet, or one thing to be told about it."""

    _name = "logistics.rate.import.line"
    _description = "Rate Sheet Import Line"
    _order = "import_id, sheet, row, id"

    import_id = fields.Many2one(
        "logistics.rate.import", required=True, index=True, ondelete="cascade"
    )
    status = fields.Selection(
        [
            ("new", "New"),
            ("up", "Up"),
            ("down", "Down"),
            ("unchanged", "Unchanged"),
            ("error", "Error"),
            ("remark", "Remark"),
        ],
        required=True,
        readonly=True,
    )
    sheet = fields.Char(readonly=True)
    row = fields.Integer(readonly=True)
    column = fields.Char(readonly=True)
    message = fields.Char(readonly=True)

    charge_code_id = fields.Many2one("logistics.charge.code", readonly=True)
    basis = fields.Selection(BASES, readonly=True)
    origin_id = fields.Many2one("logistics.location", readonly=True)
    destination_id = fields.Many2one("logistics.location", readonly=True)
    price_kind = fields.Selection(
        [
            ("container", "Container"),
            ("break", "Weight Break"),
            ("amount", "Amount"),
            ("minimum", "Minimum"),
        ],
        readonly=True,
    )
    container_type_id = fields.Many2one("logistics.container.type", readonly=True)
    from_quantity = fields.Float(string="From", min_display_digits=0, readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    old_price = fields.Float(min_display_digits=2, readonly=True)
    new_price = fields.Float(min_display_digits=2, readonly=True)
    change_percent = fields.Float(
        string="Change", compute="_compute_change_percent", aggregator=None
    )
    date_from = fields.Date(string="Valid From", readonly=True)
    date_to = fields.Date(string="Valid Until", readonly=True)
    transit_days = fields.Integer(readonly=True)
    free_days = fields.Integer(readonly=True)
    routing = fields.Char(readonly=True)
    apply_as_if = fields.Boolean(string="As-If Weight", readonly=True)
    volumetric_cm3_per_kg = fields.Float(digits=(12, 4), readonly=True)
    rate_remark = fields.Char(string="Row Remark", readonly=True)
    is_price = fields.Boolean(compute="_compute_is_price")

    @api.depends("old_price", "new_price", "status")
    def _compute_change_percent(self):
        for line in self:
            line.change_percent = (
                (line.new_price - line.old_price) / line.old_price
                if line.old_price and line.status in ("up", "down")
                else 0.0
            )

    @api.depends("price_kind", "status")
    def _compute_is_price(self):
        for line in self:
            line.is_price = line.price_kind and line.status not in ("error", "remark")

    def _get_rate_key(self):
        """Return what the prices of one rate have in common."""
        self.ensure_one()
        return (
            self.sheet,
            self.row,
            self.charge_code_id.id,
            self.origin_id.id,
            self.destination_id.id,
        )

    def _prepare_rate_vals(self, contract, file_name):
        """Return the values of the rate that the lines of one row make."""
        first = self[0]
        by_kind = self.grouped("price_kind")
        none = self.browse()
        prices = [
            {
                "container_type_id": line.container_type_id.id,
                "from_quantity": line.from_quantity,
                "amount": line.new_price,
            }
            for line in by_kind.get("container", none) | by_kind.get("break", none)
        ]
        return {
            "contract_id": contract.id,
            "charge_code_id": first.charge_code_id.id,
            "origin_id": first.origin_id.id,
            "destination_id": first.destination_id.id,
            "basis": first.basis,
            "currency_id": first.currency_id.id,
            "amount": by_kind.get("amount", none)[:1].new_price,
            "minimum": by_kind.get("minimum", none)[:1].new_price,
            "apply_as_if": first.apply_as_if,
            "volumetric_cm3_per_kg": first.volumetric_cm3_per_kg,
            "price_ids": [Command.create(vals) for vals in prices],
            "transit_days": first.transit_days,
            "free_days": first.free_days,
            "routing": first.routing,
            "date_from": first.date_from,
            "date_to": first.date_to,
            "remark": first.rate_remark,
            "source_file": file_name,
            "source_sheet": first.sheet,
            "source_row": first.row,
        }
