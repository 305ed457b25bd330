from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from ..models.selections import BASES
from ..rating_engine import Basis
from .common import FreightQuoteCommon


@tagged("post_install", "-at_install")
class TestRateContract(FreightQuoteCommon):
    def test_published_contract_is_immutable(self):
        rate = self.blue_contract.rate_ids[0]
        changes = (
            lambda: self.blue_contract.write({"date_to": "2030-01-01"}),
            lambda: self.blue_contract.write({"client_ids": [Command.clear()]}),
            lambda: rate.write({"amount": 1}),
            lambda: rate.price_ids[0].write({"amount": 1}),
            rate.price_ids.unlink,
            rate.unlink,
            rate.copy,
            lambda: self.env["logistics.rate.price"].create(
                {
                    "rate_id": rate.id,
                    "container_type_id": self.env.ref(
                        "logistics_crm.container_type_45hc"
                    ).id,
                    "amount": 1,
                }
            ),
            self.blue_contract.unlink,
        )
        for change in changes:
            with self.assertRaisesRegex(UserError, "New Amendment"):
                change()

    def test_rate_cannot_move_into_a_published_contract(self):
        draft = self.blue_contract.copy()
        with self.assertRaisesRegex(UserError, "New Amendment"):
            draft.rate_ids[0].contract_id = self.red_contract

    def test_price_cannot_move_into_a_published_contract(self):
        price = self.blue_contract.copy().rate_ids.price_ids[0]
        with self.assertRaisesRegex(UserError, "New Amendment"):
            price.rate_id = self.red_contract.rate_ids[0]

    def test_published_contract_does_not_become_a_draft_again(self):
        for state in ("draft", "published"):
            with self.assertRaisesRegex(UserError, "New Amendment"):
                self.blue_contract.state = state if state == "draft" else "draft"
            self.blue_contract.action_close()
            with self.assertRaisesRegex(UserError, "New Amendment"):
                self.blue_contract.state = state

    def test_last_named_account_cannot_be_deleted(self):
        contract = self.blue_contract.copy({"client_ids": [self.client.id]})
        contract.action_publish()
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            self.client.unlink()

    def test_charge_that_a_percentage_is_taken_of_cannot_be_deleted(self):
        code = self.env["logistics.charge.code"].create(
            {"code": "ZZZ", "name": "Z", "product_id": self.bl.product_id.id}
        )
        self._create_contract(
            self.red,
            self.fcl,
            self.eur,
            [
                {
                    "charge_code_id": self.baf.id,
                    "basis": "percent",
                    "amount": 5,
                    "percent_of_ids": [Command.link(code.id)],
                }
            ],
        )
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            code.unlink()

    def test_percentage_takes_no_price_table(self):
        with self.assertRaisesRegex(ValidationError, "is a percentage"):
            self._create_contract(
                self.red,
                self.fcl,
                self.eur,
                [
                    {
                        "charge_code_id": self.baf.id,
                        "basis": "percent_freight",
                        "amount": 5,
                        "price_ids": [Command.create({"amount": 1})],
                    }
                ],
            )

    def test_earlier_amendment_also_takes_over_from_the_first_contract(self):
        contract = self.blue_contract
        for date_from in ("2098-01-01", "2097-01-01"):
            contract = contract.browse(contract.action_new_amendment()["res_id"])
            contract.date_from = date_from
            contract.action_publish()
        order = self._create_order(logistics_cargo_date="2097-06-01")
        order.action_find_rates()
        option = self._option_of(order, self.blue)
        self.assertEqual(option.rate_id.contract_id, contract)

    def test_prices_are_shown_with_the_decimals_that_they_have(self):
        rate = self.air_contract.rate_ids.copy(
            {"contract_id": self.air_contract.copy({"rate_ids": []}).id}
        )
        rate.price_ids[0].amount = 1234.5678
        self.assertEqual(rate.price_summary, "+45: 1,234.5678, +100: 9, +300: 8")

    def test_published_contract_takes_remarks_and_messages(self):
        self.blue_contract.note = "<p>Ask for space early</p>"
        self.blue_contract.message_post(body="Seen")

    def test_amendment_copies_and_takes_over(self):
        action = self.blue_contract.action_new_amendment()
        amendment = self.env["logistics.rate.contract"].browse(action["res_id"])
        self.assertEqual(
            self.blue_contract.action_new_amendment()["res_id"], amendment.id
        )
        self.assertRecordValues(
            amendment,
            [
                {
                    "state": "draft",
                    "amendment": 1,
                    "amends_id": self.blue_contract.id,
                    "contract_number": "B-1",
                    "rate_count": 5,
                }
            ],
        )
        amendment.date_from = "2098-01-01"
        freight = amendment.rate_ids.filtered("transit_days")
        freight.price_ids.filtered(
            lambda price: price.container_type_id == self.hc40
        ).amount = 2000
        amendment.action_publish()
        self.assertEqual(self.blue_contract.state, "published")

        order = self._create_order(logistics_cargo_date="2097-12-31")
        order.action_find_rates()
        self.assertEqual(self._option_of(order, self.blue).buy_amount, 3472.0)
        order.logistics_cargo_date = "2098-01-01"
        order.action_find_rates()
        option = self._option_of(order, self.blue)
        self.assertEqual(option.rate_id, freight)
        self.assertEqual(option.buy_amount, 3736.0)  # (4000 + 400 + 270) / 1.25

    def test_two_prices_for_one_day_are_refused(self):
        contract = self._create_contract(
            self.red,
            self.fcl,
            self.eur,
            [
                self._freight(1, date_to="2030-06-30"),
                self._freight(2, date_from="2030-06-30"),
            ],
        )
        with self.assertRaisesRegex(UserError, "Two rates apply to the same days"):
            contract.action_publish()
        contract.rate_ids[1].date_from = "2030-07-01"
        contract.action_publish()

    def test_empty_contract_is_not_published(self):
        contract = self._create_contract(self.red, self.fcl, self.eur, [])
        with self.assertRaisesRegex(UserError, "add at least one rate"):
            contract.action_publish()

    def test_buy_contract_needs_a_vendor(self):
        with self.assertRaisesRegex(ValidationError, "needs a vendor"):
            self.env["logistics.rate.contract"].create({"mode_id": self.fcl.id})

    def test_percentage_needs_its_base(self):
        with self.assertRaisesRegex(ValidationError, "which charges"):
            self._create_contract(
                self.red,
                self.fcl,
                self.eur,
                [{"charge_code_id": self.baf.id, "basis": "percent", "amount": 5}],
            )

    def test_container_price_needs_the_container_basis(self):
        with self.assertRaisesRegex(ValidationError, "its basis must be"):
            self._create_contract(
                self.red, self.fcl, self.eur, [self._freight(1, basis="wm")]
            )

    @mute_logger("odoo.sql_db")
    def test_code_is_unique_in_its_company(self):
        vals = {
            "code": "OFR",
            "name": "Again",
            "product_id": self.ofr.product_id.id,
        }
        self.env["logistics.charge.code"].create(
            {**vals, "company_id": self.company.id}
        )
        with self.assertRaisesRegex(IntegrityError, "code_uniq"):
            self.env["logistics.charge.code"].create(vals)

    def test_form_proposes_basis_and_currency(self):
        draft = self.blue_contract.copy()
        with Form(
            self.env["logistics.rate"].with_context(default_contract_id=draft.id)
        ) as form:
            form.charge_code_id = self.bl
            self.assertEqual(form.basis, "shipment")
            self.assertEqual(form.currency_id, self.usd)
            form.amount = 50
        self.assertEqual(draft.rate_count, 6)

    def test_engine_knows_every_basis_of_the_library(self):
        self.assertLessEqual({value for value, _label in BASES}, {*map(str, Basis)})

    def test_amounts_keep_six_decimals(self):
        draft = self.blue_contract.copy()
        rate = self.env["logistics.rate"].create(
            {
                "contract_id": draft.id,
                "charge_code_id": self.bl.id,
                "amount": 0.123456,
            }
        )
        rate.invalidate_recordset()
        self.assertEqual(rate.amount, 0.123456)
