"""From a carrier's rate sheet to the client's value, each step by who does it.

The totals are reckoned by hand in the comments. Ocean: the buy total of the worked
example F1 (3,970). Air: worked example A9, 98 kg charged as 100 kg x 9.
"""

import base64
import io
from pathlib import Path

import openpyxl
from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user, tagged

SAMPLES = Path(__file__).parents[3] / "samples"


@tagged("post_install", "-at_install")
@freeze_time("2026-11-23")
class TestRateSheetToValue(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env["res.company"].create(
            {"name": "Forwarder", "currency_id": cls.env.ref("base.USD").id}
        )
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.company, install_demo=False
        )
        cls._set_currencies()
        cls._create_users()
        cls._create_partners()
        cls.ocean = cls._import_sheet("ocean_fcl_wide.xlsx", cls.line, "fcl")
        cls.air = cls._import_sheet("air_breaks.xlsx", cls.airline, "air")
        cls._add_faster_line()
        cls._add_margin_rules()

    @classmethod
    def _set_currencies(cls):
        cny = cls.env.ref("base.CNY")
        cny.active = True
        cls.env["res.currency.rate"].create(
            {
                "currency_id": cny.id,
                "company_id": cls.company.id,
                "name": "2026-01-01",
                "rate": 7.2,
            }
        )

    @classmethod
    def _create_users(cls):
        def create(login, groups):
            user = new_test_user(
                cls.env,
                login,
                groups,
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            return user.with_user(user).env

        cls.pricing = create("flow_pricing", "logistics_quote.group_pricing")
        cls.sales = create("flow_sales", "logistics_crm.group_salesperson")
        cls.accounting = create("flow_accounting", "logistics_clv.group_accountant")

    @classmethod
    def _create_partners(cls):
        partners = cls.env["res.partner"].create(
            [
                {"name": name, "is_company": True}
                for name in ("Importer", "Meridian Line", "Aurora Cargo", "Payer")
            ]
        )
        cls.client, cls.line, cls.airline, cls.payer = partners
        cls.buyer = cls.env["res.partner"].create(
            {"name": "Buyer of the Importer", "parent_id": cls.client.id}
        )

    @classmethod
    def _import_sheet(cls, name, vendor, mode):
        sheet = cls.pricing["logistics.rate.import"].create(
            {
                "file_name": name,
                "file": base64.b64encode((SAMPLES / name).read_bytes()),
                "partner_id": vendor.id,
                "mode_id": cls.env.ref(f"logistics_crm.transport_mode_{mode}").id,
            }
        )
        sheet.action_preview()
        errors = sheet.line_ids.filtered(lambda line: line.status == "error")
        assert not errors, errors.mapped("message")
        sheet.action_publish()
        return sheet

    @classmethod
    def _add_faster_line(cls):
        contract = cls.pricing["logistics.rate.contract"].create(
            {
                "name": "Express service",
                "partner_id": cls.payer.id,
                "mode_id": cls.env.ref("logistics_crm.transport_mode_fcl").id,
                "currency_id": cls.env.ref("base.USD").id,
                "date_from": "2026-11-01",
                "date_to": "2026-12-15",
                "rate_ids": [
                    Command.create(
                        {
                            "charge_code_id": cls.env.ref(
                                "logistics_quote.charge_code_ofr"
                            ).id,
                            "origin_id": cls._location("cnsha").id,
                            "destination_id": cls._location("deham").id,
                            "transit_days": 26,
                            "price_ids": [
                                Command.create(
                                    {
                                        "container_type_id": cls.env.ref(
                                            "logistics_crm.container_type_40hc"
                                        ).id,
                                        "amount": 1990,
                                    }
                                )
                            ],
                        }
                    )
                ],
            }
        )
        contract.action_publish()

    @classmethod
    def _add_margin_rules(cls):
        cls.env["logistics.margin.rule"].search([]).active = False
        cls.pricing["logistics.margin.rule"].create(
            [
                {"mode_id": cls.env.ref(f"logistics_crm.transport_mode_{mode}").id}
                | {"percent": percent, "currency_id": cls.env.ref("base.USD").id}
                for mode, percent in (("fcl", 10), ("air", 20))
            ]
        )

    @classmethod
    def _location(cls, name):
        kind = "location" if len(name) == 5 else "airport"
        return cls.env.ref(f"logistics_crm.{kind}_{name}")

    def _quote(self, mode, origin, destination, cargo):
        order = self.sales["sale.order"].create(
            {
                "partner_id": self.buyer.id,
                "partner_invoice_id": self.payer.id,
                "logistics_mode_id": self.env.ref(
                    f"logistics_crm.transport_mode_{mode}"
                ).id,
                "logistics_origin_id": self._location(origin).id,
                "logistics_destination_id": self._location(destination).id,
                "logistics_cargo_date": "2026-12-01",
                "logistics_cargo_ids": [Command.create(cargo)],
            }
        )
        order.action_find_rates()
        return order

    def _ocean_quote(self):
        return self._quote(
            "fcl",
            "cnsha",
            "deham",
            {
                "container_type_id": self.env.ref(
                    "logistics_crm.container_type_40hc"
                ).id,
                "container_count": 2,
            },
        )

    def _air_quote(self):
        cargo = {"pieces": 2, "weight_kg": 98, "volume_m3": 0.3}
        return self._quote("air", "pvg", "fra", cargo)

    def _buy(self, records):
        return records.with_env(self.pricing)

    def _invoice(self, order):
        order.action_confirm()
        wizard = (
            self.sales["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "delivered"})
        )
        wizard.create_invoices()
        invoice = order.with_env(self.accounting).invoice_ids
        invoice.action_post()
        return invoice

    def _value(self):
        run = self.accounting["logistics.value.run"].create(
            {"company_id": self.company.id}
        )
        run.action_compute()
        self.assertEqual(run.state, "done", run.error)
        return run

    def test_sheets_become_published_contracts_with_their_origin(self):
        self.assertEqual(self.ocean.state, "published")
        lanes = self.ocean.contract_id.rate_ids.filtered("origin_id.code").filtered(
            "destination_id.code"
        )
        freight = lanes.filtered("charge_code_id.is_freight")
        self.assertGreaterEqual(len(freight), 200)
        self.assertTrue(all(rate.source_row for rate in freight))

    def test_ocean_quote_has_two_options_with_hand_checked_totals(self):
        order = self._ocean_quote()
        # Sheet: OFR 2 x 1,850 + OTHC 2 x 120 + D/O 30 = 3,970, and 10 % on each:
        # 4,070 + 264 + 33 = 4,367. Express: 2 x 1,990 = 3,980, and 10 % = 4,378.
        self.assertRecordValues(
            self._buy(order.logistics_option_ids),
            [
                {
                    "buy_amount": 3970.0,
                    "sell_amount": 4367.0,
                    "is_cheapest": True,
                    "is_fastest": False,
                    "transit_days": 33,
                },
                {
                    "buy_amount": 3980.0,
                    "sell_amount": 4378.0,
                    "is_cheapest": False,
                    "is_fastest": True,
                    "transit_days": 26,
                },
            ],
        )

    def test_air_quote_charges_98_kg_as_100_kg(self):
        order = self._air_quote()
        # 100 kg x 9 CNY = 900 CNY / 7.2 = 125 USD, and 20 % = 150 USD.
        option = self._buy(order.logistics_option_ids)
        self.assertRecordValues(option, [{"buy_amount": 125.0, "sell_amount": 150.0}])
        freight = option.line_ids.filtered(lambda line: line.rate_amount)
        self.assertEqual(freight.rate_amount, 900.0)
        self.assertIn("98", freight.buy_explanation)
        self.assertIn("100", freight.buy_explanation)

    def test_invoice_contributes_to_the_client_who_ordered(self):
        invoices = self.accounting["account.move"]
        for order in (self._ocean_quote(), self._air_quote()):
            order.logistics_option_ids[0].action_choose()
            invoices |= self._invoice(order)
        self.assertEqual(invoices.mapped("amount_untaxed"), [4367.0, 150.0])
        run = self._value()
        self.assertRecordValues(
            invoices,
            [
                {
                    "partner_id": self.payer.id,
                    "logistics_client_id": self.client.id,
                    "logistics_contribution": 397.0,
                },
                {
                    "partner_id": self.payer.id,
                    "logistics_client_id": self.client.id,
                    "logistics_contribution": 25.0,
                },
            ],
        )
        value = run.value_ids
        self.assertEqual(value.client_id, self.client)
        self.assertEqual(value.historical, 422.0)
        differences = self.accounting["logistics.value.reconciliation"].search(
            [("company_id", "=", self.company.id), ("difference", "!=", 0)]
        )
        # Revenue equals the accounts; the carriers have not billed yet, so the buy
        # prices of the quotes stand in for the cost: 3,970 and 125.
        self.assertEqual(differences.mapped("side"), ["cost", "cost"])
        self.assertEqual(sum(differences.mapped("difference")), -4095.0)
        with io.BytesIO() as stream:
            run._write_workbook(stream)
            stream.seek(0)
            book = openpyxl.load_workbook(stream)
        formulas = [
            cell.value
            for sheet in book.worksheets
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell.value, str) and cell.value.startswith("=")
        ]
        self.assertTrue(any("SUM" in formula for formula in formulas))
