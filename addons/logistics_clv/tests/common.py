from odoo import Command
from odoo.tools import SQL

from odoo.addons.account.tests.common import AccountTestInvoicingCommon


class ValueCommon(AccountTestInvoicingCommon):
    """A forwarder with two clients, two services and one order at hand."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.company_data["company"]
        cls.client_a = cls.env["res.partner"].create(
            {"name": "Client A", "is_company": True}
        )
        cls.client_a_office = cls.env["res.partner"].create(
            {"name": "Office of A", "parent_id": cls.client_a.id, "type": "invoice"}
        )
        cls.client_b = cls.env["res.partner"].create(
            {"name": "Client B", "is_company": True}
        )
        cls.service_sea = cls.env.ref("logistics_crm.service_sea_fcl")
        cls.service_air = cls.env.ref("logistics_crm.service_air")
        cls.sea = cls._create_freight_product("Sea", cls.service_sea)
        cls.air = cls._create_freight_product("Air", cls.service_air)
        cls.plain = cls._create_freight_product("Plain", cls.env["logistics.service"])
        cls.Entry = cls.env["logistics.value.entry"]
        cls.ledger = cls.env["logistics.value.ledger"]._for_companies(cls.company)

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        for xmlid in (
            "sales_team.group_sale_manager",
            "logistics_clv.group_accountant",
            "logistics_quote.group_buy_price",
        ):
            groups |= cls.env.ref(xmlid, raise_if_not_found=False) or groups.browse()
        return groups

    @classmethod
    def _create_freight_product(cls, name, service, **values):
        return cls._create_product(
            **{
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "logistics_service_id": service.id,
                "taxes_id": False,
                "standard_price": 0,
                **values,
            }
        )

    @classmethod
    def _create_order(cls, lines, partner=None, **values):
        """Confirm an order; lines are (product, quantity, price, cost, more)."""
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.client_a).id,
                "state": "sale",
                "order_line": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "price_unit": price,
                            "purchase_price": cost,
                            "tax_ids": [Command.clear()],
                            **(more[0] if more else {}),
                        }
                    )
                    for product, quantity, price, cost, *more in lines
                ],
                **values,
            }
        )

    @classmethod
    def _invoice_order(cls, order, date="2026-03-10", post=True):
        move = order._create_invoices()
        move.invoice_date = date
        move.date = date
        if post:
            move.action_post()
        return move

    @classmethod
    def _create_plain_invoice(
        cls,
        partner=None,
        price=100,
        date="2026-03-10",
        product=None,
        post=True,
        company=None,
        **vals,
    ):
        moves = cls.env["account.move"].with_company(company or cls.env.company)
        move = moves.create(
            {
                "move_type": "out_invoice",
                "partner_id": (partner or cls.client_a).id,
                "invoice_date": date,
                "date": date,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": (product or cls.sea).id,
                            "price_unit": price,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
                **vals,
            }
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _create_order_and_invoice(
        cls, revenue=100, cost=60, date="2026-03-10", partner=None, product=None
    ):
        order = cls._create_order([(product or cls.sea, 1, revenue, cost)], partner)
        return cls._invoice_order(order, date)

    def _refresh(self, **options):
        self.ledger._refresh(**options)

    def _let_time_pass(self):
        """Let what was written so far lie before the watermark.

        All of a test is one transaction, and so has one ``write_date``.
        """
        self.env.flush_all()
        for table in (
            "account_move",
            "account_move_line",
            "sale_order",
            "sale_order_line",
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = write_date - interval '2 hours'",
                    SQL.identifier(table),
                )
            )
        self.env.invalidate_all()
        self.env.cr.execute(
            """
            UPDATE logistics_value_ledger
               SET watermark = now() AT TIME ZONE 'UTC' - interval '1 hour',
                   next_watermark_read_at = NULL
            """
        )
        self.ledger.invalidate_recordset()

    def _get_entries(self, moves):
        return self.Entry.search([("move_id", "in", moves.ids)], order="id")

    def _get_snapshot(self):
        """Return everything that the ledger says, without keys of the database."""
        self.env.flush_all()
        self.env.cr.execute(
            """
            SELECT move_id, client_id, service_id, cost_source, company_id, date,
                   period, order_date, revenue, revenue_document, cost, contribution,
                   user_id, mode_id, origin_id, destination_id, order_id,
                   invoice_id, vendor_id, quoted_cost, is_order, is_adjustment,
                   disbursement_revenue, disbursement_cost
              FROM logistics_value_entry
             WHERE company_id = %s
             ORDER BY 1, 2, 3, 4, order_id, invoice_id, is_adjustment, date
            """,
            [self.company.id],
        )
        return self.env.cr.fetchall()

    def _get_income(self, company=None):
        """Return what the income accounts of the company hold, as the books say."""
        [[balance]] = self.env["account.move.line"]._read_group(
            [
                ("company_id", "=", (company or self.company).id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "in", ("income", "income_other")),
            ],
            aggregates=["balance:sum"],
        )
        return -balance

    def _get_ledger_revenue(self, company=None):
        [[revenue]] = self.Entry._read_group(
            [("company_id", "=", (company or self.company).id)],
            aggregates=["revenue:sum"],
        )
        return revenue
