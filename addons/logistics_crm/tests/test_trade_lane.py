from ast import literal_eval

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestTradeLane(FreightCommon):
    def test_lane_shows_its_ends_and_equipment(self):
        lane = self._create_lane()
        self.assertEqual(lane.display_name, "DEZZ2 – CNZZ3, Test Sea")
        lane.container_type_id = self.env.ref("logistics_crm.container_type_40hc")
        self.assertEqual(lane.display_name, "DEZZ2 – CNZZ3, 40HC")

    def test_lane_of_a_contact_is_refused(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.client.id}
        )
        with self.assertRaisesRegex(UserError, "choose Test Client instead"):
            self._create_lane(contact)

    def test_impossible_figures_are_refused(self):
        with self.assertConstraint("logistics.trade.lane", "cannot be negative"):
            self._create_lane(yearly_volume=-1)
        with self.assertConstraint("logistics.trade.lane", "between 0 and 100"):
            self._create_lane(share_of_wallet=100.1)

    def test_client_that_becomes_a_contact_hands_over_its_lanes(self):
        person = self.env["res.partner"].create({"name": "Ann"})
        lanes = self._create_lane(person) | self._create_lane(person, active=False)
        person.parent_id = self.client
        self.assertEqual(lanes.partner_id, self.client)

    def test_subsidiary_that_becomes_a_contact_hands_over_its_lanes(self):
        subsidiary = self.env["res.partner"].create(
            {"name": "Branch", "is_company": True, "parent_id": self.client.id}
        )
        lane = self._create_lane(subsidiary)
        self.assertEqual(lane.partner_id, subsidiary)
        subsidiary.is_company = False
        self.assertEqual(lane.partner_id, self.client)

    def test_lane_is_found_by_client_and_by_port(self):
        lane = self._create_lane()
        for text in ("Test Client", "CNZZ3", "试验港"):
            found = self.env["logistics.trade.lane"].name_search(text)
            self.assertIn(lane.id, [lane_id for lane_id, _name in found])
        self.assertFalse(self.env["logistics.trade.lane"].name_search("nowhere"))

    def test_lanes_of_an_archived_client_are_not_to_be_won(self):
        lane = self._create_lane()
        for name in (
            "logistics_trade_lane_action",
            "logistics_trade_lane_action_report",
        ):
            action = self.env["ir.actions.act_window"]._for_xml_id(
                f"logistics_crm.{name}"
            )
            lanes = lane.filtered_domain(literal_eval(action["domain"]))
            self.assertEqual(lanes, lane)
            self.client.active = False
            lanes = lane.filtered_domain(literal_eval(action["domain"]))
            self.assertFalse(lanes)
            self.client.active = True

    def test_currency_is_that_of_the_company(self):
        currency = self.setup_other_currency("EUR")
        company = self.env["res.company"].create(
            {"name": "Test Company 2", "currency_id": currency.id}
        )
        lane = self.env["logistics.trade.lane"].with_company(company)
        self.assertEqual(lane.create(self._lane_vals()).currency_id, currency)


@tagged("post_install", "-at_install")
class TestTradeLaneAccess(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._lead_team()
        cls.foreign_client = cls.env["res.partner"].create(
            {
                "name": "Foreign Client",
                "is_company": True,
                "user_id": cls.other_salesperson.id,
            }
        )
        cls.free_client = cls.env["res.partner"].create(
            {"name": "Free Client", "is_company": True, "user_id": False}
        )
        cls.own_lane = cls._create_lane()
        cls.foreign_lane = cls._create_lane(cls.foreign_client)
        cls.free_lane = cls._create_lane(cls.free_client)
        cls.lanes = cls.own_lane | cls.foreign_lane | cls.free_lane

    def _visible(self):
        return self.env["logistics.trade.lane"].search([("id", "in", self.lanes.ids)])

    @users("freight_sales")
    def test_salesperson_works_on_own_and_free_clients_only(self):
        self.assertEqual(self._visible(), self.own_lane | self.free_lane)
        self.own_lane.with_user(self.env.user).yearly_volume = 5
        with self.assertRaises(AccessError):
            self.foreign_lane.with_user(self.env.user).yearly_volume = 5
        with self.assertRaises(AccessError):
            self.env["logistics.trade.lane"].create(
                self._lane_vals(self.foreign_client)
            )
        self.env["logistics.trade.lane"].create(self._lane_vals())

    @users("freight_leader")
    def test_leader_works_on_the_clients_of_the_team(self):
        self.assertEqual(self._visible(), self.own_lane | self.free_lane)
        self.own_lane.with_user(self.env.user).yearly_volume = 5
        with self.assertRaises(AccessError):
            self.foreign_lane.with_user(self.env.user).yearly_volume = 5

    @users("freight_manager", "freight_admin")
    def test_managers_work_on_all_clients(self):
        self.assertEqual(self._visible(), self.lanes)
        self.foreign_lane.with_user(self.env.user).yearly_volume = 5

    @users("freight_none")
    def test_user_without_role_has_no_lanes(self):
        with self.assertRaises(AccessError):
            self._visible()

    def test_lane_of_another_company_is_hidden(self):
        company = self.env["res.company"].create({"name": "Test Company 2"})
        leader = self.user_by_login["freight_leader"]
        self.own_lane.company_id = company
        lanes = self.lanes.with_user(leader)
        self.assertNotIn(self.own_lane, lanes.search([("id", "in", lanes.ids)]))
        leader.company_ids = [Command.link(company.id)]
        lanes = lanes.with_context(allowed_company_ids=(self.company | company).ids)
        self.assertIn(self.own_lane, lanes.search([("id", "in", lanes.ids)]))

    def test_client_of_another_company_is_refused(self):
        company = self.env["res.company"].create({"name": "Test Company 2"})
        self.client.company_id = company
        self.assertEqual(self.own_lane.company_id, company)
        with self.assertRaises(UserError):
            self.own_lane.company_id = self.company
