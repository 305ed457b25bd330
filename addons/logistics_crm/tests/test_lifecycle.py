from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged, users

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestLifecycleHistory(FreightCommon):
    def _moves(self, partners):
        return self.env["logistics.lifecycle.history"].search(
            [("partner_id", "in", partners.ids)], order="id"
        )

    def test_each_move_is_kept_with_user_and_reason(self):
        self.client.logistics_stage_id = self.first
        client = self.client.with_context(logistics_stage_reason="First order")
        client.logistics_stage_id = self.second
        self.client.logistics_stage_id = False
        self.assertRecordValues(
            self._moves(self.client),
            [
                {
                    "from_stage_id": False,
                    "to_stage_id": self.first.id,
                    "user_id": self.env.uid,
                    "reason": False,
                },
                {
                    "from_stage_id": self.first.id,
                    "to_stage_id": self.second.id,
                    "user_id": self.env.uid,
                    "reason": "First order",
                },
                {
                    "from_stage_id": self.second.id,
                    "to_stage_id": False,
                    "user_id": self.env.uid,
                    "reason": False,
                },
            ],
        )

    def test_same_stage_is_no_move(self):
        self.client.logistics_stage_id = self.first
        self.client.write({"logistics_stage_id": self.first.id, "name": "Same"})
        self.assertEqual(len(self._moves(self.client)), 1)

    def test_new_client_with_stage_has_history(self):
        client = self.env["res.partner"].create(
            {"name": "New", "logistics_stage_id": self.first.id}
        )
        self.assertRecordValues(
            self._moves(client),
            [{"from_stage_id": False, "to_stage_id": self.first.id}],
        )

    def test_many_clients_cost_one_insert(self):
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}"} for number in range(30)]
        )
        History = self.registry["logistics.lifecycle.history"]
        calls = []
        origin = History.create

        def create(records, vals_list):
            calls.append(len(vals_list))
            return origin(records, vals_list)

        self.patch(History, "create", create)
        clients.logistics_stage_id = self.first
        self.assertEqual(calls, [30])

    def test_every_way_of_moving_calls_the_hook_once_for_all(self):
        calls = []

        def changed(partners, previous):
            calls.append((partners.ids, previous))

        self.patch(self.registry["res.partner"], "_on_logistics_stage_changed", changed)
        clients = self.env["res.partner"].create(
            [{"name": name, "logistics_stage_id": self.first.id} for name in "ab"]
        )
        (clients | self.client).logistics_stage_id = self.first
        self.client.logistics_stage_id = self.second
        self.assertEqual(
            calls,
            [
                (clients.ids, dict.fromkeys(clients.ids, False)),
                (self.client.ids, {self.client.id: False}),
                (self.client.ids, {self.client.id: self.first.id}),
            ],
        )

    @users("freight_sales")
    def test_salesperson_moves_own_client_and_reads_the_move(self):
        client = self.client.with_user(self.env.user)
        client.logistics_stage_id = self.second
        move = client.logistics_stage_history_ids
        self.assertEqual(move.user_id, self.env.user)
        with self.assertRaises(AccessError):
            move.reason = "changed afterwards"

    def test_salesperson_does_not_read_moves_of_others(self):
        self.client.logistics_stage_id = self.second
        moves = self._moves(self.client)
        other = moves.with_user(self.other_salesperson)
        self.assertFalse(other.search([("id", "in", moves.ids)]))
        leader = moves.with_user(self.user_by_login["freight_leader"])
        self.assertFalse(leader.search([("id", "in", moves.ids)]), "another team")
        self._lead_team()
        self.assertEqual(leader.search([("id", "in", moves.ids)]), moves)
        manager = moves.with_user(self.user_by_login["freight_manager"])
        self.assertEqual(manager.search([("id", "in", moves.ids)]), moves)

    def test_stage_in_use_cannot_be_deleted(self):
        self.client.logistics_stage_id = self.second
        with self.assertConstraint(
            "logistics.lifecycle.stage", "archiving the record instead"
        ):
            self.second.unlink()

    def test_stage_change_is_tracked_in_the_chatter(self):
        client = self.client.with_context(tracking_disable=False, mail_notrack=False)
        self.flush_tracking()  # drops what creation without tracking has left
        client.logistics_stage_id = self.first
        client.logistics_tier_id = self.env.ref("logistics_crm.value_tier_a")
        self.flush_tracking()
        tracked = client.message_ids.tracking_value_ids.field_id.mapped("name")
        self.assertIn("logistics_stage_id", tracked)
        self.assertIn("logistics_tier_id", tracked)

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.flush()


