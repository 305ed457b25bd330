from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..rating_engine import Basis, Break, Charge, VolumetricRule
from . import rate_queries
from .engine_messages import format_price
from .selections import BASES


class LogisticsRate(models.Model):
    _name = "logistics.rate"
    _description = "Freight Rate"
    _order = "contract_id desc, origin_id, destination_id, charge_code_id, id"
    _check_company_auto = True

    contract_id = fields.Many2one(
        "logistics.rate.contract", required=True, index=True, ondelete="cascade"
    )
    charge_code_id = fields.Many2one(
        "logistics.charge.code",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    section = fields.Selection(related="charge_code_id.section")
    origin_id = fields.Many2one(
        "logistics.location",
        ondelete="restrict",
        help="Empty: from everywhere. A charge without origin and destination applies"
        " to every lane of the contract.",
    )
    destination_id = fields.Many2one(
        "logistics.location", ondelete="restrict", help="Empty: to everywhere."
    )

    # of the contract, stored for the search of rates by lane
    mode_id = fields.Many2one(
        related="contract_id.mode_id", store=True, precompute=True
    )
    company_id = fields.Many2one(
        related="contract_id.company_id", store=True, precompute=True, index=True
    )
    kind = fields.Selection(related="contract_id.kind", store=True, precompute=True)
    state = fields.Selection(
        related="contract_id.state", store=True, precompute=True, copy=False
    )
    carrier_id = fields.Many2one(related="contract_id.carrier_id")

    basis = fields.Selection(
        BASES,
        compute="_compute_basis",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    currency_id = fields.Many2one(
        "res.currency",
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    amount = fields.Float(
        min_display_digits=2,
        help="Price per unit of the basis, or the percentage. With weight breaks it is"
        " the normal rate below the first break; prices per container type replace it.",
    )
    minimum = fields.Float(min_display_digits=2)
    maximum = fields.Float(min_display_digits=2)
    apply_as_if = fields.Boolean(
        string="As-If Weight",
        default=True,
        help="Charge as if the cargo reached a higher break where that is cheaper.",
    )
    quantity_step = fields.Float(
        string="Quantity Rounded Up To",
        digits=(12, 4),
        help="Round the quantity up to a multiple of this. Empty: as it is.",
    )
    volumetric_cm3_per_kg = fields.Float(
        string="Volumetric Divisor (cm³ per kg)",
        digits=(12, 4),
        help="Agreed with the carrier. Empty: as usual in the transport mode.",
    )
    percent_of_ids = fields.Many2many(
        "logistics.charge.code",
        string="Percentage Of",
        ondelete="restrict",
        help="The charges that a percentage is taken of.",
    )
    price_ids = fields.One2many("logistics.rate.price", "rate_id", copy=True)
    price_summary = fields.Char(compute="_compute_price_summary", string="Prices")
    mandatory = fields.Boolean(
        default=True, help="Optional charges are shown, but not added to the total."
    )

    transit_days = fields.Integer()
    routing = fields.Char()
    free_days = fields.Integer()
    date_from = fields.Date(string="Valid From", help="Empty: as the contract.")
    date_to = fields.Date(string="Valid Until", help="Empty: as the contract.")
    remark = fields.Char()

    source_file = fields.Char(readonly=True)
    source_sheet = fields.Char(readonly=True)
    source_row = fields.Integer(readonly=True)

    # Equality on the first columns, then the end of validity: the rates of a lane are
    # read from neighbouring index entries, expired ones without their rows.
    _lane_idx = models.Index(
        "(company_id, mode_id, origin_id, destination_id, date_to)"
        " WHERE state = 'published' AND kind = 'buy'"
    )
    _date_order = models.Constraint(
        "CHECK (date_to >= date_from)", "A rate cannot end before it begins."
    )
    _limits = models.Constraint(
        "CHECK (minimum >= 0 AND maximum >= 0 AND (maximum = 0 OR maximum >= minimum))",
        "The minimum and the maximum cannot be negative, nor the maximum below the"
        " minimum.",
    )

    @api.depends("charge_code_id", "origin_id", "destination_id")
    def _compute_display_name(self):
        for rate in self:
            rate.display_name = rate._describe()

    @api.depends("charge_code_id")
    def _compute_basis(self):
        for rate in self:
            rate.basis = rate.charge_code_id.basis or rate.basis

    @api.depends("contract_id")
    def _compute_currency_id(self):
        for rate in self:
            rate.currency_id = (
                rate.contract_id.currency_id
                or rate.currency_id
                or self.env.company.currency_id
            )

    @api.depends("price_ids", "amount", "basis")
    def _compute_price_summary(self):
        for rate in self:
            parts = [price.display_name for price in rate.price_ids]
            if rate.amount or not parts:
                unit = " %" if rate.basis in ("percent", "percent_freight") else ""
                parts.insert(0, f"{format_price(self.env, rate.amount)}{unit}")
            rate.price_summary = ", ".join(parts)

    @api.constrains("basis", "percent_of_ids", "price_ids")
    def _check_basis(self):
        for rate in self:
            if rate.basis == "percent" and not rate.percent_of_ids:
                raise ValidationError(
                    self.env._(
                        "%(rate)s: say which charges the percentage is taken of.",
                        rate=rate._describe(),
                    )
                )
            containers = rate.price_ids.container_type_id
            if containers and rate.basis != "container":
                raise ValidationError(
                    self.env._(
                        "%(rate)s has prices per container type: its basis must be"
                        " “Container”.",
                        rate=rate._describe(),
                    )
                )
            if rate.price_ids and rate.basis in ("percent", "percent_freight"):
                raise ValidationError(
                    self.env._(
                        "%(rate)s is a percentage: delete its prices per container"
                        " type or weight break.",
                        rate=rate._describe(),
                    )
                )
            if rate.price_ids and not containers and rate.basis == "container":
                raise ValidationError(
                    self.env._(
                        "%(rate)s: choose a container type on each price, or another"
                        " basis than “Container” for weight breaks.",
                        rate=rate._describe(),
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        rates = super().create(vals_list)
        rates.contract_id._check_draft()
        return rates

    def write(self, vals):
        self.contract_id._check_draft()
        res = super().write(vals)
        self.contract_id._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.contract_id._check_draft()

    def _describe(self):
        """Name the rate without its price."""
        self.ensure_one()
        charge = self.charge_code_id.display_name
        if not (self.origin_id or self.destination_id):
            return self.env._("%(charge)s, all lanes", charge=charge)
        anywhere = self.env._("anywhere")
        return self.env._(
            "%(charge)s, %(origin)s to %(destination)s",
            charge=charge,
            origin=self.origin_id.code or self.origin_id.name or anywhere,
            destination=self.destination_id.code
            or self.destination_id.name
            or anywhere,
        )

    @api.model
    def _search_lane(self, company, mode, origin, destination, date, client):
        """Return [(freight rate, rates that join it)], in the order of the contracts.

        The caller may not be allowed to read rates: the query itself keeps to the
        company, to published buy contracts valid on the date, and to the client's
        named accounts. The result is in superuser mode and must not reach the user.
        """
        self.flush_model()
        self.env["logistics.rate.contract"].flush_model()
        rows = self.env.execute_query(
            rate_queries.lane_rates(
                company.id,
                mode.id,
                origin.id,
                destination.id,
                date,
                fields.Date.context_today(self),
                client.commercial_partner_id.id,
            )
        )
        # one prefetch for all: the number of queries must not grow with the options
        rate_ids = tuple(
            {rate_id for freight, joining in rows for rate_id in (freight, *joining)}
        )
        rates = self.sudo()
        return [
            (
                rates.browse(freight).with_prefetch(rate_ids),
                rates.browse(joining).with_prefetch(rate_ids),
            )
            for freight, joining in rows
        ]

    def _prepare_charge(self, volumetric):
        """Return the rate as the engine's charge.

        :param volumetric: the transport mode's rule, for rates without their own
        """
        self.ensure_one()
        if self.volumetric_cm3_per_kg:
            volumetric = VolumetricRule(cm3_per_kg=_decimal(self.volumetric_cm3_per_kg))
        charge_code = self.charge_code_id
        prices = self.price_ids
        return Charge(
            key=str(self.id),
            code=charge_code.code,
            name=charge_code.name,
            basis=Basis(self.basis),
            currency=self.currency_id.name,
            rate=_decimal(self.amount),
            minimum=_decimal(self.minimum) or None,
            maximum=_decimal(self.maximum) or None,
            breaks=tuple(
                Break(_decimal(price.from_quantity), _decimal(price.amount))
                for price in prices
                if not price.container_type_id
            ),
            as_if=self.apply_as_if,
            container_prices={
                price.container_type_id.code: _decimal(price.amount)
                for price in prices
                if price.container_type_id
            },
            percent_of=tuple(self.percent_of_ids.mapped("code")),
            is_freight=charge_code.is_freight,
            mandatory=self.mandatory,
            volumetric=volumetric if self.basis == "chargeable_kg" else None,
            rounding_step=_decimal(self.quantity_step),
        )

    def _is_in_force(self, day):
        """Tell whether cargo of the day may still be quoted by the rate."""
        self.ensure_one()
        superseded_from = self.contract_id.superseded_from
        return self.state == "published" and not (
            superseded_from and superseded_from <= day
        )

    def _get_end_date(self):
        """Return the last day of the rates' validity, None without any."""
        dates = [*self.mapped("date_to"), *self.contract_id.mapped("date_to")]
        return min(filter(None, dates), default=None)


def _decimal(value):
    # repr gives the shortest text of a float: the number that the user typed
    return Decimal(repr(value))
