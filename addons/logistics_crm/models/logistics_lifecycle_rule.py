from odoo import api, fields, models

from ..lifecycle import Match, Rule


class LogisticsLifecycleRule(models.Model):
    """When a client enters a stage, or may leave it.

    Rules in force are never edited: a changed set is tried as a draft first, see
    logistics.lifecycle.draft.
    """

    _name = "logistics.lifecycle.rule"
    _description = "Lifecycle Rule"
    _order = "stage_sequence, stage_id, kind, sequence, id"

    stage_id = fields.Many2one(
        "logistics.lifecycle.stage", required=True, index=True, ondelete="cascade"
    )
    stage_sequence = fields.Integer(related="stage_id.rule_sequence", store=True)
    scheme_id = fields.Many2one(related="stage_id.scheme_id", store=True, index=True)
    draft_id = fields.Many2one(
        "logistics.lifecycle.draft",
        index="btree_not_null",
        ondelete="cascade",
        help="Set while the rule is only tried.",
    )
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [("entry", "Enters if"), ("exit", "Leaves only if")],
        required=True,
        default="entry",
        help="A client enters a stage when one of its entry rules holds. If the stage"
        " has rules to leave, it stays until one of these holds too.",
    )
    match = fields.Selection(
        [("all", "all of these hold"), ("any", "any of these holds")],
        required=True,
        default="all",
    )
    condition_ids = fields.One2many(
        "logistics.lifecycle.condition", "rule_id", copy=True
    )
    summary = fields.Char(compute="_compute_summary")

    @api.depends("condition_ids", "match")
    @api.depends_context("lang")
    def _compute_summary(self):
        for rule in self:
            joint = self.env._(" and ") if rule.match == "all" else self.env._(" or ")
            rule.summary = joint.join(rule.condition_ids.mapped("display_name"))

    @api.depends("kind", "stage_id.name", "summary")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for rule in self:
            rule.display_name = " ".join(
                filter(None, (rule.stage_id.name, kinds.get(rule.kind), rule.summary))
            )

    def _prepare_rule(self):
        """Return the rule as the pure package takes it."""
        return Rule(
            tuple(condition._prepare_condition() for condition in self.condition_ids),
            Match(self.match),
        )
