from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models import logistics_value_attribution_batch
from .common import ValueCommon


class AttributionCommon(ValueCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Change = cls.env["logistics.value.attribution"]
        cls.Batch = cls.env["logistics.value.attribution.batch"]

    def _open_wizard(self, moves):
        wizards = self.env["logistics.value.reattribute"].with_context(
            active_model="account.move", active_ids=moves.ids
        )
        return Form(wizards)


@tagged("post_install", "-at_install")
class TestAttributionTrail(AttributionCommon):
    """Every change of the client is written down, told, and can be taken back."""

    def test_change_is_written_down(self):
        move = self._create_plain_invoice()
        batch = move._reattribute(self.client_b, "Booked by the agent")
        self.assertRecordValues(
            batch.attribution_ids,
            [
                {
                    "move_id": move.id,
                    "line_id": False,
                    "client_before_id": self.client_a.id,
                    "client_after_id": self.client_b.id,
                    "attributed_before_id": False,
                    "attributed_after_id": self.client_b.id,
                    "state": "done",
                    "reason": "Booked by the agent",
                    "user_id": self.env.user.id,
                }
            ],
        )
        self.assertEqual(batch.state, "done")
        note = move.message_ids[0]
        self.assertIn("Client B instead of Client A", note.body)
        self.assertIn("Booked by the agent", note.body)
        self.assertEqual(note.author_id, self.env.user.partner_id)

    def test_each_document_of_many_has_its_own_note(self):
        moves = (
            self._create_plain_invoice()
            | self._create_plain_invoice()
            | self._create_plain_invoice(self.client_b)
        )
        third = self.env["res.partner"].create({"name": "Client <C>"})
        moves._reattribute(third, "Booked & paid by the agent")
        notes = [move.message_ids[0] for move in moves]
        self.assertEqual(len({note.message_id for note in notes}), 3)
        for note, before in zip(notes, ("A", "A", "B"), strict=True):
            self.assertIn(
                f"Client &lt;C&gt; instead of Client {before}.", str(note.body)
            )
            self.assertIn("Booked &amp; paid by the agent", str(note.body))
            self.assertEqual(note.author_id, self.env.user.partner_id)
            self.assertEqual(note.subtype_id, self.env.ref("mail.mt_note"))
            self.assertEqual(note.message_type, "notification")

    def test_change_is_taken_back(self):
        moves = self._create_plain_invoice() | self._create_order_and_invoice()
        self._refresh()
        before = self._get_snapshot()
        batch = moves._reattribute(self.client_b, "agent")
        self.assertNotEqual(self._get_snapshot(), before)
        batch.attribution_ids.action_reverse()
        self.assertEqual(self._get_snapshot(), before)
        self.assertEqual(set(batch.attribution_ids.mapped("state")), {"reversed"})
        self.assertFalse(moves.logistics_attributed_client_id)
        with self.assertRaisesRegex(UserError, "not taken back yet"):
            batch.attribution_ids.action_reverse()

    def test_what_was_changed_again_is_not_taken_back(self):
        move = self._create_plain_invoice()
        other = self._create_plain_invoice()
        first = (move | other)._reattribute(self.client_b, "first")
        move._reattribute(self.client_a_office, "second")
        first.action_reverse()
        self.assertEqual(
            first.attribution_ids.mapped("state"),
            [
                "reversed" if c.move_id == other else "done"
                for c in first.attribution_ids
            ],
        )
        third = self.env["res.partner"].create({"name": "Client C"})
        move._reattribute(third, "third")
        with self.assertRaisesRegex(UserError, "changed again since"):
            first.attribution_ids.filtered(
                lambda change: change.move_id == move
            ).action_reverse()

    def test_reason_is_wanted(self):
        move = self._create_plain_invoice()
        for reason in ("", "  ", False):
            with self.assertRaisesRegex(UserError, "reason"):
                move._reattribute(self.client_b, reason)

    def test_trail_is_nobodys_to_write(self):
        move = self._create_plain_invoice()
        batch = move._reattribute(self.client_b, "agent")
        for record in (batch, batch.attribution_ids):
            with self.assertRaises(AccessError):
                record.write({"reason": "better"})
            with self.assertRaises(AccessError):
                record.unlink()
            with self.assertRaises(AccessError):
                record.create({})

    def test_readers_read_the_trail_and_others_do_not(self):
        batch = self._create_plain_invoice()._reattribute(self.client_b, "agent")
        for login, group, sees in (
            ("trail_reader", "logistics_clv.group_value_reader", True),
            ("trail_manager", "logistics_crm.group_manager", True),
            ("trail_sales", "logistics_crm.group_salesperson", False),
            ("trail_clerk", "account.group_account_invoice", False),
        ):
            user = self._create_new_internal_user(login=login, groups=group)
            changes = self.Change.with_user(user)
            with self.subTest(user=login):
                if sees:
                    self.assertTrue(
                        changes.search([("batch_id", "=", batch.id)]).read(["reason"])
                    )
                    with self.assertRaises(AccessError):
                        changes.browse(batch.attribution_ids.ids).action_reverse()
                else:
                    with self.assertRaises(AccessError):
                        changes.search([])

    def test_trail_of_another_company_is_not_seen(self):
        other = self.setup_other_company(name="Other forwarder")["company"]
        batch = self._create_plain_invoice()._reattribute(self.client_b, "agent")
        user = self._create_new_internal_user(
            login="trail_other",
            groups="logistics_clv.group_accountant",
            company_ids=[Command.set(other.ids)],
            company_id=other.id,
        )
        self.assertFalse(self.Change.with_user(user).search([]))
        self.assertFalse(self.Batch.with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.Change.with_user(user).browse(batch.attribution_ids.ids).read()


@tagged("post_install", "-at_install")
class TestAttributionByLine(AttributionCommon):
    """One invoice for several clients."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._invoice_order(
            cls._create_order([(cls.sea, 1, 100, 60), (cls.air, 1, 50, 20)])
        )
        cls.sea_line, cls.air_line = cls.move.invoice_line_ids
        cls.ledger._refresh()

    def _get_revenue(self):
        groups = self.Entry._read_group(
            [("move_id", "=", self.move.id)], ["client_id"], ["revenue:sum"]
        )
        return dict(groups)

    def test_lines_are_split_over_clients(self):
        with self._open_wizard(self.move) as form:
            form.reason = "For two clients"
            form.scope = "lines"
            with form.line_ids.edit(1) as line:
                self.assertEqual(line.amount, 50)
                line.client_id = self.client_b
        form.record.action_apply()
        self.assertEqual(self._get_revenue(), {self.client_a: 100, self.client_b: 50})
        self.assertTrue(self.move.logistics_value_reattributed)
        self.assertEqual(self.move.logistics_client_id, self.client_a)
        change = self.Change.search([("move_id", "=", self.move.id)])
        self.assertRecordValues(
            change,
            [
                {
                    "line_id": self.air_line.id,
                    "client_before_id": self.client_a.id,
                    "client_after_id": self.client_b.id,
                }
            ],
        )
        change.action_reverse()
        self.assertEqual(self._get_revenue(), {self.client_a: 150})
        self.assertFalse(self.move.logistics_value_reattributed)

    def test_whole_document_takes_its_lines_along(self):
        self.Batch._attribute_lines({self.air_line: self.client_b}, "split")
        third = self.env["res.partner"].create({"name": "Client C"})
        batch = self.move._reattribute(third, "all of it")
        self.assertEqual(self._get_revenue(), {third: 150})
        self.assertFalse(self.air_line.logistics_attributed_client_id)
        batch.action_reverse()
        self.assertEqual(self._get_revenue(), {self.client_a: 100, self.client_b: 50})

    def test_lines_of_another_document_are_refused(self):
        other = self._create_plain_invoice()
        wizard = self.env["logistics.value.reattribute"].create(
            {
                "move_ids": self.move.ids,
                "scope": "lines",
                "reason": "x",
                "line_ids": [
                    Command.create(
                        {
                            "line_id": other.invoice_line_ids.id,
                            "client_id": self.client_b.id,
                        }
                    )
                ],
            }
        )
        with self.assertRaisesRegex(UserError, "this document only"):
            wizard.action_apply()
        wizard.move_ids |= other
        with self.assertRaisesRegex(UserError, "one document at a time"):
            wizard.action_apply()


@tagged("post_install", "-at_install")
class TestAttributionInBulk(AttributionCommon):
    """Many documents at once, in the background, repeatable."""

    def _create_moves(self, count):
        moves = self.env["account.move"]
        for __ in range(count):
            moves |= self._create_plain_invoice()
        return moves

    def test_many_are_left_to_the_scheduled_action(self):
        moves = self._create_moves(5)
        self._refresh()
        with patch.object(
            logistics_value_attribution_batch, "MAX_DOCUMENTS_AT_ONCE", 2
        ):
            with self._open_wizard(moves) as form:
                form.client_id = self.client_b
                form.reason = "agent"
            action = form.record.action_apply()
        batch = self.Batch.browse(action["res_id"])
        self.assertRecordValues(
            batch, [{"state": "waiting", "progress": 0, "total_count": 5}]
        )
        self.assertFalse(moves.logistics_attributed_client_id)
        self.assertEqual(batch.sudo()._process(2), 2)
        batch.invalidate_recordset()
        self.assertEqual(batch.progress, 40)
        with self.enter_registry_test_mode():
            self.env.ref(
                "logistics_clv.ir_cron_value_attribution"
            ).method_direct_trigger()
        self.assertRecordValues(batch, [{"state": "done", "progress": 100}])
        self.assertEqual(moves.logistics_attributed_client_id, self.client_b)
        self.assertEqual(self._get_entries(moves).client_id, self.client_b)

    def test_queries_do_not_grow_with_the_documents(self):
        counts = []
        for number in (3, 9):
            moves = self._create_moves(number)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            moves._reattribute(self.client_b, "agent")
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_wizard_tells_what_lies_in_closed_periods(self):
        self._create_plain_invoice(date="2025-11-10")
        closed = self._create_plain_invoice(date="2025-12-10")
        open_move = self._create_plain_invoice(date="2026-03-10")
        self.company.fiscalyear_lock_date = fields.Date.to_date("2025-12-31")
        form = self._open_wizard(closed | open_move)
        self.assertEqual(form.closed_count, 1)
        self.assertEqual(form.move_count, 2)

    def test_bills_can_be_attributed(self):
        bill = self.init_invoice(
            "in_invoice", partner=self.partner_a, amounts=[10], post=True
        )
        bill._reattribute(self.client_b, "Bought for B")
        self.assertEqual(bill.logistics_client_id, self.client_b)
        self.assertTrue(bill.logistics_value_reattributed)
