from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged, users

from .test_ownership import OwnershipCommon


@tagged("post_install", "-at_install")
class TestHandOver(OwnershipCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.germany, cls.china = cls.env.ref("base.de"), cls.env.ref("base.cn")
        cls.clients = cls.env["res.partner"].create(
            [
                {
                    "name": f"Leaving {number}",
                    "is_company": True,
                    "user_id": cls.salesperson.id,
                    "country_id": (cls.germany, cls.china)[number % 2].id,
                    "logistics_stage_id": cls.first.id,
                }
                for number in range(6)
            ]
        )
        lead_vals = {
            "type": "opportunity",
            "partner_id": cls.contact.id,
            "user_id": cls.salesperson.id,
        }
        won = cls.env["crm.stage"].create({"name": "Test Won", "is_won": True})
        cls.lead, cls.won, cls.loose = cls.env["crm.lead"].create(
            [
                {**lead_vals, "name": "Open"},
                {**lead_vals, "name": "Won", "stage_id": won.id},
                {**lead_vals, "name": "Loose", "partner_id": False},
            ]
        )
        cls.quote, cls.order = cls.env["sale.order"].create(
            [
                {"partner_id": cls.client.id, "user_id": cls.salesperson.id},
                {
                    "partner_id": cls.client.id,
                    "user_id": cls.salesperson.id,
                    "state": "sale",
                },
            ]
        )
        cls.activity = cls.client.activity_schedule(
            "mail.mail_activity_data_call", user_id=cls.salesperson.id
        )
        cls.client.message_subscribe(cls.salesperson.partner_id.ids)
        cls.Wizard = cls.env["logistics.hand.over.wizard"]

    def _hand_over(self, user=None, **values):
        wizard = self.Wizard.with_user(user or self.manager).create(
            {"from_user_id": self.salesperson.id, **values}
        )
        action = wizard.action_hand_over()
        self.env.invalidate_all()
        return self.env["logistics.hand.over"].browse(action["res_id"])

    def test_everything_to_one(self):
        to = self.other_salesperson
        hand_over = self._hand_over(rule="one", to_user_id=to.id)
        for record in (
            *self.clients,
            self.client,
            self.contact,
            self.lead,
            self.loose,
            self.quote,
            self.activity,
        ):
            self.assertEqual(record.user_id, to, record)
        self.assertEqual(self.won.user_id, self.salesperson)
        self.assertEqual(self.order.user_id, self.salesperson)
        self.assertEqual(self.lead.team_id, self.lead.team_id)
        self.assertIn(to.partner_id, self.client.message_partner_ids)
        self.assertNotIn(self.salesperson.partner_id, self.client.message_partner_ids)
        self.assertEqual(
            self.client.logistics_ownership_history_ids[0].hand_over_id, hand_over
        )
        self.assertIn("Clients: 7", hand_over.summary)

    def test_preview_counts_what_will_move(self):
        with Form(self.Wizard.with_user(self.manager)) as form:
            form.from_user_id = self.salesperson
            self.assertEqual(form.problem, "Choose who takes over.")
            form.to_user_id = self.salesperson
            self.assertIn("cannot take over", form.problem)
            form.to_user_id = self.other_salesperson
            self.assertFalse(form.problem)
            [preview] = form.preview_ids._records
        self.assertEqual(preview["client_count"], 7)
        self.assertEqual(preview["contact_count"], 1)
        self.assertEqual(preview["opportunity_count"], 2)
        self.assertEqual(preview["quote_count"], 1)
        self.assertGreaterEqual(preview["activity_count"], 1)
        wizard = form.record
        self.assertEqual(self.client.user_id, self.salesperson)
        action = wizard.action_view_clients()
        found = self.env["res.partner"].search(action["domain"])
        self.assertEqual(found, self.clients | self.client)

    def test_evenly_by_load(self):
        self.env["res.partner"].create(
            [
                {
                    "name": f"Loaded {number}",
                    "is_company": True,
                    "user_id": self.leader.id,
                    "logistics_stage_id": self.first.id,
                }
                for number in range(3)
            ]
        )
        self._hand_over(
            rule="even",
            to_user_ids=[Command.set((self.other_salesperson | self.leader).ids)],
        )
        moved = self.clients | self.client
        self.assertEqual(
            len(moved.filtered(lambda client: client.user_id == self.leader)), 2
        )
        # what belongs to a client goes where the client goes
        self.assertEqual(self.quote.user_id, self.client.user_id)
        self.assertEqual(self.lead.user_id, self.client.user_id)

    def test_team(self):
        self._hand_over(rule="team", team_id=self.team.id)
        self.assertEqual(self.clients.user_id, self.other_salesperson)
        self.assertIn(self.salesperson, self.team.member_ids)

    def test_by_country(self):
        lines = [
            Command.create(
                {
                    "country_ids": [Command.set(self.china.ids)],
                    "user_id": self.leader.id,
                }
            )
        ]
        with self.assertRaisesRegex(UserError, "without countries"):
            self._hand_over(rule="region", region_ids=lines)
        lines.append(Command.create({"user_id": self.other_salesperson.id}))
        self._hand_over(rule="region", region_ids=lines)
        for client in self.clients:
            expected = (
                self.leader
                if client.country_id == self.china
                else self.other_salesperson
            )
            self.assertEqual(client.user_id, expected)

    def test_choices_are_kept(self):
        self._hand_over(
            rule="one",
            to_user_id=self.other_salesperson.id,
            with_opportunities=False,
            with_quotes=False,
            with_activities=False,
            with_followers=False,
        )
        self.assertEqual(self.client.user_id, self.other_salesperson)
        for record in (self.lead, self.quote, self.activity):
            self.assertEqual(record.user_id, self.salesperson)
        self.assertIn(self.salesperson.partner_id, self.client.message_partner_ids)

    def test_revert_leaves_what_has_changed_since(self):
        self.clients[1].message_subscribe(self.salesperson.partner_id.ids)
        self.clients[1].message_subscribe(self.other_salesperson.partner_id.ids)
        hand_over = self._hand_over(rule="one", to_user_id=self.other_salesperson.id)
        self.assertNotIn(
            self.salesperson.partner_id, self.clients[1].message_partner_ids
        )
        self.clients[0].user_id = self.leader
        self.quote.user_id = self.leader
        result = hand_over.with_user(self.manager).action_revert()
        self.env.invalidate_all()
        self.assertEqual(hand_over.state, "reverted")
        self.assertEqual(hand_over.kept_count, 2)
        self.assertIn("2 had changed", result["params"]["message"])
        self.assertEqual(self.clients[0].user_id, self.leader)
        self.assertEqual(self.quote.user_id, self.leader)
        for record in (
            *self.clients[1:],
            self.client,
            self.contact,
            self.lead,
            self.activity,
        ):
            self.assertEqual(record.user_id, self.salesperson, record)
        both = self.salesperson.partner_id | self.other_salesperson.partner_id
        self.assertEqual(self.clients[1].message_partner_ids & both, both)
        self.assertIn(self.salesperson.partner_id, self.client.message_partner_ids)
        kept = hand_over.line_ids.filtered(lambda line: not line.is_reverted)
        self.assertEqual(
            set(kept.mapped("res_name")),
            {self.clients[0].display_name, self.quote.display_name},
        )
        with self.assertRaisesRegex(UserError, "already"):
            hand_over.action_revert()

    def test_thousand_clients_cost_as_many_queries_as_seven(self):
        counts = []
        for size in (0, 300):
            self.env["res.partner"].create(
                [
                    {
                        "name": f"Many {number}",
                        "is_company": True,
                        "user_id": self.salesperson.id,
                    }
                    for number in range(size)
                ]
            )
            self.env.flush_all()
            wizard = self.Wizard.create(
                {
                    "from_user_id": self.salesperson.id,
                    "to_user_id": self.other_salesperson.id,
                }
            )
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            action = wizard.action_hand_over()
            counts.append(self.env.cr.sql_log_count - before)
            hand_over = self.env["logistics.hand.over"].browse(action["res_id"])
            hand_over.action_revert()
        self.assertLessEqual(counts[1], counts[0] + 2)

    @users("freight_leader")
    def test_only_managers_hand_over(self):
        with self.assertRaises(AccessError):
            self._hand_over(
                self.env.user, rule="one", to_user_id=self.other_salesperson.id
            )
        hand_over = self._hand_over(rule="one", to_user_id=self.other_salesperson.id)
        self.assertTrue(hand_over.with_user(self.env.user).summary)
        with self.assertRaises(AccessError):
            hand_over.with_user(self.env.user).action_revert()

    def test_other_company_is_left_alone(self):
        company = self.env["res.company"].create({"name": "Other Test Company"})
        self.clients[0].company_id = company
        self.manager.company_ids = self.env.company
        self._hand_over(rule="one", to_user_id=self.other_salesperson.id)
        self.assertEqual(self.clients[0].user_id, self.salesperson)
        self.assertEqual(self.clients[1].user_id, self.other_salesperson)
