from collections import defaultdict

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.logistics_hand_over_line import KINDS
from ..ownership import share_evenly


class LogisticsHandOverWizard(models.TransientModel):
    _name = "logistics.hand.over.wizard"
    _description = "Hand over Clients"

    from_user_id = fields.Many2one(
        "res.users",
        string="Who Leaves",
        required=True,
        context={"active_test": False},
        domain=[("share", "=", False)],
    )
    rule = fields.Selection(
        [
            ("one", "All to one salesperson"),
            ("even", "Evenly to several"),
            ("team", "Evenly to a sales team"),
            ("region", "By country"),
        ],
        string="Who Takes Over",
        required=True,
        default="one",
    )
    to_user_id = fields.Many2one(
        "res.users", string="Salesperson", domain=[("share", "=", False)]
    )
    to_user_ids = fields.Many2many(
        "res.users", string="Salespeople", domain=[("share", "=", False)]
    )
    team_id = fields.Many2one("crm.team", string="Sales Team")
    region_ids = fields.One2many(
        "logistics.hand.over.wizard.region", "wizard_id", string="Countries"
    )
    reason = fields.Char(required=True, default=lambda self: self._default_reason())
    with_opportunities = fields.Boolean("Open Opportunities", default=True)
    with_activities = fields.Boolean("Open Activities", default=True)
    with_quotes = fields.Boolean("Open Quotations", default=True)
    with_followers = fields.Boolean("Mail Subscriptions", default=True)
    preview_ids = fields.One2many(
        "logistics.hand.over.wizard.line",
        "wizard_id",
        compute="_compute_preview_ids",
    )
    problem = fields.Char(compute="_compute_preview_ids")

    @api.model
    def _default_reason(self):
        return self.env._("Leaves the company")

    @api.depends(
        "from_user_id",
        "rule",
        "to_user_id",
        "to_user_ids",
        "team_id",
        "region_ids.country_ids",
        "region_ids.user_id",
        "with_opportunities",
        "with_activities",
        "with_quotes",
        "with_followers",
    )
    def _compute_preview_ids(self):
        """Count what each receiver would get, by the statements that will move it."""
        for wizard in self:
            wizard.preview_ids = [Command.clear()]
            wizard.problem = wizard._get_problem()
            if wizard.problem:
                continue
            plan, default = wizard._get_plan()
            counts = defaultdict(dict)
            for receiver in plan.values():
                counts[receiver]["client"] = counts[receiver].get("client", 0) + 1
            hand_over = self.env["logistics.hand.over"].new(
                {"from_user_id": wizard.from_user_id._origin.id}
            )
            for kind in wizard._get_kinds():
                if kind not in ("client", "follower"):
                    found = hand_over._count_documents(kind, plan, default)
                    for receiver, number in found.items():
                        counts[receiver][kind] = number
            wizard.preview_ids = [Command.clear()] + [
                Command.create(
                    {"user_id": receiver}
                    | {
                        f"{kind}_count": number
                        for kind, number in counts[receiver].items()
                    }
                )
                for receiver in sorted(counts)
            ]

    def action_hand_over(self):
        """Move everything in one transaction: all of it, or nothing."""
        self.ensure_one()
        self.check_access("write")
        if problem := self._get_problem():
            raise UserError(problem)
        plan, default = self._get_plan()
        # sudo: a manager moves what all salespeople have, whatever their rules say
        hand_over = (
            self.env["logistics.hand.over"]
            .sudo()
            .create(self._prepare_hand_over_vals(self._get_receivers()))
        )
        hand_over.with_context(logistics_hand_over_kinds=self._get_kinds())._move(
            plan, default
        )
        self.env["res.partner"].browse(plan)._refresh_logistics_care_dates()
        return {
            "type": "ir.actions.act_window",
            "res_model": "logistics.hand.over",
            "res_id": hand_over.id,
            "view_mode": "form",
        }

    def action_view_clients(self):
        """List the clients that would move."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Clients of %(user)s", user=self.from_user_id.name),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "views": [
                (self.env.ref("logistics_crm.res_partner_view_list_client").id, "list"),
                (False, "form"),
            ],
            "domain": list(
                Domain("user_id", "=", self.from_user_id.id)
                & (Domain("is_company", "=", True) | Domain("parent_id", "=", False))
            ),
        }

    def _get_problem(self):
        """Return what is missing, or false."""
        self.ensure_one()
        if not self.from_user_id:
            return self.env._("Choose who leaves.")
        receivers = self._get_receivers()
        if not receivers:
            return self.env._("Choose who takes over.")
        if self.from_user_id._origin in receivers._origin:
            return self.env._(
                "%(user)s leaves and cannot take over.", user=self.from_user_id.name
            )
        if self.rule == "region" and not self.region_ids.filtered(
            lambda region: region.user_id and not region.country_ids
        ):
            return self.env._(
                "Add a line without countries for clients of all other countries."
            )
        return False

    def _get_receivers(self):
        if self.rule == "one":
            return self.to_user_id
        if self.rule == "even":
            return self.to_user_ids
        if self.rule == "team":
            return (self.team_id.member_ids - self.from_user_id).filtered("active")
        return self.region_ids.user_id

    def _get_kinds(self):
        left_out = {
            "opportunity": not self.with_opportunities,
            "activity": not self.with_activities,
            "quote": not self.with_quotes,
            "follower": not self.with_followers,
        }
        return [kind for kind, _label in KINDS if not left_out.get(kind)]

    def _prepare_hand_over_vals(self, receivers):
        return {
            "from_user_id": self.from_user_id.id,
            "to_user_ids": [Command.set(receivers.ids)],
            "user_id": self.env.uid,
            "reason": self.reason,
            "company_id": self.env.company.id,
        }

    def _get_plan(self):
        """Return the receiver of each client, and who gets what has no client."""
        clients = self._get_clients()
        receivers = self._get_receivers()._origin
        if self.rule == "region":
            return self._get_region_plan(clients)
        shares = share_evenly(len(clients), receivers.ids, self._get_load(receivers))
        takers = [user for user, share in shares.items() for _number in range(share)]
        plan = {
            client: taker
            for (client, _country), taker in zip(clients, takers, strict=True)
        }
        return plan, receivers[:1]

    def _get_region_plan(self, clients):
        by_country = {}
        rest = self.env["res.users"]
        for region in self.region_ids.filtered("user_id"):
            for country in region.country_ids._origin:
                by_country.setdefault(country.id, region.user_id._origin.id)
            if not region.country_ids:
                rest = rest or region.user_id._origin
        plan = {client: by_country.get(country, rest.id) for client, country in clients}
        return plan, rest

    def _get_clients(self):
        """Return (client, country) that the leaving one owns, neighbours together.

        Source: res_partner by the partial index on the owner. Contacts go with their
        company unless that belongs to somebody else.
        """
        self.env["res.partner"].flush_model()
        return self.env.execute_query(
            SQL(
                """
                SELECT partner.id, partner.country_id
                  FROM res_partner AS partner
                  JOIN res_partner AS client
                       ON client.id = partner.commercial_partner_id
                 WHERE partner.user_id = %(user)s
                   AND (partner.id = client.id
                        OR client.user_id IS DISTINCT FROM partner.user_id)
                   AND (partner.company_id IS NULL
                        OR partner.company_id = ANY(%(companies)s))
                 ORDER BY partner.country_id, partner.state_id, partner.zip, partner.id
                """,
                user=self.from_user_id._origin.id,
                companies=self.env.companies.ids,
            )
        )

    def _get_load(self, receivers):
        """Count the clients that the receivers own already."""
        if self.rule == "one":
            return {}
        return {
            user.id: number
            for user, number in self.env["res.partner"]
            .sudo()  # sudo: only their number is used
            ._read_group(
                [("user_id", "in", receivers.ids), ("logistics_stage_id", "!=", False)],
                ["user_id"],
                ["__count"],
            )
        }
