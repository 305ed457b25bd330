from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_value_cost import CostCommon


@tagged("post_install", "-at_install")
class TestWhyTheValue(CostCommon):
    """The document says where its cost comes from, and what was adjusted."""

    def _create_job_and_invoice(self):
        order = self._create_order([(self.sea, 1, 1000, 700)])
        return order, self._invoice_order(order)

    def test_bill_over_purchase_is_named(self):
        if "purchase_line_id" not in self.env["account.move.line"]._fields:
            self.skipTest("Purchase is not installed")
        order, move = self._create_job_and_invoice()
        self._refresh()
        self.assertEqual(move.logistics_value_status, "estimated")
        self.assertIn("700.00 estimated from", move.logistics_value_explanation)
        self.assertIn(order.name, move.logistics_value_explanation)
        line = self._create_purchase(order.order_line, 650)
        purchase = line.order_id
        bill = self._create_bill(
            [(650, {"purchase_line_id": line.id, "product_id": self.sea.id})],
            invoice_origin=purchase.name,
        )
        self._refresh()
        self.env.invalidate_all()
        self.assertRecordValues(
            move | bill,
            [
                {
                    "logistics_client_id": self.client_a.id,
                    "logistics_value_status": "actual",
                    "logistics_contribution": 350,
                },
                {
                    "logistics_client_id": self.client_a.id,
                    "logistics_value_status": "actual",
                    "logistics_contribution": -650,
                },
            ],
        )
        self.assertIn(
            f"from vendor bill {bill.name} over {purchase.name}",
            move.logistics_value_explanation,
        )
        self.assertIn("for Client A", bill.logistics_value_explanation)
        self.assertIn(move.name, bill.logistics_value_explanation)
        entry = self._get_entries(move)[:1]
        lines = self.env["account.move.line"].search(
            entry.action_open_bill_lines()["domain"]
        )
        self.assertEqual(lines, bill.invoice_line_ids)
        job = self.env["logistics.value.job"].search([("order_id", "=", order.id)])
        self.assertRecordValues(
            job,
            [
                {
                    "quoted_cost": 700,
                    "actual_cost": 650,
                    "variance": -50,
                    "margin_rate": 35,
                    "quoted_margin_rate": 30,
                    "state": "final",
                }
            ],
        )
        [by_vendor] = self.Entry.formatted_read_group(
            [("vendor_id", "=", self.vendor.id)],
            ["vendor_id"],
            ["cost:sum", "quoted_cost:sum", "cost_variance:sum"],
        )
        self.assertEqual(by_vendor["cost_variance:sum"], -50)

    def test_bill_is_let_count_for_another_client(self):
        bill = self._create_bill([(80, {})])
        bill._reattribute(self.client_b, "Bought for B")
        self._refresh()
        self.env.invalidate_all()
        self.assertEqual(bill.logistics_client_id, self.client_b)
        self.assertEqual(self._get_entries(bill).client_id, self.client_b)
        self.assertEqual(bill.logistics_contribution, -80)

    def test_change_in_a_closed_period_shows_as_adjustment(self):
        __, move = self._create_job_and_invoice()
        untouched = self._create_plain_invoice()
        self._refresh()
        before = self._get_entries(move)
        reported = sum(before.mapped("contribution"))
        self.company.fiscalyear_lock_date = "2026-03-31"
        move._reattribute(self.client_b, "agent")
        self.env.invalidate_all()
        self.assertTrue(move.logistics_value_adjusted)
        self.assertFalse(untouched.logistics_value_adjusted)
        self.assertIn("Adjustment of", move.logistics_value_explanation)
        self.assertIn("closed already", move.logistics_value_explanation)
        self.assertIn("Contribution by client", move.logistics_value_explanation)
        moves = self.env["account.move"]
        self.assertEqual(moves.search([("logistics_value_adjusted", "=", True)]), move)
        closed = self.Entry.search(
            [("move_id", "=", move.id), ("date", "<=", "2026-03-31")]
        )
        self.assertEqual(closed.client_id, self.client_a)
        self.assertEqual(sum(closed.mapped("contribution")), reported)
        self.assertEqual(move.logistics_contribution, reported)

    def test_lists_are_guarded(self):
        salesperson = self._create_new_internal_user(
            login="list_sales",
            groups="logistics_crm.group_salesperson,account.group_account_invoice,"
            "base.group_allow_export",
        )
        moves = self.env["account.move"].with_user(salesperson)
        own = self._create_plain_invoice(invoice_user_id=salesperson.id)
        for name in (
            "logistics_value_adjusted",
            "logistics_value_reattributed",
            "logistics_value_without_client",
            "logistics_value_status",
            "logistics_client_id",
            "logistics_attributed_client_id",
        ):
            value = "pending" if name.endswith("status") else True
            with self.subTest(field=name):
                with self.assertRaises(AccessError):
                    moves.search([(name, "=", value)])
                with self.assertRaises(AccessError):
                    self.env["account.move.line"].with_user(salesperson).search(
                        [(f"move_id.{name}", "=", value)]
                    )
                with self.assertRaises(AccessError):
                    moves.browse(own.id).export_data([name])

    def test_form_costs_nothing_for_others(self):
        __, move = self._create_job_and_invoice()
        self._refresh()
        clerk = self._create_new_internal_user(
            login="form_clerk", groups="account.group_account_invoice"
        )
        arch = etree.fromstring(
            move.with_user(clerk).get_view(view_type="form")["arch"]
        )
        names = {node.get("name") for node in arch.iter("field")}
        ours = ("logistics_client", "logistics_value", "logistics_contrib")
        self.assertFalse([name for name in names if name.startswith(ours)])


@tagged("post_install", "-at_install")
class TestQueriesOfTheForm(CostCommon):
    """Opening an invoice costs three queries more than without the ledger."""

    def test_form_needs_at_most_three_queries_more(self):
        order = self._create_order([(self.sea, 1, 1000, 700)])
        move = self._invoice_order(order)
        self._refresh()
        arch = etree.fromstring(move.get_view(view_type="form")["arch"])
        names = {
            node.get("name")
            for node in arch.iter("field")
            if not any(True for _list in node.iterancestors("field"))
        }
        ours = {name for name in names if name.startswith("logistics_")}
        self.assertIn("logistics_contribution", ours)
        self._count_queries(move, names)  # what is read once only
        plain = self._count_queries(move, names - ours)
        self.assertLessEqual(self._count_queries(move, names) - plain, 3)

    def _count_queries(self, move, names):
        specification = {
            name: {"fields": {"display_name": {}}}
            if move._fields[name].type == "many2one"
            else {}
            for name in sorted(names)
        }
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        move.web_read(specification)
        return self.env.cr.sql_log_count - before
