from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon


class FreightQuoteCommon(BaseCommon):
    """Two carriers from Shanghai to Hamburg, one airline; a company in euros.

    1 EUR = 1.25 USD = 8 CNY. Blue sells in dollars with surcharges, Red in euros.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.setup_main_company("EUR")
        cls.company = cls.env.company
        cls.eur = cls.setup_other_currency("EUR", rates=[("2020-01-01", 1.0)])
        cls.usd = cls.setup_other_currency("USD", rates=[("2020-01-01", 1.25)])
        cls.cny = cls.setup_other_currency("CNY", rates=[("2020-01-01", 8.0)])
        cls._hide_buy_prices()
        cls.env["logistics.margin.rule"].search([]).active = False

        cls.fcl = cls.env.ref("logistics_crm.transport_mode_fcl")
        cls.air = cls.env.ref("logistics_crm.transport_mode_air")
        cls.lcl = cls.env.ref("logistics_crm.transport_mode_lcl")
        cls.hc40 = cls.env.ref("logistics_crm.container_type_40hc")
        cls.gp20 = cls.env.ref("logistics_crm.container_type_20gp")
        for code in ("ofr", "afr", "baf", "othc", "do", "seal", "bl", "duty"):
            record = cls.env.ref(f"logistics_quote.charge_code_{code}")
            record.product_id.taxes_id = False
            setattr(cls, code, record)

        country = cls.env.ref("base.cn")
        Location = cls.env["logistics.location"]
        cls.shanghai = Location.create(
            {"name": "Test Harbour", "code": "ZZAAA", "country_id": country.id}
        )
        cls.hamburg = Location.create(
            {"name": "Test Haven", "code": "ZZBBB", "country_id": country.id}
        )
        cls.airport = Location.create(
            {"name": "Test Field", "iata_code": "QQA", "country_id": country.id}
        )
        cls.airfield = Location.create(
            {"name": "Test Strip", "iata_code": "QQB", "country_id": country.id}
        )

        Partner = cls.env["res.partner"]
        cls.blue = Partner.create({"name": "Blue Line"})
        cls.red = Partner.create({"name": "Red Line"})
        cls.airline = Partner.create({"name": "Grey Air"})
        cls.client = Partner.create({"name": "Client", "lang": "en_US"})

        cls.blue_contract = cls._create_blue_contract()
        cls.red_contract = cls._create_red_contract()
        cls.air_contract = cls._create_air_contract()
        cls.rule = cls.env["logistics.margin.rule"].create(
            {"mode_id": cls.fcl.id, "percent": 10, "currency_id": cls.eur.id}
        )
        (cls.blue_contract | cls.red_contract | cls.air_contract).action_publish()

    @classmethod
    def _hide_buy_prices(cls):
        """As in a new database: only who belongs to the group sees costs."""
        cls.env.ref("base.group_user").implied_ids -= cls.env.ref(
            "logistics_quote.group_buy_price"
        )

    @classmethod
    def _create_users(cls):
        cls.salesperson = new_test_user(
            cls.env, "freight_sales", "logistics_crm.group_salesperson"
        )
        cls.pricer = new_test_user(
            cls.env, "freight_pricing", "logistics_quote.group_pricing"
        )
        cls.manager = new_test_user(
            cls.env, "freight_manager", "logistics_crm.group_manager"
        )
        cls.plain = new_test_user(cls.env, "freight_plain", "base.group_user")
        cls.portal = new_test_user(cls.env, "freight_portal", "base.group_portal")

    @classmethod
    def _create_contract(cls, partner, mode, currency, rates, **vals):
        return cls.env["logistics.rate.contract"].create(
            {
                "name": f"{partner.name} {mode.code}",
                "partner_id": partner.id,
                "mode_id": mode.id,
                "currency_id": currency.id,
                "date_from": "2020-01-01",
                "date_to": "2099-12-31",
                "rate_ids": [Command.create(rate) for rate in rates],
                **vals,
            }
        )

    @classmethod
    def _freight(cls, price_40hc, **vals):
        """Return a freight rate's values, Shanghai to Hamburg, per container."""
        return {
            "charge_code_id": cls.ofr.id,
            "origin_id": cls.shanghai.id,
            "destination_id": cls.hamburg.id,
            "price_ids": [
                Command.create(
                    {"container_type_id": cls.hc40.id, "amount": price_40hc}
                ),
                Command.create({"container_type_id": cls.gp20.id, "amount": 1000}),
            ],
            **vals,
        }

    @classmethod
    def _create_blue_contract(cls):
        return cls._create_contract(
            cls.blue,
            cls.fcl,
            cls.usd,
            [
                cls._freight(1850, transit_days=33, free_days=14),
                {
                    "charge_code_id": cls.othc.id,
                    "origin_id": cls.shanghai.id,
                    "amount": 120,
                },
                {
                    "charge_code_id": cls.do.id,
                    "destination_id": cls.hamburg.id,
                    "amount": 30,
                },
                {
                    "charge_code_id": cls.baf.id,
                    "basis": "percent",
                    "amount": 10,
                    "percent_of_ids": [Command.link(cls.ofr.id)],
                },
                {"charge_code_id": cls.seal.id, "amount": 15, "mandatory": False},
            ],
            contract_number="B-1",
        )

    @classmethod
    def _create_red_contract(cls):
        return cls._create_contract(
            cls.red,
            cls.fcl,
            cls.eur,
            [
                cls._freight(1700, transit_days=28, date_to="2099-06-30"),
                {"charge_code_id": cls.do.id, "amount": 50},
            ],
        )

    @classmethod
    def _create_air_contract(cls):
        return cls._create_contract(
            cls.airline,
            cls.air,
            cls.cny,
            [
                {
                    "charge_code_id": cls.afr.id,
                    "origin_id": cls.airport.id,
                    "destination_id": cls.airfield.id,
                    "minimum": 320,
                    "price_ids": [
                        Command.create({"from_quantity": start, "amount": price})
                        for start, price in ((45, 10), (100, 9), (300, 8))
                    ],
                }
            ],
        )

    @classmethod
    def _create_order(cls, user=None, **vals):
        """Return a quotation for two 40HC from Shanghai to Hamburg."""
        return cls.env["sale.order"].create(
            {
                "partner_id": cls.client.id,
                "pricelist_id": False,
                "user_id": user.id if user else cls.env.uid,
                "logistics_mode_id": cls.fcl.id,
                "logistics_origin_id": cls.shanghai.id,
                "logistics_destination_id": cls.hamburg.id,
                "logistics_cargo_ids": [
                    Command.create(
                        {"container_type_id": cls.hc40.id, "container_count": 2}
                    )
                ],
                **vals,
            }
        )

    @classmethod
    def _create_air_order(cls, weight_kg, **vals):
        cargo = {"pieces": 1, "weight_kg": weight_kg, "volume_m3": 0.1}
        return cls._create_order(
            **{
                "logistics_mode_id": cls.air.id,
                "logistics_origin_id": cls.airport.id,
                "logistics_destination_id": cls.airfield.id,
                "logistics_cargo_ids": [Command.create(cargo)],
                **vals,
            }
        )

    @classmethod
    def _option_of(cls, order, partner):
        return order.logistics_option_ids.filtered(
            lambda option: option.carrier_id == partner and not option.is_stale
        )
