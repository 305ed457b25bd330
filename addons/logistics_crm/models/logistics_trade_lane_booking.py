from datetime import timedelta

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from . import lane_booking_sql

# Clients whose lanes are counted in one statement.
BATCH = 5_000
# A transaction may have been open this long when the last refresh looked.
OVERLAP = timedelta(minutes=15)


class LogisticsTradeLane(models.Model):
    """What is booked with us on a lane, beside what the client says that it ships.

    The figures are kept with the lane, so that lists sort, filter and add up by them:
    counting them anew for a filter would read all orders of all clients. They are
    right for a lane that was just entered, and follow orders within the hour; what is
    older than twelve months drops out at night.
    """

    # a file per subject: what the client states is in the other one
    _inherit = "logistics.trade.lane"  # pylint: disable=consider-merging-classes-inherited

    booked_orders = fields.Integer(
        string="Orders Booked",
        compute="_compute_booked",
        store=True,
        copy=False,
        help="Confirmed orders of the last twelve months on this lane.",
    )
    booked_volume = fields.Float(
        digits=(16, 2),
        compute="_compute_booked",
        store=True,
        copy=False,
        help="Of the confirmed orders of the last twelve months, in the unit of the"
        " lane, as far as the orders tell.",
    )
    moved_transfers = fields.Integer(
        string="Transfers Done",
        compute="_compute_booked",
        store=True,
        copy=False,
        help="Done deliveries of these orders, where Inventory is used.",
    )
    moved_volume = fields.Float(
        digits=(16, 2),
        compute="_compute_booked",
        store=True,
        copy=False,
        help="Of the done deliveries, in the unit of the lane; packages count as"
        " pallets.",
    )
    moved_weight_kg = fields.Float(
        string="Moved Weight (kg)",
        digits=(16, 3),
        compute="_compute_booked",
        store=True,
        copy=False,
    )
    booked_at = fields.Datetime(
        string="Volumes as of",
        compute="_compute_booked",
        store=True,
        copy=False,
    )
    target_volume = fields.Float(
        digits=(16, 2), help="What we want to book on this lane in a year."
    )
    booked_share = fields.Float(
        string="Booked Share (%)",
        digits=(16, 1),
        compute="_compute_booked_share",
        store=True,
        aggregator="avg",
        help="Booked volume in percent of the yearly volume that the client states.",
    )
    target_reached = fields.Float(
        string="Target Reached (%)",
        digits=(16, 1),
        compute="_compute_booked_share",
        store=True,
        aggregator="avg",
        help="Booked volume in percent of the target volume.",
    )

    _target_positive = models.Constraint(
        "CHECK (target_volume >= 0)", "The target volume cannot be negative."
    )

    @api.depends(
        "partner_id.logistics_lane_ids.origin_id",
        "partner_id.logistics_lane_ids.destination_id",
        "partner_id.logistics_lane_ids.mode_id",
        "partner_id.logistics_lane_ids.container_type_id",
        "partner_id.logistics_lane_ids.active",
        "partner_id.logistics_lane_ids.company_id",
        "volume_unit",
    )
    def _compute_booked(self):
        """Count anew: a lane may take orders over from its sisters."""
        figures = self._get_booked_figures()
        now = fields.Datetime.now()
        for lane in self:
            (
                lane.booked_orders,
                lane.booked_volume,
                lane.moved_transfers,
                lane.moved_volume,
                lane.moved_weight_kg,
            ) = figures.get(lane._origin.id, (0, 0, 0, 0, 0))
            lane.booked_at = now

    @api.depends("booked_volume", "yearly_volume", "target_volume")
    def _compute_booked_share(self):
        for lane in self:
            for name, whole in (
                ("booked_share", lane.yearly_volume),
                ("target_reached", lane.target_volume),
            ):
                lane[name] = round(100 * lane.booked_volume / whole, 1) if whole else 0

    def action_refresh_booked(self):
        """Count the orders of the clients of these lanes now."""
        self.check_access("write")
        self._refresh_booked(self.partner_id.ids)

    @api.model
    def _cron_refresh_booked(self):
        """Count the lanes of clients with news, and once a day those of all others."""
        cron = self.env["ir.cron"]
        todo = self._get_clients_to_count()
        cron._commit_progress(remaining=len(todo))
        for start in range(0, len(todo), BATCH):
            batch = todo[start : start + BATCH]
            self._refresh_booked(batch)
            if not cron._commit_progress(len(batch)):
                return

    @api.model
    def _get_clients_to_count(self):
        """Return the ids of clients: with changed orders, or not counted today."""
        self.flush_model(["booked_at"])
        self.env["sale.order"].flush_model()
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        rows = self.env.execute_query(SQL("SELECT MAX(booked_at) FROM %s", self._sql()))
        changed = SQL("SELECT NULL::integer AS id WHERE FALSE")
        if last := rows[0][0]:
            changed = lane_booking_sql.changed_clients(last - OVERLAP)
            if self._has_transfers():
                changed = SQL(
                    "%s UNION %s",
                    changed,
                    lane_booking_sql.changed_by_transfers(last - OVERLAP),
                )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner_id FROM %(lanes)s
                 WHERE booked_at < %(today)s OR booked_at IS NULL
                 UNION
                SELECT lane.partner_id
                  FROM (%(changed)s) AS changed
                  JOIN %(lanes)s AS lane ON lane.partner_id = changed.id
                 ORDER BY 1
                """,
                lanes=self._sql(),
                today=today,
                changed=changed,
            )
        )
        return [client_id for (client_id,) in rows]

    @api.model
    def _refresh_booked(self, client_ids):
        """Count the lanes of clients in one statement."""
        self._flush_booked_sources()
        self.env.cr.execute(
            lane_booking_sql.write_bookings(
                self._get_bookings_sql(SQL("SELECT UNNEST(%s) AS id", client_ids)),
                fields.Datetime.now(),
            )
        )
        self.invalidate_model(
            [
                "booked_orders",
                "booked_volume",
                "moved_transfers",
                "moved_volume",
                "moved_weight_kg",
                "booked_share",
                "target_reached",
                "booked_at",
            ]
        )

    def _get_booked_figures(self):
        """Return {id: (orders, volume, transfers, moved volume, moved weight)}."""
        clients = self.partner_id._origin
        if not clients or not self._origin:
            return {}
        self._flush_booked_sources()
        rows = self.env.execute_query(
            self._get_bookings_sql(SQL("SELECT UNNEST(%s) AS id", clients.ids))
        )
        return {lane_id: figures for lane_id, *figures in rows}

    @api.model
    def _get_bookings_sql(self, clients):
        since = fields.Datetime.now() - relativedelta(months=12)
        return lane_booking_sql.lane_bookings(
            clients,
            since,
            self._get_booked_cargo_sql(),
            lane_booking_sql.done_transfers()
            if self._has_transfers()
            else lane_booking_sql.no_transfers(),
        )

    @api.model
    def _get_booked_cargo_sql(self):
        """Return the SELECT of the cargo of the orders in `booked`.

        An addon that knows more of the cargo extends it; the columns are those of
        `lane_booking_sql.order_goods`, and an order is named by one of the sources.
        """
        return lane_booking_sql.order_goods()

    @api.model
    def _has_transfers(self):
        """Tell whether deliveries know their order: Inventory and Sales are linked."""
        picking = self.env.registry.get("stock.picking")
        return picking is not None and "sale_id" in picking._fields

    @api.model
    def _flush_booked_sources(self):
        """Bring to the database what the statements read."""
        self.flush_model(
            [
                "partner_id",
                "origin_id",
                "destination_id",
                "mode_id",
                "container_type_id",
                "company_id",
                "volume_unit",
                "yearly_volume",
                "target_volume",
                "sequence",
                "active",
            ]
        )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["sale.order"].flush_model()
        self.env["sale.order.line"].flush_model(["product_uom_qty", "product_id"])
        if self._has_transfers():
            self.env["stock.picking"].flush_model()
            self.env["stock.move.line"].flush_model()

    @api.model
    def _sql(self):
        return SQL.identifier(self._table)
