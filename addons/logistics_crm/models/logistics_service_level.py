from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..ownership import Level, best_level

RESPONSIBLES = [
    ("owner", "Owner of the Client"),
    ("leader", "Team Leader of the Owner"),
    ("user", "Customer Service"),
]


class LogisticsServiceLevel(models.Model):
    """What a client of a stage and tier is entitled to.

    A client has one level: the most specific that covers it (stage before tier before
    company). The choice is made in Python from a cached list, and handed to SQL as a
    table of all combinations, so that both always agree.
    """

    _name = "logistics.service.level"
    _description = "Service Level"
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        string="Lifecycle Stage",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: clients of any stage.",
    )
    tier_id = fields.Many2one(
        "logistics.value.tier",
        string="Value Tier",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: clients of any tier, and those without one.",
    )
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: all companies.",
    )
    description = fields.Text(translate=True)

    cadence_days = fields.Integer(
        string="Contact Every",
        help="Days from one contact to the next; 0 means no regular contact.",
    )
    response_hours = fields.Float(
        string="Answer within",
        help="Working hours in which an enquiry of the client is answered.",
    )
    responsible_role = fields.Selection(RESPONSIBLES, required=True, default="owner")
    responsible_id = fields.Many2one(
        "res.users",
        string="Customer Service User",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("share", "=", False)],
    )
    plan_ids = fields.Many2many(
        "mail.activity.plan",
        "logistics_service_level_plan_rel",
        "level_id",
        "plan_id",
        string="Playbooks",
        domain=[("res_model", "=", "res.partner")],
        help="The care actions: activity plans on contacts that run by themselves.",
    )

    free_time_ids = fields.One2many(
        "logistics.service.level.free.time", "level_id", copy=True
    )
    payment_term_id = fields.Many2one(
        "account.payment.term", ondelete="restrict", check_company=True
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    credit_limit = fields.Monetary(
        string="Credit up to",
        groups="logistics_crm.group_credit",
        help="What may be offered; the limit itself is set on the client.",
    )
    client_count = fields.Integer(string="Clients", compute="_compute_client_count")

    _scope_uniq = models.UniqueIndex(
        "(COALESCE(stage_id, 0), COALESCE(tier_id, 0), COALESCE(company_id, 0))"
        " WHERE active",
        "There is a service level for this stage, tier and company already.",
    )
    _positive = models.Constraint(
        "CHECK (cadence_days >= 0 AND response_hours >= 0)",
        "Days between contacts and hours to answer cannot be negative.",
    )

    @api.depends("company_id")
    @api.depends_context("company")
    def _compute_currency_id(self):
        for level in self:
            level.currency_id = (level.company_id or self.env.company).currency_id

    def _compute_client_count(self):
        """Count the clients of all levels in one query."""
        counts = dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT level.level_id, COUNT(*)
                      FROM res_partner AS partner
                      JOIN %s ON %s
                     WHERE partner.active
                       AND (partner.company_id IS NULL
                            OR partner.company_id = ANY(%s))
                     GROUP BY level.level_id
                    """,
                    self._get_map_sql(),
                    self._get_map_condition(SQL("partner.company_id")),
                    self.env.companies.ids,
                )
            )
        )
        for level in self:
            level.client_count = counts.get(level._origin.id, 0)

    @api.constrains("responsible_role", "responsible_id")
    def _check_responsible(self):
        for level in self:
            if level.responsible_role == "user" and not level.responsible_id:
                raise ValidationError(
                    self.env._(
                        "Choose the customer service user of %(level)s.",
                        level=level.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        levels = super().create(vals_list)
        self.env.registry.clear_cache()
        return levels

    def write(self, vals):
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def copy_data(self, default=None):
        """Copy as a draft: there is one active level for a stage and tier."""
        vals_list = super().copy_data(default=default)
        for level, vals in zip(self, vals_list, strict=True):
            if "name" not in (default or {}):
                vals["name"] = self.env._("%(name)s (copy)", name=level.name)
            vals.setdefault("active", False)
            vals["active"] = (default or {}).get("active", False)
        return vals_list

    @api.model
    @tools.ormcache()
    def _get_scopes(self):
        """Return the scopes of all active levels, best first for equal ones."""
        # sudo: which level a client has does not depend on who asks
        levels = self.sudo().search_fetch(
            [("active", "=", True)], ["stage_id", "tier_id", "company_id", "sequence"]
        )
        return tuple(
            Level(
                level.id,
                level.stage_id.id or None,
                level.tier_id.id or None,
                level.company_id.id or None,
                level.sequence,
            )
            for level in levels
        )

    @api.model
    def _get_level(self, stage, tier, company):
        """Return the level of a client, empty without a stage."""
        if not stage:
            return self.browse()
        found = best_level(
            self._get_scopes(), stage.id, tier.id or None, company.id or None
        )
        return self.browse(found.id if found else ())

    @api.model
    def _get_map_sql(self):
        """Return a table of the level of each stage, tier and company, as `level`.

        Grain: combination; 0 stands for none. Some hundred rows, made in Python.
        """
        every = self.with_context(active_test=False).sudo()  # sudo: for all clients
        stages = every.env["logistics.lifecycle.stage"].search(Domain.TRUE).ids
        tiers = [None, *every.env["logistics.value.tier"].search(Domain.TRUE).ids]
        companies = [None, *every.env["res.company"].search(Domain.TRUE).ids]
        scopes = self._get_scopes()
        rows = [
            (stage, tier or 0, company or 0, found.id)
            for stage in stages
            for tier in tiers
            for company in companies
            if (found := best_level(scopes, stage, tier, company))
        ]
        columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 4
        return SQL(
            "unnest(%s::int[], %s::int[], %s::int[], %s::int[])"
            " AS level (stage_id, tier_id, company_id, level_id)",
            *columns,
        )

    @api.model
    def _get_map_condition(self, company):
        """Return the condition that joins `partner` to the table of levels.

        :param SQL company: the company that cares for the client
        """
        return SQL(
            """level.stage_id = partner.logistics_stage_id
               AND level.tier_id = COALESCE(partner.logistics_tier_id, 0)
               AND level.company_id = COALESCE(%s, 0)""",
            company,
        )

    def _format_entitlement(self):
        """Say in words what a client of this level gets."""
        return self._get_entitlement(self.ensure_one().id) if self else ""

    @api.model
    @tools.ormcache("level_id", "self.env.lang")
    def _get_entitlement(self, level_id):
        """Keep the words for all clients of the level: a form reads them for free."""
        # sudo: what the client is entitled to is no secret to whoever sees the client
        level = self.sudo().browse(level_id)
        return self.env._(
            "%(level)s: %(items)s",
            level=level.name,
            items="; ".join(level._get_entitlement_items()) or "-",
        )

    def _get_entitlement_items(self):
        """Return the words of each part; extend to add what else a level grants."""
        self.ensure_one()
        items = []
        if self.cadence_days:
            items.append(
                self.env._("contact every %(days)s days", days=self.cadence_days)
            )
        if self.response_hours:
            items.append(
                self.env._(
                    "an answer within %(hours)g working hours",
                    hours=self.response_hours,
                )
            )
        items += [free_time._format_words() for free_time in self.free_time_ids]
        if self.payment_term_id:
            items.append(
                self.env._("payment: %(term)s", term=self.payment_term_id.display_name)
            )
        return items
