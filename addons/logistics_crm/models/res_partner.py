from odoo import api, fields, models


class ResPartner(models.Model):
    """Freight profile of a client.

    The profile lives on the commercial partner only; contacts read it through
    `commercial_partner_id`, so that a change never rewrites them.
    """

    _inherit = "res.partner"

    logistics_role_ids = fields.Many2many(
        "logistics.partner.role",
        "logistics_partner_role_rel",
        "partner_id",
        "role_id",
        string="Freight Roles",
        groups="base.group_user",
    )
    logistics_scale = fields.Selection(
        [
            ("small", "Small"),
            ("medium", "Medium"),
            ("large", "Large"),
            ("group", "International Group"),
        ],
        string="Scale",
        groups="base.group_user",
    )
    logistics_cooperation = fields.Selection(
        [
            ("none", "No Business Yet"),
            ("spot", "Spot Shipments"),
            ("regular", "Regular"),
            ("contract", "Under Contract"),
            ("strategic", "Strategic Partner"),
        ],
        string="Cooperation",
        groups="base.group_user",
    )

    logistics_service_needed_ids = fields.Many2many(
        "logistics.service",
        "logistics_partner_service_needed_rel",
        "partner_id",
        "service_id",
        string="Services Needed",
        groups="base.group_user",
    )
    logistics_service_used_ids = fields.Many2many(
        "logistics.service",
        "logistics_partner_service_used_rel",
        "partner_id",
        "service_id",
        string="Services Used with Us",
        groups="base.group_user",
    )
    logistics_commodity_ids = fields.Many2many(
        "logistics.commodity",
        "logistics_partner_commodity_rel",
        "partner_id",
        "commodity_id",
        string="Commodities",
        groups="base.group_user",
    )
    logistics_handles_dangerous_goods = fields.Boolean(
        string="Dangerous Goods", groups="base.group_user"
    )
    logistics_temperature_controlled = fields.Boolean(
        string="Temperature-controlled Goods", groups="base.group_user"
    )

    logistics_provider_id = fields.Many2one(
        "res.partner",
        string="Current Provider",
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The competitor or carrier that serves the client today.",
    )
    logistics_credit_rating = fields.Selection(
        [
            ("a", "A: pays early"),
            ("b", "B: pays on time"),
            ("c", "C: pays late"),
            ("d", "D: prepayment only"),
        ],
        string="Credit Rating",
        tracking=True,
        # earned by the client itself; and who may not see it may still duplicate
        copy=False,
        groups="logistics_crm.group_credit",
    )
    logistics_contract_renewal_date = fields.Date(
        string="Contract Renewal",
        index="btree_not_null",
        copy=False,
        groups="base.group_user",
    )

    logistics_tier_id = fields.Many2one(
        "logistics.value.tier",
        string="Value Tier",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        copy=False,
        groups="base.group_user",
    )
    logistics_client_tier_id = fields.Many2one(
        "logistics.value.tier",
        string="Client's Value Tier",
        compute="_compute_logistics_client_tier_id",
        compute_sudo=True,
        groups="base.group_user",
    )

    logistics_lane_ids = fields.One2many(
        "logistics.trade.lane",
        "partner_id",
        string="Trade Lanes",
        groups="logistics_crm.group_salesperson",
    )
    logistics_lane_count = fields.Integer(
        string="Number of Trade Lanes",
        compute="_compute_logistics_lane_count",
        groups="logistics_crm.group_salesperson",
    )

    logistics_profile_completeness = fields.Integer(
        string="Profile Completeness",
        compute="_compute_logistics_profile",
        groups="base.group_user",
        help="Filled fields of the freight profile, in percent.",
    )
    logistics_profile_missing = fields.Char(
        string="Still Missing",
        compute="_compute_logistics_profile",
        groups="base.group_user",
    )

    @api.depends("commercial_partner_id.logistics_tier_id")
    def _compute_logistics_client_tier_id(self):
        for partner in self:
            client = partner.commercial_partner_id
            partner.logistics_client_tier_id = client.logistics_tier_id

    @api.depends("logistics_lane_ids")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_logistics_lane_count(self):
        counts = self._get_logistics_lane_counts()
        for partner in self:
            partner.logistics_lane_count = counts.get(partner._origin.id, 0)

    @api.depends(lambda self: self._get_logistics_profile_fields())
    @api.depends_context("lang")
    def _compute_logistics_profile(self):
        fnames = self._get_logistics_profile_fields()
        # the same for every reader, also for those who may not open the lanes
        lane_counts = self.sudo()._get_logistics_lane_counts()
        for partner in self:
            missing = [
                fname
                for fname in fnames
                if not (
                    lane_counts.get(partner._origin.id)
                    if fname == "logistics_lane_ids"
                    else partner[fname]
                )
            ]
            filled = len(fnames) - len(missing)
            partner.logistics_profile_completeness = round(100 * filled / len(fnames))
            partner.logistics_profile_missing = ", ".join(
                self._fields[fname]._description_string(self.env) for fname in missing
            )

    def write(self, vals):
        result = super().write(vals)
        if "parent_id" in vals or "is_company" in vals:
            # whoever edits a contact need not see its lanes
            self.sudo()._hand_over_logistics_lanes()
        return result

    def action_view_logistics_lanes(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.logistics_trade_lane_action"
        )
        client = self.commercial_partner_id
        action["domain"] = [("partner_id", "=", client.id)]
        action["context"] = {"default_partner_id": client.id}
        return action

    @api.model
    def _get_logistics_profile_fields(self):
        """Return the fields that make a profile complete; extend to ask for more."""
        return (
            "user_id",
            "country_id",
            "industry_id",
            "logistics_role_ids",
            "logistics_scale",
            "logistics_cooperation",
            "logistics_service_needed_ids",
            "logistics_service_used_ids",
            "logistics_commodity_ids",
            "logistics_provider_id",
            "logistics_contract_renewal_date",
            "logistics_lane_ids",
        )

    def _get_logistics_lane_counts(self):
        groups = self.env["logistics.trade.lane"]._read_group(
            [("partner_id", "in", self._origin.ids)], ["partner_id"], ["__count"]
        )
        return {partner.id: count for partner, count in groups}

    def _hand_over_logistics_lanes(self):
        """Give the lanes of clients that have become contacts to their companies."""
        contacts = self.filtered(lambda p: p.commercial_partner_id != p)
        if not contacts:
            return
        Lane = self.env["logistics.trade.lane"].with_context(active_test=False)
        for lane in Lane.search([("partner_id", "in", contacts.ids)]):
            lane.partner_id = lane.partner_id.commercial_partner_id
