from odoo import fields
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import rate_queries
from .common import FreightQuoteCommon


@tagged("post_install", "-at_install")
class TestRateSearch(FreightQuoteCommon):
    def _find(self, **vals):
        order = self._create_order(**vals)
        order.action_find_rates()
        return order.logistics_option_ids.carrier_id

    def test_expired_rate_is_never_offered(self):
        self.env.cr.execute(
            "UPDATE logistics_rate SET date_to = '2021-12-31' WHERE contract_id = %s",
            [self.blue_contract.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._find(), self.red)
        # not for a cargo date of its own time either
        self.assertEqual(self._find(logistics_cargo_date="2021-06-01"), self.red)

    def test_expired_contract_is_never_offered(self):
        self.env.cr.execute(
            "UPDATE logistics_rate_contract SET date_to = '2021-12-31' WHERE id = %s",
            [self.blue_contract.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._find(), self.red)

    def test_rate_must_be_valid_on_the_cargo_date(self):
        self.assertEqual(self._find(logistics_cargo_date="2099-07-01"), self.blue)
        self.assertFalse(self._find(logistics_cargo_date="2100-01-01"))

    def test_draft_and_closed_contracts_are_not_offered(self):
        self.blue_contract.copy()
        self.red_contract.action_close()
        self.assertEqual(self._find(), self.blue)

    def test_sell_contract_is_not_offered(self):
        self._create_contract(
            self.client, self.fcl, self.eur, [self._freight(1)], kind="sell"
        ).action_publish()
        self.assertEqual(self._find(), self.red | self.blue)

    def test_other_company_is_not_offered(self):
        other = self.env["res.company"].create({"name": "Other"})
        self._create_contract(
            self.airline, self.fcl, self.eur, [self._freight(1)], company_id=other.id
        ).action_publish()
        self.assertEqual(self._find(), self.red | self.blue)

    def test_named_account_is_offered_to_its_client_only(self):
        self._create_contract(
            self.airline,
            self.fcl,
            self.eur,
            [self._freight(1)],
            client_ids=[Command.link(self.client.id)],
        ).action_publish()
        self.assertIn(self.airline, self._find())
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        self.assertNotIn(self.airline, self._find(partner_id=stranger.id))

    def test_named_account_may_be_a_contact_of_the_client(self):
        contact = self.env["res.partner"].create(
            {"name": "Buyer", "parent_id": self.client.id}
        )
        self._create_contract(
            self.airline,
            self.fcl,
            self.eur,
            [self._freight(1)],
            client_ids=[Command.link(contact.id)],
        ).action_publish()
        self.assertIn(self.airline, self._find())

    def test_lane_search_uses_the_index(self):
        self.env.flush_all()
        self.env.cr.execute(
            """
            INSERT INTO logistics_rate (contract_id, charge_code_id, origin_id,
                   destination_id, mode_id, company_id, kind, state, basis, currency_id,
                   mandatory)
            SELECT r.contract_id, r.charge_code_id, o.id, d.id, r.mode_id,
                   r.company_id, r.kind, r.state, r.basis, r.currency_id, TRUE
              FROM logistics_rate r,
                   (SELECT id FROM logistics_location ORDER BY id LIMIT 100) o,
                   (SELECT id FROM logistics_location ORDER BY id LIMIT 100) d
             WHERE r.id = %s
            """,
            [self.red_contract.rate_ids[0].id],
        )
        self.env.cr.execute("ANALYZE logistics_rate")
        query = rate_queries.lane_rates(
            self.company.id,
            self.fcl.id,
            self.shanghai.id,
            self.hamburg.id,
            fields.Date.today(),
            fields.Date.today(),
            self.client.id,
        )
        plan = "\n".join(
            row[0] for row in self.env.execute_query(SQL("EXPLAIN %s", query))
        )
        self.assertIn("logistics_rate_lane_idx", plan)
        self.assertNotRegex(plan, r"Seq Scan on logistics_rate r(_\d+)?\b")

    def test_queries_do_not_grow_with_the_options(self):
        def queries_of_rating():
            order = self._create_order()
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            order.action_find_rates()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before, len(order.logistics_option_ids)

        queries_of_rating()  # fill what is cached for good
        few, options = queries_of_rating()
        self.assertEqual(options, 2)
        for _number in range(20):
            contract = self.blue_contract.copy()
            contract.action_publish()
        many, options = queries_of_rating()
        self.assertEqual(options, 22)
        self.assertLessEqual(many, few + 2)
        self.assertLess(few, 60)
