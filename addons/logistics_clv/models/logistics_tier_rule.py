from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..valuation.errors import ValuationError
from ..valuation.tiers import TierRule

MARGINS = {"share": 2.0, "threshold": 10.0}


class LogisticsTierRule(models.Model):
    """How the clients of a company fall into tiers. One rule is in use at a time.

    A rule in use is not changed: a new version is drafted, previewed and put to use,
    so that each change of tier can be explained by the rule of its day.
    """

    _name = "logistics.tier.rule"
    _description = "Client tiers: rule"
    _inherit = ["mail.thread", "logistics.value.result"]
    _order = "company_id, id desc"
    _check_company_auto = True

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    automatic = fields.Boolean(related="company_id.logistics_tiers_automatic")
    state = fields.Selection(
        [("draft", "Draft"), ("used", "In use"), ("former", "Former")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    used_from = fields.Datetime("In Use since", readonly=True, copy=False)
    basis = fields.Selection(
        [
            ("expected", "Last 12 months and expected"),
            ("total", "Client value: past and expected"),
            ("year", "Last 12 months"),
        ],
        "Graded by",
        default="expected",
        required=True,
        help="Net contribution of the last 12 months, that plus the value expected "
        "from now on, or the whole client value.",
    )
    method = fields.Selection(
        [("share", "Share of all value"), ("threshold", "Least value")],
        default="share",
        required=True,
        help="By share, clients stand in the order of their value; those who bring "
        "the first 80 % together are in the first tier. By least value, a client is "
        "in the first tier whose value it reaches.",
    )
    margin = fields.Float(
        "Margin (%)",
        compute="_compute_margin",
        store=True,
        readonly=False,
        precompute=True,
        help="How far past a border a client must be to change its tier: points of "
        "share, or percent of the least value. It keeps clients near a border from "
        "going to and fro.",
    )
    line_ids = fields.One2many(
        "logistics.tier.rule.line",
        "rule_id",
        "Tiers",
        copy=True,
        default=lambda self: self._default_line_ids(),
    )
    rest_tier_id = fields.Many2one(
        "logistics.value.tier",
        "Other Clients with Value",
        required=True,
        ondelete="restrict",
        default=lambda self: self._get_default_tiers()[-2:-1],
    )
    loss_tier_id = fields.Many2one(
        "logistics.value.tier",
        "Clients without Value",
        required=True,
        ondelete="restrict",
        default=lambda self: self._get_default_tiers()[-1:],
        help="Clients whose value is zero or below.",
    )

    _used_uniq = models.UniqueIndex(
        "(company_id) WHERE state = 'used'",
        "Only one rule of a company can be in use.",
    )

    def _default_company_id(self):
        return self.env.company

    def _default_line_ids(self):
        tiers = self._get_default_tiers()[:-2]
        shares = (80, 95, 98, 99, 99.5)
        return [
            fields.Command.create({"tier_id": tier.id, "share": share})
            for tier, share in zip(tiers, shares, strict=False)
        ]

    def _get_default_tiers(self):
        return self.env["logistics.value.tier"].search([], limit=20)

    @api.depends("method", "line_ids.share", "line_ids.amount", "line_ids.tier_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for rule in self:
            borders = [
                self.env._("%(tier)s until %(share)s %%", tier=name, share=f"{s:g}")
                if rule.method == "share"
                else self.env._(
                    "%(tier)s from %(amount)s",
                    tier=name,
                    amount=rule.currency_id.format(line.amount),
                )
                for line in rule._get_sorted_lines()
                for name, s in [(line.tier_id.name or "", line.share)]
            ]
            rule.name = ", ".join(borders) or self.env._("Tier rule")

    @api.depends("method")
    def _compute_margin(self):
        for rule in self:
            rule.margin = MARGINS.get(rule.method, 0)

    @api.constrains(
        "line_ids", "margin", "method", "company_id", "rest_tier_id", "loss_tier_id"
    )
    def _check_rule(self):
        for rule in self:
            tiers = rule._get_tiers()
            if (
                len(tiers) != len(rule.line_ids) + 2
                or len(tiers.exists()) != len(rule.line_ids) + 2
            ):
                raise ValidationError(
                    self.env._("Use each tier once, in one place of the rule.")
                )
            try:
                rule._get_pure_rule()
            except ValuationError as error:
                raise ValidationError(rule._explain_mistake(error.code)) from error

    def write(self, vals):
        fixed = {"basis", "method", "margin", "line_ids", "rest_tier_id"}
        fixed |= {"loss_tier_id", "company_id"}
        if not fixed.isdisjoint(vals) and any(rule.state != "draft" for rule in self):
            raise UserError(
                self.env._(
                    "A rule in use is not changed: press New Version, change the "
                    "draft, look at its preview and put it to use."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_only_drafts(self):
        if any(rule.state != "draft" for rule in self):
            raise UserError(
                self.env._(
                    "Only drafts can be deleted: the history of tiers follows from "
                    "the other rules."
                )
            )

    def action_new_version(self):
        """Draft another version of the rule."""
        self.ensure_one()
        return self._action_open(self.copy())

    def action_preview(self):
        """Show which clients the rule would put into another tier."""
        self.ensure_one()
        preview = self.env["logistics.tier.preview"].create({"rule_id": self.id})
        preview._fill()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview of the Tiers"),
            "res_model": preview._name,
            "res_id": preview.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_use(self):
        """Put the rule in the place of the one in use, and grade the clients by it."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "draft":
            raise UserError(self.env._("Only a draft can be put to use."))
        rule = self.sudo()  # the state is for nobody to enter
        former = rule.search(
            [("company_id", "=", self.company_id.id), ("state", "=", "used")]
        )
        former.state = "former"
        former.flush_recordset(["state"])
        rule.write({"state": "used", "used_from": fields.Datetime.now()})
        if self.automatic:
            rule._assign()
        return True

    def action_assign(self):
        """Grade the clients now by the rule in use."""
        self.ensure_one()
        self.check_access("write")
        if self.state != "used" or not self.automatic:
            raise UserError(
                self.env._(
                    "Switch automatic tiers on in the settings and put the rule to "
                    "use first."
                )
            )
        changed = self.sudo()._assign()  # values and clients are written by SQL
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("%(count)s clients changed tier.", count=changed),
                "type": "success",
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_history(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "logistics_clv.logistics_tier_history_action"
        )
        return action | {"domain": [("company_id", "=", self.company_id.id)]}

    def _action_open(self, rule):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": rule.id,
            "views": [(False, "form")],
        }

    @api.model
    def _get_used(self, company):
        """Return the rule of a company in use; a first one by the usual values."""
        rule = self.search([("company_id", "=", company.id), ("state", "=", "used")])
        if not rule and len(self._get_default_tiers()) > 2:
            rule = self.create({"company_id": company.id})
            rule.write({"state": "used", "used_from": fields.Datetime.now()})
        return rule

    def _assign(self, moment=None):
        self.ensure_one()
        return self.env["logistics.tier.grading"]._assign(self, moment)

    def _get_sorted_lines(self):
        return self.line_ids.sorted(lambda line: (line.tier_id.sequence, line._origin))

    def _get_tiers(self):
        """Return the tiers in the order of the grades, the best first."""
        tiers = self._get_sorted_lines().tier_id
        return tiers | self.rest_tier_id | self.loss_tier_id

    def _get_pure_rule(self):
        self.ensure_one()
        lines = self._get_sorted_lines()
        by_threshold = self.method == "threshold"
        borders = [
            line.amount if by_threshold else round(line.share / 100, 6)
            for line in lines
        ]
        return TierRule(borders, by_threshold, self.margin / 100)

    def _explain_mistake(self, code):
        return {
            "borders_unordered": self.env._(
                "From tier to tier, shares rise and least values fall."
            ),
            "bad_share": self.env._("A share lies between 0 and 100 %."),
            "not_positive": self.env._("Enter a least value above zero."),
            "bad_margin": self.env._("The margin lies between 0 and 100 %."),
        }.get(code, code)
