from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import FreightQuoteCommon


@tagged("post_install", "-at_install")
class TestRoles(FreightQuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.order = cls._create_order(user=cls.salesperson)
        cls.order.action_find_rates()

    def test_salesperson_works_on_own_quotes(self):
        order = self._create_order(user=self.salesperson).with_user(self.salesperson)
        order.logistics_cargo_ids.container_count = 1
        order.action_find_rates()
        order.logistics_option_ids[0].action_choose()
        self.assertTrue(order.order_line)

    def test_salesperson_does_not_see_others_quotes(self):
        other = new_test_user(
            self.env, "freight_other", "logistics_crm.group_salesperson"
        )
        for records in (
            self.order.logistics_cargo_ids,
            self.order.logistics_option_ids,
            self.order.logistics_option_ids.line_ids,
        ):
            model = self.env[records._name].with_user(other)
            self.assertFalse(model.search([("id", "in", records.ids)]))
        with self.assertRaises(AccessError):
            self.order.logistics_option_ids[0].with_user(other).action_choose()
        with self.assertRaises(AccessError):
            self.order.with_user(other).action_find_rates()

    def test_team_leader_sees_all_quotes(self):
        leader = new_test_user(
            self.env, "freight_leader", "logistics_crm.group_team_leader"
        )
        options = self.order.logistics_option_ids.with_user(leader)
        self.assertEqual(len(options.mapped("name")), 2)

    def test_pricing_sees_and_rates_all_quotes_of_its_companies(self):
        order = self.order.with_user(self.pricer)
        self.assertEqual(order.search([("id", "=", order.id)]), order)
        self.assertEqual(len(order.logistics_option_ids.mapped("margin")), 2)
        order.action_find_rates()
        order.logistics_option_ids[0].action_choose()
        self.assertTrue(order.margin)

    def test_pricing_keeps_the_library(self):
        Contract = self.env["logistics.rate.contract"].with_user(self.pricer)
        contract = Contract.create(
            {
                "partner_id": self.blue.id,
                "mode_id": self.fcl.id,
                "rate_ids": [Command.create(self._freight(1))],
            }
        )
        contract.action_publish()
        contract.action_new_amendment()
        contract.action_close()
        self.env["logistics.margin.rule"].with_user(self.pricer).create({"percent": 1})

    def test_manager_reads_the_library_and_sets_margins(self):
        contract = self.blue_contract.with_user(self.manager)
        self.assertEqual(contract.rate_count, 5)
        with self.assertRaises(AccessError):
            contract.action_close()
        self.rule.with_user(self.manager).percent = 12

    def test_salesperson_does_not_change_charge_codes(self):
        self.assertTrue(self.ofr.with_user(self.salesperson).name)
        with self.assertRaises(AccessError):
            self.ofr.with_user(self.salesperson).name = "Mine"

    def test_plain_user_and_portal_have_nothing(self):
        for user in (self.plain, self.portal):
            for model in (
                "logistics.charge.code",
                "logistics.rate.contract",
                "logistics.rate",
                "logistics.rate.price",
                "logistics.rate.import",
                "logistics.margin.rule",
                "logistics.cargo.line",
                "logistics.quote.option",
                "logistics.quote.option.line",
            ):
                with (
                    self.subTest(user=user.login, model=model),
                    self.assertRaises(AccessError),
                ):
                    self.env[model].with_user(user).search([])

    def test_portal_client_cannot_rate_or_choose(self):
        self.portal.partner_id.parent_id = self.client
        order = self.order.with_user(self.portal)
        self.assertTrue(order.name)
        with self.assertRaises(AccessError):
            order.action_find_rates()
        with self.assertRaises(AccessError):
            self.order.logistics_option_ids[0].with_user(self.portal).action_choose()

    def test_accountant_opens_a_freight_order(self):
        accountant = new_test_user(
            self.env, "freight_accountant", "account.group_account_invoice"
        )
        order = self.order.with_user(accountant)
        self.assertEqual(len(order.logistics_option_ids), 2)
        self.assertEqual(len(order.logistics_cargo_ids), 1)

    def test_seller_without_freight_rights_duplicates_an_order(self):
        seller = new_test_user(
            self.env, "freight_seller", "sales_team.group_sale_salesman"
        )
        self.order.user_id = seller
        self.assertTrue(self.order.with_user(seller).copy().logistics_cargo_ids)

    def test_companies_are_kept_apart(self):
        other = self.env["res.company"].create({"name": "Other"})
        user = new_test_user(
            self.env,
            "freight_elsewhere",
            "logistics_quote.group_pricing",
            company_id=other.id,
            company_ids=[Command.set(other.ids)],
        )
        for records in (
            self.blue_contract,
            self.blue_contract.rate_ids,
            self.blue_contract.rate_ids.price_ids,
            self.rule,
            self.order.logistics_cargo_ids,
            self.order.logistics_option_ids,
            self.order.logistics_option_ids.line_ids,
        ):
            model = self.env[records._name].with_user(user)
            self.assertFalse(model.search([("id", "in", records.ids)]), records._name)
        self.assertIn(self.ofr, self.env[self.ofr._name].with_user(user).search([]))

    def test_option_of_another_company_is_rated_by_its_own_contracts(self):
        other = self.env["res.company"].create(
            {"name": "Other", "currency_id": self.usd.id}
        )
        self.usd.write(
            {
                "rate_ids": [
                    Command.create(
                        {"name": "2020-01-01", "rate": 1, "company_id": other.id}
                    )
                ]
            }
        )
        self._create_contract(
            self.airline, self.fcl, self.usd, [self._freight(500)], company_id=other.id
        ).action_publish()
        order = self._create_order(company_id=other.id)
        order.action_find_rates()
        self.assertRecordValues(
            order.logistics_option_ids,
            [
                {
                    "carrier_id": self.airline.id,
                    "buy_amount": 1000,
                    "currency_id": self.usd.id,
                }
            ],
        )
