from odoo import Command
from odoo.tests import tagged, users, warmup
from odoo.tools import SQL

from .common import FreightCommon
from .form_spec import form_specification

NAMED = {"fields": {"display_name": {}}}
LIST = {
    "complete_name": {},
    "logistics_stage_id": NAMED,
    "logistics_tier_id": NAMED,
    "user_id": NAMED,
    "country_id": NAMED,
    "logistics_cooperation": {},
    "logistics_profile_completeness": {},
    "logistics_role_ids": NAMED,
    "logistics_lane_count": {},
}


@tagged("post_install", "-at_install")
class TestQueryCounts(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        service = cls.env.ref("logistics_crm.service_sea_fcl")
        role = cls.env.ref("logistics_crm.partner_role_shipper")
        cls.clients = cls.env["res.partner"].create(
            [
                {
                    "name": f"Client {number:02}",
                    "is_company": True,
                    "user_id": cls.salesperson.id,
                    "country_id": cls.env.ref("base.de").id,
                    "logistics_stage_id": cls.scheme.stage_ids[number % 3].id,
                    "logistics_role_ids": [Command.link(role.id)],
                    "logistics_service_needed_ids": [Command.link(service.id)],
                }
                for number in range(20)
            ]
        )
        cls.env["logistics.trade.lane"].create(
            [cls._lane_vals(client) for client in cls.clients for _lane in range(2)]
        )

    def _open_list(self, clients):
        self.env.invalidate_all()
        result = self.env["res.partner"].web_search_read(
            [("id", "in", clients.ids)], LIST
        )
        self.assertEqual(len(result["records"]), len(clients))
        self.assertEqual(result["records"][0]["logistics_lane_count"], 2)

    @users("freight_sales")
    @warmup
    def test_list_of_clients_costs_the_same_for_two_and_twenty(self):
        for size in (2, 20):
            with self.subTest(size=size), self.assertQueryCount(15):
                self._open_list(self.clients[:size])

    @users("freight_sales")
    @warmup
    def test_kanban_by_stage(self):
        with self.assertQueryCount(19):
            self.env.invalidate_all()
            groups = self.env["res.partner"].web_read_group(
                [("id", "in", self.clients.ids)],
                ["logistics_stage_id"],
                ["__count"],
                auto_unfold=True,
                unfold_read_specification=LIST,
            )["groups"]
        self.assertEqual([group["__count"] for group in groups], [7, 7, 6])
        self.assertEqual(len(groups[0]["__records"]), 7)

    def _open_form(self, client, specification):
        client.env.invalidate_all()
        before = self.env.cr.sql_log_count
        client.web_read(specification)
        return self.env.cr.sql_log_count - before

    @users("freight_sales")
    def test_form_costs_at_most_five_queries_more_than_plain(self):
        """Ours are the fields that the views of this addon add to the form."""
        client = self.clients[0].with_user(self.env.user)
        carrier = self.env["res.partner"].sudo().create({"name": "Carrier"})
        client.write(
            {
                "logistics_tier_id": self.env.ref("logistics_crm.value_tier_a").id,
                "logistics_service_used_ids": client.logistics_service_needed_ids.ids,
                "logistics_commodity_ids": self.env.ref(
                    "logistics_crm.commodity_85"
                ).ids,
                "logistics_dangerous_goods_class_ids": self.env.ref(
                    "logistics_crm.dangerous_goods_class_3"
                ).ids,
                "logistics_carrier_preferred_ids": carrier.ids,
                "logistics_provider_id": carrier.id,
                "logistics_contract_renewal_date": "2030-01-01",
            }
        )
        ours = self._get_own_form_fields()
        specification = form_specification(client)
        self.assertIn("logistics_role_ids", ours)
        plain = {
            name: inner for name, inner in specification.items() if name not in ours
        }
        for _warm in range(2):
            cost = self._open_form(client, specification)
            plain_cost = self._open_form(client, plain)
        self.assertLessEqual(cost - plain_cost, 5)

    def _get_own_form_fields(self):
        """Return the names of the fields that this addon defines on a partner."""
        return set(
            self.env["ir.model.fields"]
            .sudo()
            .search([("model", "=", "res.partner"), ("name", "=like", "logistics_%")])
            .mapped("name")
        )

    @users("freight_sales")
    @warmup
    def test_core_list_of_contacts_does_not_read_lanes(self):
        """A list without our columns costs nothing more than it did."""
        self.env.invalidate_all()
        with self.assertQueryCount(2):
            self.env["res.partner"].search_fetch(
                [("id", "in", self.clients.ids)], ["complete_name", "email"]
            )

    def test_owner_and_reason_are_indexed(self):
        """Record rules and "My Clients" look for the owner, the moves for a reason."""
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = self.env["res.partner"]._search([("user_id", "=", self.salesperson.id)])
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        self.assertIn("res_partner_logistics_user_id_idx", str(plan))
        reason = self.env["logistics.lifecycle.history"]._fields["reason"]
        self.assertEqual(reason.index, "trigram")
