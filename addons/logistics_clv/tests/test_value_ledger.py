from odoo import Command, fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestValueLedger(ValueCommon):
    """Hand-checked tables: what one invoice puts into the ledger."""

    def test_invoice_of_an_order_takes_the_buy_price(self):
        mode = self.env.ref("logistics_crm.transport_mode_fcl")
        origin, destination = self.env["logistics.location"].search([], limit=2)
        order = self._create_order(
            [(self.sea, 2, 500, 300), (self.air, 1, 80, 50), (self.sea, 1, 70, 0)],
            logistics_mode_id=mode.id,
            logistics_origin_id=origin.id,
            logistics_destination_id=destination.id,
        )
        move = self._invoice_order(order)
        self._refresh()
        shared = {
            "client_id": self.client_a.id,
            "company_id": self.company.id,
            "date": fields.Date.to_date("2026-03-10"),
            "order_date": fields.Date.to_date("2026-03-10"),
            "period": fields.Date.to_date("2026-03-01"),
            "user_id": move.invoice_user_id.id,
            "mode_id": mode.id,
            "origin_id": origin.id,
            "destination_id": destination.id,
        }
        self.assertRecordValues(
            self._get_entries(move).sorted("revenue"),
            [
                {
                    "service_id": self.service_sea.id,
                    "cost_source": "none",
                    "revenue": 70,
                    "cost": 0,
                    "contribution": 70,
                    **shared,
                },
                {
                    "service_id": self.service_air.id,
                    "cost_source": "order_line",
                    "revenue": 80,
                    "cost": 50,
                    "contribution": 30,
                    **shared,
                },
                {
                    "service_id": self.service_sea.id,
                    "cost_source": "order_line",
                    "revenue": 1000,
                    "cost": 600,
                    "contribution": 400,
                    **shared,
                },
            ],
        )

    def test_partial_invoice_takes_the_cost_of_its_quantity(self):
        order = self._create_order([(self.sea, 10, 100, 60)])
        move = self._invoice_order(order, post=False)
        move.invoice_line_ids.quantity = 4
        move.action_post()
        rest = self._invoice_order(order)
        self._refresh()
        self.assertRecordValues(
            self._get_entries(move | rest),
            [
                {"move_id": move.id, "revenue": 400, "cost": 240, "contribution": 160},
                {"move_id": rest.id, "revenue": 600, "cost": 360, "contribution": 240},
            ],
        )

    def test_down_payment_is_taken_back_by_the_last_invoice(self):
        order = self._create_order([(self.sea, 1, 1000, 600)])
        advance = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        advance.create_invoices()
        order.invoice_ids.invoice_date = "2026-03-01"
        order.invoice_ids.action_post()
        last = order._create_invoices(final=True)
        last.invoice_date = "2026-04-01"
        last.action_post()
        self._refresh()
        self.assertEqual(len(order.invoice_ids), 2)
        self.assertEqual(sum(self._get_entries(last).mapped("revenue")), 700)
        entries = self._get_entries(order.invoice_ids)
        self.assertEqual(sum(entries.mapped("revenue")), 1000)
        self.assertEqual(sum(entries.mapped("cost")), 600)
        self.assertEqual(self._get_ledger_revenue(), self._get_income())

    def test_credit_note_is_negative_on_the_day_of_its_invoice(self):
        move = self._create_order_and_invoice(date="2026-03-10")
        refund = move._reverse_moves([{"invoice_date": "2026-04-02"}])
        refund.date = "2026-04-02"
        refund.action_post()
        self._refresh()
        self.assertRecordValues(
            self._get_entries(move | refund),
            [
                {
                    "move_id": move.id,
                    "revenue": 100,
                    "cost": 60,
                    "contribution": 40,
                    "period": fields.Date.to_date("2026-03-01"),
                    "order_date": fields.Date.to_date("2026-03-10"),
                },
                {
                    "move_id": refund.id,
                    "revenue": -100,
                    "cost": -60,
                    "contribution": -40,
                    "period": fields.Date.to_date("2026-04-01"),
                    "order_date": fields.Date.to_date("2026-03-10"),
                },
            ],
        )

    def test_order_in_another_currency_is_converted_at_the_invoice_rate(self):
        euro = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-06-01", 4.0)]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id}
        )
        order = self._create_order([(self.sea, 3, 100, 60)], pricelist_id=pricelist.id)
        self.assertEqual(order.currency_id, euro)
        order.order_line.purchase_price = 60
        early = self._invoice_order(order, "2026-03-10", post=False)
        early.invoice_line_ids.quantity = 1
        early.action_post()
        late = self._invoice_order(order, "2026-07-10")
        self._refresh()
        self.assertRecordValues(
            self._get_entries(early | late),
            [
                {
                    "document_currency_id": euro.id,
                    "currency_id": self.company.currency_id.id,
                    "revenue_document": 100,
                    "revenue": 50,
                    "cost": 30,
                    "contribution": 20,
                },
                {
                    "document_currency_id": euro.id,
                    "currency_id": self.company.currency_id.id,
                    "revenue_document": 200,
                    "revenue": 50,
                    "cost": 30,
                    "contribution": 20,
                },
            ],
        )

    def test_rate_typed_on_the_invoice_counts_for_the_cost_too(self):
        euro = self.setup_other_currency("EUR", rates=[("2026-01-01", 2.0)])
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id}
        )
        order = self._create_order([(self.sea, 1, 100, 0)], pricelist_id=pricelist.id)
        order.order_line.purchase_price = 60
        move = self._invoice_order(order, post=False)
        move.invoice_currency_rate = 5
        move.action_post()
        self._refresh()
        self.assertRecordValues(
            self._get_entries(move), [{"revenue": 20, "cost": 12, "contribution": 8}]
        )

    def test_buy_price_in_a_third_currency_uses_the_rate_of_the_invoice_date(self):
        euro = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 2.0), ("2026-06-01", 4.0)]
        )
        pricelist = self.env["product.pricelist"].create(
            {"name": "EUR", "currency_id": euro.id}
        )
        order = self._create_order([(self.sea, 1, 100, 0)], pricelist_id=pricelist.id)
        order.order_line.purchase_price = 60
        move = self._invoice_order(order, "2026-07-10", post=False)
        move.currency_id = self.company.currency_id
        move.action_post()
        self._refresh()
        expected = euro._convert(
            60, self.company.currency_id, self.company, move.invoice_date
        )
        self.assertEqual(expected, 15)
        self.assertRecordValues(
            self._get_entries(move),
            [{"revenue": 100, "cost": expected, "contribution": 85}],
        )

    def test_units_of_measure_are_converted(self):
        order = self._create_order(
            [(self.sea, 2, 120, 84, {"product_uom_id": self.uom_dozen.id})]
        )
        order.order_line.purchase_price = 84
        move = self._invoice_order(order, post=False)
        move.invoice_line_ids.write(
            {"product_uom_id": self.uom_unit.id, "quantity": 6, "price_unit": 10}
        )
        move.action_post()
        self._refresh()
        self.assertRecordValues(
            self._get_entries(move), [{"revenue": 60, "cost": 42, "contribution": 18}]
        )

    def test_discounts_lower_the_revenue_and_not_the_cost(self):
        discount = self._create_freight_product("Discount", self.service_sea)
        order = self._create_order(
            [(self.sea, 1, 200, 120, {"discount": 10}), (discount, 1, -30, 0)]
        )
        move = self._invoice_order(order)
        self._refresh()
        self.assertRecordValues(
            self._get_entries(move).sorted("revenue"),
            [
                {"cost_source": "none", "revenue": -30, "cost": 0},
                {"cost_source": "order_line", "revenue": 180, "cost": 120},
            ],
        )
        self.assertEqual(self._get_ledger_revenue(), 150)

    def test_cost_is_rounded_by_line_so_that_every_grouping_adds_up(self):
        lines = [
            (self.sea, 3, 0.335, 0.115),
            (self.air, 7, 1.115, 0.335),
            (self.plain, 1, 33.33, 0.005),
        ]
        move = self._invoice_order(self._create_order(lines * 3))
        self._refresh()
        entries = self._get_entries(move)
        # 3 x 0.35 (0.345 rounded), 3 x 2.35 (2.345), 3 x 0.01 (0.005)
        self.assertEqual(sorted(entries.mapped("cost")), [0.03, 1.05, 7.05])
        self.assertEqual(self._get_ledger_revenue(), self._get_income())

    def test_line_over_two_order_lines_takes_their_weighted_price(self):
        order = self._create_order([(self.sea, 3, 10, 4), (self.sea, 1, 10, 8)])
        move = self._invoice_order(order, post=False)
        first, second = move.invoice_line_ids
        second.unlink()
        first.write(
            {"sale_line_ids": [Command.set(order.order_line.ids)], "quantity": 4}
        )
        move.action_post()
        self._refresh()
        self.assertRecordValues(
            self._get_entries(move), [{"revenue": 40, "cost": 20, "contribution": 20}]
        )

    def test_client_is_the_ordering_party_else_the_commercial_entity(self):
        order = self._create_order([(self.sea, 1, 100, 60)], self.client_a_office)
        order.partner_invoice_id = self.client_b
        ordered = self._invoice_order(order)
        plain = self._create_plain_invoice(self.client_a_office)
        self._refresh()
        self.assertEqual(ordered.partner_id, self.client_b)
        self.assertEqual(self._get_entries(ordered).client_id, self.client_a)
        self.assertEqual(self._get_entries(plain).client_id, self.client_a)

    def test_invoice_of_nothing_and_archived_client_are_kept(self):
        free = self._create_plain_invoice(price=0)
        paid = self._create_plain_invoice(price=10)
        self.client_a.action_archive()
        self._refresh(rebuild=True)
        self.assertRecordValues(
            self._get_entries(free | paid),
            [
                {"client_id": self.client_a.id, "revenue": 0, "cost": 0},
                {"client_id": self.client_a.id, "revenue": 10, "cost": 0},
            ],
        )

    def test_collective_invoice_is_split_by_ordering_client(self):
        orders = self._create_order([(self.sea, 1, 100, 60)], self.client_a)
        orders |= self._create_order([(self.sea, 1, 70, 20)], self.client_b)
        orders.write(
            {
                "partner_invoice_id": self.partner_a.id,
                "partner_shipping_id": self.partner_a.id,
            }
        )
        move = self._invoice_order(orders)
        self.assertEqual(len(move), 1)
        self._refresh()
        self.assertRecordValues(
            self._get_entries(move).sorted("revenue"),
            [
                {"client_id": self.client_b.id, "contribution": 50},
                {"client_id": self.client_a.id, "contribution": 40},
            ],
        )

    def test_draft_and_cancelled_invoices_have_no_entries(self):
        draft = self._create_plain_invoice(post=False)
        reset = self._create_plain_invoice()
        cancelled = self._create_plain_invoice()
        self._refresh()
        self.assertTrue(self._get_entries(reset))
        reset.button_draft()
        cancelled.button_draft()
        cancelled.button_cancel()
        self._refresh()
        self.assertFalse(self._get_entries(draft | reset | cancelled))
        reset.action_post()
        self._refresh()
        self.assertTrue(self._get_entries(reset))

    def test_deleted_invoice_takes_its_entries_along(self):
        move = self._create_plain_invoice()
        self._refresh()
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self.assertFalse(self.Entry.search([("company_id", "=", self.company.id)]))

    def test_two_companies_stay_apart(self):
        other = self.setup_other_company(name="Other forwarder")["company"]
        self.env.user.company_ids |= other
        mine = self._create_plain_invoice()
        theirs = (
            self.env["account.move"]
            .with_company(other)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.client_a.id,
                    "invoice_date": "2026-03-10",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Freight",
                                "price_unit": 55,
                                "account_id": self.env["account.account"]
                                .with_company(other)
                                .search(
                                    [
                                        ("account_type", "=", "income"),
                                        ("company_ids", "in", other.ids),
                                    ],
                                    limit=1,
                                )
                                .id,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        theirs.action_post()
        self._refresh()
        self.assertEqual(self._get_entries(mine | theirs).move_id, mine)
        self.env["logistics.value.ledger"]._for_companies(other)._refresh()
        self.assertRecordValues(
            self._get_entries(theirs), [{"company_id": other.id, "revenue": 55}]
        )
        self.assertEqual(self._get_ledger_revenue(other), self._get_income(other))


@tagged("post_install", "-at_install")
class TestLineAttribution(ValueCommon):
    def test_line_counts_for_its_own_client(self):
        order = self._create_order([(self.sea, 1, 100, 60), (self.air, 1, 50, 20)])
        move = self._invoice_order(order)
        air = move.invoice_line_ids.filtered(lambda line: line.product_id == self.air)
        air.sudo().logistics_attributed_client_id = self.client_b
        self._refresh()
        entries = self._get_entries(move)
        self.assertEqual(
            {entry.client_id: entry.revenue for entry in entries},
            {self.client_a: 100, self.client_b: 50},
        )

    def test_line_goes_before_the_invoice(self):
        move = self._create_order_and_invoice()
        move._reattribute(self.client_b, "agent")
        move.invoice_line_ids.sudo().logistics_attributed_client_id = self.client_a
        self._refresh()
        self.assertEqual(self._get_entries(move).client_id, self.client_a)

    def test_only_accountants_attribute_lines(self):
        move = self._create_order_and_invoice()
        clerk = self.env["res.users"].create(
            {
                "name": "Clerk",
                "login": "line_clerk",
                "group_ids": [
                    Command.set(self.env.ref("account.group_account_invoice").ids)
                ],
            }
        )
        with self.assertRaises(AccessError):
            move.invoice_line_ids.with_user(clerk).write(
                {"logistics_attributed_client_id": self.client_b.id}
            )
