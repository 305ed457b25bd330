import psycopg2

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ValueCommon


class ClientRuleCommon(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Rule = cls.env["logistics.value.client.rule"]
        cls.role_agent = cls.env["logistics.partner.role"].search(
            [("code", "=", "agent")], limit=1
        )
        cls.network = cls.env["res.partner"].create(
            {"name": "Agents' Network", "is_company": True}
        )
        cls.agent = cls.env["res.partner"].create(
            {
                "name": "Agent",
                "is_company": True,
                "parent_id": cls.network.id,
                "logistics_role_ids": [Command.set(cls.role_agent.ids)],
            }
        )
        cls.consignee = cls.env["res.partner"].create(
            {"name": "Consignee", "is_company": True}
        )
        cls.dock = cls.env["res.partner"].create(
            {"name": "Dock", "parent_id": cls.consignee.id, "type": "delivery"}
        )

    def _create_rule(self, apply=True, **values):
        rule = self.Rule.create({"name": "Rule", **values})
        if apply:
            rule.action_apply()
        return rule

    def _get_clients(self, *moves):
        self._refresh()
        return [self._get_entries(move).client_id for move in moves]


@tagged("post_install", "-at_install")
class TestClientRules(ClientRuleCommon):
    """For whom the invoices of agents and paying third parties count."""

    def test_targets(self):
        order = self._create_order(
            [(self.sea, 1, 100, 60)],
            self.agent,
            logistics_shipper_id=self.client_b.id,
            logistics_consignee_id=self.dock.id,
            partner_shipping_id=self.client_a_office.id,
        )
        move = self._invoice_order(order)
        rule = self._create_rule(partner_id=self.agent.id, target="ordering")
        for target, client in (
            ("ordering", self.agent),
            ("delivery", self.client_a),
            ("shipper", self.client_b),
            ("consignee", self.consignee),
            ("parent", self.network),
        ):
            with self.subTest(target=target):
                rule.target = target
                self.assertEqual(self._get_clients(move), [client])
                self.env.invalidate_all()
                self.assertEqual(move.logistics_client_id, client)
                self.assertEqual(move.logistics_client_reason, "by the rule Rule")
        rule.write({"target": "client", "client_id": self.client_a_office.id})
        self.assertEqual(self._get_clients(move), [self.client_a])

    def test_conditions(self):
        tag = self.env["res.partner.category"].create({"name": "Pays for others"})
        self.agent.category_id = tag
        journal = self.company_data["default_journal_sale"]
        by_agent = self._create_plain_invoice(self.agent)
        ordered = self._create_order_and_invoice()
        other = self._create_plain_invoice(self.client_a)
        moves = (by_agent, ordered, other)
        rule = self._create_rule(
            target="client", client_id=self.client_b.id, partner_id=self.agent.id
        )
        b, a = self.client_b, self.client_a
        for values, clients in (
            ({}, [b, a, a]),
            (
                {"partner_id": False, "role_ids": [Command.set(self.role_agent.ids)]},
                [b, a, a],
            ),
            (
                {"role_ids": [Command.clear()], "category_ids": [Command.set(tag.ids)]},
                [b, a, a],
            ),
            (
                {"category_ids": [Command.clear()], "order_partner_id": a.id},
                [self.agent, b, a],
            ),
            ({"order_partner_id": False, "journal_id": journal.id}, [b, b, b]),
            ({"partner_id": self.agent.id}, [b, a, a]),
            ({"active": False}, [self.agent, a, a]),
        ):
            with self.subTest(values=values):
                rule.write(values)
                self.assertEqual(self._get_clients(*moves), clients)

    def test_first_rule_whose_client_is_known_decides(self):
        with_dock = self._create_plain_invoice(
            self.agent, partner_shipping_id=self.dock.id
        )
        plain = self._create_plain_invoice(self.agent)
        self._create_rule(partner_id=self.agent.id, target="consignee", sequence=1)
        self._create_rule(
            partner_id=self.agent.id,
            target="client",
            client_id=self.client_b.id,
            sequence=3,
        )
        self.assertEqual(
            self._get_clients(with_dock, plain), [self.client_b, self.client_b]
        )
        rule = self._create_rule(
            partner_id=self.agent.id, target="delivery", sequence=2
        )
        self.assertEqual(self._get_clients(with_dock)[0], self.consignee)
        rule.unlink()
        self.assertEqual(self._get_clients(with_dock)[0], self.client_b)

    def test_choice_of_an_accountant_goes_first(self):
        move = self._create_plain_invoice(self.agent)
        self._create_rule(
            partner_id=self.agent.id, target="client", client_id=self.client_b.id
        )
        move._reattribute(self.client_a, "known better")
        self.assertEqual(self._get_clients(move), [self.client_a])
        # the client of the rule is the default, and nothing is kept for it
        move._reattribute(self.client_b, "as the rule says")
        self.assertFalse(move.logistics_attributed_client_id)
        self.assertEqual(self._get_clients(move), [self.client_b])

    def test_rule_changes_only_its_invoices(self):
        mine = self._create_plain_invoice(self.agent)
        self._create_plain_invoice(self.client_a)
        self._refresh()
        queue = self.env["logistics.value.queue"].sudo()
        self.assertFalse(queue.search([("company_id", "=", self.company.id)]))
        rule = self._create_rule(
            apply=False,
            partner_id=self.agent.id,
            target="client",
            client_id=self.client_b.id,
        )
        self.assertFalse(queue.search([("company_id", "=", self.company.id)]))
        rule.action_apply()
        self.assertEqual(
            queue.search([("company_id", "=", self.company.id)]).move_id, mine
        )

    def test_preview_before_it_is_applied(self):
        moves = self._create_plain_invoice(self.agent)
        moves |= self._create_plain_invoice(self.agent)
        kept = self._create_plain_invoice(self.agent)
        kept._reattribute(self.client_b, "chosen")
        rule = self._create_rule(
            apply=False,
            partner_id=self.agent.id,
            target="client",
            client_id=self.client_b.id,
        )
        for state in ("draft", "applied"):
            with self.subTest(state=state):
                self.assertEqual(rule.state, state)
                action = rule.action_preview()
                self.assertIn("2 invoices", action["name"])
                self.assertEqual(
                    self.env["account.move"].search(action["domain"]), moves
                )
            rule.action_apply()
        self.assertEqual(self._get_clients(moves), [self.client_b])

    def test_new_role_of_a_partner_counts(self):
        self._create_rule(
            role_ids=[Command.set(self.role_agent.ids)],
            target="client",
            client_id=self.client_b.id,
        )
        move = self._create_plain_invoice(self.client_a)
        self.assertEqual(self._get_clients(move), [self.client_a])
        self.client_a.logistics_role_ids = self.role_agent
        self.assertEqual(self._get_clients(move), [self.client_b])
        self.client_a.logistics_role_ids = False
        self.assertEqual(self._get_clients(move), [self.client_a])

    def test_rule_of_another_company_decides_nothing_here(self):
        other = self.setup_other_company(name="Other forwarder")["company"]
        move = self._create_plain_invoice(self.agent)
        self._create_rule(
            company_id=other.id,
            partner_id=self.agent.id,
            target="client",
            client_id=self.client_b.id,
        )
        self.assertEqual(self._get_clients(move), [self.agent])

    @mute_logger("odoo.sql_db")
    def test_fixed_client_is_wanted(self):
        with self.assertRaises(psycopg2.errors.CheckViolation):
            self._create_rule(partner_id=self.agent.id, target="client")

    def test_only_accountants_keep_rules(self):
        rule = self._create_rule(partner_id=self.agent.id, target="delivery")
        for login, group in (
            ("rule_reader", "logistics_clv.group_value_reader"),
            ("rule_manager", "logistics_crm.group_manager"),
        ):
            user = self._create_new_internal_user(login=login, groups=group)
            self.assertTrue(rule.with_user(user).read(["name"]))
            with self.assertRaises(AccessError):
                rule.with_user(user).write({"target": "parent"})
            with self.assertRaises(AccessError):
                rule.with_user(user).action_stop()
        accountant = self._create_new_internal_user(
            login="rule_accountant", groups="logistics_clv.group_accountant"
        )
        with self.assertRaises(AccessError):
            rule.with_user(accountant).write({"state": "draft"})
        rule.with_user(accountant).action_stop()
        self.assertEqual(rule.state, "draft")
        salesperson = self._create_new_internal_user(
            login="rule_sales", groups="logistics_crm.group_salesperson"
        )
        with self.assertRaises(AccessError):
            rule.with_user(salesperson).read(["name"])
