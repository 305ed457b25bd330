import io
import re

from pypdf import PdfReader

from odoo.tests import HttpCase, tagged

from .common import FreightQuoteCommon

REPORT = "logistics_quote.report_freight_quote"


@tagged("post_install", "-at_install")
class TestFreightQuoteReport(FreightQuoteCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.order = cls._create_order(
            user=cls.salesperson, note="<p>Subject to space</p>"
        )
        cls.order.action_find_rates()

    def setUp(self):
        super().setUp()
        # where the renderer finds the style sheets
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())

    def _pdf_text(self, user):
        pdf, kind = (
            self.env["ir.actions.report"]
            .with_user(user)
            .with_context(force_report_rendering=True)
            ._render_qweb_pdf(REPORT, self.order.ids)
        )
        self.assertEqual(kind, "pdf")
        pages = PdfReader(io.BytesIO(pdf)).pages
        return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))

    def test_options_side_by_side(self):
        text = self._pdf_text(self.salesperson)
        for words in (
            self.order.name,
            "Test Harbour",
            "Test Haven",
            "40HC",
            "Blue Line",
            "Red Line",
            "Main Carriage",
            "Ocean Freight",
            "3,819.20",
            "3,795.00",
            "Subject to space",
        ):
            self.assertIn(words, text)

    def test_chosen_option_in_detail(self):
        self._option_of(self.order, self.blue).action_choose()
        text = self._pdf_text(self.salesperson)
        for words in (
            "Ocean Freight",
            "3,256.00",
            "3,819.20",
            "33 days",
            "Valid Until",
        ):
            self.assertIn(words, text)
        self.assertNotIn("3,795.00", text, "the other option")

    def test_discount_is_shown_where_one_was_given(self):
        self._option_of(self.order, self.blue).action_choose()
        self.assertNotIn("Discount", self._pdf_text(self.salesperson))
        self.order.order_line[-1].discount = 50
        text = self._pdf_text(self.salesperson)
        self.assertRegex(text, r"Discount .* 1 26\.40 50\.00 % 13\.20")

    def test_no_cost_for_anybody(self):
        self._option_of(self.order, self.blue).action_choose()
        for user in (self.salesperson, self.pricer):
            text = self._pdf_text(user)
            for cost in ("1,850", "3,700", "2,960", "3,472", "347.20"):
                self.assertNotIn(cost, text)

    def test_text_in_the_language_of_the_client(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.client.lang = "fr_FR"
        self.ofr.with_context(lang="fr_FR").name = "Fret maritime"
        html = self.env["ir.actions.report"]._render_qweb_html(REPORT, self.order.ids)
        self.assertIn("Fret maritime", html[0].decode())
