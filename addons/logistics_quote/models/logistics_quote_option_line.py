from odoo import api, fields, models

from .selections import BASES, SECTIONS


class LogisticsQuoteOptionLine(models.Model):
    _name = "logistics.quote.option.line"
    _description = "Freight Quote Option Charge"
    _order = "option_id, sequence, id"
    _check_company_auto = True

    option_id = fields.Many2one(
        "logistics.quote.option", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="option_id.company_id", store=True)
    sequence = fields.Integer()
    section = fields.Selection(SECTIONS, required=True)
    charge_code_id = fields.Many2one(
        "logistics.charge.code", required=True, ondelete="restrict", check_company=True
    )
    name = fields.Char(required=True, help="In the client's language.")
    basis = fields.Selection(BASES)
    quantity = fields.Float(digits=(16, 4))
    quantity_text = fields.Char(
        string="Charged For", help="In the client's language: 98 kg as 100 kg."
    )
    is_optional = fields.Boolean(
        string="Optional", help="Not added to the total, nor to the order."
    )
    is_disbursement = fields.Boolean(string="Disbursement")
    has_no_rule = fields.Boolean(
        string="No Margin Rule", groups="logistics_quote.group_buy_price"
    )

    currency_id = fields.Many2one(related="option_id.currency_id", store=True)
    sell_amount = fields.Monetary(string="Price")
    order_quantity = fields.Float(
        help="Quantity of the order line; its price times this is exactly the price."
    )

    rate_id = fields.Many2one(
        "logistics.rate",
        index="btree_not_null",
        ondelete="set null",
        groups="logistics_quote.group_buy_price",
    )
    margin_rule_id = fields.Many2one(
        "logistics.margin.rule",
        ondelete="set null",
        groups="logistics_quote.group_buy_price",
    )
    buy_amount = fields.Monetary(
        string="Cost", groups="logistics_quote.group_buy_price"
    )
    rate_amount = fields.Monetary(
        string="Cost in Rate Currency",
        currency_field="rate_currency_id",
        groups="logistics_quote.group_buy_price",
    )
    rate_currency_id = fields.Many2one(
        "res.currency", groups="logistics_quote.group_buy_price"
    )
    margin = fields.Monetary(
        compute="_compute_margin", groups="logistics_quote.group_buy_price"
    )
    buy_explanation = fields.Char(
        string="Cost Explained", groups="logistics_quote.group_buy_price"
    )

    @api.depends("sell_amount", "buy_amount")
    def _compute_margin(self):
        for line in self:
            line.margin = line.sell_amount - line.buy_amount

    def _prepare_order_line_vals(self, order, sequence):
        self.ensure_one()
        product = self.charge_code_id.product_id.with_context(lang=order._get_lang())
        # begins as order lines of the product do: their widget expects it
        name = product.get_product_multiline_description_sale()
        if self.quantity_text:
            name = f"{name}\n{self.quantity_text}"
        return {
            "order_id": order.id,
            "sequence": sequence,
            "product_id": product.id,
            "name": name,
            "product_uom_qty": self.order_quantity,
            "price_unit": self.sell_amount / self.order_quantity,
            # a pricelist discount is for list prices, not for rated ones
            "discount": 0.0,
            "logistics_section": self.section,
            "logistics_option_line_id": self.id,
        }
