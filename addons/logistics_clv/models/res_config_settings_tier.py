from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"  # pylint: disable=consider-merging-classes-inherited

    logistics_tiers_automatic = fields.Boolean(
        related="company_id.logistics_tiers_automatic", readonly=False
    )
    logistics_snapshots_monthly = fields.Boolean(
        related="company_id.logistics_snapshots_monthly", readonly=False
    )
    logistics_snapshots_kept = fields.Integer(
        related="company_id.logistics_snapshots_kept", readonly=False
    )

    def action_open_logistics_tier_rules(self):
        """Open the rule of the company in use; a first one by the usual values."""
        # settings are for administrators, who may make rules
        rule = self.env["logistics.tier.rule"].sudo()._get_used(self.company_id)
        action = self.env["ir.actions.actions"]._for_xml_id(
            "logistics_clv.logistics_tier_rule_action"
        )
        if rule:
            action |= {"res_id": rule.id, "views": [(False, "form")]}
        return action
