import io
import re

from pypdf import PdfReader

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .test_value_run import ValueRunCommon

REPORT = "logistics_clv.report_value_statement"


@tagged("post_install", "-at_install")
class TestValueStatement(ValueRunCommon, HttpCase):
    """The statement of one client as the reader prints it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.valuation = cls.env["logistics.value.run"].create(
            {"as_of_date": "2026-03-30"}
        )
        cls.valuation.action_compute()
        cls.value = cls.valuation.value_ids.filtered(
            lambda value: value.client_id == cls.client_a
        )
        cls.reader = cls._create_new_internal_user(
            login="statement_reader",
            groups="logistics_clv.group_value_reader,sales_team.group_sale_salesman_all_leads",
        )

    def setUp(self):
        super().setUp()
        # where the renderer finds the style sheets
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())

    def _render(self, user, value=None):
        return (
            self.env["ir.actions.report"]
            .with_user(user)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(REPORT, (value or self.value).ids)
        )

    def test_statement_tells_the_value(self):
        quote = self._create_order(
            [(self.sea, 1, 777, 500)], self.client_a, state="sent"
        )
        pdf, kind = self._render(self.reader)
        self.assertEqual(kind, "pdf")
        pages = PdfReader(io.BytesIO(pdf)).pages
        text = re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))
        currency = self.value.currency_id

        def amount(value):
            return f"{value:,.{currency.decimal_places}f}"

        for words in (
            "Value Statement: Client A",
            "Internal document",
            amount(self.value.historical),
            amount(self.value.predicted),
            amount(self.value.revenue),
            "Net contribution",
            "Mar 2026",
            "order days",
            quote.name,
        ):
            self.assertIn(words, text)
        for greek in ("alpha", "\u03b1", "NBD", "gamma"):
            self.assertNotIn(greek, text.lower())
        [log] = (
            self.env["logistics.export.log"]
            .sudo()
            .search([("user_id", "=", self.reader.id)])
        )
        self.assertEqual(log.file_type, "pdf")

    def test_bridge_adds_up_to_the_historical_value(self):
        report = self.env["report.logistics_clv.report_value_statement"]
        steps = report._get_bridge(self.value, self.valuation.as_of_date)
        parts = [amount for __, amount, is_sum in steps if not is_sum]
        self.assertAlmostEqual(sum(parts), self.value.historical, 2)
        self.assertAlmostEqual(steps[-1][1], self.value.historical, 2)

    def test_months_are_those_of_the_ledger(self):
        report = self.env["report.logistics_clv.report_value_statement"]
        statement = report._prepare_statement(self.value)
        self.assertEqual(len(statement["months"]), 12)
        self.assertEqual(statement["months"][-1][0].isoformat(), "2026-03-01")

    def test_without_rights_there_is_no_statement(self):
        nobody = self._create_new_internal_user(login="statement_nobody")
        with self.assertRaises(AccessError):
            self._render(nobody)
