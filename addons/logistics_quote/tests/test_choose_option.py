from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FreightQuoteCommon


@tagged("post_install", "-at_install")
class TestChooseOption(FreightQuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.order.action_find_rates()
        cls.option = cls._option_of(cls.order, cls.blue)

    def _charge_lines(self, order):
        return order.order_line.filtered(lambda line: not line.display_type)

    def test_option_becomes_lines_in_sections(self):
        self.option.action_choose()
        self.assertRecordValues(
            self.order.order_line.sorted("sequence"),
            [
                {
                    "display_type": "line_section",
                    "name": "Origin",
                    "product_id": False,
                    "product_uom_qty": 0,
                    "price_unit": 0,
                    "price_subtotal": 0,
                },
                {
                    "display_type": False,
                    "name": "[OTHC] Origin Terminal Handling\n2 × 40HC",
                    "product_id": self.othc.product_id.id,
                    "product_uom_qty": 2,
                    "price_unit": 105.6,
                    "price_subtotal": 211.2,
                },
                {
                    "display_type": "line_section",
                    "name": "Main Carriage",
                    "product_id": False,
                    "product_uom_qty": 0,
                    "price_unit": 0,
                    "price_subtotal": 0,
                },
                {
                    "display_type": False,
                    "name": "[OFR] Ocean Freight\n2 × 40HC",
                    "product_id": self.ofr.product_id.id,
                    "product_uom_qty": 2,
                    "price_unit": 1628.0,
                    "price_subtotal": 3256.0,
                },
                {
                    "display_type": False,
                    "name": "[BAF] Bunker Adjustment Factor",
                    "product_id": self.baf.product_id.id,
                    "product_uom_qty": 1,
                    "price_unit": 325.6,
                    "price_subtotal": 325.6,
                },
                {
                    "display_type": "line_section",
                    "name": "Destination",
                    "product_id": False,
                    "product_uom_qty": 0,
                    "price_unit": 0,
                    "price_subtotal": 0,
                },
                {
                    "display_type": False,
                    "name": "[DO] Delivery Order",
                    "product_id": self.do.product_id.id,
                    "product_uom_qty": 1,
                    "price_unit": 26.4,
                    "price_subtotal": 26.4,
                },
            ],
        )

    def test_money_is_exact(self):
        self.option.action_choose()
        self.assertEqual(self.order.amount_untaxed, 3819.2)
        self.assertAlmostEqual(self.order.margin, 347.2, 6)
        for line in self._charge_lines(self.order):
            charge = line.logistics_option_line_id
            self.assertEqual(line.price_subtotal, charge.sell_amount)
            self.assertAlmostEqual(
                line.purchase_price * line.product_uom_qty, charge.buy_amount, 6
            )
            self.assertAlmostEqual(
                line.margin, charge.sell_amount - charge.buy_amount, 6
            )

    def test_amount_that_does_not_divide_is_one_unit(self):
        # 3 containers at 1000.01 / 1.25 = 2400.02, plus 10 %: 2640.02
        contract = self._create_contract(
            self.airline, self.fcl, self.usd, [self._freight(1000.01)]
        )
        contract.action_publish()
        self.order.logistics_cargo_ids.container_count = 3
        self.order.action_find_rates()
        option = self._option_of(self.order, self.airline)
        self.assertEqual(option.buy_amount, 2400.02)
        self.assertEqual(option.sell_amount, 2640.02)
        option.action_choose()
        line = self._charge_lines(self.order)
        self.assertEqual(line.product_uom_qty, 1)
        self.assertEqual(line.price_subtotal, 2640.02)
        self.assertAlmostEqual(line.margin, 240.0, 6)

    def test_weight_with_three_decimals_keeps_the_amount(self):
        order = self._create_air_order(400.123)
        order.action_find_rates()
        option = order.logistics_option_ids
        self.assertEqual(option.line_ids.rate_amount, 3204.0)  # 400.5 kg x 8
        option.action_choose()
        self.assertEqual(order.amount_untaxed, 400.5)

    def test_choosing_another_option_replaces_the_lines(self):
        manual = self.env["sale.order.line"].create(
            {
                "order_id": self.order.id,
                "name": "Extra",
                "product_id": self.bl.product_id.id,
                "price_unit": 7,
            }
        )
        self.option.action_choose()
        red = self._option_of(self.order, self.red)
        red.action_choose()
        self.assertEqual(self.order.amount_untaxed, 3795 + 7)
        self.assertTrue(manual.exists())
        self.assertEqual(self.order._get_chosen_option(), red)

    def test_taxes_come_from_the_product(self):
        tax = self.env["account.tax"].create(
            {
                "name": "Nine",
                "amount": 9,
                "country_id": self.env.ref("base.de").id,
                "tax_group_id": self.env["account.tax.group"]
                .create({"name": "G", "country_id": self.env.ref("base.de").id})
                .id,
            }
        )
        self.ofr.product_id.taxes_id = tax
        self.option.action_choose()
        freight = self._charge_lines(self.order).filtered("tax_ids")
        self.assertEqual(freight.product_id, self.ofr.product_id)
        self.assertEqual(self.order.amount_untaxed, 3819.2)
        self.assertEqual(self.order.amount_tax, 293.04)

    def test_price_included_tax_is_added_on_top(self):
        tax = self.env["account.tax"].create(
            {
                "name": "Nineteen inside",
                "amount": 19,
                "price_include_override": "tax_included",
                "country_id": self.env.ref("base.de").id,
                "tax_group_id": self.env["account.tax.group"]
                .create({"name": "G", "country_id": self.env.ref("base.de").id})
                .id,
            }
        )
        self.ofr.product_id.taxes_id = tax
        self.option.action_choose()
        self.assertEqual(self.order.amount_untaxed, 3819.2)
        self.assertEqual(self.order.amount_tax, 618.64)
        self.assertAlmostEqual(self.order.margin, 347.2, 6)

    def test_pricelist_leaves_rated_prices_alone(self):
        self.option.action_choose()
        self.order.pricelist_id = self.env["product.pricelist"].create(
            {
                "name": "Discount",
                "currency_id": self.eur.id,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )
        self.order.action_update_prices()
        self.assertEqual(self.order.amount_untaxed, 3819.2)

    def test_currency_change_asks_for_new_rates(self):
        self.order.pricelist_id = self.env["product.pricelist"].create(
            {"name": "Yuan", "currency_id": self.cny.id}
        )
        with self.assertRaisesRegex(UserError, "Find Rates"):
            self.option.action_choose()

    def test_withdrawn_rate_cannot_be_chosen(self):
        self.blue_contract.action_close()
        with self.assertRaisesRegex(UserError, "expired or was withdrawn"):
            self.option.action_choose()

    def test_confirmed_order_cannot_change_its_option(self):
        self.option.action_choose()
        self.order.action_confirm()
        with self.assertRaisesRegex(UserError, "no longer a quotation"):
            self._option_of(self.order, self.red).action_choose()

    def test_copy_keeps_costs_but_not_options(self):
        self.option.action_choose()
        copy = self.order.copy()
        self.assertFalse(copy.logistics_option_ids)
        self.assertEqual(len(copy.logistics_cargo_ids), 1)
        self.assertEqual(copy.amount_untaxed, 3819.2)
        self.assertAlmostEqual(copy.margin, 347.2, 6)

    def test_changed_quantity_keeps_the_unit_cost(self):
        self.option.action_choose()
        freight = self._charge_lines(self.order)[1]
        freight.product_uom_qty = 3
        self.assertEqual(freight.price_unit, 1628.0)
        self.assertAlmostEqual(freight.purchase_price, 1480.0, 6)

    def test_invoice_of_a_confirmed_option(self):
        self.option.action_choose()
        self.order.action_confirm()
        self.assertEqual(self.order.invoice_status, "to invoice")
