from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged, users, warmup

from .common import FreightCommon


class CareCommon(FreightCommon):
    """A company that follows playbooks, a level for the first stage and its plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls.user_by_login["freight_leader"]
        cls.manager = cls.user_by_login["freight_manager"]
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Test Team",
                "user_id": cls.leader.id,
                "member_ids": [
                    Command.set((cls.salesperson | cls.other_salesperson).ids)
                ],
            }
        )
        cls.env["logistics.service.level"].search([]).active = False
        cls.tier_a, cls.tier_b = cls.env["logistics.value.tier"].create(
            [
                {"name": "Test A", "code": "test_a", "sequence": 1},
                {"name": "Test B", "code": "test_b", "sequence": 2},
            ]
        )
        cls.plan, cls.other_plan = cls.env["mail.activity.plan"].create(
            [
                {"name": "Test Playbook", "res_model": "res.partner"},
                {"name": "Other Playbook", "res_model": "res.partner"},
            ]
        )
        call = cls.env.ref("mail.mail_activity_data_call")
        cls.on_entry, cls.again, cls.other_entry = cls.env[
            "mail.activity.plan.template"
        ].create(
            [
                {
                    "plan_id": cls.plan.id,
                    "activity_type_id": call.id,
                    "summary": "Welcome",
                    "responsible_type": "logistics_owner",
                    "logistics_trigger": "stage",
                    "delay_count": 2,
                    "delay_from": "after_plan_date",
                },
                {
                    "plan_id": cls.plan.id,
                    "activity_type_id": call.id,
                    "summary": "Again",
                    "responsible_type": "logistics_level",
                    "logistics_trigger": "recurring",
                },
                {
                    "plan_id": cls.other_plan.id,
                    "activity_type_id": call.id,
                    "summary": "Other",
                    "responsible_type": "logistics_leader",
                    "logistics_trigger": "stage",
                },
            ]
        )
        cls.level, cls.other_level = cls.env["logistics.service.level"].create(
            [
                {
                    "name": "First",
                    "stage_id": cls.first.id,
                    "cadence_days": 10,
                    "response_hours": 4,
                    "plan_ids": [Command.set(cls.plan.ids)],
                },
                {
                    "name": "Second",
                    "stage_id": cls.second.id,
                    "cadence_days": 20,
                    "plan_ids": [Command.set(cls.other_plan.ids)],
                },
            ]
        )
        cls.Care = cls.env["logistics.client.care"]

    @classmethod
    def _switch_on(cls, **values):
        cls.env.company.write({"logistics_use_playbooks": True, **values})

    def _open(self, client=None):
        self.env.invalidate_all()
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "in", (client or self.client).ids),
            ]
        )

    def _run(self):
        self.env.flush_all()
        self.Care._refresh_last_contact()
        self.Care._refresh_dates()
        self.Care._run_playbooks()
        self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestServiceLevel(CareCommon):
    def test_the_most_specific_level_in_words(self):
        Level = self.env["logistics.service.level"]
        term = self.env["account.payment.term"].create({"name": "Test Term"})
        best = Level.create(
            {
                "name": "First, A",
                "stage_id": self.first.id,
                "tier_id": self.tier_a.id,
                "cadence_days": 5,
                "payment_term_id": term.id,
                "free_time_ids": [
                    Command.create(
                        {"kind": "detention", "equipment": "reefer", "days": 4}
                    )
                ],
            }
        )
        self.client.logistics_stage_id = self.first
        self.assertEqual(self.client.logistics_service_level_id, self.level)
        self.assertEqual(
            self.client.logistics_entitlement,
            "First: contact every 10 days; an answer within 4 working hours",
        )
        self.client.logistics_tier_id = self.tier_a
        self.assertEqual(self.client.logistics_service_level_id, best)
        self.assertIn("4 free days of detention", self.client.logistics_entitlement)
        self.assertIn("payment: Test Term", self.client.logistics_entitlement)
        best.active = False
        self.env.invalidate_all()
        self.assertEqual(self.client.logistics_service_level_id, self.level)
        self.client.logistics_stage_id = self.third
        self.assertFalse(self.client.logistics_service_level_id)
        self.assertFalse(self.client.logistics_entitlement)

    def test_one_level_for_a_stage_and_tier(self):
        with self.assertConstraint("logistics.service.level", "already"):
            self.level.copy({"active": True})
        self.assertFalse(self.level.copy().active)

    def test_customer_service_needs_a_user(self):
        with self.assertRaisesRegex(ValidationError, "customer service user"):
            self.level.responsible_role = "user"

    def test_sql_and_python_choose_the_same_level(self):
        self.env["logistics.service.level"].create(
            [
                {"name": "Any"},
                {"name": "A", "tier_id": self.tier_a.id},
                {"name": "2B", "stage_id": self.second.id, "tier_id": self.tier_b.id},
                {"name": "Here", "company_id": self.env.company.id},
            ]
        )
        tiers = (self.env["logistics.value.tier"], self.tier_a, self.tier_b)
        clients = self.env["res.partner"].create(
            [
                {
                    "name": f"{stage.name} {tier.name}",
                    "is_company": True,
                    "user_id": self.salesperson.id,
                    "company_id": company,
                    "logistics_stage_id": stage.id,
                    "logistics_tier_id": tier.id,
                }
                for stage in self.scheme.stage_ids
                for tier in tiers
                for company in (False, self.env.company.id)
            ]
        )
        self._switch_on()
        self.env.flush_all()
        rows = {
            row[0]: row[4]
            for row in self.env.execute_query(self.Care._get_client_sql(clients.ids))
        }
        for client in clients:
            with self.subTest(client=client.name, company=client.company_id.name):
                self.assertEqual(rows[client.id], client.logistics_service_level_id.id)

    @users("freight_sales")
    @warmup
    def test_words_cost_no_query_once_they_are_known(self):
        clients = self.env["res.partner"].create(
            [
                {
                    "name": f"C{n}",
                    "is_company": True,
                    "logistics_stage_id": self.first.id,
                }
                for n in range(10)
            ]
        )
        clients.mapped("logistics_entitlement")
        self.env.flush_all()
        self.env.invalidate_all()
        clients.fetch(["logistics_stage_id", "logistics_tier_id", "company_id"])
        clients.mapped("commercial_partner_id.logistics_stage_id")
        with self.assertQueryCount(0):
            clients.mapped("logistics_entitlement")

    def test_roles(self):
        for login, may in (
            ("freight_sales", False),
            ("freight_manager", False),
            ("freight_admin", True),
        ):
            with self.subTest(login=login):
                level = self.level.with_user(self.user_by_login[login])
                plan = self.plan.with_user(self.user_by_login[login])
                self.assertTrue(level.name and plan.name)
                if may:
                    level.cadence_days = 11
                    plan.name = "Renamed"
                else:
                    with self.assertRaises(AccessError):
                        level.cadence_days = 12
                    with self.assertRaises(AccessError):
                        plan.name = "Renamed"

    def test_other_company_is_hidden(self):
        company = self.env["res.company"].create({"name": "Other Test Company"})
        hidden = self.env["logistics.service.level"].create(
            {"name": "There", "company_id": company.id}
        )
        user = new_test_user(
            self.env, "freight_there", "logistics_crm.group_administrator"
        )
        self.assertNotIn(
            hidden, self.env["logistics.service.level"].with_user(user).search([])
        )

    def test_plan_by_hand_finds_owner_and_leader(self):
        self.client.logistics_stage_id = self.first
        for role, expected in (
            ("logistics_owner", self.salesperson),
            ("logistics_leader", self.leader),
            ("logistics_level", self.salesperson),
        ):
            with self.subTest(role=role):
                self.other_entry.responsible_type = role
                found = self.other_entry._determine_responsible(False, self.client)
                self.assertEqual(found["responsible"], expected)
        self.client.user_id = False
        found = self.other_entry._determine_responsible(False, self.client)
        self.assertIn("has no owner", found["error"])

    def test_what_runs_by_itself_needs_somebody(self):
        with self.assertRaisesRegex(ValidationError, "choose who does it"):
            self.on_entry.responsible_type = "on_demand"

    def test_roles_are_known_on_contacts_only(self):
        lead_plan = self.env["mail.activity.plan"].create(
            {"name": "Lead Plan", "res_model": "crm.lead"}
        )
        with self.assertRaisesRegex(ValidationError, "Only a plan on contacts"):
            self.on_entry.plan_id = lead_plan
