from dataclasses import replace

from odoo import Command
from odoo.tests import tagged

from ..models import value_job_sql as job_sql
from .common import ValueCommon


class CostCommon(ValueCommon):
    """Bills over purchase orders, analytic accounts and journal entries."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create(
            {"name": "Carrier", "is_company": True}
        )
        cls.cost_account = cls.company_data["default_account_expense"].copy(
            {"code": "500900", "account_type": "expense_direct_cost"}
        )
        cls.plan = cls.env["account.analytic.plan"].create({"name": "Jobs"})

    @classmethod
    def _create_bill(
        cls, lines, date="2026-04-05", move_type="in_invoice", post=True, **vals
    ):
        """Post a vendor bill; lines are (amount, values)."""
        bill = cls.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": cls.vendor.id,
                "invoice_date": date,
                "date": date,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Freight",
                            "price_unit": amount,
                            "account_id": cls.cost_account.id,
                            "tax_ids": [Command.clear()],
                            **values,
                        }
                    )
                    for amount, values in lines
                ],
                **vals,
            }
        )
        if post:
            bill.action_post()
        return bill

    @classmethod
    def _create_purchase(cls, order_line, price, quantity=None):
        """Confirm a purchase order for a line of a sales order."""
        purchase = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": order_line.product_id.id,
                            "product_qty": quantity or order_line.product_uom_qty,
                            "price_unit": price,
                            "sale_line_id": order_line.id,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        purchase.button_confirm()
        return purchase.order_line

    def _create_job(self, name="Job", **values):
        return self.env["account.analytic.account"].create(
            {"name": name, "plan_id": self.plan.id, **values}
        )

    def _get_cost(self, moves):
        """Return (client, source, cost) of the entries that the moves have."""
        return sorted(
            (entry.client_id.name or "", entry.cost_source, entry.cost)
            for entry in self._get_entries(moves)
        )

    def _assert_books_are_explained(self):
        """Ledger and accounts differ by nothing but what is listed with a reason."""
        self.env.flush_all()
        rows = self.env["logistics.value.reconciliation"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertFalse(rows.filtered(lambda row: row.category == "pending"))
        matched = rows.filtered(lambda r: r.category in ("ledger", "unattributed"))
        self.assertFalse(matched.filtered("difference"))
        for side, types in (
            ("income", ("income", "income_other")),
            ("cost", ("expense_direct_cost",)),
        ):
            [[balance]] = self.env["account.move.line"]._read_group(
                [
                    ("company_id", "=", self.company.id),
                    ("parent_state", "=", "posted"),
                    ("account_id.account_type", "in", types),
                ],
                aggregates=["balance:sum"],
            )
            of_side = rows.filtered(lambda row, side=side: row.side == side)
            booked = balance if side == "cost" else -balance
            self.assertAlmostEqual(sum(of_side.mapped("booked")), booked)
        measures = ["revenue", "disbursement_revenue", "cost", "disbursement_cost"]
        [totals] = self.Entry._read_group(
            [("company_id", "=", self.company.id)],
            aggregates=[f"{name}:sum" for name in measures],
        )
        income, cost = totals[0] + totals[1], totals[2] + totals[3]
        for side, total in (("income", income), ("cost", cost)):
            of_side = rows.filtered(lambda row, side=side: row.side == side)
            self.assertAlmostEqual(sum(of_side.mapped("ledger")), total)


@tagged("post_install", "-at_install")
class TestPurchasedCost(CostCommon):
    """A bill over a purchase order replaces the estimate of its order line."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "purchase.order" not in cls.env:
            cls.skipTest(cls, "purchases are not installed")
        cls.order = cls._create_order([(cls.sea, 10, 100, 60)])
        cls.invoice = cls._invoice_order(cls.order)
        cls.purchase = cls._create_purchase(cls.order.order_line, 65)

    def _bill(self, amount, quantity=10, **vals):
        values = {"quantity": quantity, "purchase_line_id": self.purchase.id}
        return self._create_bill([(amount, values)], **vals)

    def test_estimate_stands_until_the_bill_arrives(self):
        self._refresh()
        self.assertEqual(
            self._get_cost(self.invoice), [("Client A", "order_line", 600)]
        )
        self._let_time_pass()
        bill = self._bill(65)
        self._refresh()
        self.assertEqual(self._get_cost(self.invoice), [("Client A", "vendor_bill", 0)])
        self.assertRecordValues(
            self._get_entries(bill),
            [
                {
                    "client_id": self.client_a.id,
                    "invoice_id": self.invoice.id,
                    "order_id": self.order.id,
                    "vendor_id": self.vendor.id,
                    "cost_source": "vendor_bill",
                    "cost": 650,
                    "quoted_cost": 600,
                    "contribution": -650,
                    "is_order": False,
                    "date": bill.date,
                    "order_date": self.invoice.invoice_date,
                    "is_other_account": False,
                }
            ],
        )
        self.assertEqual(self.invoice.logistics_contribution, 350)
        self.assertEqual(self.invoice.logistics_value_status, "actual")
        self._assert_books_are_explained()

    def test_partial_bill_leaves_the_rest_estimated(self):
        bill = self._bill(70, 4)
        self._refresh()
        self.assertEqual(
            self._get_cost(self.invoice), [("Client A", "order_line", 360)]
        )
        self.assertEqual(
            self._get_cost(bill),
            [("Client A", "vendor_bill", 280)],
        )
        self.assertEqual(self.invoice.logistics_value_status, "estimated")
        self.assertEqual(self._get_entries(bill).quoted_cost, 240)
        self._assert_books_are_explained()

    def test_credit_note_of_the_bill_brings_the_estimate_back(self):
        bill = self._bill(65)
        refund = bill._reverse_moves([{"invoice_date": "2026-05-02"}])
        refund.action_post()
        self._refresh()
        self.assertEqual(
            self._get_cost(self.invoice), [("Client A", "order_line", 600)]
        )
        self.assertEqual(self._get_cost(refund), [("Client A", "vendor_bill", -650)])
        self.assertEqual(self._get_entries(refund).reversed_id, bill)

    def test_credit_note_that_corrects_the_price_leaves_the_actual(self):
        self._bill(65)
        self._bill(5, 10, move_type="in_refund")
        self._refresh()
        self.assertEqual(self._get_cost(self.invoice), [("Client A", "vendor_bill", 0)])
        self.assertEqual(self.invoice.logistics_contribution, 400)

    def test_reset_bill_brings_the_estimate_back(self):
        bill = self._bill(65)
        self._refresh()
        self._let_time_pass()
        bill.button_draft()
        self._refresh()
        self.assertFalse(self._get_entries(bill))
        self.assertEqual(
            self._get_cost(self.invoice), [("Client A", "order_line", 600)]
        )

    def test_bill_follows_the_client_of_the_invoice(self):
        bill = self._bill(65)
        self._refresh()
        self.invoice._reattribute(self.client_b, "agent")
        self.assertEqual(self._get_cost(bill), [("Client B", "vendor_bill", 650)])

    def test_bill_before_the_invoice_counts_for_the_ordering_client(self):
        order = self._create_order([(self.sea, 3, 100, 60)])
        purchase = self._create_purchase(order.order_line, 65)
        bill = self._create_bill(
            [(65, {"quantity": 3, "purchase_line_id": purchase.id})]
        )
        self._refresh()
        entry = self._get_entries(bill)
        self.assertEqual(entry.client_id, self.client_a)
        self.assertFalse(entry.invoice_id)
        self._let_time_pass()
        invoice = self._invoice_order(order)
        self._refresh()
        self.assertEqual(self._get_entries(bill).invoice_id, invoice)

    def test_bill_is_split_over_invoices_to_the_cent(self):
        order = self._create_order([(self.sea, 3, 100, 60)])
        purchase = self._create_purchase(order.order_line, 65)
        invoices = self.env["account.move"]
        for __ in range(3):
            invoice = order._create_invoices()
            invoice.invoice_line_ids.quantity = 1
            invoice.invoice_date = invoice.date = "2026-03-10"
            invoice.action_post()
            invoices |= invoice
        bill = self._create_bill(
            [(100, {"quantity": 1, "purchase_line_id": purchase.id})]
        )
        self._refresh()
        entries = self._get_entries(bill)
        self.assertEqual(entries.invoice_id, invoices)
        self.assertEqual(sorted(entries.mapped("cost")), [33.33, 33.33, 33.34])

    def test_bill_in_another_currency_keeps_both_amounts(self):
        currency = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.5)])
        bill = self._bill(30, currency_id=currency.id)
        self._refresh()
        entry = self._get_entries(bill)
        self.assertEqual((entry.cost_document, entry.cost), (300, 600))
        self.assertEqual(entry.document_currency_id, currency)

    def test_bill_on_another_account_counts_and_is_listed(self):
        expense = self.company_data["default_account_expense"]
        bill = self._create_bill(
            [
                (
                    65,
                    {
                        "quantity": 10,
                        "purchase_line_id": self.purchase.id,
                        "account_id": expense.id,
                    },
                ),
                (99, {"account_id": expense.id}),
            ]
        )
        self._refresh()
        self.assertEqual(self._get_cost(bill), [("Client A", "vendor_bill", 650)])
        self.assertTrue(self._get_entries(bill).is_other_account)
        row = self.env["logistics.value.reconciliation"].search(
            [("move_id", "=", bill.id)]
        )
        self.assertRecordValues(
            row, [{"category": "other_account", "booked": 0, "ledger": 650}]
        )
        self._assert_books_are_explained()

    def test_without_purchases_the_link_is_left_out(self):
        bill = self._bill(65)
        scope = type(self.company)._get_value_scope
        self.patch(
            type(self.company),
            "_get_value_scope",
            lambda company: replace(scope(company), has_purchases=False),
        )
        self._refresh()
        self.assertEqual(self._get_cost(bill), [("", "vendor_bill", 650)])
        self.assertEqual(
            self._get_cost(self.invoice), [("Client A", "order_line", 600)]
        )


