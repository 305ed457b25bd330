"""The adapter between a quotation and the rating engine: build, compute, prepare."""

from dataclasses import replace
from decimal import Decimal

from odoo import fields
from odoo.fields import Command

from ..rating_engine import (
    Basis,
    Direction,
    MarginLine,
    RatingError,
    apply_margin,
    rate,
    round_step,
)
from .engine_messages import explain_cost, explain_quantity, rating_error_message
from .logistics_rate import _decimal
from .selections import SECTION_ORDER

ONE = Decimal(1)
ZERO = Decimal(0)


class OrderRating:
    """One search's inputs in the engine's terms, shared by all its options."""

    def __init__(self, order, margin_rules, currencies, tier):
        self.order = order
        self.env = order.env
        self.client_env = order.with_context(lang=order._get_lang()).env
        self.currency = order.currency_id
        self.cargo = order._prepare_cargo()
        self.rating_key = order._get_rating_key()
        self.volumetric = order._prepare_volumetric_rule()
        self.charges = {}
        self.margin_rules = [rule._prepare_rule() for rule in margin_rules]
        self.currencies = {currency.name: currency for currency in currencies}
        self.has_rate = self._get_currencies_with_rate(currencies)
        self.exchange_rates = {}
        self.partner = str(order.partner_id.commercial_partner_id.id)
        self.tier = tier.code or None
        self.mode = order.logistics_mode_id.code

    # injected into the engine

    def convert(self, amount, source, target):
        key = source, target
        if key not in self.exchange_rates:
            for name in key:
                if name not in self.has_rate:
                    raise RatingError("exchange_rate_missing", currency=name)
            order = self.order
            self.exchange_rates[key] = _decimal(
                self.env["res.currency"]._get_conversion_rate(
                    self.currencies[source],
                    self.currencies[target],
                    order.company_id,
                    order.date_order or fields.Date.context_today(order),
                )
            )
        return amount * self.exchange_rates[key]

    def round_amount(self, amount, currency):
        step = _decimal(self.currencies[currency].rounding)
        return round_step(amount, step, Direction.NEAREST)

    def _get_currencies_with_rate(self, currencies):
        """Odoo takes 1:1 for a currency without any rate: a quote must not."""
        company = self.order.company_id
        groups = (
            self.env["res.currency.rate"]
            .sudo()
            ._read_group(
                [
                    ("currency_id", "in", currencies.ids),
                    ("company_id", "in", (False, company.root_id.id)),
                ],
                ["currency_id"],
            )
        )
        names = {currency.name for (currency,) in groups}
        return names | {company.currency_id.name}

    # build

    def get_charge(self, rate_):
        """Return the rate as the engine's charge; raise RatingError if it is none."""
        if rate_.id not in self.charges:
            self.charges[rate_.id] = rate_._prepare_charge(self.volumetric)
        return self.charges[rate_.id]

    # compute and prepare

    def prepare_option_vals(self, freight, rates, sequence):
        """Return the values of one option; raise RatingError if it has no price."""
        rating = rate(
            [self.get_charge(rate) for rate in rates],
            self.cargo,
            currency=self.currency.name,
            convert=self.convert,
            round_amount=self.round_amount,
        )
        results = {result.key: result for result in rating.results}
        margins = self._price_for_sale(rates, results)
        ordered = sorted(
            rates,
            key=lambda rate: (
                not rate.mandatory,
                SECTION_ORDER[rate.charge_code_id.section],
                not rate.charge_code_id.is_freight,
                rate.charge_code_id.sequence,
                rate.id,
            ),
        )
        lines = [
            self._prepare_line_vals(
                rate, results[str(rate.id)], margins[str(rate.id)], number
            )
            for number, rate in enumerate(ordered, 1)
        ]
        mandatory = [margins[str(rate.id)] for rate in rates if rate.mandatory]
        contract = freight.contract_id
        return {
            "sequence": sequence,
            "name": self._get_option_name(freight),
            "carrier_id": contract.carrier_id.id,
            "routing": freight.routing,
            "transit_days": freight.transit_days,
            "free_days": freight.free_days,
            "valid_until": rates.filtered("mandatory")._get_end_date(),
            "rate_id": freight.id,
            "rating_key": self.rating_key,
            "currency_id": self.currency.id,
            "sell_amount": float(sum((line.sell for line in mandatory), ZERO)),
            "buy_amount": float(sum((line.buy for line in mandatory), ZERO)),
            "has_unruled_charge": any(
                line.explanation.code == "margin_no_rule" for line in mandatory
            ),
            "line_ids": [Command.create(vals) for vals in lines],
        }

    def describe_problem(self, freight, rates, error):
        key = error.params.get("charge")
        charge_code = rates.filtered(lambda rate: str(rate.id) == key).charge_code_id
        return self.env._(
            "%(option)s was left out: %(problem)s",
            option=self._get_option_name(freight),
            problem=rating_error_message(
                self.env, error, charge_code.display_name or ""
            ),
        )

    def _price_for_sale(self, rates, results):
        """Return {key: margin result}; optional charges earn no minimum profit."""
        lines = {True: [], False: []}
        for rate_ in rates:
            charge_code = rate_.charge_code_id
            result = results[str(rate_.id)]
            lines[rate_.mandatory].append(
                MarginLine(
                    key=result.key,
                    buy=result.converted,
                    quantity=(
                        ONE if Basis(rate_.basis).is_percent else result.quantity
                    ),
                    currency=self.currency.name,
                    partner=self.partner,
                    tier=self.tier,
                    mode=self.mode,
                    section=charge_code.section,
                    is_excluded=charge_code.is_margin_excluded,
                    is_disbursement=charge_code.is_disbursement,
                )
            )
        without_minimum = [
            replace(rule, minimum_profit=ZERO) for rule in self.margin_rules
        ]
        priced = [
            *self._apply_margin(lines[True], self.margin_rules),
            *self._apply_margin(lines[False], without_minimum),
        ]
        return {line.key: line for line in priced}

    def _apply_margin(self, lines, rules):
        return apply_margin(
            lines, rules, convert=self.convert, round_amount=self.round_amount
        )

    def _prepare_line_vals(self, rate_, result, margin, sequence):
        charge_code = rate_.charge_code_id
        return {
            "sequence": sequence,
            "section": charge_code.section,
            "charge_code_id": charge_code.id,
            "name": charge_code.with_env(self.client_env(su=True)).name,
            "basis": rate_.basis,
            # the base of a percentage is a cost
            "quantity": (
                1.0 if Basis(rate_.basis).is_percent else float(result.quantity)
            ),
            "quantity_text": explain_quantity(self.client_env, result.explanation),
            "is_optional": not rate_.mandatory,
            "is_disbursement": charge_code.is_disbursement,
            "has_no_rule": margin.explanation.code == "margin_no_rule",
            "sell_amount": float(margin.sell),
            "order_quantity": float(self._get_order_quantity(result, margin.sell)),
            "rate_id": rate_.id,
            "margin_rule_id": int(margin.rule) if margin.rule else False,
            "buy_amount": float(margin.buy),
            "rate_amount": float(result.amount),
            "rate_currency_id": rate_.currency_id.id,
            "buy_explanation": explain_cost(self.env, result.explanation),
        }

    def _get_order_quantity(self, result, sell):
        """Return the quantity of the order line: one where the price would not divide.

        Order lines round quantities; a rounded quantity or unit price would change
        the amount.
        """
        decimal_precision = self.env["decimal.precision"].precision_get
        quantity = result.quantity
        if result.explanation.code not in ("containers", "quantity", "as_if"):
            return ONE
        if result.parts or quantity <= 0:
            return ONE
        unit = ONE.scaleb(-decimal_precision("Product Unit"))
        cent = ONE.scaleb(-decimal_precision("Product Price"))
        if quantity % unit or (sell / quantity).quantize(cent) * quantity != sell:
            return ONE
        return quantity

    def _get_option_name(self, freight):
        contract = freight.contract_id
        carrier = contract.carrier_id or contract.partner_id
        return ", ".join(filter(None, (carrier.name or contract.name, freight.routing)))
