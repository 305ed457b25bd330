from psycopg2 import IntegrityError

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common import FreightQuoteCommon


@tagged("post_install", "-at_install")
class TestFindRates(FreightQuoteCommon):
    def test_two_contracts_make_two_options(self):
        order = self._create_order()
        order.action_find_rates()
        self.assertRecordValues(
            order.logistics_option_ids,
            [
                # 2 x 1700 + 50, plus 10 %
                {
                    "carrier_id": self.red.id,
                    "buy_amount": 3450.0,
                    "sell_amount": 3795.0,
                    "margin": 345.0,
                    "transit_days": 28,
                    "is_cheapest": True,
                    "is_fastest": True,
                    "is_best_margin": False,
                },
                # (2 x 1850 + 10 % + 2 x 120 + 30) USD / 1.25, plus 10 %
                {
                    "carrier_id": self.blue.id,
                    "buy_amount": 3472.0,
                    "sell_amount": 3819.2,
                    "margin": 347.2,
                    "transit_days": 33,
                    "is_cheapest": False,
                    "is_fastest": False,
                    "is_best_margin": True,
                },
            ],
        )
        self.assertFalse(order.logistics_rating_note)
        self.assertFalse(order.logistics_rates_outdated)

    def test_charges_of_an_option_in_sections(self):
        order = self._create_order()
        order.action_find_rates()
        self.assertRecordValues(
            self._option_of(order, self.blue).line_ids,
            [
                {
                    "section": "origin",
                    "charge_code_id": self.othc.id,
                    "rate_amount": 240.0,
                    "buy_amount": 192.0,
                    "sell_amount": 211.2,
                    "quantity_text": "2 × 40HC",
                    "is_optional": False,
                },
                {
                    "section": "main",
                    "charge_code_id": self.ofr.id,
                    "rate_amount": 3700.0,
                    "buy_amount": 2960.0,
                    "sell_amount": 3256.0,
                    "quantity_text": "2 × 40HC",
                    "is_optional": False,
                },
                {
                    "section": "main",
                    "charge_code_id": self.baf.id,
                    "rate_amount": 370.0,
                    "buy_amount": 296.0,
                    "sell_amount": 325.6,
                    "quantity_text": "",
                    "is_optional": False,
                },
                {
                    "section": "destination",
                    "charge_code_id": self.do.id,
                    "rate_amount": 30.0,
                    "buy_amount": 24.0,
                    "sell_amount": 26.4,
                    "quantity_text": "",
                    "is_optional": False,
                },
                {
                    "section": "origin",
                    "charge_code_id": self.seal.id,
                    "rate_amount": 30.0,
                    "buy_amount": 24.0,
                    "sell_amount": 26.4,
                    "quantity_text": "2 × 40HC",
                    "is_optional": True,
                },
            ],
        )

    def test_explanation_names_the_reckoning(self):
        order = self._create_order()
        order.action_find_rates()
        freight = self._option_of(order, self.blue).line_ids[1]
        self.assertEqual(freight.buy_explanation, "2 × 40HC × 1,850.00 = 3,700.00 USD")

    def test_validity_is_of_the_rate_that_expires_first(self):
        order = self._create_order()
        order.action_find_rates()
        option = self._option_of(order, self.red)
        self.assertEqual(str(option.valid_until), "2099-06-30")

    def test_as_if_weight(self):
        order = self._create_air_order(98)
        order.action_find_rates()
        line = order.logistics_option_ids.line_ids
        self.assertEqual(line.rate_amount, 900.0)
        self.assertEqual(line.buy_amount, 112.5)
        self.assertEqual(line.quantity, 100)
        self.assertEqual(line.quantity_text, "98 kg as 100 kg")

    def test_no_margin_rule_sells_at_cost_and_says_so(self):
        order = self._create_air_order(98)
        order.action_find_rates()
        option = order.logistics_option_ids
        self.assertTrue(option.has_unruled_charge)
        self.assertEqual(option.sell_amount, option.buy_amount)

    def test_disbursement_stays_at_cost(self):
        self.do.is_disbursement = True
        order = self._create_order()
        order.action_find_rates()
        option = self._option_of(order, self.red)
        self.assertEqual(option.sell_amount, 3790.0)
        self.assertFalse(option.has_unruled_charge)

    def test_minimum_profit_falls_on_the_dearest_charge(self):
        self.rule.minimum_profit = 500
        order = self._create_order()
        order.action_find_rates()
        option = self._option_of(order, self.red)
        self.assertEqual(option.margin, 500.0)
        self.assertEqual(option.line_ids[0].sell_amount, 3895.0)

    def test_rule_of_the_client_wins(self):
        self.env["logistics.margin.rule"].create(
            {"partner_id": self.client.id, "percent": 20, "currency_id": self.eur.id}
        )
        order = self._create_order(
            partner_id=self.env["res.partner"]
            .create({"name": "Contact", "parent_id": self.client.id})
            .id
        )
        order.action_find_rates()
        self.assertEqual(self._option_of(order, self.red).sell_amount, 4140.0)

    def test_rule_of_the_tier(self):
        tier = self.env["logistics.value.tier"].create({"name": "T", "code": "T9"})
        self.client.logistics_tier_id = tier
        self.env["logistics.margin.rule"].create(
            {"tier_id": tier.id, "percent": 5, "currency_id": self.eur.id}
        )
        order = self._create_order()
        order.action_find_rates()
        self.assertEqual(self._option_of(order, self.red).sell_amount, 3622.5)

    def test_order_in_another_currency(self):
        pricelist = self.env["product.pricelist"].create(
            {"name": "Yuan", "currency_id": self.cny.id}
        )
        order = self._create_order(pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, self.cny)
        order.action_find_rates()
        option = self._option_of(order, self.blue)
        # USD / 1.25 * 8
        self.assertEqual(option.buy_amount, 27776.0)
        self.assertEqual(option.sell_amount, 30553.6)

    def test_currency_without_exchange_rate_is_not_one_to_one(self):
        gbp = self.setup_other_currency("GBP")
        contract = self._create_contract(self.blue, self.fcl, gbp, [self._freight(1)])
        contract.action_publish()
        order = self._create_order()
        order.action_find_rates()
        self.assertEqual(len(order.logistics_option_ids), 2)
        self.assertIn("GBP", order.logistics_rating_note)

    def test_missing_container_price_leaves_the_option_out(self):
        order = self._create_order(
            logistics_cargo_ids=[
                Command.create(
                    {
                        "container_type_id": self.env.ref(
                            "logistics_crm.container_type_20rf"
                        ).id
                    }
                )
            ]
        )
        order.action_find_rates()
        self.assertFalse(order.logistics_option_ids)
        self.assertIn("has no price for 20RF", order.logistics_rating_note)

    def test_no_rate_says_what_to_do(self):
        order = self._create_order(logistics_origin_id=self.airport.id)
        order.action_find_rates()
        self.assertFalse(order.logistics_option_ids)
        self.assertIn("No valid rate from Test Field", order.logistics_rating_note)

    def test_missing_input_is_listed(self):
        order = self._create_order(
            logistics_destination_id=False, logistics_cargo_ids=[]
        )
        with self.assertRaisesRegex(UserError, "enter: destination, cargo"):
            order.action_find_rates()

    def test_confirmed_order_is_not_rated(self):
        order = self._create_order()
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "no longer a quotation"):
            order.action_find_rates()

    def test_several_container_types(self):
        order = self._create_order(
            logistics_cargo_ids=[
                Command.create({"container_type_id": self.hc40.id}),
                Command.create(
                    {"container_type_id": self.gp20.id, "container_count": 3}
                ),
            ]
        )
        self.assertEqual(order.logistics_teu, 5)
        order.action_find_rates()
        option = self._option_of(order, self.red)
        self.assertEqual(option.buy_amount, 1700 + 3 * 1000 + 50)
        self.assertEqual(option.line_ids[0].quantity_text, "1 × 40HC + 3 × 20GP")

    def test_own_charge_wins_over_local_charge(self):
        self._create_contract(
            self.env["res.partner"].create({"name": "Port agent"}),
            self.fcl,
            self.eur,
            [
                {"charge_code_id": self.do.id, "amount": 99},
                {
                    "charge_code_id": self.bl.id,
                    "origin_id": self.shanghai.id,
                    "amount": 40,
                },
            ],
            is_local=True,
        ).action_publish()
        order = self._create_order()
        order.action_find_rates()
        option = self._option_of(order, self.red)
        self.assertEqual(option.buy_amount, 3400 + 50 + 40)

    def test_own_code_wins_over_a_shared_local_charge_of_the_same_code(self):
        own = self.env["logistics.charge.code"].create(
            {
                "code": "DO",
                "name": "Delivery Order",
                "section": "destination",
                "product_id": self.do.product_id.id,
                "company_id": self.company.id,
            }
        )
        self._create_contract(
            self.blue,
            self.fcl,
            self.eur,
            [{"charge_code_id": own.id, "amount": 99}],
            is_local=True,
        ).action_publish()
        order = self._create_order()
        order.action_find_rates()
        self.assertEqual(self._option_of(order, self.red).buy_amount, 3450)

    def test_faulty_rate_leaves_only_its_option_out(self):
        # as an older version of the library may hold it
        rate = self.blue_contract.rate_ids[3]
        self.env.cr.execute(
            "INSERT INTO logistics_rate_price (rate_id, from_quantity, amount)"
            " VALUES (%s, 5, 1)",
            [rate.id],
        )
        self.env.invalidate_all()
        order = self._create_order()
        order.action_find_rates()
        self.assertEqual(order.logistics_option_ids.carrier_id, self.red)
        self.assertIn("Bunker Adjustment Factor", order.logistics_rating_note)

    def test_negative_number_can_be_typed_and_corrected(self):
        order = self._create_air_order(98)
        with Form(order) as form:
            for pieces in (-5, 5):
                with form.logistics_cargo_ids.edit(0) as line:
                    line.pieces = pieces
        self.assertEqual(order.logistics_pieces, 5)

    def test_moved_cargo_line_is_the_same_cargo(self):
        order = self._create_air_order(98)
        order.logistics_cargo_ids = [Command.create({"pieces": 2, "weight_kg": 5})]
        order.action_find_rates()
        order.logistics_cargo_ids[0].sequence = 99
        order.invalidate_recordset()
        self.assertFalse(order.logistics_rates_outdated)

    def test_measures(self):
        order = self._create_air_order(
            1,
            logistics_cargo_ids=[
                Command.create(
                    {
                        "pieces": 3,
                        "length_cm": 120,
                        "width_cm": 60,
                        "height_cm": 90,
                        "weight_kg": 120,
                    }
                )
            ],
        )
        self.assertEqual(order.logistics_pieces, 3)
        self.assertEqual(order.logistics_volume_m3, 1.944)
        self.assertEqual(order.logistics_chargeable_kg, 324)
        self.assertEqual(order.logistics_weight_measure, 1.944)

    @mute_logger("odoo.sql_db")
    def test_negative_cargo_is_refused(self):
        with self.assertRaisesRegex(IntegrityError, "not_negative"):
            self._create_air_order(-1)

    def test_rating_again_replaces_options_and_outdates_the_chosen_one(self):
        order = self._create_order()
        order.action_find_rates()
        chosen = self._option_of(order, self.red)
        other = self._option_of(order, self.blue)
        chosen.action_choose()
        order.logistics_cargo_ids.container_count = 3
        self.assertTrue(order.logistics_rates_outdated)
        order.action_find_rates()
        self.assertFalse(other.exists())
        self.assertTrue(chosen.is_stale)
        self.assertTrue(chosen.is_chosen)
        self.assertEqual(len(order.logistics_option_ids), 3)
        with self.assertRaisesRegex(UserError, "Find Rates"):
            chosen.action_choose()
        self._option_of(order, self.red).action_choose()
        self.assertFalse(order._get_chosen_option().is_stale)
        order.action_find_rates()
        self.assertFalse(chosen.exists(), "nothing refers to it any more")