@tagged("post_install", "-at_install")
class TestDistributedCost(CostCommon):
    """A bill without a purchase order finds its orders by the job's account."""

    def _create_job_order(self, job, partner, lines):
        order = self._create_order(lines, partner)
        order.order_line.analytic_distribution = {str(job.id): 100}
        return order

    def test_cost_of_a_job_replaces_the_estimate_of_its_product(self):
        job = self._create_job()
        order = self._create_job_order(
            job, self.client_a, [(self.sea, 1, 100, 60), (self.air, 1, 50, 20)]
        )
        invoice = self._invoice_order(order)
        self._refresh()
        self._let_time_pass()
        bill = self._create_bill(
            [
                (
                    70,
                    {
                        "product_id": self.sea.id,
                        "analytic_distribution": {str(job.id): 100},
                    },
                )
            ]
        )
        self._refresh()
        self.assertEqual(
            self._get_cost(invoice),
            [("Client A", "analytic", 0), ("Client A", "order_line", 20)],
        )
        entry = self._get_entries(bill)
        self.assertEqual(
            (entry.client_id, entry.cost, entry.quoted_cost, entry.invoice_id),
            (self.client_a, 70, 60, invoice),
        )
        self.assertEqual(invoice.logistics_contribution, 60)
        self._assert_books_are_explained()

    def test_other_cost_of_a_job_uses_up_its_estimates(self):
        job = self._create_job()
        order = self._create_job_order(job, self.client_a, [(self.sea, 1, 100, 60)])
        invoice = self._invoice_order(order)
        self._create_bill([(45, {"analytic_distribution": {str(job.id): 100}})])
        self._refresh()
        self.assertEqual(self._get_cost(invoice), [("Client A", "order_line", 15)])
        self.assertEqual(invoice.logistics_contribution, 40)

    def test_split_over_three_clients_adds_up_to_the_cent(self):
        client_c = self.env["res.partner"].create({"name": "Client C"})
        jobs = [self._create_job(f"Job {n}") for n in range(3)]
        for job, client in zip(
            jobs, (self.client_a, self.client_b, client_c), strict=True
        ):
            self._create_job_order(job, client, [(self.sea, 1, 100, 60)])
        bill = self._create_bill(
            [
                (
                    100.01,
                    {
                        "analytic_distribution": {
                            str(job.id): share
                            for job, share in zip(
                                jobs, (33.33, 33.33, 33.34), strict=True
                            )
                        }
                    },
                )
            ]
        )
        self._refresh()
        entries = self._get_entries(bill)
        self.assertEqual(len(entries.client_id), 3)
        self.assertEqual(
            sum(round(100 * cost) for cost in entries.mapped("cost")), 10001
        )
        self.assertEqual(
            self._get_entries(bill).mapped("cost_source"), ["analytic"] * 3
        )
        self._assert_books_are_explained()

    def test_what_leads_to_no_client_is_kept_without_one(self):
        job = self._create_job(partner_id=self.client_b.id)
        bill = self._create_bill(
            [
                (100, {"analytic_distribution": {str(job.id): 40}}),
                (7, {}),
            ]
        )
        self._refresh()
        self.assertEqual(
            self._get_cost(bill),
            [("", "vendor_bill", 67), ("Client B", "analytic", 40)],
        )
        self._assert_books_are_explained()

    def test_account_that_many_orders_share_is_no_job(self):
        department = self._create_job("Department")
        for client in (self.client_a, self.client_b):
            self._create_job_order(department, client, [(self.sea, 1, 100, 60)])
        self.patch(job_sql, "MAX_JOB_LINES", 1)
        bill = self._create_bill(
            [(100, {"analytic_distribution": {str(department.id): 100}})]
        )
        self._refresh()
        self.assertEqual(self._get_cost(bill), [("", "vendor_bill", 100)])


