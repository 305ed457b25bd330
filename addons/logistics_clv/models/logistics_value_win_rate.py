from odoo import api, fields, models


class LogisticsValueWinRate(models.Model):
    """How likely we win volume of a lane that is not ours: the first rule counts."""

    _name = "logistics.value.win.rate"
    _description = "Client value: win rate"
    _order = "sequence, id"
    _check_company_auto = True

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: all companies."
    )
    stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        "Lifecycle Stage",
        ondelete="cascade",
        help="Empty: any stage.",
    )
    tier_id = fields.Many2one(
        "logistics.value.tier",
        "Value Tier",
        ondelete="cascade",
        help="Empty: any tier.",
    )
    least_share = fields.Float(
        "Our Share at least (%)",
        digits=(5, 1),
        help="Share of the lane's volume that the client gives us already.",
    )
    probability = fields.Float("Probability (%)", digits=(5, 1), required=True)

    _probability_percent = models.Constraint(
        "CHECK (probability BETWEEN 0 AND 100)",
        "The probability is between 0 and 100 %.",
    )
    _share_percent = models.Constraint(
        "CHECK (least_share BETWEEN 0 AND 100)",
        "The share of the lane is between 0 and 100 %.",
    )

    @api.depends("stage_id", "tier_id", "least_share", "probability")
    def _compute_display_name(self):
        for rate in self:
            parts = [rate.stage_id.name, rate.tier_id.name]
            if rate.least_share:
                parts.append(
                    self.env._("share from %(share)s %%", share=f"{rate.least_share:g}")
                )
            about = ", ".join(part for part in parts if part)
            rate.display_name = f"{about or self.env._('Any')}: {rate.probability:g} %"
