import io

from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

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
