from odoo.tests import HttpCase, tagged

from .common import FreightQuoteCommon


@tagged("post_install", "-at_install")
class TestFreightTour(FreightQuoteCommon, HttpCase):
    def test_salesperson_quotes_in_the_browser(self):
        self._create_users()
        order = self._create_order(user=self.salesperson)
        self.start_tour(
            f"/odoo/freight-quotes/{order.id}",
            "freight_quote_tour",
            login="freight_sales",
        )
        self.assertEqual(order.amount_untaxed, 3819.2)
        self.assertEqual(self._option_of(order, self.blue).is_chosen, True)
