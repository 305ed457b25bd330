"""The CDNOW purchase history as posted invoices, valued as published.

Published parameters: clv-method; BG/NBD: Fader, Hardie, Lee 2005, Marketing Science
24(2), Table 2; Gamma-Gamma: Fader, Hardie, note 025.
"""

import io
import re
from collections import defaultdict
from datetime import date
from decimal import Decimal

import openpyxl

from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from odoo.addons.test_logistics.cdnow import read_purchases

CALIBRATION_END = date(1997, 9, 30)
BATCH = 500


@tagged("post_install", "-at_install")
class TestCdnow(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.purchases = read_purchases()
        cls.company = cls.env["res.company"].create({"name": "CDNOW"})
        cls.env.user.company_ids |= cls.company
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                allowed_company_ids=cls.company.ids,
                tracking_disable=True,
                mail_create_nolog=True,
            )
        )
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls.clients = cls._create_clients()
        cls._post_invoices()
        cls.valuation = cls.env["logistics.value.run"].create(
            {
                "company_id": cls.company.id,
                "as_of_date": CALIBRATION_END,
                # the published numbers are those of the reference models
                "order_model": "bg_nbd",
                "money_model": "gamma_gamma",
            }
        )
        cls.valuation.action_compute()

    @classmethod
    def _create_clients(cls):
        names = sorted({purchase.customer for purchase in cls.purchases})
        clients = cls.env["res.partner"].create(
            [{"name": f"CDNOW {name}", "company_id": cls.company.id} for name in names]
        )
        return dict(zip(names, clients, strict=True))

    @classmethod
    def _post_invoices(cls):
        product = cls.env["product.product"].create(
            {"name": "CD", "type": "service", "taxes_id": [Command.clear()]}
        )
        for start in range(0, len(cls.purchases), BATCH):
            moves = cls.env["account.move"].create(
                [
                    {
                        "move_type": "out_invoice",
                        "partner_id": cls.clients[purchase.customer].id,
                        "invoice_date": purchase.day,
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "product_id": product.id,
                                    "price_unit": float(purchase.amount),
                                    "tax_ids": [Command.clear()],
                                }
                            )
                        ],
                    }
                    for purchase in cls.purchases[start : start + BATCH]
                ]
            )
            moves._post(soft=False)
            cls.env.flush_all()
            cls.env.invalidate_all()

    def _values(self):
        return self.env["logistics.client.value"].search(
            [("company_id", "=", self.company.id)]
        )

    def _get_fit(self, purpose):
        fit = self.valuation.fit_ids.filtered(lambda fit: fit.purpose == purpose)
        shown = re.findall(r"(\w+) (-?[\d.]+)", fit.parameters)
        return fit, {name: float(value) for name, value in shown}

    def test_parameters_are_those_published(self):
        self.assertEqual(self.valuation.state, "done", self.valuation.error)
        fit, parameters = self._get_fit("orders")
        self.assertTrue(fit.converged)
        self.assertAlmostEqual(parameters["r"], 0.243, delta=0.0005)
        self.assertAlmostEqual(parameters["alpha"], 4.414, delta=0.0005)
        self.assertAlmostEqual(parameters["a"], 0.793, delta=0.0005)
        self.assertAlmostEqual(parameters["b"], 2.426, delta=0.0005)
        self.assertAlmostEqual(fit.log_likelihood, -9582.4, delta=0.05)
        fit, parameters = self._get_fit("margin")
        self.assertTrue(fit.converged)
        self.assertEqual(fit.observations, 946)
        self.assertAlmostEqual(parameters["p"], 6.25, delta=0.005)
        self.assertAlmostEqual(parameters["q"], 3.74, delta=0.005)
        self.assertAlmostEqual(parameters["v"], 15.44, delta=0.01)

    def test_every_customer_has_a_value(self):
        values = self._values()
        self.assertEqual(len(values), 2357)
        self.assertEqual(self.valuation.client_count, 2357)
        self.assertEqual(self.valuation.repeat_client_count, 946)
        self.assertEqual(sum(values.mapped("frequency")), 2457)
        # Frequent buyers who fell silent early are worth nothing to the cent.
        self.assertTrue(all(value.predicted >= 0 for value in values))
        self.assertGreater(len(values.filtered("predicted")), 2300)
        self.assertEqual(set(values.mapped("estimate")), {"fitted"})
        spent = defaultdict(Decimal)
        for purchase in self.purchases:
            if purchase.day <= CALIBRATION_END:
                spent[self.clients[purchase.customer].id] += purchase.amount
        for value in values:
            self.assertEqual(
                Decimal(f"{value.historical:.2f}"), spent[value.client_id.id]
            )

    def test_ledger_equals_income_accounts(self):
        total = sum(purchase.amount for purchase in self.purchases)
        [[ledger]] = self.env["logistics.value.entry"]._read_group(
            [("company_id", "=", self.company.id)], aggregates=["revenue:sum"]
        )
        [[income]] = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "in", ("income", "income_other")),
                ("parent_state", "=", "posted"),
            ],
            aggregates=["balance:sum"],
        )
        self.assertEqual(Decimal(f"{ledger:.2f}"), total)
        self.assertEqual(Decimal(f"{-income:.2f}"), total)
        self.assertFalse(
            self.env["logistics.value.reconciliation"].search(
                [("company_id", "=", self.company.id), ("difference", "!=", 0)]
            )
        )

    def test_workbook_totals_equal_the_ledger(self):
        with io.BytesIO() as stream:
            self.valuation._write_workbook(stream)
            stream.seek(0)
            book = openpyxl.load_workbook(stream, data_only=True)
        total = Decimal(f"{sum(self._values().mapped('historical')):.2f}")
        numbers = {
            Decimal(f"{cell.value:.2f}")
            for sheet in book.worksheets
            for row in sheet.iter_rows(max_row=40)
            for cell in row
            if isinstance(cell.value, int | float)
        }
        self.assertIn(total, numbers)
