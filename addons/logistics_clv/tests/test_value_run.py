from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import logistics_value_prediction, logistics_value_run
from .common import ValueCommon


class ValueRunCommon(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for date in ("2026-01-05", "2026-02-05", "2026-03-09"):
            cls._create_order_and_invoice(100, 60, date)
        # the same day again: one order day more money
        cls._create_order_and_invoice(50, 20, "2026-03-09")
        cls._create_order_and_invoice(500, 450, "2026-02-01", cls.client_b)

    def _create_run(self, **values):
        # superuser: a test may set what is not for entering
        runs = self.env["logistics.value.run"].sudo()
        return runs.create({"as_of_date": "2026-03-30", **values}).sudo(False)

    def _get_value(self, client):
        return self.env["logistics.client.value"].search(
            [("client_id", "=", client.id), ("company_id", "=", self.company.id)]
        )


@tagged("post_install", "-at_install")
class TestValueRun(ValueRunCommon):
    """From the ledger to the value of each client."""

    def test_facts_of_a_few_clients(self):
        run = self._create_run()
        run.action_compute()
        self.assertEqual(run.state, "done", run.error)
        self.assertRecordValues(
            self._get_value(self.client_a) | self._get_value(self.client_b),
            [
                {
                    "revenue": 350,
                    "cost": 200,
                    "historical": 150,
                    "order_days": 3,
                    "frequency": 2,
                    "order_days_year": 3,
                    "first_order": fields.Date.to_date("2026-01-05"),
                    "last_order": fields.Date.to_date("2026-03-09"),
                    "mean_contribution": 50,
                    "currency_id": self.company.currency_id.id,
                    "run_id": run.id,
                    "estimate": "template",
                },
                {
                    "revenue": 500,
                    "cost": 450,
                    "historical": 50,
                    "order_days": 1,
                    "frequency": 0,
                    "order_days_year": 1,
                    "first_order": fields.Date.to_date("2026-02-01"),
                    "last_order": fields.Date.to_date("2026-02-01"),
                    "mean_contribution": 50,
                    "currency_id": self.company.currency_id.id,
                    "run_id": run.id,
                    "estimate": "template",
                },
            ],
        )
        value = self._get_value(self.client_a)
        self.assertGreater(value.predicted, 0)
        self.assertGreater(value.expected_orders, 0)
        self.assertTrue(0 < value.p_alive <= 1)
        self.assertNotEqual(value.band, "none")
        self.assertAlmostEqual(value.total, value.historical + value.predicted)

    def test_run_keeps_what_it_is_based_on(self):
        run = self._create_run()
        run.action_compute()
        self.assertRecordValues(
            run,
            [
                {
                    "client_count": 2,
                    "repeat_client_count": 1,
                    "historical": 200,
                    "horizon_months": 36,
                    "discount_rate": 10,
                    "order_source": "template",
                    "progress": 100,
                    "error": False,
                }
            ],
        )
        self.assertIn("There are 2 clients, 1 of them", run.notes)
        self.assertEqual(
            set(run.fit_ids.mapped("purpose")), {"orders", "churn", "margin"}
        )
        self.assertIn("alpha", run.fit_ids[0].parameters)
        self.assertTrue(run.started_at)
        self.assertTrue(run.finished_at)

    def test_historical_equals_the_ledger(self):
        run = self._create_run()
        run.action_compute()
        [[contribution]] = self.Entry._read_group(
            [("company_id", "=", self.company.id)], aggregates=["contribution:sum"]
        )
        self.assertEqual(run.historical, contribution)
        self.assertAlmostEqual(sum(run.value_ids.mapped("historical")), contribution)
        self.assertAlmostEqual(
            sum(run.value_ids.mapped("revenue")), self._get_ledger_revenue()
        )

    def test_nothing_after_the_date_counts(self):
        run = self._create_run(as_of_date="2026-02-10")
        run.action_compute()
        self.assertRecordValues(
            self._get_value(self.client_a),
            [{"historical": 80, "order_days": 2, "revenue": 200}],
        )

    def test_reversed_day_is_no_order_day(self):
        move = self._create_order_and_invoice(100, 60, "2026-03-15")
        refund = move._reverse_moves([{"invoice_date": "2026-03-20"}])
        refund.action_post()
        run = self._create_run()
        run.action_compute()
        self.assertRecordValues(
            self._get_value(self.client_a),
            [
                {
                    "historical": 150,
                    "order_days": 3,
                    "last_order": fields.Date.to_date("2026-03-09"),
                }
            ],
        )

    def test_credit_note_without_its_invoice_lowers_the_mean(self):
        self._create_plain_invoice(price=30, date="2026-03-20", move_type="out_refund")
        run = self._create_run()
        run.action_compute()
        self.assertRecordValues(
            self._get_value(self.client_a),
            [
                {
                    "historical": 120,
                    "order_days": 3,
                    "mean_contribution": 40,
                    "last_order": fields.Date.to_date("2026-03-09"),
                }
            ],
        )

    def test_revenue_without_cost_is_said(self):
        self._create_plain_invoice(price=150, date="2026-03-20")
        run = self._create_run()
        run.action_compute()
        # 150 of 1000 without a cost
        self.assertAlmostEqual(run.cost_coverage, 0.85)
        self.assertIn("known for 85 % of the revenue", run.notes)

    def test_own_company_is_no_client(self):
        self._create_plain_invoice(self.company.partner_id)
        run = self._create_run()
        run.action_compute()
        self.assertFalse(self._get_value(self.company.partner_id))
        self.assertRegex(run.notes, r"100\.00.* belong to no client")

    def test_discount_is_no_revenue_of_unknown_cost(self):
        self._create_plain_invoice(price=50, date="2026-03-20", move_type="out_refund")
        run = self._create_run()
        run.action_compute()
        self.assertEqual(run.cost_coverage, 1)

    def test_each_reader_reads_the_run_in_their_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        run = self._create_run(state="queued")
        french = run.with_context(lang="fr_FR")
        self.assertEqual(run.progress_text, "Waiting for its turn")
        with patch.object(
            type(self.env["base"].env), "_", lambda env, text, **values: env.lang
        ):
            self.assertEqual(french.progress_text, "fr_FR")
        run.sudo().state = "draft"
        run.action_compute()
        run.sudo().failure = ["bad_horizon", {}]
        for name in ("progress_text", "notes", "error"):
            self.assertEqual(run._fields[name].store, False)
            self.assertIn(
                "lang", self.env.registry.field_depends_context[run._fields[name]]
            )
            self.assertTrue(run[name])

    def test_new_run_replaces_the_values(self):
        self._create_run().action_compute()
        old = self._get_value(self.client_a)
        self.Entry.search([("client_id", "=", self.client_b.id)]).move_id._reattribute(
            self.client_a, "test"
        )
        run = self._create_run()
        run.action_compute()
        self.assertEqual(self._get_value(self.client_a), old)
        self.assertRecordValues(old, [{"historical": 200, "run_id": run.id}])
        self.assertFalse(self._get_value(self.client_b))

    def test_failed_run_leaves_the_last_values(self):
        self._create_run().action_compute()
        before = self._get_value(self.client_a).read()
        run = self._create_run()
        with (
            patch.object(
                logistics_value_prediction,
                "predict",
                side_effect=ZeroDivisionError("no luck"),
            ),
            mute_logger("odoo.addons.logistics_clv.models.logistics_value_execution"),
        ):
            run.action_compute()
        self.assertRecordValues(run, [{"state": "failed", "error": "no luck"}])
        self.assertIn("last values are unchanged", run.progress_text)
        self.assertEqual(self._get_value(self.client_a).read(), before)
        run.action_compute()
        self.assertRecordValues(run, [{"state": "done", "error": False}])

    def test_company_without_invoices_gets_an_empty_run(self):
        other = self.setup_other_company(name="Other forwarder")["company"]
        self.env.user.company_ids |= other
        run = self._create_run(company_id=other.id)
        run.action_compute()
        self.assertRecordValues(run, [{"state": "done", "client_count": 0}])
        self.assertIn("nothing to predict", run.notes)

    def test_large_company_is_left_to_the_scheduled_action(self):
        run = self._create_run()
        with patch.object(logistics_value_run, "MAX_MOVES_AT_ONCE", 2):
            action = run.action_compute()
        self.assertEqual(run.state, "queued")
        self.assertEqual(action["params"]["state"], "queued")
        self.assertFalse(self._get_value(self.client_a))
        with self.enter_registry_test_mode():
            self.env.ref(
                "logistics_clv.ir_cron_value_run"
            ).sudo().method_direct_trigger()
        self.assertEqual(run.state, "done", run.error)
        self.assertEqual(self._get_value(self.client_a).historical, 150)

    def test_failure_of_the_ledger_fails_the_run_only(self):
        run = self._create_run()
        with patch.object(logistics_value_run, "MAX_MOVES_AT_ONCE", 2):
            run.action_compute()
        ledger = type(self.env["logistics.value.ledger"])
        with (
            patch.object(ledger, "_process_batch", side_effect=ValueError("broken")),
            mute_logger("odoo.addons.logistics_clv.models.logistics_value_execution"),
            self.enter_registry_test_mode(),
        ):
            self.env.ref(
                "logistics_clv.ir_cron_value_run"
            ).sudo().method_direct_trigger()
        self.assertRecordValues(run, [{"state": "failed", "error": "broken"}])

    def test_waiting_run_can_be_cancelled(self):
        run = self._create_run()
        with patch.object(logistics_value_run, "MAX_MOVES_AT_ONCE", 2):
            run.action_compute()
        run.action_cancel()
        self.assertEqual(run.state, "draft")

    def test_running_run_may_not_be_deleted(self):
        run = self._create_run()
        run.sudo().state = "running"
        with self.assertRaises(UserError):
            run.unlink()

    def test_user_is_told_on_the_bus(self):
        run = self._create_run()
        run.action_compute()
        self.env.cr.precommit.run()
        messages = self.env["bus.bus"].sudo().search([], order="id desc", limit=5)
        self.assertTrue(
            any(
                "logistics_clv.valuation_progress" in (message.message or "")
                for message in messages
            )
        )

    def test_settings_of_the_company_are_the_defaults(self):
        self.company.write(
            {
                "logistics_value_horizon": 12,
                "logistics_value_discount_rate": 15,
            }
        )
        short = self._create_run()
        self.assertRecordValues(short, [{"horizon_months": 12, "discount_rate": 15}])
        short.action_compute()
        value = self._get_value(self.client_a).predicted
        self._create_run(horizon_months=60).action_compute()
        self.assertGreater(self._get_value(self.client_a).predicted, value)

    def test_number_of_queries_does_not_grow_with_the_clients(self):
        def count():
            run = self._create_run()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            run.sudo()._value_clients()
            self.env.flush_all()
            return self.env.cr.sql_log_count - before

        self._create_run().action_compute()
        few = count()
        for index in range(6):
            partner = self.env["res.partner"].create({"name": f"More {index}"})
            self._create_order_and_invoice(100, 60, "2026-03-02", partner)
        self._refresh()
        count()
        self.assertLessEqual(count(), few)

    def test_partner_shows_the_value_of_its_commercial_entity(self):
        self.assertFalse(self.client_a_office.logistics_client_value_known)
        self._create_run().action_compute()
        self.env.invalidate_all()
        value = self._get_value(self.client_a)
        self.assertEqual(self.client_a_office.logistics_client_value, value.total)
        self.assertEqual(
            self.client_a_office.action_open_client_value()["res_id"], value.id
        )
        entries = value.action_open_entries()
        self.assertEqual(
            sum(self.Entry.search(entries["domain"]).mapped("contribution")),
            value.historical,
        )

    def test_values_can_be_grouped_in_pivot_and_graph(self):
        self._create_run().action_compute()
        for name in ("band", "tier_id", "stage_id", "user_id", "client_id"):
            groups = self.env["logistics.client.value"].formatted_read_group(
                [("company_id", "=", self.company.id)], [name], ["total:sum"]
            )
            self.assertTrue(groups, name)

    def test_enough_clients_are_fitted(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Shipper {index}"} for index in range(55)]
        )
        vals = []
        for index, partner in enumerate(partners):
            for order in range(1 + index % 7):
                date = fields.Date.add(
                    fields.Date.to_date("2025-01-06"),
                    days=(index * 5) % 90 + order * (20 + index % 9 * 6),
                )
                vals.append(
                    (partner.id, date, 100 + index % 13 * 10, 40 + index % 5 * 8)
                )
        template = self._create_order_and_invoice(1, 1, "2024-12-30")
        self._refresh()
        self.env.cr.executemany(
            """
            INSERT INTO logistics_value_entry (
                move_id, client_id, company_id, currency_id, cost_source, date, period,
                order_date, revenue, cost, contribution, is_order, is_other_account,
                is_adjustment)
            VALUES (%s, %s, %s, %s, 'order_line', %s, %s, %s, %s, %s, %s, TRUE, FALSE,
                FALSE)
            ON CONFLICT DO NOTHING
            """,
            [
                (
                    template.id,
                    client,
                    self.company.id,
                    self.company.currency_id.id,
                    date,
                    date,
                    date,
                    revenue,
                    revenue - margin,
                    margin,
                )
                for client, date, revenue, margin in vals
            ],
        )
        run = self._create_run()
        run.sudo()._value_clients()
        self.assertGreaterEqual(run.client_count, 55)
