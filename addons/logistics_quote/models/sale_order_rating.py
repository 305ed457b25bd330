from odoo import api, fields, models
from odoo.exceptions import UserError

from ..rating_engine import RatingError
from .order_rating import OrderRating


class SaleOrder(models.Model):
    """Finding rates: from the enquiry on a quotation to its options."""

    _inherit = "sale.order"

    def action_find_rates(self):
        """Replace the options by those that the rate library gives today."""
        for order in self:
            order.check_access("write")
            order._check_can_be_rated()
            order._rate_options()
        return True

    def _check_can_be_rated(self):
        self.ensure_one()
        if self.state not in ("draft", "sent"):
            raise UserError(
                self.env._(
                    "%(order)s is no longer a quotation: rates can only be found for"
                    " quotations.",
                    order=self.display_name,
                )
            )
        cargo = self.logistics_cargo_ids
        needs_containers = self.logistics_mode_id.cargo_unit == "container"
        missing = [
            label
            for label, is_missing in (
                (self.env._("transport mode"), not self.logistics_mode_id),
                (self.env._("origin"), not self.logistics_origin_id),
                (self.env._("destination"), not self.logistics_destination_id),
                (self.env._("cargo"), not cargo),
                (
                    self.env._("container type and number"),
                    cargo
                    and needs_containers
                    and not any(cargo.mapped("container_count")),
                ),
            )
            if is_missing
        ]
        if missing:
            raise UserError(
                self.env._(
                    "To find rates, enter: %(missing)s.", missing=", ".join(missing)
                )
            )

    def _rate_options(self):
        self.ensure_one()
        company = self.company_id
        partner = self.partner_id.commercial_partner_id
        # Salespeople may not read rates and margin rules: they see the selling price
        # of an option, and its cost only through fields that their groups allow. The
        # search keeps to the order's company and client (see _search_lane).
        candidates = (
            self.env["logistics.rate"]
            .sudo()
            ._search_lane(
                company,
                self.logistics_mode_id,
                self.logistics_origin_id,
                self.logistics_destination_id,
                self.logistics_cargo_date or fields.Date.context_today(self),
                partner,
            )
        )
        rates = (
            self.env["logistics.rate"]
            .sudo()
            .union(*(freight | joining for freight, joining in candidates))
        )
        margin_rules = (
            self.env["logistics.margin.rule"]
            .sudo()
            .search(self._get_margin_rule_domain(company))
        )
        currencies = rates.currency_id | margin_rules.currency_id | self.currency_id
        rating = OrderRating(
            self, margin_rules, currencies, partner.sudo().logistics_tier_id
        )
        options = []
        problems = []
        for sequence, (freight, joining) in enumerate(candidates, 1):
            offered = (freight | joining).with_prefetch(rates.ids)
            try:
                options.append(rating.prepare_option_vals(freight, offered, sequence))
            except RatingError as error:
                problems.append(rating.describe_problem(freight, offered, error))
        self._mark_options(options)
        self._replace_options(options)
        if not candidates:
            problems.append(self._describe_no_rates())
        # `problems` names charges and carriers, no prices
        self.logistics_rating_note = "\n".join(dict.fromkeys(problems))

    @api.model
    def _get_margin_rule_domain(self, company):
        return [("company_id", "in", (False, company.id))]

    def _describe_no_rates(self):
        return self.env._(
            "No valid rate from %(origin)s to %(destination)s (%(mode)s) on"
            " %(date)s. Ask the pricing desk for one, or change the cargo date.",
            origin=self.logistics_origin_id.display_name,
            destination=self.logistics_destination_id.display_name,
            mode=self.logistics_mode_id.name,
            date=fields.Date.to_string(
                self.logistics_cargo_date or fields.Date.context_today(self)
            ),
        )

    @api.model
    def _mark_options(self, options):
        """Mark the cheapest, the fastest and the one with the best margin."""
        if not options:
            return
        lowest = min(vals["sell_amount"] for vals in options)
        fastest = min(
            (vals["transit_days"] for vals in options if vals["transit_days"]),
            default=None,
        )
        best = max(vals["sell_amount"] - vals["buy_amount"] for vals in options)
        for vals in options:
            vals["is_cheapest"] = vals["sell_amount"] == lowest
            vals["is_fastest"] = bool(fastest) and vals["transit_days"] == fastest
            vals["is_best_margin"] = vals["sell_amount"] - vals["buy_amount"] == best
        options.sort(key=lambda vals: vals["sell_amount"])
        for sequence, vals in enumerate(options, 1):
            vals["sequence"] = sequence

    def _replace_options(self, options):
        # Options are read-only for users, so that prices come from rating only; their
        # right to write the order was checked by the caller.
        order = self.sudo()
        used = order.env["sale.order.line"]._read_group(
            [
                (
                    "logistics_option_line_id.option_id",
                    "in",
                    order.logistics_option_ids.ids,
                )
            ],
            ["logistics_option_line_id"],
        )
        kept = order.env["logistics.quote.option"].union(
            *(charge.option_id for (charge,) in used)
        )
        kept.is_stale = True
        (order.logistics_option_ids - kept).unlink()
        order.env["logistics.quote.option"].create(
            [dict(vals, order_id=order.id) for vals in options]
        )
