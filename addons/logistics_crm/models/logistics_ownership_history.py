from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = [
    ("manual", "Changed by Hand"),
    ("claim", "Claimed"),
    ("return", "Returned to the Pool"),
    ("hand_over", "Handed Over"),
    ("revert", "Reverted"),
]


class LogisticsOwnershipHistory(models.Model):
    """One row for each change of a client's owner; written by res.partner only."""

    _name = "logistics.ownership.history"
    _description = "Ownership History"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True, ondelete="cascade"
    )
    from_user_id = fields.Many2one(
        "res.users", string="From", index="btree_not_null", ondelete="set null"
    )
    to_user_id = fields.Many2one(
        "res.users", string="To", index="btree_not_null", ondelete="set null"
    )
    kind = fields.Selection(KINDS, required=True, default="manual")
    reason = fields.Char()
    user_id = fields.Many2one("res.users", string="Done by", index="btree_not_null")
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    hand_over_id = fields.Many2one(
        "logistics.hand.over", index="btree_not_null", ondelete="set null"
    )
    is_reverted = fields.Boolean(string="Reverted")
    can_revert = fields.Boolean(compute="_compute_can_revert")

    @api.depends("is_reverted", "to_user_id", "partner_id.user_id")
    def _compute_can_revert(self):
        """Only the state that this row has made can be taken back."""
        for row in self:
            row.can_revert = (
                not row.is_reverted and row.partner_id.user_id == row.to_user_id
            )

    def action_revert(self):
        """Give the clients back to whom they had before."""
        self.check_access("write")
        rows = self.sorted("id", reverse=True)
        for row in rows:
            if row.is_reverted or row.partner_id.user_id != row.to_user_id:
                raise UserError(
                    self.env._(
                        "%(client)s has changed since: its owner is %(owner)s now."
                        " Set the salesperson on the client.",
                        client=row.partner_id.display_name,
                        owner=row.partner_id.user_id.name or self.env._("nobody"),
                    )
                )
            row.partner_id._set_logistics_owner(
                [(row.partner_id.id, row.to_user_id.id, row.from_user_id.id)],
                "revert",
                self.env._("Reverted a change of %(date)s", date=row.date.date()),
            )
        rows.is_reverted = True
        return True
