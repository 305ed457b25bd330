from odoo import api, fields, models
from odoo.exceptions import UserError

from .lifecycle_choices import COST_MEASURES, CREDIT_MEASURES, describe_reason


class LogisticsLifecycleHistory(models.Model):
    """One row for each move of a client; written by res.partner, never by hand."""

    _name = "logistics.lifecycle.history"
    _description = "Lifecycle History"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True, ondelete="cascade"
    )
    from_stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        string="From",
        index="btree_not_null",
        ondelete="restrict",
    )
    to_stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        string="To",
        index="btree_not_null",
        ondelete="restrict",
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one("res.users", string="Moved by", index="btree_not_null")
    reason = fields.Char(index="trigram")
    is_automatic = fields.Boolean("By Rule", help="Moved by a rule, not by hand.")
    run_id = fields.Many2one(
        "logistics.lifecycle.run", index="btree_not_null", ondelete="set null"
    )
    # what was measured may be credit data or cost: `explanation` shows what one may see
    facts = fields.Json(groups="base.group_system")
    explanation = fields.Char("Because", compute="_compute_explanation")
    days_in_stage = fields.Float(
        "Days in the Stage Before",
        digits=(16, 1),
        aggregator="avg",
        help="How long the client was in the stage that it left.",
    )
    loss_reason_id = fields.Many2one(
        "logistics.loss.reason", index="btree_not_null", ondelete="restrict"
    )
    loss_category = fields.Selection(related="loss_reason_id.category", store=True)
    is_loss = fields.Boolean(related="to_stage_id.is_loss", store=True)

    @api.depends("facts", "reason")
    @api.depends_context("uid", "lang")
    def _compute_explanation(self):
        hidden = set()
        if not self.env.user.has_group("logistics_crm.group_credit"):
            hidden |= CREDIT_MEASURES
        if not self.env.user.has_group("logistics_crm.group_manager"):
            hidden |= COST_MEASURES
        # of the facts only those are told that this user may see
        for move, known in zip(self, self.sudo(), strict=True):
            told = [
                describe_reason(self.env, **fact)
                for fact in known.facts or []
                if fact["measure"] not in hidden
            ]
            move.explanation = move.reason or ", ".join(told)

    @api.model_create_multi
    def create(self, vals_list):
        """Tell how long each client was in the stage that it leaves."""
        clients = [vals["partner_id"] for vals in vals_list if "partner_id" in vals]
        last = dict(
            self._read_group(
                [("partner_id", "in", clients)], ["partner_id"], ["date:max"]
            )
        )
        for vals in vals_list:
            before = last.get(self.env["res.partner"].browse(vals.get("partner_id")))
            if before and "days_in_stage" not in vals:
                date = fields.Datetime.to_datetime(vals.get("date"))
                passed = (date or fields.Datetime.now()) - before
                vals["days_in_stage"] = max(passed.total_seconds() / 86400, 0)
        return super().create(vals_list)

    def action_set_loss_reason(self, reason_id):
        """Keep why a client was lost; for those who may write the client."""
        self.partner_id.check_access("write")
        reason = self.env["logistics.loss.reason"].browse(reason_id).exists()
        if not reason or not all(move.to_stage_id.is_loss for move in self):
            raise UserError(
                self.env._("Choose a loss reason for a client that was lost.")
            )
        # users read the history; the reason is all that they may add to it
        self.sudo().loss_reason_id = reason
