from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import format_amount
from odoo.tools.misc import formatLang

READER = "logistics_clv.group_value_reader"
CADENCE_MONTHS = 18
# Steps of the bridge from revenue to net contribution, and the sums between them.
BRIDGE = (
    "1_revenue",
    "2_direct_cost",
    "contribution",
    "3_sales",
    "4_marketing",
    "5_service",
    "6_credit",
    "7_other",
    "net",
)
_SUMS = ("contribution", "net")


class LogisticsClientValue(models.Model):
    """What the figures of a client say: a sentence, a strip of days, a bridge."""

    # a file per subject: the figures are in the other one
    _inherit = "logistics.client.value"  # pylint: disable=consider-merging-classes-inherited

    sentence = fields.Text(
        "In Words",
        compute="_compute_sentence",
        help="How often the client orders, how long it has been silent, and what is "
        "expected of it.",
    )
    cadence = fields.Json(compute="_compute_cadence")
    bridge = fields.Json(compute="_compute_bridge", groups=READER)
    offer_ids = fields.One2many(
        "logistics.value.offer", compute="_compute_offer_ids", string="Next Best Offers"
    )
    offer_count = fields.Integer("Offers", compute="_compute_offer_ids")

    @api.depends("expected_orders", "expected_margin", "silent_days", "usual_gap")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for value in self:
            value.sentence = " ".join(value._get_sentences())

    def _get_sentences(self):
        self.ensure_one()
        number = self._format_number
        if not self.order_days:
            return [self.env._("No order day yet.")]
        if self.order_days > 1:
            first = self.env._(
                "Ships every %(gap)s days on average (%(count)s shipments); silent for "
                "%(silent)s days = %(ratio)s times the usual.",
                gap=number(self.usual_gap, 0 if self.usual_gap >= 10 else 1),
                count=self.order_days,
                silent=self.silent_days,
                ratio=number(self.silence_ratio, 1),
            )
        else:
            first = self.env._(
                "One shipment, %(silent)s days ago; usual for our clients is one every "
                "%(gap)s days.",
                silent=self.silent_days,
                gap=number(self.usual_gap, 0),
            )
        sentences = [first]
        if self.estimate == "contract":
            sentences.append(
                self.env._(
                    "Under contract: %(value)s expected over the horizon.",
                    value=self._format_money(self.predicted),
                )
            )
        elif self.estimate != "none":
            sentences.append(
                self.env._(
                    "Chance still active %(chance)s %%; expected 12 months: %(orders)s "
                    "shipments x %(margin)s = %(expected)s; last 12 months %(last)s.",
                    chance=number(100 * self.p_alive, 0),
                    orders=number(self.expected_orders, 1),
                    margin=self._format_money(self.expected_margin),
                    expected=self._format_money(self.expected_year),
                    last=self._format_money(self.contribution_year),
                )
            )
        if self.is_provisional:
            sentences.append(
                self.env._(
                    "Provisional: direct cost is known for %(share)s %% of revenue.",
                    share=number(100 * self.cost_coverage, 0),
                )
            )
        return sentences

    def _format_number(self, value, digits):
        return formatLang(self.env, value, digits=digits)

    def _format_money(self, amount):
        return format_amount(self.env, amount, self.currency_id, trailing_zeroes=False)

    @api.depends("client_id", "company_id", "run_id")
    def _compute_cadence(self):
        today = fields.Date.context_today(self)
        start = today - relativedelta(months=CADENCE_MONTHS)
        days = self._get_order_days(start)
        for value in self:
            value.cadence = value._prepare_cadence(
                start, today, days.get((value.client_id.id, value.company_id.id), [])
            )

    def _prepare_cadence(self, start, today, days):
        """Return what the strip draws; days are numbers of days from its start."""
        usual = self.usual_gap or 0
        return {
            "start": fields.Date.to_string(start),
            "length": (today - start).days,
            "days": [(day - start).days for day in days],
            "dates": [fields.Date.to_string(day) for day in days],
            "usual_gap": usual,
            "silence_ratio": self.silence_ratio or 0,
        }

    def _get_order_days(self, start):
        """Return the order days since the start by ids of client and company."""
        groups = self.env["logistics.client.day"]._read_group(
            [
                ("client_id", "in", self.client_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("has_order", "=", True),
                ("order_date", ">=", start),
            ],
            ["client_id", "company_id", "order_date:day"],
            ["order_revenue:sum", "is_free:bool_and"],
            order="order_date:day",
        )
        days = {}
        for client, company, day, revenue, is_free in groups:
            if revenue > 0 or is_free:
                days.setdefault((client.id, company.id), []).append(day)
        return days

    @api.depends("client_id", "company_id", "run_id")
    @api.depends_context("lang")
    def _compute_bridge(self):
        amounts = {
            (client.id, company.id, component): amount
            for client, company, component, amount in self.env[
                "logistics.value.contribution.report"
            ]._read_group(
                [
                    ("client_id", "in", self.client_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ],
                ["client_id", "company_id", "component"],
                ["amount:sum"],
            )
        }
        labels = self._get_bridge_labels()
        for value in self:
            rows, total = [], 0
            for step in BRIDGE:
                amount = amounts.get((value.client_id.id, value.company_id.id, step), 0)
                total += amount
                if step in _SUMS:
                    amount = total
                elif not amount and step != "1_revenue":
                    continue
                rows.append(
                    {
                        "step": step,
                        "label": labels[step],
                        "amount": amount,
                        "text": value._format_money(amount),
                        "is_sum": step in _SUMS,
                        "from": total - (0 if step in _SUMS else amount),
                        "to": 0 if step in _SUMS else total,
                    }
                )
            value.bridge = rows

    @api.model
    def _get_bridge_labels(self):
        return {
            "1_revenue": self.env._("Revenue"),
            "2_direct_cost": self.env._("Direct cost"),
            "contribution": self.env._("Contribution"),
            "3_sales": self.env._("Sales"),
            "4_marketing": self.env._("Marketing"),
            "5_service": self.env._("Service"),
            "6_credit": self.env._("Lateness"),
            "7_other": self.env._("Other cost-to-serve"),
            "net": self.env._("Net contribution"),
        }

    @api.depends("client_id", "company_id", "run_id")
    def _compute_offer_ids(self):
        found = {
            (client.id, company.id): offers
            for client, company, offers in self.env[
                "logistics.value.offer"
            ]._read_group(
                [
                    ("client_id", "in", self.client_id.ids),
                    ("company_id", "in", self.company_id.ids),
                ],
                ["client_id", "company_id"],
                ["id:recordset"],
            )
        }
        none = self.env["logistics.value.offer"]
        for value in self:
            offers = found.get((value.client_id.id, value.company_id.id), none)
            value.offer_ids = offers.sorted()
            value.offer_count = len(offers)

    def action_open_bridge_step(self, step):
        """Open what a step of the bridge is made of: documents or allocations."""
        self.ensure_one()
        domain = [
            ("client_id", "=", self.client_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        if step not in _SUMS:
            domain.append(("component", "=", step))
        elif step == "contribution":
            domain.append(("component", "in", BRIDGE[:2]))
        return {
            "type": "ir.actions.act_window",
            "name": self._get_bridge_labels()[step],
            "res_model": "logistics.value.contribution.report",
            "views": [(False, "list"), (False, "pivot")],
            "domain": domain,
        }

    def action_open_offers(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "logistics_clv.logistics_value_offer_action"
        )
        return action | {
            "domain": [
                ("client_id", "=", self.client_id.id),
                ("company_id", "=", self.company_id.id),
            ],
            "context": {},
        }

    def action_open_days(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Days of %(client)s", client=self.display_name),
            "res_model": "logistics.client.day",
            "views": [(False, "list"), (False, "graph"), (False, "pivot")],
            "domain": [
                ("client_id", "=", self.client_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }
