from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    logistics_mode_id = fields.Many2one(
        "logistics.transport.mode",
        string="Transport Mode",
        index="btree_not_null",
        ondelete="restrict",
    )
    logistics_origin_id = fields.Many2one(
        "logistics.location",
        string="Origin",
        index="btree_not_null",
        ondelete="restrict",
    )
    logistics_destination_id = fields.Many2one(
        "logistics.location",
        string="Destination",
        index="btree_not_null",
        ondelete="restrict",
    )
    logistics_vessel_id = fields.Many2one(
        "logistics.vessel",
        string="Vessel",
        index="btree_not_null",
        ondelete="restrict",
        help="The ship of the main leg, once the booking names it.",
    )
    logistics_voyage = fields.Char(
        string="Voyage",
        index="btree_not_null",
        help="Voyage number of the carrier, as the booking confirmation has it: 432W.",
    )

    # the hourly count of booked volumes looks for what has changed
    _logistics_write_date_idx = models.Index(
        "(write_date) WHERE logistics_origin_id IS NOT NULL"
    )

    # the nightly lifecycle looks for what has changed since the last one
    _logistics_lifecycle_idx = models.Index(
        "(write_date) WHERE state IN ('sale', 'cancel')"
    )

    def _action_confirm(self):
        result = super()._action_confirm()
        cron = self.env.ref("logistics_crm.ir_cron_lane_volumes", False)
        if cron and self.logistics_origin_id:
            # the lanes of the client show the order within a minute or so
            cron._trigger()
        return result

    def action_draft(self):
        """Tell the lifecycle: what no longer counts leaves no other trace."""
        result = super().action_draft()
        self._mark_clients_stale()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_mark_clients_stale(self):
        self._mark_clients_stale()

    def _mark_clients_stale(self):
        # measures are nobody's to write
        clients = self.sudo().partner_id.commercial_partner_id
        self.env["logistics.client.measure"].sudo()._mark_stale(clients.ids)
