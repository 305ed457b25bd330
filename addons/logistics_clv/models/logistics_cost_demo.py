import random
from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

MONTHS = 2
# Code, name and monthly cost of the overhead accounts.
ACCOUNTS = {
    "service": ("628100", "Customer Service Salaries", 4200),
    "sales": ("628200", "Sales Salaries and Travel", 3600),
    "marketing": ("628300", "Fairs and Advertising", 900),
    "office": ("628400", "Office Rent", 1500),
}
# Called and visited, and not a client yet: acquisition cost.
PROSPECTS = ("Nimbus Camera Drones BV", "Orchid Dental Supply", "Petrel Kayaks AS")


class LogisticsCostDemo(models.AbstractModel):
    """Overhead, contacts and two cost runs of a made-up forwarder, for demo data."""

    _name = "logistics.cost.demo"
    _description = "Cost-to-serve: demo data"

    @api.model
    def _generate(self):
        """Book overhead, make the pools, and confirm the runs of two months."""
        company = self.env.ref("base.main_company")
        if company.chart_template:
            self.with_company(company).with_context(
                tracking_disable=True,
                mail_create_nosubscribe=True,
                mail_notrack=True,
                mail_auto_subscribe_no_notify=True,
                no_mail_to_attendees=True,
            )._generate_company()

    @api.model
    def _generate_company(self):
        this_month = fields.Date.context_today(self).replace(day=1)
        months = [this_month - relativedelta(months=n) for n in range(MONTHS, -1, -1)]
        accounts = self._create_accounts()
        self._book_overhead(accounts, months)
        chance = random.Random(4)
        clients = self._get_clients()
        self._create_contacts(chance, clients, months)
        self._create_counts(chance, clients, months)
        self._create_pools(accounts)
        for month in months[:MONTHS]:
            run = self.env["logistics.cost.run"].create(
                {"month": month, "user_id": self.env.ref("base.user_admin").id}
            )
            run.action_compute()
            run.action_confirm()
        valuation = self.env["logistics.value.run"].search(
            [("company_id", "=", self.env.company.id)], limit=1
        )
        if valuation:
            valuation.action_compute()

    def _create_accounts(self):
        accounts = self.env["account.account"].create(
            [
                {
                    "code": code,
                    "name": name,
                    "account_type": "expense",
                    "company_ids": [Command.link(self.env.company.id)],
                }
                for code, name, __ in ACCOUNTS.values()
            ]
        )
        return dict(zip(ACCOUNTS, accounts, strict=True))

    def _book_overhead(self, accounts, months):
        other = self.env["account.account"].search(
            [
                *self.env["account.account"]._check_company_domain(self.env.company),
                ("account_type", "=", "liability_current"),
            ],
            limit=1,
        )
        costs = {key: cost for key, (__, __name, cost) in ACCOUNTS.items()}
        entries = self.env["account.move"].create(
            [
                {
                    "move_type": "entry",
                    "date": month + timedelta(days=24) if month < months[-1] else month,
                    "ref": self.env._("Overhead of the month"),
                    "line_ids": [
                        Command.create({"account_id": accounts[key].id, "debit": cost})
                        for key, cost in costs.items()
                    ]
                    + [
                        Command.create(
                            {"account_id": other.id, "credit": sum(costs.values())}
                        )
                    ],
                }
                for month in months
            ]
        )
        entries._post(soft=False)

    def _get_clients(self):
        values = self.env["logistics.client.value"].search(
            [("company_id", "=", self.env.company.id)], order="revenue desc"
        )
        prospects = self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in PROSPECTS]
        )
        return values.client_id[:38] | prospects

    def _create_contacts(self, chance, clients, months):
        """Let salespeople call and visit: drivers count what was done."""
        user = self.env.ref("base.user_admin")
        today = fields.Date.context_today(self)
        call = self.env.ref("mail.mail_activity_data_call")
        model = self.env["ir.model"]._get("res.partner")
        activities, events = [], []
        for month in months:
            for client in chance.sample(clients, min(len(clients), 18)):
                day = min(month + timedelta(days=chance.randint(0, 27)), today)
                start = datetime.combine(day, time(chance.randint(7, 14)))
                if chance.random() < 0.35:
                    events.append(
                        {
                            "name": self.env._(
                                "Visit of %(client)s", client=client.name
                            ),
                            "start": start,
                            "stop": start + timedelta(hours=1),
                            "user_id": user.id,
                            "partner_ids": [
                                Command.set((client | user.partner_id).ids)
                            ],
                        }
                    )
                    continue
                activities.append(
                    {
                        "res_model_id": model.id,
                        "res_id": client.id,
                        "activity_type_id": call.id,
                        "summary": self.env._("Next shipments"),
                        "user_id": user.id,
                        "date_deadline": day,
                        "date_done": day,
                        "active": False,
                    }
                )
        self.env["calendar.event"].create(events)
        self.env["mail.activity"].create(activities)

    def _create_counts(self, chance, clients, months):
        """Enter fair visitors by hand."""
        driver = self.env.ref("logistics_clv.demo_cost_driver_fair")
        self.env["logistics.cost.driver.entry"].create(
            [
                {
                    "driver_id": driver.id,
                    "client_id": client.id,
                    "date": month,
                    "quantity": chance.randint(1, 3),
                    "note": self.env._("Transport fair"),
                }
                for month in months
                for client in chance.sample(clients, min(len(clients), 12))
            ]
        )

    def _create_pools(self, accounts):
        ref = self.env.ref
        self.env["logistics.cost.pool"].create(
            [
                {
                    "name": self.env._("Customer service"),
                    "kind": "service",
                    "account_ids": [Command.set(accounts["service"].ids)],
                    "method": "time",
                    "driver_id": ref("logistics_clv.cost_driver_orders").id,
                    "minutes_per_event": 300,
                    "people": 1.2,
                    "hours": 160,
                    "practical_percent": 80,
                    "term_ids": [
                        Command.create(
                            {
                                "driver_id": ref(f"logistics_clv.{driver}").id,
                                "minutes": minutes,
                            }
                        )
                        for driver, minutes in (
                            ("cost_driver_order_lines", 25),
                            ("cost_driver_invoices", 15),
                            ("cost_driver_mails", 6),
                        )
                    ],
                },
                {
                    "name": self.env._("Sales"),
                    "kind": "sales",
                    "account_ids": [Command.set(accounts["sales"].ids)],
                    "method": "share",
                    "driver_id": ref("logistics_clv.demo_cost_driver_effort").id,
                },
                {
                    "name": self.env._("Fairs and advertising"),
                    "kind": "marketing",
                    "account_ids": [Command.set(accounts["marketing"].ids)],
                    "method": "rate",
                    "driver_id": ref("logistics_clv.demo_cost_driver_fair").id,
                    "unit_cost": 32.5,
                },
            ]
        )
