from datetime import datetime
from unittest.mock import patch

from psycopg2 import IntegrityError

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import logistics_cost_computation
from .cost_common import CostCommon


@tagged("post_install", "-at_install")
class TestCostRunStates(CostCommon):
    """A run is dated, repeatable, reversible, and leaves a trail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._book(cls.team, 100)
        cls.pool = cls._create_pool()
        cls._enter(cls.client_a, 1)
        cls.run_march = cls._create_run()

    def test_one_run_a_month_until_it_is_reversed(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self._create_run(compute=False)
        self.run_march.action_confirm()
        self.run_march._reverse("a late bill")
        again = self._create_run()
        self.assertEqual(self._get_amounts(again), {"Client A": 100})
        self.assertEqual(self._get_amounts(self.run_march), {"Client A": 100})

    def test_confirmed_run_cannot_be_changed(self):
        run = self.run_march
        run.action_confirm()
        self.assertRecordValues(
            run, [{"state": "confirmed", "confirmed_by_id": self.env.uid}]
        )
        for change in (
            lambda: run.action_compute(),
            lambda: run.action_draft(),
            lambda: run.write({"month": "2026-02-01"}),
            lambda: run.unlink(),
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                change()

    def test_results_are_not_entered(self):
        accountant = self._create_new_internal_user(
            login="cost_accountant", groups="logistics_clv.group_accountant"
        )
        run = self.run_march.with_user(accountant)
        for vals in ({"state": "confirmed"}, {"allocated": 1}, {"is_queued": True}):
            with self.assertRaises(AccessError):
                run.write(vals)
        with self.assertRaises(AccessError):
            run.create({"month": "2026-01-01", "state": "confirmed"})
        with self.assertRaises(AccessError):
            run.pool_line_ids.write({"allocated": 1})
        run.action_confirm()
        self.assertEqual(run.state, "confirmed")

    def test_reversal_keeps_the_trail(self):
        run = self.run_march
        run.action_confirm()
        wizard = self.env["logistics.cost.run.reverse"].create(
            {"run_ids": [Command.set(run.ids)], "reason": "a late bill"}
        )
        wizard.action_apply()
        self.assertRecordValues(
            run,
            [
                {
                    "state": "reversed",
                    "reversal_reason": "a late bill",
                    "reversed_by_id": self.env.uid,
                }
            ],
        )
        trail = self.Allocation.search([("run_id", "=", run.id)])
        self.assertEqual(trail.mapped("state"), ["reversed"])
        groups = self.Allocation._read_group(
            [("state", "=", "reversed")], ["driver_id"], ["amount:sum"]
        )
        self.assertEqual(groups, [(self.manual, 100)])
        [group] = self.Allocation.formatted_read_group(
            [("run_id", "=", run.id)],
            ["pool_id"],
            ["amount:sum_currency", "currency_id:array_agg_distinct"],
        )
        self.assertEqual(group["pool_id"][0], self.pool.id)
        self.assertEqual(group["currency_id:array_agg_distinct"], run.currency_id.ids)
        self.assertIn("a late bill", run.message_ids[0].body)
        with self.assertRaises(UserError):
            run._reverse("again")

    def test_books_changed_since(self):
        run = self.run_march
        self.assertEqual(run.books_changed, 0)
        self._book(self.team, 25)
        run.invalidate_recordset()
        self.assertEqual(run.books_changed, 25)
        with self.assertRaisesRegex(UserError, "books changed"):
            run.action_confirm()
        run.action_compute()
        run.action_confirm()
        self.assertEqual(run.allocated, 125)
        self._book(self.team, 5)
        run.invalidate_recordset()
        self.assertEqual(run.books_changed, 5)

    def test_closed_month_keeps_its_figures(self):
        run = self.run_march
        run.action_confirm()
        self.company.fiscalyear_lock_date = "2026-03-31"
        with self.assertRaisesRegex(UserError, "closed up to 2026-03-31"):
            run._reverse("late")
        self.assertEqual(run.state, "confirmed")
        self.env["account.lock_exception"].create(
            {
                "company_id": self.company.id,
                "user_id": self.env.uid,
                "fiscalyear_lock_date": "2026-01-31",
                "end_datetime": fields.Datetime.add(datetime.now(), hours=1),
            }
        )
        self.env.invalidate_all()
        run._reverse("late, with an exception")
        self.assertEqual(run.state, "reversed")

    def test_settings_changed_later_do_not_touch_the_run(self):
        self.run_march.action_confirm()
        self.pool.write({"method": "rate", "unit_cost": 5, "kind": "sales"})
        self.assertRecordValues(
            self.run_march.pool_line_ids, [{"method": "share", "kind": "service"}]
        )
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            self.pool.unlink()

    def test_month_of_the_future_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "not begun"):
            self._create_run(fields.Date.add(fields.Date.today(), months=2))

    def test_large_company_computes_in_the_background(self):
        run = self.run_march
        run.action_draft()
        with patch.object(logistics_cost_computation, "MAX_CLIENTS_AT_ONCE", -1):
            run.action_compute()
        self.assertRecordValues(run, [{"state": "draft", "is_queued": True}])
        with self.enter_registry_test_mode():
            self.env.ref("logistics_clv.ir_cron_cost_run").method_direct_trigger()
        self.assertRecordValues(
            run, [{"state": "computed", "is_queued": False, "allocated": 100}]
        )
