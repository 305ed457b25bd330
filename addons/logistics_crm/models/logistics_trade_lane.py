from odoo import api, fields, models
from odoo.exceptions import ValidationError


class LogisticsTradeLane(models.Model):
    """What a client ships on one origin, destination, mode and equipment a year."""

    _name = "logistics.trade.lane"
    _inherit = ["mail.thread"]
    _description = "Trade Lane"
    # by the client's id and not its name: an index gives the first page at any size
    _order = "partner_id.id, sequence, id"
    _rec_names_search = ["partner_id", "origin_id", "destination_id"]
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
        domain="['|', ('is_company', '=', True), ('parent_id', '=', False)]",
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    company_id = fields.Many2one(
        "res.company",
        compute="_compute_company_id",
        store=True,
        readonly=False,
        precompute=True,
        index=True,
        help="Empty: every company sees this lane.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    origin_id = fields.Many2one(
        "logistics.location", required=True, index=True, ondelete="restrict"
    )
    destination_id = fields.Many2one(
        "logistics.location", required=True, index=True, ondelete="restrict"
    )
    mode_id = fields.Many2one(
        "logistics.transport.mode",
        index="btree_not_null",
        ondelete="restrict",
    )
    container_type_id = fields.Many2one(
        "logistics.container.type",
        string="Equipment",
        index="btree_not_null",
        ondelete="restrict",
    )
    incoterm_id = fields.Many2one("account.incoterms", index="btree_not_null")
    commodity_id = fields.Many2one(
        "logistics.commodity", index="btree_not_null", ondelete="restrict"
    )

    yearly_volume = fields.Float(
        digits=(16, 2),
        tracking=True,
        help="What the client ships on this lane in a year, with anyone.",
    )
    volume_unit = fields.Selection(
        [
            ("teu", "TEU"),
            ("t", "Tonnes"),
            ("cbm", "m³"),
            ("shipment", "Shipments"),
            ("pallet", "Pallets"),
        ],
        required=True,
        default="teu",
    )
    seasonality = fields.Selection(
        [
            ("even", "All Year"),
            ("peak_q1", "Peak January to March"),
            ("peak_q2", "Peak April to June"),
            ("peak_q3", "Peak July to September"),
            ("peak_q4", "Peak October to December"),
            ("irregular", "Irregular"),
        ]
    )

    current_provider_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        tracking=True,
        help="Who carries this lane today: a competitor, or the carrier itself.",
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
    )
    target_price = fields.Monetary(
        tracking=True,
        help="The price at which the client would give us the lane, for one unit of"
        " the volume.",
    )
    share_of_wallet = fields.Float(
        string="Our Share (%)",
        digits=(5, 1),
        aggregator="avg",
        tracking=True,
        help="How much of the yearly volume moves with us, 0 to 100, as the client"
        " says; the booked share beside it comes from the orders.",
    )
    note = fields.Text()

    _client_order_idx = models.Index("(partner_id, sequence, id)")

    _volume_positive = models.Constraint(
        "CHECK (yearly_volume >= 0)", "The yearly volume cannot be negative."
    )
    _share_of_wallet_percent = models.Constraint(
        "CHECK (share_of_wallet BETWEEN 0 AND 100)",
        "Our share must be between 0 and 100 percent.",
    )

    @api.depends("partner_id.company_id")
    def _compute_company_id(self):
        """Follow a client that belongs to one company, else keep what was chosen."""
        for lane in self:
            lane.company_id = lane.partner_id.company_id or lane.company_id

    @api.depends("origin_id", "destination_id", "mode_id", "container_type_id")
    def _compute_display_name(self):
        for lane in self:
            if not lane.origin_id and not lane.destination_id:
                lane.display_name = False
                continue
            equipment = lane.container_type_id.code or lane.mode_id.name
            ends = [
                end.code or end.iata_code or end.name or "?"
                for end in (lane.origin_id, lane.destination_id)
            ]
            lane.display_name = " – ".join(ends) + (
                f", {equipment}" if equipment else ""
            )

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for lane in self:
            client = lane.partner_id.commercial_partner_id
            if client != lane.partner_id:
                raise ValidationError(
                    self.env._(
                        "Trade lanes belong to the client, not to its contacts:"
                        " choose %(client)s instead of %(contact)s.",
                        client=client.display_name,
                        contact=lane.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        # a lane that is entered or imported is no news to anybody, its changes are
        quiet = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        lanes = super(LogisticsTradeLane, quiet).create(vals_list)
        return lanes.with_env(self.env)
