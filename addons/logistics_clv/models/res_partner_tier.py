from odoo import api, fields, models


class ResPartner(models.Model):
    """Tier of a client: kept by a rule or by hand, each change with its history."""

    # a file per subject
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    logistics_tier_override_id = fields.Many2one(
        "logistics.tier.override",
        "Tier Set by Hand",
        compute="_compute_logistics_tier_override_id",
        groups="logistics_crm.group_salesperson,logistics_clv.group_value_reader",
    )
    logistics_tier_override_reason = fields.Char(
        "Why the Tier is Set by Hand",
        compute="_compute_logistics_tier_override_id",
        groups="logistics_crm.group_salesperson,logistics_clv.group_value_reader",
    )
    logistics_tier_automatic = fields.Boolean(
        "Automatic Tier",
        compute="_compute_logistics_tier_automatic",
        groups="base.group_user",
    )

    @api.depends("logistics_tier_id")
    def _compute_logistics_tier_override_id(self):
        overrides = self.env["logistics.tier.override"]._get_in_force(self)
        by_client = {override.client_id.id: override for override in overrides}
        for partner in self:
            override = by_client.get(partner._origin.id, overrides.browse())
            partner.logistics_tier_override_id = override
            partner.logistics_tier_override_reason = override._describe()

    @api.depends_context("uid")
    def _compute_logistics_tier_automatic(self):
        # a setting of companies: no secret, and not readable for every user
        companies = self.env.user.sudo().company_ids
        automatic = any(companies.mapped("logistics_tiers_automatic"))
        self.logistics_tier_automatic = automatic

    def action_view_logistics_tier_history(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "logistics_clv.logistics_tier_history_action"
        )
        return action | {
            "views": [(False, "list")],
            "domain": [("client_id", "=", self.commercial_partner_id.id)],
        }

    def action_override_logistics_tier(self):
        """Ask for a tier, a reason and a day for these clients."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set the Tier by Hand"),
            "res_model": "logistics.tier.override.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_client_ids": self.commercial_partner_id.ids},
        }

    def action_end_logistics_tier_override(self):
        self.logistics_tier_override_id.action_end()

    def _on_logistics_tier_changed(self, previous):
        """Keep the history of what was changed by hand; rules write it themselves."""
        if not self.env.context.get("logistics_tier_logged"):
            # users read the history, only changes of a client write it
            self.env["logistics.tier.history"].sudo().create(
                [
                    partner._prepare_logistics_tier_history_vals(previous[partner.id])
                    for partner in self.sudo()
                ]
            )
        return super()._on_logistics_tier_changed(previous)

    def _prepare_logistics_tier_history_vals(self, from_tier_id):
        return {
            "client_id": self.id,
            "from_tier_id": from_tier_id,
            "to_tier_id": self.logistics_tier_id.id,
            "user_id": self.env.uid,
            "reason": self.env.context.get("logistics_tier_reason"),
        }