@tagged("post_install", "-at_install")
class TestOtherCost(CostCommon):
    def test_entries_of_chosen_journals_count(self):
        journal = self.company_data["default_journal_misc"]
        entry = self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": "2026-03-31",
                "journal_id": journal.id,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": self.cost_account.id,
                            "partner_id": self.client_a.id,
                            "debit": 30,
                        }
                    ),
                    Command.create(
                        {
                            "account_id": self.company_data[
                                "default_account_revenue"
                            ].id,
                            "partner_id": self.client_b.id,
                            "credit": 30,
                        }
                    ),
                ],
            }
        )
        entry.action_post()
        self._refresh()
        self.assertFalse(self._get_entries(entry))
        self.company.logistics_value_manual_journal_ids = journal
        self._let_time_pass()
        self._refresh()
        self.assertEqual(
            self._get_cost(entry),
            [("Client A", "manual", 30), ("Client B", "manual", 0)],
        )
        self.assertEqual(sum(self._get_entries(entry).mapped("revenue")), 30)
        self._assert_books_are_explained()

    def test_disbursements_are_outside_the_contribution_on_both_sides(self):
        duty = self._create_freight_product(
            "Duty", self.service_sea, logistics_is_disbursement=True
        )
        order = self._create_order([(self.sea, 1, 100, 60), (duty, 1, 500, 500)])
        invoice = self._invoice_order(order)
        bill = self._create_bill([(480, {"product_id": duty.id})])
        self._refresh()
        entries = self._get_entries(invoice)
        self.assertEqual(sum(entries.mapped("disbursement_revenue")), 500)
        self.assertEqual(sum(entries.mapped("contribution")), 40)
        paid = self._get_entries(bill)
        self.assertEqual((paid.disbursement_cost, paid.contribution), (480, 0))
        self._assert_books_are_explained()

    def test_cost_of_goods_sold_replaces_the_estimate(self):
        order = self._create_order([(self.plain, 1, 100, 60)])
        invoice = self._invoice_order(order, post=False)
        invoice.action_post()
        other = self.company_data["default_account_assets"]
        values = {
            "move_id": invoice.id,
            "product_id": self.plain.id,
            "display_type": "cogs",
            "quantity": 1,
            "tax_ids": [Command.clear()],
        }
        invoice.button_draft()
        self.env["account.move.line"].create(
            [
                {**values, "account_id": self.cost_account.id, "amount_currency": 55},
                {**values, "account_id": other.id, "amount_currency": -55},
            ]
        )
        # posting would take them out and make none: the product is a service
        invoice.state = "posted"
        self._refresh()
        entry = self._get_entries(invoice)
        self.assertEqual(
            (entry.cost_source, entry.revenue, entry.cost, entry.quoted_cost),
            ("stock", 100, 55, 60),
        )
        self._assert_books_are_explained()

    def test_chosen_accounts_decide(self):
        bill = self._create_bill([(100, {})])
        self._refresh()
        self.assertEqual(len(self._get_entries(bill)), 1)
        self.company.logistics_value_cost_account_ids = self.cost_account.copy()
        self._let_time_pass()
        self._refresh()
        self.assertFalse(self._get_entries(bill))

    def test_down_payment_takes_the_day_of_the_invoice(self):
        order = self._create_order([(self.sea, 1, 1000, 600)])
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create(
            {"advance_payment_method": "percentage", "amount": 30}
        ).create_invoices()
        advance = order.invoice_ids
        advance.invoice_date = "2026-03-01"
        advance.action_post()
        self._refresh()
        entry = self._get_entries(advance)
        self.assertEqual((entry.cost_source, entry.is_order), ("down_payment", False))
        self._let_time_pass()
        last = order._create_invoices(final=True)
        last.invoice_date = "2026-04-01"
        last.action_post()
        self._refresh()
        self.assertEqual(self._get_entries(advance).order_date, last.invoice_date)
