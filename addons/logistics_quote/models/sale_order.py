import hashlib

from odoo import api, fields, models

from ..rating_engine import (
    Cargo,
    RatingError,
    Throw,
    VolumetricRule,
    chargeable_weight,
    weight_or_measure,
)
from .logistics_rate import _decimal


class SaleOrder(models.Model):
    _inherit = "sale.order"

    margin = fields.Monetary(groups="logistics_quote.group_buy_price")
    margin_percent = fields.Float(groups="logistics_quote.group_buy_price")

    logistics_incoterm_id = fields.Many2one(
        "account.incoterms", string="Incoterm of the Shipment"
    )
    logistics_cargo_date = fields.Date(
        string="Cargo Ready",
        copy=False,
        help="Rates must be valid on this day. Empty: today.",
    )
    logistics_cargo_ids = fields.One2many(
        "logistics.cargo.line", "order_id", string="Cargo", copy=True
    )
    logistics_pieces = fields.Integer(
        string="Total Pieces", compute="_compute_logistics_measures"
    )
    logistics_weight_kg = fields.Float(
        string="Total Weight (kg)",
        digits=(16, 3),
        compute="_compute_logistics_measures",
    )
    logistics_volume_m3 = fields.Float(
        string="Total Volume (m³)",
        digits=(16, 3),
        compute="_compute_logistics_measures",
    )
    logistics_chargeable_kg = fields.Float(
        string="Chargeable Weight (kg)",
        digits=(16, 3),
        compute="_compute_logistics_measures",
        help="The greater of weight and volumetric weight of the transport mode.",
    )
    logistics_weight_measure = fields.Float(
        string="W/M",
        digits=(16, 3),
        compute="_compute_logistics_measures",
        help="The greater of tonnes and cubic metres.",
    )
    logistics_teu = fields.Float(
        string="TEU", digits=(16, 2), compute="_compute_logistics_measures"
    )
    logistics_option_ids = fields.One2many(
        "logistics.quote.option", "order_id", string="Options", copy=False
    )
    logistics_rates_outdated = fields.Boolean(
        compute="_compute_logistics_rates_outdated"
    )
    logistics_rating_note = fields.Text(readonly=True, copy=False)

    @api.depends(
        "logistics_mode_id.volumetric_kg_per_m3",
        "logistics_cargo_ids.pieces",
        "logistics_cargo_ids.length_cm",
        "logistics_cargo_ids.width_cm",
        "logistics_cargo_ids.height_cm",
        "logistics_cargo_ids.weight_kg",
        "logistics_cargo_ids.volume_m3",
        "logistics_cargo_ids.container_type_id.teu",
        "logistics_cargo_ids.container_count",
    )
    def _compute_logistics_measures(self):
        for order in self:
            try:
                cargo = order._prepare_cargo()
            except RatingError:  # a negative number is being typed
                cargo = Cargo()
            volumetric = order._prepare_volumetric_rule()
            order.logistics_pieces = cargo.pieces
            order.logistics_weight_kg = float(cargo.gross_kg)
            order.logistics_volume_m3 = float(cargo.volume_m3)
            order.logistics_chargeable_kg = float(chargeable_weight(cargo, volumetric))
            order.logistics_weight_measure = float(weight_or_measure(cargo))
            order.logistics_teu = float(cargo.teu)

    @api.depends(
        "logistics_option_ids.rating_key",
        "logistics_option_ids.is_stale",
        "logistics_mode_id",
        "logistics_origin_id",
        "logistics_destination_id",
        "logistics_cargo_date",
        "logistics_cargo_ids.container_type_id",
        "logistics_cargo_ids.container_count",
        "logistics_cargo_ids.pieces",
        "logistics_cargo_ids.length_cm",
        "logistics_cargo_ids.width_cm",
        "logistics_cargo_ids.height_cm",
        "logistics_cargo_ids.weight_kg",
        "logistics_cargo_ids.volume_m3",
        "currency_id",
        "partner_id",
        "order_line.logistics_option_line_id",
    )
    def _compute_logistics_rates_outdated(self):
        for order in self:
            options = order.logistics_option_ids.filtered(
                lambda option: option.is_chosen or not option.is_stale
            )
            key = options and order._get_rating_key()
            # lines of a duplicate: their option belongs to an order that the user may
            # not see
            charges = order.order_line.logistics_option_line_id.sudo()
            order.logistics_rates_outdated = bool(
                charges.option_id.order_id - order._origin
            ) or any(option.is_stale or option.rating_key != key for option in options)

    def _prepare_cargo(self):
        """Return the cargo as the engine's."""
        self.ensure_one()
        return Cargo(
            tuple(line._prepare_cargo_item() for line in self.logistics_cargo_ids)
        )

    def _prepare_volumetric_rule(self):
        """Return the engine's rule by which volume counts as weight in the mode."""
        self.ensure_one()
        mode = self.logistics_mode_id
        divisor = _decimal(mode.volumetric_cm3_per_kg)
        if not divisor:  # volume never counts in this mode
            return VolumetricRule(kg_per_m3=_decimal(1.0), throw=Throw.FREE)
        if divisor == divisor.to_integral_value():
            return VolumetricRule(cm3_per_kg=divisor)
        return VolumetricRule(kg_per_m3=_decimal(mode.volumetric_kg_per_m3))

    def _get_rating_key(self):
        """Return a fingerprint of all that rates were searched for."""
        self.ensure_one()
        key = (
            self.logistics_mode_id.id,
            self.logistics_origin_id.id,
            self.logistics_destination_id.id,
            str(self.logistics_cargo_date),
            self.partner_id.commercial_partner_id.id,
            self.currency_id.id,
            # in any order: moving a line changes no price
            sorted(
                (
                    line.container_type_id.id,
                    line.container_count,
                    line.pieces,
                    line.length_cm,
                    line.width_cm,
                    line.height_cm,
                    line.weight_kg,
                    line.volume_m3,
                )
                for line in self.logistics_cargo_ids
            ),
        )
        return hashlib.sha256(repr(key).encode()).hexdigest()

    def _get_freight_order_lines(self):
        """Return the order lines that come from a chosen option."""
        return self.order_line.filtered("logistics_section")

    def _get_quoted_options(self):
        """Return the options that a client may be shown."""
        return self.logistics_option_ids.filtered(lambda option: not option.is_stale)

    def _get_chosen_option(self):
        """Return the option that the order lines come from, also after re-rating."""
        return self.logistics_option_ids.filtered("is_chosen")[:1]

    def _confirmation_error_message(self):
        error = super()._confirmation_error_message()
        if error:
            return error
        for line in self.order_line._get_rated():
            # of a duplicate it belongs to an order that the user may not see
            currency = line.sudo().logistics_option_line_id.currency_id
            is_edited = line.price_unit != line.technical_price_unit
            if currency != line.currency_id and not is_edited:
                return self.env._(
                    "The price of %(charge)s was rated in %(currency)s. Use “Find"
                    " Rates” and choose an option, or correct the price.",
                    charge=line.product_id.display_name,
                    currency=currency.name,
                )
        return error

    def _get_update_prices_lines(self):
        """Keep rated prices when the pricelist changes."""
        lines = super()._get_update_prices_lines()
        return lines - self._get_freight_order_lines()
