import random
from collections import namedtuple
from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

BATCH = 100
MONTHS = 36

# How the clients of the demo company behave: mean days between orders, first and last
# order as a share of the period, typical revenue, cost as a share of it, and services.
Habit = namedtuple("Habit", "gap first last revenue cost modes")
HABITS = (
    Habit(46, 0.00, 1.00, 5200, 0.80, "fcl"),
    Habit(57, 0.10, 1.00, 3100, 0.78, "fcl lcl"),
    Habit(85, 0.00, 1.00, 7400, 0.84, "fcl"),
    Habit(76, 0.35, 1.00, 2300, 0.76, "air"),
    Habit(67, 0.00, 0.55, 2900, 0.82, "fcl air"),
    Habit(114, 0.20, 1.00, 1500, 0.70, "lcl"),
    Habit(171, 0.05, 0.95, 9800, 0.87, "fcl"),
    Habit(143, 0.60, 1.00, 1900, 0.74, "air lcl"),
    Habit(228, 0.00, 0.80, 1200, 1.04, "lcl"),
    Habit(762, 0.40, 0.90, 2600, 0.79, "air"),
)
LANES = {
    "fcl": (
        ("location_cnsha", "location_deham"),
        ("location_cnngb", "location_uslax"),
        ("location_cnytn", "location_nlrtm"),
    ),
    "lcl": (("location_cnshk", "location_gbfxt"), ("location_cnsha", "location_sgsin")),
    "air": (("airport_pvg", "airport_fra"), ("airport_pvg", "airport_lax")),
}
MAIN_PRODUCTS = {
    "fcl": "product_demo_sea_fcl",
    "lcl": "product_demo_sea_lcl",
    "air": "product_demo_air",
}
CLIENT_NAMES = (
    "Albers Werkzeuge GmbH",
    "Bright Harbour Toys Ltd",
    "Cascade Outdoor Inc.",
    "Delta Garden Furniture BV",
    "Eastline Electronics Co.",
    "Fjord Seafood AS",
    "Granite State Tools LLC",
    "Harmony Home Textiles",
    "Iberia Ceramics SA",
    "Jadewind Lighting Co.",
    "Keystone Auto Parts Inc.",
    "Lumen Solar Trading",
    "Meridian Medical Supply",
    "Nordic Nursery ApS",
    "Oakfield Kitchens Ltd",
    "Pacific Pet Food Co.",
    "Quay Street Wines",
    "Riverside Cycles BV",
    "Silkroad Apparel Co.",
    "Tidewater Marine Parts",
    "Union Packaging SpA",
    "Valley Fresh Produce",
    "Westbrook Instruments",
    "Xiamen Stone Works",
    "Yardley Cosmetics",
    "Zenith Audio GmbH",
    "Amber Coffee Roasters",
    "Borealis Ski Wear",
    "Cobalt Chemicals NV",
    "Dune Ceramics Trading",
    "Ember Stoves Ltd",
    "Falcon Drones Inc.",
    "Glacier Water Systems",
    "Hazel & Pine Toys",
    "Inkwell Stationery",
    "Juniper Skincare",
    "Kestrel Bicycles",
    "Larkspur Ceramics",
    "Mistral Sails",
    "Northgate Tyres",
    "Orchard Lane Foods",
    "Pinnacle Climbing Gear",
    "Quartz Watches SA",
    "Redwood Decking Inc.",
    "Sable Office Chairs",
    "Tundra Cold Chain",
    "Umber Leather Goods",
    "Vantage Optics",
    "Willow Baby Care",
    "Xenon Lamps GmbH",
    "Yellowtail Fishing",
    "Zephyr Fans Co.",
    "Alder Music Instruments",
    "Birch Board Games",
    "Cedar Point Books",
    "Dogwood Pet Toys",
    "Elm Street Bakery Supply",
    "Fern Valley Teas",
    "Gorse Rope Works",
    "Holly Christmas Decor",
)


