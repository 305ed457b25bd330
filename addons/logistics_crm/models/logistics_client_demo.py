import random
from collections import defaultdict
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.fields import Domain

BATCH = 100
# By stage: days between two orders on a lane, first and last order in days ago.
RHYTHM = {
    "mature": (38, 700, 6),
    "growing": (42, 400, 4),
    "new": (25, 70, 9),
    "lapsed": (45, 760, 320),
}
# Days that a client pays after the due date; the others pay within ten days of it.
DAYS_LATE = {
    "hanse": 8,
    "maple": 12,
    "sunrise": -4,
    "pacific_toys": 36,
    "jinling": 6,
    "lumiere": -5,
    "ningbo_furniture": 9,
    "santos_coffee": 75,
    "greatlakes": 28,
    "emirates_build": 120,
}


class LogisticsClientDemo(models.AbstractModel):
    """Orders, invoices and payments of the demo clients; called by demo data only."""

    _name = "logistics.client.demo"
    _description = "Client file: demo data"

    @api.model
    def _generate(self):
        """Make the same orders on the lanes of the clients every time."""
        chance = random.Random(7)
        lanes = self._get_demo_records("demo_lane_", "logistics.trade.lane")
        vals_list = [
            vals for lane in lanes for vals in self._prepare_orders(chance, lane)
        ]
        orders = self._without_mail("sale.order").create(vals_list)
        company = self.env.ref("base.main_company")
        if company.chart_template:
            self.with_company(company)._pay(self._create_invoices(orders))
        lanes._refresh_booked(lanes.partner_id.ids)

    @api.model
    def _pay(self, invoices):
        """Pay invoices as their clients use to, and rate the clients."""
        lines = invoices.line_ids.filtered(
            lambda line: line.display_type == "payment_term" and not line.reconciled
        )
        days_late = self._get_days_late()
        chance = random.Random(11)
        by_day = defaultdict(self.env["account.move.line"].browse)
        for line in lines.sorted("id"):
            late = days_late.get(line.partner_id.id, chance.randint(-2, 10))
            paid_on = line.date_maturity + timedelta(days=late + chance.randint(-3, 3))
            # the bank statements of Fridays
            paid_on += timedelta(days=4 - paid_on.weekday())
            if paid_on < fields.Date.today():
                by_day[max(paid_on, line.date)] |= line
        journal = self.env["account.journal"].search(
            Domain("type", "=", "bank")
            & Domain("company_id", "=", self.env.company.id),
            limit=1,
        )
        days = sorted(by_day)
        payments = self._without_mail("account.move").create(
            [self._prepare_payment_vals(journal, day, by_day[day]) for day in days]
        )
        payments._post(soft=False)
        self.env["account.move.line"]._reconcile_plan(
            [
                invoice_line | credit
                for payment, day in zip(payments, days, strict=True)
                for invoice_line, credit in zip(
                    by_day[day],
                    payment.line_ids.filtered("credit").sorted("sequence"),
                    strict=True,
                )
            ]
        )
        clients = invoices.commercial_partner_id
        self.env["logistics.payment.promise"]._judge(clients.ids)
        self.env["logistics.credit.rating"]._rate_clients(clients.ids)

    @api.model
    def _run_lifecycle(self):
        """Measure the clients and ask the rules, as the nights go on to do."""
        run = self.env["logistics.lifecycle.run"]._start(is_full=True)
        run._measure()
        while run._decide_batch():
            pass
        run.finished_at = fields.Datetime.now()

    def _prepare_payment_vals(self, journal, day, lines):
        total = sum(lines.mapped("amount_residual"))
        return {
            "move_type": "entry",
            "journal_id": journal.id,
            "date": day,
            "ref": self.env._("Bank statement"),
            "line_ids": [
                Command.create(
                    {
                        "account_id": journal.default_account_id.id,
                        "debit": total,
                        "sequence": 0,
                    }
                ),
                *(
                    Command.create(
                        {
                            "account_id": line.account_id.id,
                            "partner_id": line.partner_id.id,
                            "credit": line.amount_residual,
                            "sequence": place,
                        }
                    )
                    for place, line in enumerate(lines, 1)
                ),
            ],
        }

    def _prepare_orders(self, chance, lane):
        """Return the orders of a lane, as many as the stage of the client tells."""
        client = lane.partner_id
        rhythm = RHYTHM.get(client.logistics_stage_id.code)
        if not rhythm:
            return []
        gap, first, last = rhythm
        share = (lane.share_of_wallet or 25) / 100
        product = self._get_product(lane.mode_id)
        vals_list = []
        age = first - chance.randint(0, gap)
        while age > last:
            date = fields.Datetime.now() - timedelta(days=age)
            volume = lane.yearly_volume * share * gap / 365
            # a price for a tonne is per tonne, one for a container far less per order
            price = (lane.target_price or 1500) * max(1, min(volume, 8) / 2)
            vals_list.append(
                {
                    "partner_id": client.id,
                    "user_id": client.user_id.id,
                    "company_id": self.env.ref("base.main_company").id,
                    "date_order": date,
                    "state": "sale",
                    "logistics_mode_id": lane.mode_id.id,
                    "logistics_origin_id": lane.origin_id.id,
                    "logistics_destination_id": lane.destination_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": product.id,
                                "price_unit": round(
                                    price * chance.uniform(0.85, 1.15), 2
                                ),
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
            age -= max(4, round(gap * chance.uniform(0.7, 1.3)))
        return vals_list

    def _create_invoices(self, orders):
        """Invoice the orders of the last year or so, due after thirty days."""
        since = fields.Datetime.now() - timedelta(days=385)
        vals_list = []
        for order in orders.filtered(lambda order: order.date_order >= since):
            day = order.date_order.date() + timedelta(days=2)
            lines = [
                line._prepare_invoice_line(quantity=1) for line in order.order_line
            ]
            vals_list.append(
                order._prepare_invoice()
                | {
                    "invoice_date": day,
                    "date": day,
                    "invoice_payment_term_id": False,
                    "invoice_date_due": day + timedelta(days=30),
                    "invoice_line_ids": [Command.create(line) for line in lines],
                }
            )
        invoices = self.env["account.move"].browse()
        for start in range(0, len(vals_list), BATCH):
            invoices |= self._without_mail("account.move").create(
                vals_list[start : start + BATCH]
            )
        invoices._post(soft=False)
        return invoices

    def _get_days_late(self):
        """Return {client id: days} of those whose habit is known."""
        references = {
            name: self.env.ref(f"logistics_crm.demo_client_{name}", False)
            for name in DAYS_LATE
        }
        return {
            client.id: DAYS_LATE[name] for name, client in references.items() if client
        }

    def _get_product(self, mode):
        """Return the product of a mode's transport, and make it the first time."""
        service = self.env["logistics.service"].search(
            Domain("mode_id", "=", mode.id), limit=1
        )
        products = self.env["product.product"]
        product = products.search(
            Domain("logistics_service_id", "=", service.id)
            if service
            else Domain.FALSE,
            limit=1,
        )
        return product or products.create(
            {
                "name": self.env._("Freight, %(mode)s", mode=mode.name),
                "type": "service",
                "invoice_policy": "order",
                "logistics_service_id": service.id,
                "taxes_id": [Command.clear()],
            }
        )

    def _get_demo_records(self, prefix, model):
        known = self.env["ir.model.data"].search(
            Domain("module", "=", "logistics_crm")
            & Domain("name", "=like", prefix + "%")
            & Domain("model", "=", model),
            order="name",
        )
        return self.env[model].browse(known.mapped("res_id")).exists()

    def _without_mail(self, model):
        return self.env[model].with_context(
            tracking_disable=True,
            mail_create_nosubscribe=True,
            mail_notrack=True,
            mail_auto_subscribe_no_notify=True,
        )
