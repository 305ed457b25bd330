from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import ValueCommon


@tagged("post_install", "-at_install")
class TestInvoiceClient(ValueCommon):
    """For whom an invoice counts, and how that is changed."""

    def _reattribute(self, moves, **values):
        wizard = (
            self.env["logistics.value.reattribute"]
            .with_context(active_model="account.move", active_ids=moves.ids)
            .create({"reason": "Booked by the agent", **values})
        )
        return wizard.action_apply()

    def test_default_is_the_ordering_client(self):
        order = self._create_order([(self.sea, 1, 100, 60)], self.client_a_office)
        order.partner_invoice_id = self.client_b
        move = self._invoice_order(order)
        self.assertEqual(move.logistics_client_id, self.client_a)
        self.assertFalse(move.logistics_attributed_client_id)

    def test_default_without_an_order_is_the_commercial_entity(self):
        move = self._create_plain_invoice(self.client_a_office)
        self.assertEqual(move.logistics_client_id, self.client_a)

    def test_other_documents_count_for_nobody(self):
        bill = self.init_invoice("in_invoice", partner=self.client_a, amounts=[10])
        self.assertFalse(bill.logistics_client_id)

    def test_reattribution_moves_the_entries_at_once(self):
        moves = self._create_order_and_invoice() | self._create_plain_invoice()
        self._refresh()
        self._reattribute(moves, client_id=self.client_b.id)
        self.assertEqual(self._get_entries(moves).client_id, self.client_b)
        self.assertRecordValues(
            moves,
            [
                {
                    "logistics_client_id": self.client_b.id,
                    "logistics_attributed_client_id": self.client_b.id,
                    "logistics_attribution_reason": "Booked by the agent",
                }
            ]
            * 2,
        )
        self._reattribute(moves, to_default=True, reason="A mistake")
        self.assertEqual(self._get_entries(moves).client_id, self.client_a)
        self.assertFalse(moves.logistics_attributed_client_id)

    def test_reattribution_to_the_default_keeps_nothing(self):
        move = self._create_plain_invoice()
        move._reattribute(self.client_a_office, "the default anyway")
        self.assertFalse(move.logistics_attributed_client_id)
        self.assertFalse(self.env["logistics.value.attribution"].search([]))

    def test_wizard_wants_a_client_and_documents_of_clients(self):
        move = self._create_plain_invoice()
        with self.assertRaisesRegex(UserError, "Choose the client"):
            self._reattribute(move)
        entry = self.env["account.move"].create({"move_type": "entry"})
        with self.assertRaisesRegex(UserError, "Leave these out"):
            self._reattribute(entry, client_id=self.client_b.id)
        with self.assertRaisesRegex(UserError, "already"):
            self._reattribute(move, client_id=self.client_a.id)

    def test_invoice_clerk_may_not_change_the_client(self):
        move = self._create_plain_invoice()
        clerk = self._create_new_internal_user(
            login="value_clerk",
            groups="account.group_account_invoice,logistics_clv.group_value_reader",
        )
        with self.assertRaises(AccessError):
            move.with_user(clerk)._reattribute(self.client_b, "x")
        with self.assertRaises(AccessError):
            self.env["logistics.value.reattribute"].with_user(clerk).create(
                {"move_ids": move.ids, "reason": "x"}
            )

    def test_reader_may_not_attribute_by_import_or_call(self):
        move = self._create_plain_invoice()
        clerk = self._create_new_internal_user(
            login="value_reading_clerk",
            groups="account.group_account_invoice,logistics_clv.group_value_reader",
        )
        for values in (
            {"logistics_attributed_client_id": self.client_b.id},
            {"logistics_attribution_reason": "none"},
            {"logistics_value_excluded": True},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                move.with_user(clerk).write(values)
        draft = self._create_plain_invoice(post=False)
        copy = draft.with_user(clerk).copy()
        copy.ref = "a clerk's invoice"
        with self.assertRaises(AccessError):
            copy.copy({"logistics_value_excluded": True})

    def test_nobody_attributes_but_through_the_action(self):
        move = self._create_plain_invoice()
        line = move.invoice_line_ids
        attributed = {"logistics_attributed_client_id": self.client_b.id}
        accountant = self._create_new_internal_user(
            login="value_calling_accountant",
            groups="logistics_clv.group_accountant,base.group_system",
        )
        for values in (attributed, {"logistics_attribution_reason": "none"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                move.with_user(accountant).write({**values})
        with self.assertRaises(AccessError):
            line.with_user(accountant).logistics_attributed_client_id = self.client_b
        draft = self._create_plain_invoice(post=False)
        line = draft.invoice_line_ids
        with self.assertRaises(AccessError):
            draft.with_user(accountant).write(
                {"invoice_line_ids": [Command.update(line.id, attributed)]}
            )
        with self.assertRaises(AccessError):
            move.with_user(accountant).copy(attributed)
        with self.assertRaises(AccessError):
            self.env["account.move"].with_user(accountant).with_context(
                default_logistics_attributed_client_id=self.client_b.id
            ).create({"move_type": "out_invoice"})

    def test_why_this_client(self):
        plain = self._create_plain_invoice()
        ordered = self._create_order_and_invoice()
        chosen = self._create_plain_invoice()
        chosen._reattribute(self.client_b, "agent")
        order = ordered.invoice_line_ids.sale_line_ids.order_id
        self.assertEqual(
            (plain | ordered | chosen).mapped("logistics_client_reason"),
            [
                "is invoiced, without an order",
                f"ordered it with {order.name}",
                "chosen by an accountant",
            ],
        )

    def test_search_by_client(self):
        ordered = self._create_order_and_invoice()
        plain = self._create_plain_invoice(self.client_a_office)
        moved = self._create_plain_invoice()
        other = self._create_plain_invoice(self.client_b)
        moved._reattribute(self.client_b, "test")
        moves = ordered | plain | moved | other

        def search(operator, value):
            return moves.search(
                [("logistics_client_id", operator, value), ("id", "in", moves.ids)]
            ).sorted("id")

        self.assertEqual(
            search("=", self.client_a.id),
            ordered | plain,
        )
        self.assertEqual(
            search("ilike", "Client B"),
            moved | other,
        )
        self.assertEqual(
            search("!=", self.client_a.id),
            moved | other,
        )


@tagged("post_install", "-at_install")
class TestInvoiceContribution(ValueCommon):
    """What the invoice form shows of the ledger."""

    def test_status_follows_the_cost_sources(self):
        estimated = self._create_order_and_invoice()
        no_cost = self._create_plain_invoice()
        partial = self._invoice_order(
            self._create_order([(self.sea, 1, 100, 60), (self.air, 1, 10, 0)])
        )
        excluded = self._create_plain_invoice()
        excluded.logistics_value_excluded = True
        self._refresh()
        pending = self._create_plain_invoice()
        draft = self._create_plain_invoice(post=False)
        moves = estimated | no_cost | partial | excluded | pending | draft
        self.assertRecordValues(
            moves,
            [
                {"logistics_value_status": "estimated", "logistics_contribution": 40},
                {"logistics_value_status": "no_cost", "logistics_contribution": 100},
                {"logistics_value_status": "partial", "logistics_contribution": 50},
                {"logistics_value_status": "excluded", "logistics_contribution": 0},
                {"logistics_value_status": "pending", "logistics_contribution": 0},
                {"logistics_value_status": False, "logistics_contribution": 0},
            ],
        )
        search = self.env["account.move"].search
        for move in moves - draft:
            with self.subTest(status=move.logistics_value_status):
                self.assertEqual(
                    search(
                        [
                            (
                                "logistics_value_status",
                                "=",
                                move.logistics_value_status,
                            ),
                            ("id", "in", moves.ids),
                        ]
                    ),
                    move,
                )

    def test_invoice_of_an_excluded_journal_is_excluded(self):
        move = self._create_plain_invoice()
        self.company.logistics_value_excluded_journal_ids = move.journal_id
        self._refresh()
        self.assertEqual(move.logistics_value_status, "excluded")
        self.assertIn(
            move,
            self.env["account.move"].search(
                [("logistics_value_status", "=", "excluded")]
            ),
        )

    def test_opening_an_invoice_costs_at_most_three_queries_more(self):
        move = self._create_order_and_invoice()
        self._refresh()
        arch = etree.fromstring(move.get_view(view_type="form")["arch"])
        names = {
            node.get("name")
            for node in arch.iter("field")
            if not any(parent.tag == "field" for parent in node.iterancestors())
        }
        named = {"fields": {"display_name": {}}}
        full = {
            name: named if move._fields[name].type == "many2one" else {}
            for name in sorted(names)
            if move._fields[name].type not in ("one2many", "many2many")
        }
        ours = {name for name in full if name.startswith("logistics_")}
        self.assertIn("logistics_contribution", ours)
        plain = {name: full[name] for name in full.keys() - ours}
        counts = []
        for specification in (plain, full):
            move.web_read(specification)  # warm the caches of rights and metadata
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            move.web_read(specification)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 3)

    def test_opening_an_invoice_costs_others_nothing(self):
        move = self._create_order_and_invoice()
        clerk = self._create_new_internal_user(
            login="value_clerk", groups="account.group_account_invoice"
        )
        arch = etree.fromstring(
            move.with_user(clerk).get_view(view_type="form")["arch"]
        )
        ours = {
            name
            for name, field in move._fields.items()
            if "logistics_clv." in (field.groups or "")
        }
        self.assertIn("logistics_contribution", ours)
        shown = {node.get("name") for node in arch.iter("field")}
        self.assertIn("partner_id", shown)
        self.assertFalse(ours & shown)

    def test_list_of_invoices_does_not_query_per_invoice(self):
        moves = self._create_order_and_invoice()
        for __ in range(5):
            moves |= self._create_order_and_invoice()
        self._refresh()
        counts = []
        for some in (moves[:2], moves):
            some.mapped("logistics_value_status")
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("logistics_value_status")
            some.mapped("logistics_client_id")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts)

    def test_form_opens_for_the_accountant(self):
        move = self._create_order_and_invoice()
        self._refresh()
        with Form(move) as form:
            self.assertEqual(form.logistics_client_id, self.client_a)
            self.assertEqual(form.logistics_contribution, 40)
        action = move.action_open_value_entries()
        self.assertEqual(
            self.env[action["res_model"]].search(action["domain"]),
            self._get_entries(move),
        )
