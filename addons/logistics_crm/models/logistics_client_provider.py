from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LogisticsClientProvider(models.Model):
    """Who serves a client today, besides us: on a lane, for a service, or at all."""

    _name = "logistics.client.provider"
    _description = "Current Provider of a Client"
    _order = "partner_id, share desc, id"
    _rec_name = "provider_id"

    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True, ondelete="cascade"
    )
    provider_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="cascade",
        help="A competitor, or the carrier itself.",
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    service_id = fields.Many2one(
        "logistics.service",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: whatever the client needs.",
    )
    lane_id = fields.Many2one(
        "logistics.trade.lane",
        string="Trade Lane",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('partner_id', '=', partner_id)]",
        help="Empty: on every lane.",
    )
    share = fields.Float(
        string="Share (%)",
        digits=(5, 1),
        aggregator="avg",
        help="How much of the lane or service the provider has, 0 to 100.",
    )
    contract_end = fields.Date(index="btree_not_null")
    satisfaction = fields.Selection(
        [("low", "Unhappy"), ("medium", "Could Be Better"), ("high", "Happy")],
        help="How content the client is with this provider.",
    )
    note = fields.Char(
        string="Strengths and Weaknesses",
        help="Why the client is with them, and what they do badly.",
    )
    active = fields.Boolean(default=True)

    _share_percent = models.Constraint(
        "CHECK (share BETWEEN 0 AND 100)",
        "The share of a provider must be between 0 and 100 percent.",
    )

    @api.constrains("partner_id", "provider_id", "lane_id")
    def _check_partner_id(self):
        for line in self:
            client = line.partner_id.commercial_partner_id
            if client == line.provider_id.commercial_partner_id:
                raise ValidationError(
                    self.env._(
                        "%(client)s cannot be its own provider: choose another one.",
                        client=client.display_name,
                    )
                )
            if client != line.partner_id:
                raise ValidationError(
                    self.env._(
                        "Providers are noted for the client, not for its contacts:"
                        " choose %(client)s instead of %(contact)s.",
                        client=client.display_name,
                        contact=line.partner_id.display_name,
                    )
                )
            if line.lane_id and line.lane_id.partner_id != client:
                raise ValidationError(
                    self.env._(
                        "The trade lane %(lane)s is not one of %(client)s.",
                        lane=line.lane_id.display_name,
                        client=client.display_name,
                    )
                )
