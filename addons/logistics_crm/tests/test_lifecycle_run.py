import random
from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from .common import FreightCommon


class LifecycleCommon(FreightCommon):
    """The default scheme and its rules; orders of a client on given days ago."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.scheme.active = False
        cls.stages = {
            stage.code: stage
            for stage in cls.env.ref("logistics_crm.lifecycle_scheme_default").stage_ids
        }
        cls.product = cls.env["product.product"].create(
            {"name": "Freight", "type": "service", "list_price": 100}
        )
        cls.runs = cls.env["logistics.lifecycle.run"]

    @classmethod
    def _order(cls, days_ago, client=None, confirmed=True):
        order = cls.env["sale.order"].create(
            {
                "partner_id": (client or cls.client).id,
                "order_line": [Command.create({"product_id": cls.product.id})],
            }
        )
        if confirmed:
            order.action_confirm()
        order.date_order = fields.Datetime.now() - timedelta(days=days_ago)
        return order

    def _run(self, full=True):
        """Run as the scheduled action does, without its commits."""
        run = self.runs._start(is_full=full)
        run._measure()
        while run._decide_batch():
            pass
        run.finished_at = fields.Datetime.now()
        return run

    def _move(self, client=None):
        return self.env["logistics.lifecycle.history"].search(
            [("partner_id", "=", (client or self.client).id)], limit=1
        )

    def _measure(self, client=None):
        return self.env["logistics.client.measure"].search(
            [("partner_id", "=", (client or self.client).id)]
        )


@tagged("post_install", "-at_install")
class TestLifecycleRun(LifecycleCommon):
    def test_client_with_one_order_is_new_and_history_says_why(self):
        self._order(3)
        run = self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["new"])
        move = self._move()
        self.assertRecordValues(
            move,
            [
                {
                    "from_stage_id": False,
                    "to_stage_id": self.stages["new"].id,
                    "is_automatic": True,
                    "run_id": run.id,
                }
            ],
        )
        self.assertIn("Days with an Order so far 1 (≤ 2)", move.explanation)
        self.assertGreaterEqual(run.moved_count, 1)

    def test_client_without_orders_that_has_a_stage_is_potential(self):
        self.client.logistics_stage_id = self.stages["mature"]
        self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["potential"])

    def test_partner_that_is_no_client_gets_no_stage(self):
        bystander = self.env["res.partner"].create({"name": "Ann"})
        self._run()
        self.assertFalse(bystander.logistics_stage_id)
        self.assertFalse(self._measure(bystander))

    def test_quotation_and_credit_note_are_no_order(self):
        self.client.logistics_stage_id = self.stages["new"]
        self._order(3, confirmed=False)
        self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.client.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create({"product_id": self.product.id, "price_unit": 50})
                ],
            }
        ).action_post()
        self._run()
        self.assertEqual(self._measure().order_count, 0)
        self.assertEqual(self.client.logistics_stage_id, self.stages["potential"])

    def test_invoice_without_order_counts_and_one_of_an_order_does_not(self):
        order = self._order(20)
        order._create_invoices().action_post()
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.client.id,
                "invoice_date": fields.Date.today() - timedelta(days=10),
                "invoice_line_ids": [
                    Command.create({"product_id": self.product.id, "price_unit": 50})
                ],
            }
        ).action_post()
        self._run()
        self.assertRecordValues(
            self._measure(), [{"order_count": 2, "order_days": 2, "orders_90": 2}]
        )

    def test_contacts_order_for_their_client(self):
        contact = self.env["res.partner"].create(
            {"name": "Ann", "parent_id": self.client.id}
        )
        self._order(3, client=contact)
        self._run()
        self.assertEqual(self._measure().order_count, 1)
        self.assertFalse(contact.logistics_stage_id)

    def test_windows_count_what_lies_in_them(self):
        for days in (0, 89, 91, 364, 366, 370, 454, 456, 729, 731):
            self._order(days)
        self._run()
        self.assertRecordValues(
            self._measure(),
            [
                {
                    "order_count": 10,
                    "orders_90": 2,
                    "previous_90": 3,
                    "orders_365": 4,
                    "previous_365": 5,
                }
            ],
        )

    def test_silent_client_lapses_and_comes_back_by_an_order(self):
        for days in range(140, 700, 20):
            self._order(days)
        self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["lapsed"])
        self.assertTrue(self._move().is_loss)
        self._order(0)
        self._run(full=False)
        self.assertEqual(self._measure().candidate_stage_id, self.stages["mature"])
        self.stages["mature"].confirm_runs = 1
        self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["mature"])

    def test_growing_is_confirmed_on_another_night(self):
        for days in (100, 80, 60, 40, 20, 1):
            self._order(days)
        self.client.logistics_stage_id = self.stages["new"]
        self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["new"])
        self.assertEqual(self._measure().candidate_stage_id, self.stages["growing"])
        self._run()
        self.assertEqual(self._measure().candidate_runs, 1, "the same day")
        self.env.cr.execute(
            "UPDATE logistics_client_measure SET checked_on = checked_on - 1"
        )
        self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["growing"])

    def test_second_run_changes_nothing(self):
        self._order(3)
        self._run()
        moves = self.client.logistics_stage_history_ids
        again = self._run()
        self.assertEqual(again.moved_count, 0)
        self.assertEqual(self.client.logistics_stage_history_ids, moves)

    def test_killed_run_is_continued_with_what_is_due(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._order(3)
        self._order(3, client=other)
        run = self.runs._start(is_full=True)
        run._measure()
        run._decide_batch(client_ids=other.ids)
        # the process died here; the next night goes on
        self.assertEqual(self.runs._get_open_run(), run)
        while run._decide_batch():
            pass
        self.assertEqual(self.client.logistics_stage_id, self.stages["new"])
        self.assertEqual(other.logistics_stage_id, self.stages["new"])
        self.assertEqual(len(other.logistics_stage_history_ids), 1)

    def test_nightly_run_looks_only_at_what_has_changed(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._order(3, client=other)
        self._run()
        self.env.cr.execute(
            "UPDATE sale_order SET write_date = write_date - interval '2 days'"
        )
        self._order(2)
        run = self._run(full=False)
        due = self.env["logistics.client.measure"].search([("is_due", "=", True)])
        self.assertFalse(due)
        self.assertEqual(self.client.logistics_stage_id, self.stages["new"])
        self.assertLess(run.checked_count, 20)

    def test_run_for_one_client_hides_no_change_of_another(self):
        other = self.env["res.partner"].create({"name": "Other", "is_company": True})
        self._run()
        self._order(3, client=other)
        self.env["logistics.lifecycle.run"]._run_for(self.client)
        with freeze_time(fields.Datetime.now() + timedelta(days=2)):
            self.env["logistics.lifecycle.run"]._run_for(self.client)
            self._run(full=False)
        self.assertEqual(self._measure(other).order_count, 1)

    def test_deleted_and_reset_orders_are_forgotten(self):
        deleted, reset = self._order(3), self._order(4)
        self._run()
        self.assertEqual(self._measure().order_count, 2)
        (deleted | reset)._action_cancel()
        deleted.unlink()
        reset.action_draft()
        self.assertTrue(self._measure().is_stale)
        self._run(full=False)
        self.assertEqual(self._measure().order_count, 0)
        self.assertFalse(self._measure().is_stale)

    def test_what_leaves_a_window_is_counted_anew_as_a_full_run_does(self):
        client = self.client
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": client.id,
                "invoice_date": fields.Date.today() - timedelta(days=80),
                "invoice_line_ids": [
                    Command.create({"product_id": self.product.id, "price_unit": 50})
                ],
            }
        )
        invoice.action_post()
        for days in (81, 300, 358, 450, 725):
            self._order(days)
        self._run()
        names = ["orders_90", "orders_365", "previous_90", "previous_365"]
        names += ["contribution_365"]
        with freeze_time(fields.Datetime.now() + timedelta(days=12)):
            self._run(full=False)
            [nightly] = self._measure().read(names)
            self._run()
            self.assertEqual(self._measure().read(names), [nightly])
        self.assertEqual(nightly["orders_90"], 0)
        self.assertEqual(nightly["orders_365"], 3)

    def test_every_nightly_run_equals_a_full_one(self):
        """Whatever happens, and wherever a run is killed."""
        clients = self.client | self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in "abc"]
        )
        chance = random.Random(7)
        for client in clients:
            for _order in range(chance.randint(1, 5)):
                self._order(chance.randint(0, 720), client=client)
        self._run()
        start = fields.Datetime.now()
        fnames = [
            name
            for name, field in self.env["logistics.client.measure"]._fields.items()
            if field.store and name not in ("is_due", "is_stale", "checked_on")
        ]
        for night in range(1, 40, 3):
            with freeze_time(start + timedelta(days=night)):
                self._order(chance.randint(0, 30), client=chance.choice(clients))
                killed = self.runs._start(is_full=False)
                with self.assertRaises(KeyboardInterrupt), self.cr.savepoint():
                    killed._measure()
                    raise KeyboardInterrupt
                killed.unlink()
                self._run(full=False)
                rows = self._measures_of(clients).read(fnames)
                self._run_measure_only()
                self.assertEqual(self._measures_of(clients).read(fnames), rows)

    def _measures_of(self, clients):
        return self.env["logistics.client.measure"].search(
            [("partner_id", "in", clients.ids)], order="partner_id"
        )

    def _run_measure_only(self):
        run = self.runs.create({"is_full": True, "is_partial": True})
        run._measure()

    def test_silent_client_lapses_without_having_stopped_to_grow(self):
        growing = self.stages["growing"]
        growing.rule_ids.filtered(lambda rule: rule.kind == "exit").condition_ids[
            1:
        ].unlink()
        for days in range(400, 700, 30):
            self._order(days)
        self.client.logistics_stage_id = growing
        self.client.action_release_logistics_stage()
        self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["lapsed"])

    def test_held_client_stays_and_shows_where_it_would_go(self):
        self._order(3)
        self.client.write(
            {
                "logistics_stage_id": self.stages["mature"].id,
                "logistics_stage_hold_until": fields.Date.today(),
            }
        )
        self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["mature"])
        self.assertEqual(self._measure().candidate_stage_id, self.stages["new"])

    def test_stage_set_by_hand_is_held_as_long_as_the_company_wants(self):
        self._order(3)
        self._run()
        self.client.logistics_stage_id = self.stages["mature"]
        until = fields.Date.today() + timedelta(days=30)
        self.assertEqual(self.client.logistics_stage_hold_until, until)
        self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["mature"])
        self.client.action_release_logistics_stage()
        self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["new"])

    def test_hook_hears_of_every_move_in_batches(self):
        calls = []

        def changed(partners, previous):
            calls.append((partners.ids, previous))

        self.patch(self.registry["res.partner"], "_on_logistics_stage_changed", changed)
        self._order(3)
        self._run()
        heard = {client for ids, _previous in calls for client in ids}
        self.assertIn(self.client.id, heard)

    def test_client_stays_in_its_own_scheme(self):
        relationship = self.env.ref("logistics_crm.lifecycle_scheme_relationship")
        stability = relationship.stage_ids.filtered(lambda s: s.code == "stability")
        self.client.logistics_stage_id = stability
        self._order(3)
        self.client.logistics_stage_hold_until = False
        self._run()
        self.assertEqual(self.client.logistics_stage_id.scheme_id, relationship)
        self.assertEqual(self.client.logistics_stage_id.code, "exploration")

    def test_overdue_debt_is_measured_and_forgotten_when_paid(self):
        self._order(3)
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.client.id,
                "invoice_date": fields.Date.today() - timedelta(days=60),
                "invoice_date_due": fields.Date.today() - timedelta(days=30),
                "invoice_line_ids": [
                    Command.create(
                        {"name": "x", "price_unit": 50, "tax_ids": [Command.clear()]}
                    )
                ],
            }
        )
        move.action_post()
        self._run()
        self.assertEqual(self._measure().overdue_amount, 50)
        self.assertEqual(
            self._measure().overdue_since, fields.Date.today() - timedelta(days=30)
        )
        self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=move.ids
        ).create({})._create_payments()
        self._run(full=False)
        self.assertFalse(self._measure().overdue_since)

    def test_nightly_run_costs_as_many_queries_for_many_as_for_one(self):
        clients = self.env["res.partner"].create(
            [{"name": f"Client {number}", "is_company": True} for number in range(40)]
        )
        for client in clients:
            self._order(3, client=client)
        run = self.runs._start(is_full=True)
        run._measure()
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(60):
            run._decide_batch()
        self.assertEqual(set(clients.logistics_stage_id), {self.stages["new"]})


@tagged("post_install", "-at_install")
class TestLifecycleDraft(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self._order(3)
        self._run()
        scheme = self.env.ref("logistics_crm.lifecycle_scheme_default")
        admin = self.user_by_login["freight_admin"]
        action = scheme.with_user(admin).action_try_rules()
        drafts = self.env["logistics.lifecycle.draft"].with_user(admin)
        self.draft = drafts.browse(action["res_id"])

    def test_unchanged_rules_would_move_nobody(self):
        self.draft.action_preview()
        self.assertGreaterEqual(self.draft.client_count, 1)
        self.assertNotIn(self.client, self.draft.line_ids.partner_id)

    def test_changed_rule_shows_who_would_move_and_moves_nobody(self):
        self._make_everybody_mature()
        self.draft.action_preview()
        line = self.draft.line_ids.filtered(lambda x: x.partner_id == self.client)
        self.assertEqual(line.from_stage_id, self.stages["new"])
        self.assertEqual(line.to_stage_id, self.stages["mature"])
        self.assertEqual(self.draft.move_count, len(self.draft.line_ids))
        self.assertIn("Orders so far 1 (≥ 1)", line.explanation)
        self.assertEqual(self.client.logistics_stage_id, self.stages["new"])
        self._run()
        self.assertEqual(self.client.logistics_stage_id, self.stages["new"])

    def test_applied_rules_replace_the_old_ones(self):
        self._make_everybody_mature()
        self.draft.action_preview()
        self.draft.action_apply()
        self.assertEqual(self.draft.state, "applied")
        self.assertFalse(self.stages["new"].rule_ids)
        self.stages["mature"].confirm_runs = 1
        self._run(full=False)
        self.assertEqual(self.client.logistics_stage_id, self.stages["mature"])
        with self.assertRaisesRegex(UserError, "start anew"):
            self.draft.action_apply()

    def test_discarded_rules_leave_the_old_ones(self):
        rules = self.stages["new"].rule_ids
        self._make_everybody_mature()
        self.draft.action_discard()
        self.assertEqual(self.stages["new"].rule_ids, rules)

    @users("freight_manager")
    def test_only_administrators_try_rules(self):
        scheme = self.env.ref("logistics_crm.lifecycle_scheme_default")
        with self.assertRaises(AccessError):
            scheme.action_try_rules()
        with self.assertRaises(AccessError):
            self.stages["new"].rule_ids.with_user(self.env.user).unlink()

    def _make_everybody_mature(self):
        self.draft.rule_ids.unlink()
        self.draft.rule_ids = [
            Command.create(
                {
                    "stage_id": self.stages["mature"].id,
                    "condition_ids": [
                        Command.create(
                            {
                                "measure": "order_count",
                                "operator": ">=",
                                "threshold": 1,
                            }
                        )
                    ],
                }
            )
        ]


@tagged("post_install", "-at_install")
class TestLifecycleRights(LifecycleCommon):
    def setUp(self):
        super().setUp()
        self._order(3)
        self._run()

    @users("freight_sales")
    def test_salesperson_reads_why_and_no_credit_data(self):
        measure = self._measure().with_user(self.env.user)
        self.assertEqual(measure.order_count, 1)
        for name in ("overdue_amount", "overdue_since", "contribution_365"):
            with self.assertRaises(AccessError):
                measure.search([(name, "!=", False)])
            with self.assertRaises(AccessError):
                measure.read([name])
        with self.assertRaises(AccessError):
            self._move().with_user(self.env.user).read(["facts"])
        move = self._move().with_user(self.env.user)
        self.assertIn("Days with an Order", move.explanation)

    @users("freight_sales")
    def test_reason_hides_what_may_not_be_seen(self):
        move = self._move()
        move.sudo().facts = [
            {"measure": "overdue_days", "operator": ">", "threshold": 9, "value": 40},
            {
                "measure": "contribution_365",
                "operator": "<",
                "threshold": 1,
                "value": 0,
            },
            {"measure": "order_days", "operator": "<=", "threshold": 2, "value": 1},
        ]
        move.invalidate_recordset()
        self.assertEqual(
            move.with_user(self.env.user).explanation,
            "Days with an Order so far 1 (≤ 2)",
        )
        manager = self.user_by_login["freight_manager"]
        self.assertIn("Days Overdue 40", move.with_user(manager).explanation)

    @users("freight_sales_other")
    def test_measures_of_a_foreign_client_are_not_read(self):
        self.assertFalse(
            self.env["logistics.client.measure"].search(
                [("partner_id", "=", self.client.id)]
            )
        )

    @users("freight_sales")
    def test_salesperson_starts_no_run_of_all_but_decides_on_own_clients(self):
        with self.assertRaises(AccessError):
            self.env["logistics.lifecycle.run"].action_run_now()
        self.client.with_user(self.env.user).action_decide_logistics_stage()

    @users("freight_manager")
    def test_manager_runs_all(self):
        action = self.env["logistics.lifecycle.run"].action_run_now()
        self.assertEqual(action["tag"], "display_notification")

    def test_lost_client_gets_its_reason_with_the_move(self):
        wizard = self.env["logistics.lifecycle.move"].create(
            {
                "partner_ids": [Command.set(self.client.ids)],
                "stage_id": self.stages["lapsed"].id,
                "reason": "Went to a competitor",
            }
        )
        with self.assertRaisesRegex(UserError, "choose the reason"):
            wizard.action_move()
        price = self.env.ref("logistics_crm.loss_reason_price")
        wizard.loss_reason_id = price
        wizard.action_move()
        self.assertRecordValues(
            self._move(),
            [
                {
                    "loss_reason_id": price.id,
                    "loss_category": "price",
                    "reason": "Went to a competitor",
                    "is_automatic": False,
                }
            ],
        )

    def test_reason_of_a_loss_is_asked_for_after_a_drag(self):
        client = self.client.with_user(self.salesperson)
        self.assertFalse(client.action_ask_logistics_loss_reason())
        client.logistics_stage_id = self.stages["lapsed"]
        client.invalidate_recordset()
        dragged = client.with_context(logistics_only_missing=True)
        question = dragged.action_ask_logistics_loss_reason()
        reason = self.env.ref("logistics_crm.loss_reason_price")
        wizard = (
            self.env[question["res_model"]]
            .with_user(self.salesperson)
            .with_context(**question["context"])
            .create({"loss_reason_id": reason.id})
        )
        wizard.action_keep()
        client.invalidate_recordset()
        self.assertEqual(self._move().loss_reason_id, reason)
        self.assertFalse(dragged.action_ask_logistics_loss_reason())
        self.assertTrue(client.action_ask_logistics_loss_reason())

    def test_time_in_the_stage_before_is_kept(self):
        move = self._move()
        move.date -= timedelta(days=12)
        move.flush_recordset()
        self.client.logistics_stage_id = self.stages["growing"]
        self.assertAlmostEqual(self._move().days_in_stage, 12, delta=0.1)

    def test_hold_of_a_past_day_is_refused(self):
        wizard = self.env["logistics.lifecycle.hold"].create(
            {
                "partner_ids": [Command.set(self.client.ids)],
                "until": fields.Date.today() - timedelta(days=1),
                "reason": "x",
            }
        )
        with self.assertRaisesRegex(UserError, "not over"):
            wizard.action_hold()
        wizard.until = fields.Date.today()
        wizard.action_hold()
        self.assertEqual(self.client.logistics_stage_hold_reason, "x")

    def test_orders_of_two_companies_count_together_in_one_currency(self):
        main = self.env["res.company"].search([], order="id", limit=1)
        currency = self.env["res.currency"].create({"name": "XTS", "symbol": "X"})
        self.env["res.currency.rate"].create(
            {"currency_id": currency.id, "rate": 2, "company_id": main.id}
        )
        second = self.env["res.company"].create(
            {"name": "Second", "currency_id": currency.id}
        )
        product = self.product.with_company(second)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.client.id,
                "company_id": second.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "price_unit": 300,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        self._run()
        measure = self._measure()
        self.assertEqual(measure.order_count, 2)
        # 100 of the main company, and 300 of the second at 2 for 1
        self.assertEqual(measure.contribution_365, 250)