class LogisticsValueDemo(models.AbstractModel):
    """Years of invoices of a made-up forwarder; called by the demo data only."""

    _name = "logistics.value.demo"
    _description = "Client value: demo data"

    @api.model
    def _generate(self):
        """Make the same clients, orders and invoices every time, and value them."""
        company = self.env.ref("base.main_company")
        if company.chart_template:
            self.with_company(company).with_context(
                tracking_disable=True,
                mail_create_nosubscribe=True,
                mail_notrack=True,
                mail_auto_subscribe_no_notify=True,
            )._generate_company()

    @api.model
    def _generate_company(self):
        self._leave_out_other_invoices()
        chance = random.Random(19)
        shipments = self._plan_shipments(chance, self._get_clients())
        orders = self._create_orders(shipments)
        moves = self._create_invoices(orders, shipments)
        moves |= self._create_other_invoices(chance, moves)
        for start in range(0, len(moves), BATCH):
            moves[start : start + BATCH]._post(soft=False)
        self._create_credit_notes(chance, moves)
        self.env["logistics.client.demo"]._pay(moves)
        self._create_journal_entries(moves)
        self._change_attribution(moves)
        run = self.env["logistics.value.run"].create(
            {"user_id": self.env.ref("base.user_admin").id}
        )
        run.action_compute()

    def _leave_out_other_invoices(self):
        """Keep the furniture that Odoo's own demo data sell out of the freight."""
        others = self.env["account.move"].search(
            [
                ("company_id", "=", self.env.company.id),
                ("move_type", "in", ("out_invoice", "out_refund")),
            ]
        )
        others.logistics_value_excluded = True

    def _get_clients(self):
        """Return sixty clients: those of the customer file first."""
        known = self.env["ir.model.data"].search(
            [
                ("module", "=", "logistics_crm"),
                ("name", "=like", "demo_client_%"),
                ("model", "=", "res.partner"),
            ],
            order="name",
        )
        clients = self.env["res.partner"].browse(known.mapped("res_id")).exists()
        clients = clients.commercial_partner_id[: len(CLIENT_NAMES)]
        missing = CLIENT_NAMES[: len(CLIENT_NAMES) - len(clients)]
        return clients | self.env["res.partner"].create(
            [{"name": name, "is_company": True} for name in missing]
        )

    def _plan_shipments(self, chance, clients):
        today = fields.Date.context_today(self)
        start = today - relativedelta(months=MONTHS)
        days = (today - start).days
        shipments = []
        for index, client in enumerate(clients):
            habit = HABITS[index % len(HABITS)]
            size = habit.revenue * chance.uniform(0.6, 1.6)
            day = days * habit.first + chance.uniform(0, habit.gap)
            while day < days * habit.last:
                mode = chance.choice(habit.modes.split())
                revenue = size * chance.uniform(0.75, 1.35)
                shipments.append(
                    {
                        "client": client,
                        "date": start + timedelta(days=int(day)),
                        "mode": mode,
                        "lane": chance.choice(LANES[mode]),
                        "revenue": revenue,
                        "cost": revenue * habit.cost * chance.uniform(0.93, 1.08),
                        "customs": chance.random() < 0.5,
                    }
                )
                day += max(3, chance.expovariate(1 / habit.gap) * 0.6 + habit.gap * 0.4)
        fitting = [shipment for shipment in shipments if self._fits_stage(shipment)]
        return sorted(fitting, key=lambda shipment: shipment["date"])

    def _fits_stage(self, shipment):
        """Tell whether the stage in the customer file allows for the shipment."""
        ago = (fields.Date.context_today(self) - shipment["date"]).days
        match shipment["client"].logistics_stage_id.code:
            case "potential":
                return False
            case "new":
                return ago < 85
            case "lapsed":
                return ago > 330
            case _:
                return True

    def _create_orders(self, shipments):
        refs = {
            name: self.env.ref(f"logistics_crm.{name}")
            for lanes in LANES.values()
            for lane in lanes
            for name in lane
        }
        orders = self.env["sale.order"]
        for start in range(0, len(shipments), BATCH):
            orders |= orders.create(
                [
                    self._prepare_order_vals(shipment, refs)
                    for shipment in shipments[start : start + BATCH]
                ]
            )
        return orders

    def _prepare_order_vals(self, shipment, refs):
        origin, destination = shipment["lane"]
        main = self.env.ref("logistics_clv." + MAIN_PRODUCTS[shipment["mode"]])
        lines = [self._prepare_line_vals(main, shipment["revenue"], shipment["cost"])]
        if shipment["customs"]:
            customs = self.env.ref("logistics_clv.product_demo_customs")
            lines.append(self._prepare_line_vals(customs, 180, 95))
        mode = self.env.ref(f"logistics_crm.transport_mode_{shipment['mode']}")
        return {
            "partner_id": shipment["client"].id,
            "date_order": fields.Datetime.to_datetime(shipment["date"]),
            "state": "sale",
            "user_id": self.env.ref("base.user_admin").id,
            "logistics_mode_id": mode.id,
            "logistics_origin_id": refs[origin].id,
            "logistics_destination_id": refs[destination].id,
            "order_line": [Command.create(line) for line in lines],
        }

    def _prepare_line_vals(self, product, price, cost):
        return {
            "product_id": product.id,
            "product_uom_qty": 1,
            "price_unit": round(price, 2),
            "purchase_price": round(cost, 2),
            "tax_ids": [Command.clear()],
        }

    def _create_invoices(self, orders, shipments):
        moves = self.env["account.move"]
        vals_list = []
        for order, shipment in zip(orders, shipments, strict=True):
            vals = order._prepare_invoice()
            vals["invoice_date"] = shipment["date"]
            vals["date"] = shipment["date"]
            vals["invoice_line_ids"] = [
                Command.create(
                    line._prepare_invoice_line(quantity=line.product_uom_qty)
                )
                for line in order.order_line
            ]
            vals_list.append(vals)
        for start in range(0, len(vals_list), BATCH):
            moves |= moves.create(vals_list[start : start + BATCH])
        return moves

    def _create_other_invoices(self, chance, moves):
        """Add invoices without an order: their direct cost is not known."""
        storage = self.env.ref("logistics_clv.product_demo_storage")
        return moves.create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": move.partner_id.id,
                    "invoice_date": move.invoice_date,
                    "date": move.date,
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": storage.id,
                                "quantity": chance.randint(2, 20),
                                "price_unit": 12,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                for move in moves[::40]
            ]
        )

    def _create_credit_notes(self, chance, moves):
        """Give back some invoices in full, a few days later."""
        reversed_moves = moves[15::60]
        refunds = reversed_moves._reverse_moves(
            [
                {
                    "date": move.date + timedelta(days=chance.randint(1, 9)),
                    "invoice_date": move.date + timedelta(days=9),
                }
                for move in reversed_moves
            ]
        )
        refunds._post(soft=False)

    def _create_journal_entries(self, moves):
        """Book on an income account by hand: the reconciliation lists it."""
        income = moves[:1].invoice_line_ids.account_id[:1]
        other = self.env["account.account"].search(
            [
                *self.env["account.account"]._check_company_domain(self.env.company),
                ("account_type", "=", "liability_current"),
            ],
            limit=1,
        )
        entries = moves.create(
            [
                {
                    "move_type": "entry",
                    "date": move.date,
                    "ref": self.env._("Volume bonus of the year"),
                    "line_ids": [
                        Command.create({"account_id": income.id, "debit": 350}),
                        Command.create({"account_id": other.id, "credit": 350}),
                    ],
                }
                for move in moves[100::250]
            ]
        )
        entries._post(soft=False)

    def _change_attribution(self, moves):
        """Let some invoices count for another client than the default."""
