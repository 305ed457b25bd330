from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
    logistics_dangerous_goods_class_ids = fields.Many2many(
        "logistics.dangerous.goods.class",
        "logistics_partner_dangerous_goods_class_rel",
        "partner_id",
        "class_id",
        string="Classes",
        groups="base.group_user",
    )
    logistics_temperature_controlled = fields.Boolean(
        string="Temperature-controlled Goods", groups="base.group_user"
    )
    logistics_temperature_min = fields.Float(
        string="Lowest Temperature (°C)", digits=(5, 1), groups="base.group_user"
    )
    logistics_temperature_max = fields.Float(
        string="Highest Temperature (°C)", digits=(5, 1), groups="base.group_user"
    )

    logistics_provider_id = fields.Many2one(
        "res.partner",
        string="Main Provider",
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_user",
        help="The competitor or carrier that serves the client today; others, by lane"
        " or service, are listed on the page of trade lanes.",
    )
    logistics_client_provider_ids = fields.One2many(
        "logistics.client.provider",
        "partner_id",
        string="Current Providers",
        groups="logistics_crm.group_salesperson",
    )
    logistics_contract_renewal_date = fields.Date(
        string="Contract Renewal",
        index="btree_not_null",
        copy=False,
        inverse="_inverse_logistics_contract_renewal_date",
        groups="base.group_user",
        help="Also kept as a key date of the client.",
    )
    logistics_key_date_ids = fields.One2many(
        "logistics.key.date",
        "client_id",
        string="Key Dates",
        groups="logistics_crm.group_salesperson",
        help="Of the client and of its contacts.",
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

    @api.depends("commercial_partner_id.logistics_tier_id")
    def _compute_logistics_client_tier_id(self):
        for partner in self:
            client = partner.commercial_partner_id
            partner.logistics_client_tier_id = client.logistics_tier_id

    @api.constrains("logistics_temperature_min", "logistics_temperature_max")
    def _check_logistics_temperature(self):
        for partner in self:
            if partner.logistics_temperature_min > partner.logistics_temperature_max:
                raise ValidationError(
                    self.env._(
                        "The lowest temperature of %(client)s is above the highest:"
                        " exchange them.",
                        client=partner.display_name,
                    )
                )

    def _inverse_logistics_contract_renewal_date(self):
        """Keep the renewal among the key dates, from which follow-up is planned."""
        # whoever sets the date on the profile need not see the key dates
        key_dates = self.env["logistics.key.date"].sudo()
        known = {
            day.partner_id: day
            for day in key_dates.search(
                [("partner_id", "in", self.ids), ("kind", "=", "contract_renewal")]
            )
        }
        missing = []
        for partner in self:
            date, day = partner.logistics_contract_renewal_date, known.get(partner)
            if day and not date:
                day.unlink()
            elif day and day.date != date:
                day.date = date
            elif date and not day:
                missing.append(partner._prepare_logistics_renewal_vals(date))
        key_dates.create(missing)

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

    def _prepare_logistics_renewal_vals(self, date):
        return {"partner_id": self.id, "kind": "contract_renewal", "date": date}

    def _hand_over_logistics_lanes(self):
        """Give the lists of clients that have become contacts to their companies."""
        contacts = self.filtered(lambda p: p.commercial_partner_id != p)
        if not contacts:
            return
        domain = [("partner_id", "in", contacts.ids)]
        providers = self.env["logistics.client.provider"].with_context(
            active_test=False
        )
        # the company itself served its new contact: that says nothing any more
        providers.search(domain).filtered(
            lambda line: (
                line.provider_id.commercial_partner_id
                == line.partner_id.commercial_partner_id
            )
        ).unlink()
        for name in (
            "logistics.trade.lane",
            "logistics.client.provider",
            "logistics.payment.promise",
        ):
            for line in self.env[name].with_context(active_test=False).search(domain):
                line.partner_id = line.partner_id.commercial_partner_id
