from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .test_tier import TierCommon

MARCH = fields.Date.to_date("2026-03-01")
APRIL = fields.Date.to_date("2026-04-01")


class SnapshotCommon(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.logistics_tiers_automatic = True
        cls.rule.state = "former"
        cls.rule.flush_recordset()
        cls.rule = cls.rule.copy({"basis": "year"})
        cls.rule.state = "used"
        cls.Snapshot = cls.env["logistics.value.snapshot"].sudo()

    def _trigger(self):
        with self.enter_registry_test_mode():
            self.env.ref("logistics_clv.ir_cron_value_snapshot").method_direct_trigger()

    def _get_line(self, snapshot, client):
        return snapshot.line_ids.filtered(lambda line: line.client_id == client)


@tagged("post_install", "-at_install")
class TestSnapshot(SnapshotCommon):
    """The values of all clients, month by month."""

    def test_lines_equal_values_and_ledger(self):
        run = self._run()
        snapshot = self.Snapshot._take(self.company, MARCH)
        values = self.env["logistics.client.value"].search([])
        self.assertRecordValues(
            snapshot,
            [
                {
                    "client_count": 4,
                    "total": sum(values.mapped("total")),
                    "historical": 980,
                    "revenue": 4000,
                    "contribution": 980,
                    "run_id": run.id,
                    "as_of_date": run.as_of_date,
                }
            ],
        )
        value = values.filtered(lambda value: value.client_id == self.client_b)
        line = self._get_line(snapshot, self.client_b)
        self.assertRecordValues(
            line,
            [
                {
                    "tier_id": self.tier_b.id,
                    "historical": value.historical,
                    "predicted": value.predicted,
                    "total": value.total,
                    "band": value.band,
                    "revenue": 1000,
                    "contribution": 150,
                    "net_contribution": 150,
                    "order_days": 1,
                    "month": MARCH,
                }
            ],
        )
        entries = self.Entry.search(line.action_open_entries()["domain"])
        self.assertEqual(sum(entries.mapped("contribution")), line.contribution)

    def test_taken_again_replaces_the_month(self):
        self._run()
        snapshot = self.Snapshot._take(self.company, MARCH)
        self._set_values(900)
        self.assertEqual(self.Snapshot._take(self.company, MARCH), snapshot)
        self.assertEqual(len(snapshot.line_ids), 4)
        self.assertEqual(self._get_line(snapshot, self.client_a).total, 900)

    def test_killed_while_writing_leaves_the_last_snapshot(self):
        self._run()
        snapshot = self.Snapshot._take(self.company, MARCH)
        totals = snapshot.line_ids.mapped("total")
        self._set_values(900)
        self.env.flush_all()
        model = type(self.Snapshot)
        with (
            patch.object(model, "_prepare_total_vals", side_effect=KeyError("killed")),
            self.assertRaises(KeyError),
            self.env.cr.savepoint(),
        ):
            self.Snapshot._take(self.company, MARCH)
        self.env.invalidate_all()
        self.assertEqual(snapshot.line_ids.mapped("total"), totals)
        self.Snapshot._take(self.company, MARCH)
        self.assertEqual(self._get_line(snapshot, self.client_a).total, 900)

    def test_cron_takes_last_month_once_and_drops_old(self):
        self._run()
        old = self.Snapshot._take(self.company, fields.Date.to_date("2025-02-01"))
        self.company.logistics_snapshots_kept = 12
        with freeze_time("2026-04-02"):
            self._trigger()
        mine = [("company_id", "=", self.company.id)]
        snapshots = self.Snapshot.search(mine)
        self.assertEqual(snapshots.mapped("month"), [MARCH])
        self.assertFalse(old.exists())
        taken_at = snapshots.taken_at
        with freeze_time("2026-04-03"):
            self._trigger()
        self.assertEqual(self.Snapshot.search(mine).taken_at, taken_at)
        self.company.logistics_snapshots_monthly = False
        with freeze_time("2026-05-03"):
            self._trigger()
        self.assertEqual(self.Snapshot.search(mine), snapshots)

    def test_nothing_to_keep_is_said(self):
        with self.assertRaises(UserError):
            self.Snapshot.action_take()

    def test_roles(self):
        self._run()
        snapshot = self.Snapshot._take(self.company, MARCH)
        salesperson = self._create_new_internal_user(
            login="snap_sales", groups="logistics_crm.group_salesperson"
        )
        accountant = self._create_new_internal_user(
            login="snap_accountant", groups="logistics_clv.group_accountant"
        )
        self.client_a.user_id = salesperson
        lines = self.env["logistics.value.snapshot.line"]
        self.assertFalse(lines.with_user(salesperson).search([]))
        with self.assertRaises(AccessError):
            snapshot.with_user(salesperson).read(["total"])
        self.company.logistics_value_own_clients = True
        seen = lines.with_user(salesperson).search([])
        self.assertEqual(seen.client_id, self.client_a)
        self.assertEqual(len(lines.with_user(self.manager).search([])), 4)
        with self.assertRaises(AccessError):
            snapshot.with_user(self.manager).action_take()
        snapshot.with_user(accountant).action_take()
        with self.assertRaises(AccessError):
            snapshot.with_user(accountant).write({"total": 1})

    def test_merged_clients_keep_both_lines(self):
        self._run()
        snapshot = self.Snapshot._take(self.company, MARCH)
        total = snapshot.total
        wizard = self.env["base.partner.merge.automatic.wizard"].sudo()
        wizard._merge((self.client_c | self.client_d).ids, self.client_c)
        self.env.invalidate_all()
        self.assertEqual(len(snapshot.line_ids), 4)
        self.assertAlmostEqual(sum(snapshot.line_ids.mapped("total")), total)

    def test_year_of_snapshots_for_the_demo(self):
        with freeze_time("2026-08-20"):
            self.env["logistics.value.snapshot.demo"].sudo()._generate_company()
        snapshots = self.Snapshot.search([("company_id", "=", self.company.id)])
        self.assertEqual(len(snapshots), 12)
        self.assertEqual(snapshots.mapped("client_count")[:6], [4, 4, 4, 4, 4, 0])
        history = self._get_history(self.client_a)
        self.assertEqual(history[-1].date.date().isoformat(), "2026-03-31")
        override = self.env["logistics.tier.override"].search([])
        self.assertEqual(override.client_id.logistics_tier_id, self.tier_b)
        draft = self.env["logistics.tier.rule"].search([("state", "=", "draft")])
        self.assertEqual(draft.method, "threshold")

    def test_queries_do_not_grow_with_clients(self):
        self._run()
        self.Snapshot._take(self.company, MARCH)
        with self.assertQueryCount(9):
            self.Snapshot._take(self.company, MARCH)
