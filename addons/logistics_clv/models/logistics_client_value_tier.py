from odoo import fields, models


class LogisticsClientValue(models.Model):
    """The grade of a client in one company; the shared tier follows from them."""

    # a file per subject
    _inherit = "logistics.client.value"  # pylint: disable=consider-merging-classes-inherited

    graded_tier_id = fields.Many2one(
        "logistics.value.tier",
        "Grade",
        readonly=True,
        ondelete="set null",
        help="The tier by the rule of this company. The tier of the client is the best "
        "grade of all companies, or the one set by hand.",
    )
    graded_value = fields.Monetary(
        readonly=True, help="The value that the grade follows from."
    )
    graded_share = fields.Float(
        "Share Ahead",
        digits=(7, 6),
        readonly=True,
        aggregator=False,
        help="Share of all positive value that clients with a higher value bring.",
    )

    def action_open_development(self):
        """Open how the value of the client developed, month by month."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Development of %(client)s", client=self.display_name),
            "res_model": "logistics.value.snapshot.line",
            "views": [(False, "graph"), (False, "list"), (False, "pivot")],
            "domain": [
                ("client_id", "=", self.client_id.id),
                ("company_id", "=", self.company_id.id),
            ],
        }

    def action_override_tier(self):
        return self.client_id.action_override_logistics_tier()
