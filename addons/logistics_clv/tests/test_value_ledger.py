import random

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import value_facts_sql as facts_sql
from ..models import value_ledger_sql as ledger_sql
from .common import ValueCommon

THINGS_TO_DO = (
    "order",
    "order",
    "plain",
    "reset",
    "post",
    "refund",
    "price",
    "client",
    "exclude",
)


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
class TestValueLedgerRefresh(ValueCommon):
    """Only what changed is done again, and it comes out the same as all of it."""

    def _get_versions(self):
        self.env.cr.execute(
            "SELECT id, ctid::text FROM logistics_value_entry ORDER BY id"
        )
        return self.env.cr.fetchall()

    def _collect_moves(self):
        """Return the moves that the refresh would look at, and drop the queue."""
        self.ledger._collect()
        queue = self.env["logistics.value.queue"].sudo().search([])
        moves = queue.move_id
        while self.ledger._process_batch():
            pass
        return moves

    def test_running_it_twice_changes_nothing(self):
        self._create_order_and_invoice()
        self._create_plain_invoice()
        self._refresh()
        before = self._get_versions()
        self._refresh()
        self._refresh(rebuild=True)
        self.assertEqual(self._get_versions(), before)

    def test_only_changed_moves_are_looked_at(self):
        changed = self._create_order_and_invoice()
        self._create_order_and_invoice()
        self._refresh()
        self._let_time_pass()
        self.assertFalse(self._collect_moves())
        self._let_time_pass()
        changed.write({"ref": "changed"})
        self.assertEqual(self._collect_moves(), changed)

    def test_changed_buy_price_order_and_account_are_noticed(self):
        move = self._create_order_and_invoice(revenue=100, cost=60)
        order_line = move.invoice_line_ids.sale_line_ids
        self._refresh()
        self._let_time_pass()
        order_line.purchase_price = 75
        self._refresh()
        self.assertRecordValues(self._get_entries(move), [{"cost": 75}])
        self._let_time_pass()
        order_line.order_id.logistics_mode_id = self.env.ref(
            "logistics_crm.transport_mode_air"
        )
        self._refresh()
        self.assertEqual(
            self._get_entries(move).mode_id,
            self.env.ref("logistics_crm.transport_mode_air"),
        )
        self._let_time_pass()
        move.invoice_line_ids.account_id = self.company_data[
            "default_account_deferred_revenue"
        ]
        self._refresh()
        self.assertFalse(self._get_entries(move))

    def test_changed_service_of_a_product_is_noticed(self):
        move = self._create_order_and_invoice()
        other = self._create_order_and_invoice(product=self.air)
        self._refresh()
        self._let_time_pass()
        self.sea.logistics_service_id = self.env.ref("logistics_crm.service_rail")
        self.assertEqual(self._collect_moves(), move)
        self.assertEqual(
            self._get_entries(move).service_id,
            self.env.ref("logistics_crm.service_rail"),
        )
        self.assertEqual(self._get_entries(other).service_id, self.service_air)

    def test_changed_type_of_an_account_is_noticed(self):
        move = self._create_order_and_invoice()
        account = move.invoice_line_ids.account_id
        self._refresh()
        self._let_time_pass()
        account.account_type = "liability_current"
        self._refresh()
        self.assertFalse(self._get_entries(move))

    def test_excluded_journal_is_noticed_both_ways(self):
        move = self._create_plain_invoice()
        self._refresh()
        self._let_time_pass()
        self.company.logistics_value_excluded_journal_ids = move.journal_id
        self._refresh()
        self.assertFalse(self._get_entries(move))
        self.company.logistics_value_excluded_journal_ids = False
        self._refresh()
        self.assertTrue(self._get_entries(move))

    def test_transaction_still_open_is_not_missed(self):
        with self.registry.cursor() as other:
            other.execute("SELECT now() AT TIME ZONE 'UTC'")
            [started] = other.fetchone()
            self.ledger._collect()
            self.env.cr.execute(
                "SELECT next_watermark FROM logistics_value_ledger WHERE id = %s",
                [self.ledger.id],
            )
            [bound] = self.env.cr.fetchone()
            self.assertLessEqual(bound, started)

    def test_new_bound_is_used_only_by_a_later_transaction(self):
        self.ledger._collect()
        self.assertFalse(self.ledger._get_watermark())
        self.env.cr.execute(
            """
            UPDATE logistics_value_ledger
               SET next_watermark_read_at = next_watermark_read_at - interval '1 day'
            """
        )
        self.assertTrue(self.ledger._get_watermark())

    def test_killed_after_a_batch_the_rest_is_still_queued(self):
        moves = self._create_plain_invoice()
        moves |= self._create_plain_invoice()
        moves |= self._create_plain_invoice()
        self.ledger._collect()
        self.assertEqual(self.ledger._process_batch(2), 2)
        self.assertEqual(self.ledger.queued_count, 1)
        self.assertEqual(len(self._get_entries(moves)), 2)
        # a new start: nothing is changed since, the queue remembers
        self._let_time_pass()
        self._refresh()
        self.assertEqual(len(self._get_entries(moves)), 3)

    def test_random_history_incremental_equals_rebuild(self):
        for seed in range(3):
            chance = random.Random(seed)
            moves = self.env["account.move"]
            self._let_time_pass()
            for __ in range(14):
                moves = self._do_something(chance, moves)
                if chance.random() < 0.4:
                    self._refresh()
                    self._let_time_pass()
            self._refresh()
            incremental = self._get_snapshot()
            self.env.cr.execute(
                "DELETE FROM logistics_value_entry WHERE company_id = %s",
                [self.company.id],
            )
            self._refresh(rebuild=True)
            self.assertEqual(incremental, self._get_snapshot(), f"seed {seed}")
            excluded = moves.filtered("logistics_value_excluded")
            left_out = -sum(
                excluded.filtered(lambda move: move.state == "posted")
                .line_ids.filtered(
                    lambda line: line.account_id.account_type == "income"
                )
                .mapped("balance")
            )
            self.assertAlmostEqual(
                self._get_income() - self._get_ledger_revenue(), left_out
            )
            excluded.logistics_value_excluded = False
            self._refresh()

    def _do_something(self, chance, moves):
        """Do one of the things that people do with invoices; return the invoices."""
        posted = moves.filtered(lambda move: move.state == "posted")
        draft = moves.filtered(lambda move: move.state == "draft")
        price = round(chance.uniform(1, 999), 2)
        choice = chance.choice(
            [
                "order",
                "order",
                "plain",
                "reset",
                "post",
                "refund",
                "price",
                "client",
                "exclude",
            ]
        )
        if choice == "order" or not posted:
            return moves | self._create_order_and_invoice(
                price, round(price * 0.7, 2), product=chance.choice(self.sea | self.air)
            )
        move = chance.choice(posted)
        if choice == "plain":
            moves |= self._create_plain_invoice(self.client_b, price)
        elif choice == "reset":
            move.button_draft()
        elif choice == "post" and draft:
            chance.choice(draft).action_post()
        elif choice == "refund" and move.move_type == "out_invoice":
            refund = move._reverse_moves([{"invoice_date": "2026-04-02"}])
            refund.action_post()
            moves |= refund
        elif choice == "price":
            move.invoice_line_ids.sale_line_ids.purchase_price = price / 2
        elif choice == "client":
            client = chance.choice(self.client_a | self.client_b)
            move._reattribute(client, "test")
        elif choice == "exclude":
            move.logistics_value_excluded = not move.logistics_value_excluded
        return moves

    def test_cron_refreshes_every_company(self):
        move = self._create_plain_invoice()
        with self.enter_registry_test_mode():
            self.env.ref(
                "logistics_clv.ir_cron_value_ledger"
            ).sudo().method_direct_trigger()
        self.assertTrue(self._get_entries(move))

    def test_number_of_queries_does_not_grow_with_the_invoices(self):
        self._create_order_and_invoice()
        self._refresh()
        with self.assertQueryCount(20) as few:
            self._refresh(rebuild=True)
        for __ in range(8):
            self._create_order_and_invoice()
        self.env.flush_all()
        with self.assertQueryCount(20) as many:
            self._refresh(rebuild=True)
        self.assertEqual(few, many)

    def test_plans_use_the_indexes_named(self):
        self._create_order_and_invoice()
        self._refresh()
        now = self.env.cr.now()
        for query, index in (
            (ledger_sql.changed_moves(now), "account_move_logistics_value_idx"),
            (ledger_sql.changed_lines(now), "account_move_line_logistics_value_idx"),
            (ledger_sql.changed_orders(now), "sale_order_logistics_value_idx"),
            (ledger_sql.changed_orders(now), "sale_order_line_logistics_value_idx"),
            (
                facts_sql.client_facts(self.company.id, now.date(), now.date()),
                "logistics_value_entry_facts_idx",
            ),
        ):
            with self.subTest(index=index):
                self.assertIn(index, self._explain(query))

    def _explain(self, query):
        # the tables of a test are too small for the planner to want an index
        others = ("seqscan", "bitmapscan", "mergejoin", "hashjoin")
        for name in others:
            self.env.cr.execute(f"SET LOCAL enable_{name} = off")
        self.env.cr.execute(SQL("EXPLAIN %s", query))
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        for name in others:
            self.env.cr.execute(f"RESET enable_{name}")
        return plan