@tagged("post_install", "-at_install")
class TestLifecycleStart(FreightCommon):
    def _client_context(self):
        return self.env["res.partner"].with_context(
            logistics_new_client=True, default_is_company=True
        )

    def test_company_from_the_client_menu_starts_in_the_first_stage(self):
        with Form(self._client_context()) as form:
            self.assertEqual(form.logistics_stage_id, self.first)
            form.name = "New Client"
        self.assertEqual(form.record.logistics_stage_id, self.first)

    def test_contact_created_with_the_client_has_no_stage(self):
        client = self._client_context().create(
            {"name": "New", "child_ids": [Command.create({"name": "Ann"})]}
        )
        self.assertEqual(client.logistics_stage_id, self.first)
        self.assertFalse(client.child_ids.logistics_stage_id)
        contact = self._client_context().create(
            {"name": "Ben", "is_company": False, "parent_id": client.id}
        )
        self.assertFalse(contact.logistics_stage_id)

    def test_person_of_a_company_has_no_stage(self):
        with Form(self._client_context()) as form:
            form.company_type = "person"
            form.name = "Ann"
            form.parent_id = self.client
        self.assertFalse(form.record.logistics_stage_id)

    def test_values_of_the_caller_are_left_alone(self):
        vals = {"name": "Ben", "parent_id": self.client.id}
        self._client_context().create(vals)
        self.assertEqual(vals, {"name": "Ben", "parent_id": self.client.id})

    def test_partner_from_elsewhere_has_no_stage(self):
        partner = self.env["res.partner"].create({"name": "X", "is_company": True})
        self.assertFalse(partner.logistics_stage_id)

    def test_contact_shows_stage_and_tier_of_the_client(self):
        tier = self.env.ref("logistics_crm.value_tier_a")
        self.client.write(
            {"logistics_stage_id": self.second.id, "logistics_tier_id": tier.id}
        )
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.client.id}
        )
        self.assertRecordValues(
            contact,
            [
                {
                    "logistics_stage_id": False,
                    "logistics_client_stage_id": self.second.id,
                    "logistics_client_tier_id": tier.id,
                }
            ],
        )

    def _columns(self):
        Partner = self.env["res.partner"].with_context(read_group_expand=True)
        result = Partner.web_read_group(
            [("id", "=", self.client.id)], ["logistics_stage_id"], ["__count"]
        )
        columns = [group["logistics_stage_id"] for group in result["groups"]]
        return [column and column[0] for column in columns]

    def test_archived_stage_in_use_keeps_its_column(self):
        self.client.logistics_stage_id = self.second
        (self.second | self.third).action_archive()
        columns = self._columns()
        self.assertEqual(columns[:2], (self.first | self.second).ids)
        self.assertNotIn(self.third.id, columns)
        self.assertNotIn(False, columns)

    def test_columns_are_the_default_scheme_and_stages_in_use(self):
        growing = self.env.ref("logistics_crm.lifecycle_stage_growing")
        self.client.logistics_stage_id = growing
        stage_ids = self._columns()
        self.assertEqual(stage_ids[:3], self.scheme.stage_ids.ids)
        self.assertIn(growing.id, stage_ids)
        self.assertNotIn(
            self.env.ref("logistics_crm.lifecycle_stage_formation").id, stage_ids
        )

    def test_status_bar_shows_the_scheme_of_the_client(self):
        self.assertEqual(self.client.logistics_scheme_id, self.scheme)
        growing = self.env.ref("logistics_crm.lifecycle_stage_growing")
        self.client.logistics_stage_id = growing
        self.assertEqual(self.client.logistics_scheme_id, growing.scheme_id)

    def test_stages_to_choose_from_name_their_scheme(self):
        stage = self.first.with_context(formatted_display_name=True)
        self.assertEqual(stage.display_name, "first \t --Test Scheme--")
        self.assertEqual(self.first.display_name, "first")

    def test_history_button_opens_the_moves_of_the_client(self):
        self.client.logistics_stage_id = self.first
        action = self.client.with_user(self.salesperson).action_view_logistics_moves()
        moves = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(moves.partner_id, self.client)

    def test_copied_scheme_has_its_own_code_and_stages(self):
        copy = self.scheme.copy()
        self.assertNotEqual(copy.code, self.scheme.code)
        self.assertEqual(
            copy.stage_ids.mapped("code"), self.scheme.stage_ids.mapped("code")
        )
