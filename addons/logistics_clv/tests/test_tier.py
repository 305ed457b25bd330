from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ValueCommon


class TierCommon(ValueCommon):
    """Four clients that bring 800, 150, 50 and -20 in one company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tier_a, cls.tier_b, cls.tier_c, cls.tier_d = (
            cls.env.ref(f"logistics_crm.value_tier_{code}") for code in "abcd"
        )
        cls.clients = cls.client_a | cls.client_b
        cls.clients |= cls.env["res.partner"].create(
            [{"name": "Client C"}, {"name": "Client D"}]
        )
        cls.client_c, cls.client_d = cls.clients[2:]
        for client, contribution in zip(cls.clients, (800, 150, 50, -20), strict=True):
            cls._create_order_and_invoice(
                1000, 1000 - contribution, "2026-03-10", client
            )
        cls.manager = cls._create_new_internal_user(
            login="tier_manager", groups="logistics_crm.group_manager"
        )
        cls.rule = cls.env["logistics.tier.rule"].sudo()._get_used(cls.company)

    def _run(self, **values):
        run = self.env["logistics.value.run"].create(
            {"as_of_date": "2026-03-30", **values}
        )
        run.action_compute()
        self.assertEqual(run.state, "done", run.error)
        return run

    def _set_values(self, *amounts):
        """Let the values be what a test needs, without a model in between."""
        values = self.env["logistics.client.value"].sudo()
        for client, amount in zip(self.clients, amounts, strict=False):
            value = values.search([("client_id", "=", client.id)])
            value.write({"total": amount, "predicted": 0})

    def _get_history(self, client):
        return self.env["logistics.tier.history"].search(
            [("client_id", "=", client.id)]
        )

    def _use_rule(self, **values):
        self.rule.state = "former"
        self.rule.flush_recordset()
        rule = self.rule.copy(values)
        rule.write({"state": "used"})
        self.rule = rule
        return rule


@tagged("post_install", "-at_install")
class TestTierRule(TierCommon):
    """Tiers by rule after a run, and what keeps them."""

    def test_switched_off_nothing_changes(self):
        self.assertFalse(self.company.logistics_tiers_automatic)
        self._run()
        self.assertFalse(self.clients.logistics_tier_id)
        self.assertFalse(self.env["logistics.tier.history"].search([]))

    def test_run_gives_tiers_by_share(self):
        self.company.logistics_tiers_automatic = True
        self._use_rule(basis="year")
        run = self._run()
        tiers = [client.logistics_tier_id for client in self.clients]
        self.assertEqual(tiers, [self.tier_a, self.tier_b, self.tier_c, self.tier_d])
        self.assertEqual(self.client_a.logistics_tier_date, fields.Date.today())
        self.assertRecordValues(
            self._get_history(self.client_b),
            [
                {
                    "from_tier_id": False,
                    "to_tier_id": self.tier_b.id,
                    "value": 150,
                    "share": 0.8,
                    "automatic": True,
                    "followed": True,
                    "run_id": run.id,
                    "company_id": self.company.id,
                    "user_id": self.env.uid,
                }
            ],
        )
        value = self.env["logistics.client.value"].search(
            [("client_id", "=", self.client_a.id)]
        )
        self.assertEqual(value.graded_tier_id, self.tier_a)
        self.assertEqual(value.graded_value, 800)

    def test_unchanged_tiers_write_no_history(self):
        self.company.logistics_tiers_automatic = True
        self._run()
        count = self.env["logistics.tier.history"].search_count([])
        self._run()
        self.assertEqual(self.env["logistics.tier.history"].search_count([]), count)

    def test_threshold_with_margin_keeps_tier(self):
        self.company.logistics_tiers_automatic = True
        self._use_rule(
            basis="total",
            method="threshold",
            margin=10,
            line_ids=[
                Command.create({"tier_id": self.tier_a.id, "amount": 500}),
                Command.create({"tier_id": self.tier_b.id, "amount": 100}),
            ],
        )
        self.rule.line_ids[:-2].unlink()
        self._run()
        self._set_values(800, 510, 50, -20)
        self.rule._assign()
        self.assertEqual(self.client_b.logistics_tier_id, self.tier_a)
        self._set_values(800, 460)
        self.rule._assign()
        self.assertEqual(self.client_b.logistics_tier_id, self.tier_a)
        self._set_values(800, 440)
        self.rule._assign()
        self.assertEqual(self.client_b.logistics_tier_id, self.tier_b)
        self.assertEqual(self._get_history(self.client_b).to_tier_id[:1], self.tier_b)

    def test_best_grade_of_companies_counts(self):
        other = self.setup_other_company(name="Other forwarder")["company"]
        (self.company | other).logistics_tiers_automatic = True
        self._use_rule(basis="total")
        self._run()
        self._set_values(800, 150, 50, -20)
        self.rule._assign()
        self.assertEqual(self.client_d.logistics_tier_id, self.tier_d)
        self.env["logistics.client.value"].sudo().create(
            {
                "client_id": self.client_d.id,
                "company_id": other.id,
                "currency_id": other.currency_id.id,
                "total": 10,
            }
        )
        rule = self.env["logistics.tier.rule"].sudo()._get_used(other)
        rule.write({"state": "former"})
        rule = rule.copy({"basis": "total"})
        rule.state = "used"
        rule._assign()
        self.assertEqual(self.client_d.logistics_tier_id, self.tier_a)
        self.assertEqual(self._get_history(self.client_d)[0].company_id, other)
        # the grade of the first company is its own
        self.rule._assign()
        self.assertEqual(self.client_d.logistics_tier_id, self.tier_a)
        other.logistics_tiers_automatic = False
        self.rule._assign()
        self.assertEqual(self.client_d.logistics_tier_id, self.tier_d)

    def test_bad_rules_are_refused(self):
        mistakes = (
            {"share": 0},
            {"share": 100},
            {"share": 95},
        )
        rule = self.rule.copy()
        for values in mistakes:
            with self.subTest(values=values), self.assertRaises(ValidationError):
                rule.line_ids[0].write(values)
                rule._check_rule()
        with self.assertRaises(ValidationError):
            rule.rest_tier_id = self.tier_a
        with self.assertRaises(ValidationError):
            rule.margin = 120

    def test_rule_in_use_is_not_changed(self):
        with self.assertRaises(UserError):
            self.rule.margin = 3
        with self.assertRaises(UserError):
            self.rule.unlink()
        action = self.rule.action_new_version()
        draft = self.rule.browse(action["res_id"])
        draft.margin = 3
        draft.with_user(self.manager).action_use()
        self.assertEqual(self.rule.state, "former")
        self.assertEqual(draft.state, "used")
        with self.assertRaises(AccessError):
            draft.with_user(self.manager).write({"state": "draft"})

    def test_preview_counts_without_writing(self):
        self.company.logistics_tiers_automatic = True
        self._use_rule(basis="year")
        self._run()
        draft = self.rule.copy()
        draft.line_ids.filtered(lambda line: line.tier_id == self.tier_a).share = 94
        draft.line_ids.filtered(lambda line: line.tier_id == self.tier_b).share = 98
        action = draft.with_user(self.manager).action_preview()
        preview = self.env["logistics.tier.preview"].sudo().browse(action["res_id"])
        self.assertRecordValues(
            preview,
            [{"client_count": 4, "changed_count": 2, "up_count": 2, "down_count": 0}],
        )
        self.assertEqual(preview.line_ids.client_id, self.client_b | self.client_c)
        self.assertEqual(self.client_b.logistics_tier_id, self.tier_b)
        preview.with_user(self.manager).action_use()
        self.assertEqual(self.client_b.logistics_tier_id, self.tier_a)
        self.assertEqual(self.client_c.logistics_tier_id, self.tier_b)

    @mute_logger("odoo.addons.logistics_clv.models.logistics_value_grading")
    def test_failing_tiers_leave_the_values(self):
        self.company.logistics_tiers_automatic = True
        grading = type(self.env["logistics.tier.grading"])
        with patch.object(grading, "_apply", side_effect=ValueError("why")):
            run = self._run()
        self.assertIn("why", run.message_ids[0].body)
        self.assertFalse(self.client_a.logistics_tier_id)
        values = self.env["logistics.client.value"].search([])
        self.assertEqual(len(values), 4)
        self.assertFalse(values.graded_tier_id)

    def test_killed_follow_up_goes_on(self):
        self.company.logistics_tiers_automatic = True
        heard = []
        partner = type(self.env["res.partner"])

        def hear(clients, previous):
            heard.append((clients.ids, previous))

        grading = "odoo.addons.logistics_clv.models.logistics_tier_grading"
        with (
            patch.object(partner, "_on_logistics_tier_changed", hear),
            patch(f"{grading}.FOLLOWED_AT_ONCE", 1),
            patch(f"{grading}.BATCH", 2),
        ):
            self._run()
            history = self.env["logistics.tier.history"]
            pending = [("followed", "=", False)]
            self.assertEqual(history.search_count(pending), 3)
            self.env["logistics.tier.grading"]._follow(2)
            self.assertEqual(history.search_count(pending), 1)
            # the process died here; the next one takes what is left
            self.env["logistics.tier.grading"]._follow(2)
            self.assertEqual(self.env["logistics.tier.grading"]._follow(2), 0)
        self.assertEqual(sorted(sum((ids for ids, __ in heard), [])), self.clients.ids)
        self.assertEqual(heard[0][1], {self.clients[0].id: False})

    def test_queries_do_not_grow_with_clients(self):
        self.company.logistics_tiers_automatic = True
        self._run()
        self.rule._assign()
        with self.assertQueryCount(10):
            self.rule._assign()


@tagged("post_install", "-at_install")
class TestTierOverride(TierCommon):
    """A tier set by hand with a reason."""

    def _override(self, client, tier, user=None, **values):
        wizard = self.env["logistics.tier.override.wizard"].with_user(
            user or self.manager
        )
        wizard.create(
            {
                "client_ids": [Command.set(client.ids)],
                "tier_id": tier.id,
                "reason": "Strategic",
                **values,
            }
        ).action_apply()

    def test_runs_keep_it_until_it_ends(self):
        self.company.logistics_tiers_automatic = True
        self._use_rule(basis="year")
        self._run()
        self._override(self.client_d, self.tier_b)
        self.assertEqual(self.client_d.logistics_tier_id, self.tier_b)
        self.assertRecordValues(
            self._get_history(self.client_d)[0],
            [
                {
                    "from_tier_id": self.tier_d.id,
                    "to_tier_id": self.tier_b.id,
                    "reason": "Strategic",
                    "automatic": False,
                    "user_id": self.manager.id,
                }
            ],
        )
        self._run()
        self.assertEqual(self.client_d.logistics_tier_id, self.tier_b)
        client = self.client_d.with_user(self.manager)
        self.assertEqual(client.logistics_tier_override_reason, "Strategic")
        client.action_end_logistics_tier_override()
        self.assertEqual(self.client_d.logistics_tier_id, self.tier_d)
        self.assertFalse(client.logistics_tier_override_id)

    def test_overdue_ends_by_itself(self):
        self.company.logistics_tiers_automatic = True
        self._use_rule(basis="year")
        self._run()
        self._override(self.client_c, self.tier_a, until_date=fields.Date.today())
        self.env["logistics.tier.grading"].sudo()._cron_end_overrides()
        self.assertEqual(self.client_c.logistics_tier_id, self.tier_a)
        override = self.env["logistics.tier.override"].sudo().search([])
        override.until_date = fields.Date.subtract(fields.Date.today(), days=1)
        override.flush_recordset()
        self.env["logistics.tier.grading"].sudo()._cron_end_overrides()
        self.assertEqual(self.client_c.logistics_tier_id, self.tier_c)
        self.assertTrue(override.ended_on)

    def test_second_replaces_the_first(self):
        self._override(self.client_c, self.tier_a)
        self._override(self.client_c | self.client_d, self.tier_b)
        overrides = self.env["logistics.tier.override"].search([])
        self.assertEqual(len(overrides), 3)
        self.assertEqual(
            len(overrides.filtered(lambda override: not override.ended_on)), 2
        )
        self.assertEqual(self.client_c.logistics_tier_id, self.tier_b)

    def test_merged_clients_keep_the_last(self):
        self._override(self.client_c, self.tier_a)
        self._override(self.client_d, self.tier_b)
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.client_c | self.client_d).ids, self.client_c)
        overrides = self.env["logistics.tier.override"].search([])
        self.assertEqual(overrides.client_id, self.client_c)
        in_force = overrides.filtered(lambda override: not override.ended_on)
        self.assertEqual(in_force.tier_id, self.tier_b)

    def test_past_day_is_refused(self):
        with self.assertRaises(UserError):
            self._override(self.client_c, self.tier_a, until_date="2020-01-01")

    def test_salespeople_may_not(self):
        salesperson = self._create_new_internal_user(
            login="tier_sales", groups="logistics_crm.group_salesperson"
        )
        self.client_c.user_id = salesperson
        with self.assertRaises(AccessError):
            self._override(self.client_c, self.tier_a, salesperson)
        self._override(self.client_c | self.client_d, self.tier_a)
        override = self.env["logistics.tier.override"].with_user(salesperson)
        self.client_d.user_id = self.manager
        seen = override.search([])
        self.assertEqual(seen.client_id, self.client_c)
        with self.assertRaises(AccessError):
            seen.action_end()
        history = self.env["logistics.tier.history"].with_user(salesperson)
        self.assertEqual(history.search([]).client_id, self.client_c)
        with self.assertRaises(AccessError):
            history.search([]).read(["value"])
        with self.assertRaises(AccessError):
            self.env["logistics.tier.rule"].with_user(salesperson).search([])
