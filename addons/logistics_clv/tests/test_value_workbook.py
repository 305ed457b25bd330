import io

from openpyxl import load_workbook

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.logistics_clv.models import logistics_value_run
from odoo.addons.logistics_clv.models.logistics_value_workbook import WorkbookCancelled
from odoo.addons.logistics_clv.value_workbook import DEFAULT_LABELS

from . import office
from .test_value_run import ValueRunCommon


@tagged("post_install", "-at_install")
class TestValueWorkbook(ValueRunCommon, HttpCase):
    """The workbook's totals are the ledger's, and so the income accounts'."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.valuation = cls.env["logistics.value.run"].create(
            {"as_of_date": "2026-03-30"}
        )
        cls.valuation.action_compute()

    def test_totals_equal_ledger_and_income_accounts(self):
        totals = self.valuation._write_workbook(io.BytesIO())
        self.assertEqual(totals.clients, 2)
        self.assertEqual(float(totals.revenue), self._get_ledger_revenue())
        self.assertEqual(float(totals.revenue), self._get_income())
        self.assertEqual(float(totals.contribution), self.valuation.historical)
        self.assertAlmostEqual(float(totals.current_value), self.valuation.predicted, 2)

    def test_libreoffice_calculates_the_totals_of_the_ledger(self):
        stream = io.BytesIO()
        self.valuation._write_workbook(stream)
        self.assertEqual(office.compare(stream.getvalue()), [])
        book = office.recalculate(stream.getvalue())
        figures = {row[0]: row[1:4] for row in book["Summary"].iter_rows(
            min_row=5, max_row=16, max_col=4, values_only=True
        )}  # fmt: skip
        self.assertEqual(figures["Clients"][0], 2)
        revenue, ledger, difference = figures["Revenue"]
        self.assertAlmostEqual(revenue, self._get_ledger_revenue(), 2)
        self.assertAlmostEqual(ledger, self._get_income(), 2)
        self.assertEqual(difference, 0)
        self.assertAlmostEqual(
            figures["Net contribution"][0], self.valuation.historical, 2
        )
        self.assertEqual(figures["Net contribution"][2], 0)
        self.assertAlmostEqual(figures["Current value"][0], self.valuation.predicted, 2)
        months = [
            row
            for row in book["Ledger reconciliation"].iter_rows(
                min_row=5, max_row=60, max_col=7, values_only=True
            )
            if row[0] == "Total"
        ]
        self.assertAlmostEqual(months[0][1], self._get_income(), 2)
        self.assertEqual(months[0][3], 0)
        # costs that are only estimated so far: listed by reason and by document
        self.assertEqual(months[0][3] - months[0][6], months[1][4])

    def test_clients_are_read_in_the_same_few_queries(self):
        [*self.valuation._iter_client_lines()]  # caches
        with self.assertQueryCount(6):
            lines = [*self.valuation._iter_client_lines()]
        self.assertEqual([line.name for line in lines], ["Client A", "Client B"])

    def test_company_column_follows_what_the_run_knows(self):
        self.assertLessEqual(
            {"segment", "potential"}, self.valuation._get_absent_columns()
        )

    def test_words_are_those_of_the_writer(self):
        self.assertEqual(self.valuation._get_workbook_labels(), {**DEFAULT_LABELS})

    def test_download_opens_as_a_workbook(self):
        user = self._create_new_internal_user(
            login="value_download",
            password="value_download",
            groups="logistics_clv.group_value_reader",
        )
        self.authenticate(user.login, user.login)
        response = self.url_open(f"/logistics_clv/value_workbook/{self.valuation.id}")
        self.assertEqual(response.status_code, 200)
        self.assertIn(".xlsx", response.headers["Content-Disposition"])
        book = load_workbook(io.BytesIO(response.content))
        self.assertEqual(book.sheetnames[:2], ["Summary", "Clients"])
        names = [row[0].value for row in book["Clients"].iter_rows()]
        self.assertIn("Client A", names)

    def test_download_needs_the_right(self):
        user = self._create_new_internal_user(
            login="value_download_not", password="value_download_not"
        )
        self.authenticate(user.login, user.login)
        with mute_logger("odoo.http"):
            response = self.url_open(
                f"/logistics_clv/value_workbook/{self.valuation.id}"
            )
        self.assertEqual(response.status_code, 403)
        self.assertEqual(
            self.url_open("/logistics_clv/value_workbook/999999").status_code, 404
        )

    def test_replaced_run_says_so(self):
        later = self.env["logistics.value.run"].create({"as_of_date": "2026-03-30"})
        later.action_compute()
        with self.assertRaisesRegex(UserError, "replaced by a later one"):
            self.valuation._write_workbook(io.BytesIO())
        with self.assertRaisesRegex(UserError, "replaced by a later one"):
            self.valuation.action_download_workbook()

    def test_run_without_clients_has_an_empty_workbook(self):
        other = self.setup_other_company(name="Other forwarder")["company"]
        self.env.user.company_ids |= other
        run = self.env["logistics.value.run"].create({"company_id": other.id})
        run.action_compute()
        self.assertEqual(run._write_workbook(io.BytesIO()).clients, 0)


@tagged("post_install", "-at_install")
class TestValueWorkbookInBackground(ValueRunCommon, HttpCase):
    """Many clients: the workbook is made by a scheduled action, and can be stopped."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.valuation = cls.env["logistics.value.run"].create(
            {"as_of_date": "2026-03-30"}
        )
        cls.valuation.action_compute()
        cls.reader = cls._create_new_internal_user(
            login="workbook_reader",
            password="workbook_reader",
            groups="logistics_clv.group_value_reader",
        )
        cls.Job = cls.env["logistics.value.workbook"]

    def setUp(self):
        super().setUp()
        self.patch(logistics_value_run, "MAX_CLIENTS_IN_WORKBOOK", 1)

    def _order_workbook(self):
        run = self.valuation.with_user(self.reader)
        # as the scheduled action sees it
        return self.Job.sudo().browse(run.action_download_workbook()["res_id"])

    def test_made_and_downloaded_by_who_ordered_it(self):
        job = self._order_workbook()
        self.assertEqual(job.state, "queued")
        self.assertEqual(self._order_workbook(), job, "ordered once")
        job._make()
        self.assertRecordValues(
            job, [{"state": "done", "progress": 100, "user_id": self.reader.id}]
        )
        self.assertTrue(job.file)
        self.authenticate("workbook_reader", "workbook_reader")
        response = self.url_open(job.with_user(self.reader).action_download()["url"])
        book = load_workbook(io.BytesIO(response.content))
        self.assertEqual(book.sheetnames[1], "Clients")
        logged = (
            self.env["logistics.export.log"]
            .sudo()
            .search([("user_id", "=", self.reader.id)])
        )
        self.assertEqual(logged.mapped("file_type"), ["workbook"])
        self.assertEqual(logged.record_count, 2)

    def test_cancelled_before_it_is_made(self):
        job = self._order_workbook()
        job.with_user(self.reader).action_cancel()
        self.env.flush_all()
        job._make()
        self.assertRecordValues(job, [{"state": "cancelled", "file": False}])

    def test_cancelled_while_it_is_made(self):
        job = self._order_workbook()
        stopped = []

        def cancel(model, stream, report):
            # in a test both share a transaction, so this is undone with the rest
            job.with_user(self.reader).action_cancel()
            self.env.flush_all()
            with self.assertRaises(WorkbookCancelled) as breaks_off:
                report(1)
            stopped.append(job)
            raise breaks_off.exception

        self.patch(type(self.valuation), "_write_workbook", cancel)
        job._make()
        self.assertEqual(stopped, [job])
        self.assertFalse(job.file)

    def test_failure_is_told(self):
        job = self._order_workbook()
        self.valuation.value_ids.sudo().run_id = False
        job._make()
        self.assertEqual(job.state, "failed")
        self.assertIn("replaced by a later one", job.error)

    def test_nobody_else_sees_it(self):
        job = self._order_workbook()
        other = self._create_new_internal_user(
            login="workbook_other", groups="logistics_clv.group_value_reader"
        )
        self.assertFalse(self.Job.with_user(other).search([("id", "=", job.id)]))
        with self.assertRaises(AccessError):
            job.with_user(other).action_cancel()
        with self.assertRaises(AccessError):
            job.with_user(self.reader).write({"state": "done"})
