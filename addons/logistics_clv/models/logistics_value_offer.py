from odoo import api, fields, models


class LogisticsValueOffer(models.Model):
    """Something that a client needs and does not buy from us yet: offer it next."""

    _name = "logistics.value.offer"
    _description = "Client value: next best offer"
    _log_access = False  # results of a run, written by SQL
    _order = "amount desc, id"
    _check_company_auto = True

    client_id = fields.Many2one(
        "res.partner", required=True, readonly=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="client_id.user_id", string="Salesperson")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    run_id = fields.Many2one(
        "logistics.value.run", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Selection(
        [("lane", "Volume on a lane"), ("service", "Service not used yet")],
        required=True,
        readonly=True,
    )
    lane_id = fields.Many2one(
        "logistics.trade.lane",
        readonly=True,
        ondelete="cascade",
        index="btree_not_null",
    )
    service_id = fields.Many2one("logistics.service", readonly=True, ondelete="cascade")
    volume = fields.Float(
        "Volume a Year",
        digits=(16, 2),
        readonly=True,
        aggregator=False,
        help="What the client ships on the lane in a year, less what it books with us.",
    )
    volume_unit = fields.Selection(
        selection=lambda self: (
            self.env["logistics.trade.lane"]
            ._fields["volume_unit"]
            ._description_selection(self.env)
        ),
        string="Unit",
        readonly=True,
    )
    unit_contribution = fields.Monetary(
        "Contribution per Unit",
        readonly=True,
        aggregator=False,
        help="Of the client's own bookings on the lane, else of all clients on it, "
        "else of the transport mode, over the last twelve months.",
    )
    yearly = fields.Monetary(
        "Contribution a Year",
        readonly=True,
        help="Of the whole volume, or with clients alike who use the service.",
    )
    probability = fields.Float(
        digits=(6, 4),
        readonly=True,
        aggregator="avg",
        help="Lanes: the first win rate of the settings that fits. Services: the share "
        "of similar clients who use it.",
    )
    amount = fields.Monetary(
        "Potential",
        readonly=True,
        help="Contribution over the months that count, discounted, times probability.",
    )

    _company_amount_idx = models.Index("(company_id, amount DESC)")

    @api.depends("lane_id", "service_id")
    def _compute_display_name(self):
        for offer in self:
            offer.display_name = (offer.lane_id or offer.service_id).display_name
