from odoo import api, fields, models
from odoo.exceptions import UserError


class LogisticsHandOver(models.Model):
    """What somebody has passed on to others in one step, and can get back."""

    _name = "logistics.hand.over"
    _description = "Hand-over of Clients"
    _order = "date desc, id desc"

    name = fields.Char(compute="_compute_name")
    from_user_id = fields.Many2one(
        "res.users", string="From", required=True, index=True, ondelete="restrict"
    )
    to_user_ids = fields.Many2many(
        "res.users",
        "logistics_hand_over_receiver_rel",
        "hand_over_id",
        "user_id",
        string="To",
    )
    user_id = fields.Many2one(
        "res.users", string="Done by", default=lambda self: self.env.user, index=True
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    reason = fields.Char()
    state = fields.Selection(
        [("done", "Done"), ("reverted", "Reverted")], default="done", required=True
    )
    line_ids = fields.One2many("logistics.hand.over.line", "hand_over_id")
    summary = fields.Char(compute="_compute_summary")
    kept_count = fields.Integer(
        string="Not Reverted",
        readonly=True,
        help="What had changed again before it was reverted, and so was left alone.",
    )

    @api.depends("from_user_id", "date")
    def _compute_name(self):
        for hand_over in self:
            hand_over.name = self.env._(
                "%(user)s, %(date)s",
                user=hand_over.from_user_id.name,
                date=fields.Date.to_string(hand_over.date),
            )

    @api.depends("line_ids")
    @api.depends_context("lang")
    def _compute_summary(self):
        groups = self.env["logistics.hand.over.line"]._read_group(
            [("hand_over_id", "in", self.ids)], ["hand_over_id", "kind"], ["__count"]
        )
        labels = dict(
            self.env["logistics.hand.over.line"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        parts = {}
        for hand_over, kind, count in groups:
            parts.setdefault(hand_over.id, []).append(f"{labels[kind]}: {count}")
        for hand_over in self:
            hand_over.summary = ", ".join(parts.get(hand_over._origin.id, []))

    def action_view_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "logistics.hand.over.line",
            "view_mode": "list",
            "domain": [("hand_over_id", "=", self.id)],
            "context": {"search_default_group_by_kind": 1},
        }

    def action_revert(self):
        """Give back all that has not changed since, and tell what was left."""
        self.check_access("write")
        self.ensure_one()
        if self.state != "done":
            raise UserError(self.env._("This hand-over was reverted already."))
        self._revert()
        total = len(self.line_ids)
        self.write({"state": "reverted", "kept_count": self._count_kept()})
        kept = self.kept_count
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if kept else "success",
                "sticky": bool(kept),
                "title": self.env._("Hand-over reverted"),
                "message": self.env._(
                    "%(done)s of %(total)s given back to %(user)s; %(kept)s had changed"
                    " since and stay as they are.",
                    done=total - kept,
                    total=total,
                    user=self.from_user_id.name,
                    kept=kept,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _count_kept(self):
        return self.env["logistics.hand.over.line"].search_count(
            [("hand_over_id", "=", self.id), ("is_reverted", "=", False)]
        )
