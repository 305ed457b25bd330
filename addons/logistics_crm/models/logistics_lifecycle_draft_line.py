from odoo import api, fields, models

from .lifecycle_choices import describe_reason


class LogisticsLifecycleDraftLine(models.Model):
    """One client that would move under tried rules; written by SQL."""

    _name = "logistics.lifecycle.draft.line"
    _description = "Client that Would Move"
    _log_access = False
    _order = "to_stage_id, id"
    _rec_name = "partner_id"

    draft_id = fields.Many2one(
        "logistics.lifecycle.draft",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner", "Client", required=True, readonly=True, ondelete="cascade"
    )
    from_stage_id = fields.Many2one(
        "logistics.lifecycle.stage", "From", readonly=True, ondelete="cascade"
    )
    to_stage_id = fields.Many2one(
        "logistics.lifecycle.stage", "To", readonly=True, ondelete="cascade"
    )
    facts = fields.Json(readonly=True)
    explanation = fields.Char("Because", compute="_compute_explanation")

    @api.depends("facts")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for line in self:
            line.explanation = ", ".join(
                describe_reason(self.env, **fact) for fact in line.facts or []
            )
