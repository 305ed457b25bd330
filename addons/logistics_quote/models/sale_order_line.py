from odoo import api, fields, models

from .selections import SECTIONS


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    logistics_section = fields.Selection(
        SECTIONS,
        string="Freight Section",
        help="Set on the lines that come from a freight option.",
    )
    # copied with the order: it keeps the cost of the copied line
    logistics_option_line_id = fields.Many2one(
        "logistics.quote.option.line",
        string="Rated Charge",
        index="btree_not_null",
        ondelete="set null",
    )
    # Not precomputed: precomputation reads the fields as the user, who may not see
    # them. After the creation they are computed in superuser mode.
    purchase_price = fields.Float(
        groups="logistics_quote.group_buy_price", precompute=False
    )
    margin = fields.Float(groups="logistics_quote.group_buy_price", precompute=False)
    margin_percent = fields.Float(
        groups="logistics_quote.group_buy_price", precompute=False
    )

    def _compute_price_unit(self):
        """Keep a rated price, also one of zero, when the quantity changes."""
        return super(SaleOrderLine, self - self._get_rated())._compute_price_unit()

    def _compute_discount(self):
        """Leave rated prices out of the discounts of a pricelist."""
        return super(SaleOrderLine, self - self._get_rated())._compute_discount()

    @api.depends("logistics_option_line_id")
    def _compute_purchase_price(self):
        rated = self._get_rated()
        res = super(SaleOrderLine, self - rated)._compute_purchase_price()
        for line in rated:
            charge = line.logistics_option_line_id
            line.purchase_price = line._convert_to_sol_currency(
                charge.buy_amount / charge.order_quantity, charge.currency_id
            )
        return res

    def _get_rated(self):
        """Return the lines that an option gave their price and cost.

        Not those whose product was changed since: they are for something else.
        """
        # the option may belong to an order that the user may not see: the one that
        # this order was duplicated from
        return self.filtered(
            lambda line: (
                line.logistics_option_line_id
                and line.sudo().logistics_option_line_id.charge_code_id.product_id
                == line.product_id
            )
        )

    def _keep_amount_with_included_taxes(self):
        """Put taxes that a price includes on top of the rated price, not inside."""
        for line in self.filtered(
            lambda line: any(line.tax_ids.mapped("price_include"))
        ):
            details = line.tax_ids._get_tax_details(
                line.price_unit,
                1.0,
                rounding_method="round_globally",
                product=line.product_id,
                special_mode="total_excluded",
            )
            price = details["total_excluded"] + sum(
                tax_data["tax_amount"]
                for tax_data in details["taxes_data"]
                if tax_data["tax"].price_include
            )
            line.write({"price_unit": price, "technical_price_unit": price})
