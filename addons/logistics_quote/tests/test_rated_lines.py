from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .common import FreightQuoteCommon


@tagged("post_install", "-at_install")
class TestRatedLines(FreightQuoteCommon):
    """What happens to order lines after an option was chosen."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._create_order()
        cls.order.action_find_rates()
        cls._option_of(cls.order, cls.blue).action_choose()
        cls.freight = cls._line_of(cls.order, cls.ofr)

    @classmethod
    def _line_of(cls, order, charge_code):
        return order.order_line.filtered(
            lambda line: line.product_id == charge_code.product_id
        )

    def _create_pricelist(self, currency):
        return self.env["product.pricelist"].create(
            {
                "name": "Half price",
                "currency_id": currency.id,
                "item_ids": [
                    Command.create({"compute_price": "percentage", "percent_price": 50})
                ],
            }
        )

    def test_discount_of_the_pricelist_is_not_given_on_a_rated_price(self):
        group = self.env.ref("sale.group_discount_per_so_line")
        self.env.ref("base.group_user")._apply_group(group)
        self.freight.product_id.list_price = 500
        self.order.pricelist_id = self._create_pricelist(self.eur)
        self.freight.product_uom_qty = 3
        self.assertEqual(self.freight.discount, 0)
        self.assertEqual(self.freight.price_subtotal, 3 * 1628.0)

    def test_price_of_zero_stays_when_the_quantity_changes(self):
        self.ofr.product_id.list_price = 500
        contract = self._create_contract(
            self.airline, self.fcl, self.eur, [self._freight(0)]
        )
        contract.action_publish()
        order = self._create_order()
        order.action_find_rates()
        self._option_of(order, self.airline).action_choose()
        line = self._line_of(order, self.ofr)
        line.product_uom_qty = 5
        self.assertEqual(line.price_unit, 0)

    def test_another_product_takes_its_own_price_and_cost(self):
        product = self.env["product.product"].create(
            {"name": "Pallet", "list_price": 9, "standard_price": 7}
        )
        self.freight.product_id = product
        self.assertEqual(self.freight.purchase_price, 7)
        self.assertEqual(self.freight.price_unit, 9)

    def test_order_in_another_currency_is_not_confirmed_with_the_same_number(self):
        self.order.pricelist_id = self._create_pricelist(self.cny)
        self.assertEqual(self.order.currency_id, self.cny)
        self.assertTrue(self.order.logistics_rates_outdated)
        with self.assertRaisesRegex(UserError, "rated in EUR"):
            self.order.action_confirm()
        for line in self.order.order_line.filtered("product_id"):
            line.price_unit *= 8
        self.order.action_confirm()

    def test_duplicate_says_that_its_prices_are_old(self):
        self.assertFalse(self.order.logistics_rates_outdated)
        seller = new_test_user(
            self.env, "freight_second", "logistics_crm.group_salesperson"
        )
        copy = self.order.copy({"user_id": seller.id})
        self.assertTrue(copy.with_user(seller).logistics_rates_outdated)
        with Form(copy.with_user(seller)) as form, form.order_line.edit(1) as line:
            line.product_uom_qty = 3
        copy.with_user(seller).action_find_rates()
        self._option_of(copy, self.red).with_user(seller).action_choose()
        self.assertFalse(copy.logistics_rates_outdated)

    def test_validity_is_shortened_but_never_extended(self):
        red = self._option_of(self.order, self.red)
        self.order.validity_date = "2030-01-01"
        red.action_choose()
        self.assertEqual(str(self.order.validity_date), "2030-01-01")
        self.order.validity_date = "2099-12-01"
        red.action_choose()
        self.assertEqual(str(self.order.validity_date), "2099-06-30")

    def test_option_of_a_superseded_rate_cannot_be_chosen(self):
        blue = self._option_of(self.order, self.blue)
        amendment = self.env["logistics.rate.contract"].browse(
            self.blue_contract.action_new_amendment()["res_id"]
        )
        amendment.date_from = "2098-01-01"
        amendment.action_publish()
        blue.action_choose()
        self.order.logistics_cargo_date = "2098-01-01"
        blue.rating_key = self.order._get_rating_key()
        with self.assertRaisesRegex(UserError, "expired or was withdrawn"):
            blue.action_choose()
