import random

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from ..models import value_facts_sql as facts_sql
from ..models import value_queue_sql as queue_sql
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

    def test_contact_that_joins_a_client_takes_its_past_along(self):
        contact = self.env["res.partner"].create({"name": "Jo"})
        ordered = self._create_order_and_invoice(partner=contact)
        plain = self._create_plain_invoice(contact)
        moved = self._create_plain_invoice(self.client_b)
        moved._reattribute(contact, "test")
        moves = ordered | plain | moved
        self._refresh()
        self.assertEqual(self._get_entries(moves).client_id, contact)
        self._let_time_pass()
        contact.parent_id = self.client_a
        self.env.invalidate_all()
        self.assertEqual(moves.mapped("logistics_client_id"), self.client_a)
        self.assertEqual(
            moves.search(
                [
                    ("logistics_client_id", "=", self.client_a.id),
                    ("id", "in", moves.ids),
                ]
            ),
            moves,
        )
        self._refresh()
        self.assertEqual(self._get_entries(moves).client_id, self.client_a)
        incremental = self._get_snapshot()
        self._refresh(rebuild=True)
        self.assertEqual(incremental, self._get_snapshot())

    def test_merged_clients_lose_no_entry(self):
        partners = self.env["res.partner"].create([{"name": "One"}, {"name": "One "}])
        orders = self._create_order([(self.sea, 1, 100, 60)], partners[0])
        orders |= self._create_order([(self.sea, 1, 70, 20)], partners[1])
        orders.write(
            {
                "partner_invoice_id": self.partner_a.id,
                "partner_shipping_id": self.partner_a.id,
            }
        )
        move = self._invoice_order(orders)
        self._refresh()
        self._let_time_pass()
        self.env["base.partner.merge.automatic.wizard"].create({})._merge(
            partners.ids, partners[0], extra_checks=False
        )
        self._refresh()
        self.assertRecordValues(
            self._get_entries(move).sorted("revenue", reverse=True),
            [
                {"client_id": partners[0].id, "revenue": 100, "cost": 60},
                {"client_id": partners[0].id, "revenue": 70, "cost": 20},
            ],
        )

    def test_credit_note_of_a_deleted_invoice_finds_its_own_day(self):
        move = self._create_plain_invoice(date="2026-03-10")
        refund = move._reverse_moves([{"invoice_date": "2026-04-02"}])
        refund.action_post()
        self._refresh()
        self._let_time_pass()
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self._refresh()
        self.assertRecordValues(
            self._get_entries(refund),
            [{"order_date": fields.Date.to_date("2026-04-02")}],
        )

    def test_waiting_move_is_kept_from_workers_that_cannot_see_the_change(self):
        self._refresh()
        self._let_time_pass()
        move = self._create_plain_invoice()
        self.ledger._collect()
        row = self.env["logistics.value.queue"].search([("move_id", "=", move.id)])

        def get_version():
            self.env.cr.execute(
                "SELECT ctid::text FROM logistics_value_queue WHERE id = %s", [row.id]
            )
            return self.env.cr.fetchone()

        before = get_version()
        self.ledger._collect()
        # written again, and so locked until commit
        self.assertNotEqual(get_version(), before)

    def test_journal_of_the_parent_is_excluded_for_its_branches_too(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.cr.precommit.run()  # loads the branch's chart of accounts
        self.env.user.company_ids |= branch
        move = self._create_plain_invoice(company=branch)
        self.assertEqual(move.journal_id.company_id, self.company)
        ledger = self.env["logistics.value.ledger"]._for_companies(branch)
        ledger._refresh()
        self.assertTrue(self._get_entries(move))
        self._let_time_pass()
        self.company.logistics_value_excluded_journal_ids = move.journal_id
        ledger._refresh()
        self.assertFalse(self._get_entries(move))
        self.assertEqual(move.logistics_value_status, "excluded")
        self.assertEqual(
            self.env["logistics.value.reconciliation"]
            .search([("company_id", "=", branch.id)])
            .category,
            "excluded_journal",
        )

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
        self._refresh()
        self._let_time_pass()
        moves.write({"ref": "changed"})
        moves.logistics_value_excluded = True
        moves.logistics_value_excluded = False
        self.Entry.sudo().search([("move_id", "in", moves.ids)]).unlink()
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
        choice = chance.choice(THINGS_TO_DO)
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
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "logistics_clv.ir_cron_value_ledger"
            ).sudo().method_direct_trigger()
        self.assertTrue(self._get_entries(move))

    def test_number_of_queries_does_not_grow_with_the_invoices(self):
        self._create_order_and_invoice()
        self._refresh()
        self._refresh(rebuild=True)
        with self.assertQueryCount(40) as few:
            self._refresh(rebuild=True)
        for __ in range(8):
            self._create_order_and_invoice()
        self._refresh()
        with self.assertQueryCount(40) as many:
            self._refresh(rebuild=True)
        self.assertEqual(few, many)

    def test_plans_use_the_indexes_named(self):
        self._create_order_and_invoice()
        for __ in range(12):
            self._create_order([(self.sea, 1, 100, 60)])
        self._let_time_pass()
        self._refresh()
        self.env.cr.execute("ANALYZE sale_order")
        now = self.env.cr.now()
        for query, index in (
            (queue_sql.changed_moves(now), "account_move_logistics_value_idx"),
            (queue_sql.changed_lines(now), "account_move_line_logistics_value_idx"),
            (queue_sql.changed_orders(now), "sale_order_logistics_value_idx"),
            (queue_sql.changed_orders(now), "sale_order_line_logistics_value_idx"),
            (
                facts_sql.client_facts(self.company.id, now.date()),
                "logistics_client_day_facts_idx",
            ),
        ):
            with self.subTest(index=index):
                self.assertIn(index, self._explain(query))

    def _explain(self, query):
        # the tables of a test are too small for the planner to want an index
        others = ("seqscan", "bitmapscan", "mergejoin", "hashjoin", "sort", "hashagg")
        for name in others:
            self.env.cr.execute(f"SET LOCAL enable_{name} = off")
        self.env.cr.execute(SQL("EXPLAIN %s", query))
        plan = "\n".join(line for (line,) in self.env.cr.fetchall())
        for name in others:
            self.env.cr.execute(f"RESET enable_{name}")
        return plan
