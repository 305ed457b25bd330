from odoo import Command, fields, models

from ..models import cost_allocation_sql as allocation_sql
from ..models import cost_driver_sql as driver_sql

SHOWN = 20


class LogisticsCostDriverPreview(models.TransientModel):
    """Count a driver now, for one company and month, without a run."""

    _name = "logistics.cost.driver.preview"
    _description = "Cost-to-serve: count of a driver now"

    driver_id = fields.Many2one("logistics.cost.driver", required=True, readonly=True)
    kind = fields.Selection(related="driver_id.kind")
    is_available = fields.Boolean(related="driver_id.is_available")
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    month = fields.Date(
        required=True,
        default=lambda self: self._default_month(),
        help="Any day of the month to count.",
    )
    total = fields.Float(digits=(16, 2), readonly=True)
    client_count = fields.Integer("Clients", readonly=True)
    line_ids = fields.One2many(
        "logistics.cost.driver.preview.line",
        "preview_id",
        "Largest Clients",
        readonly=True,
    )

    def _default_company_id(self):
        return self.env.company

    def _default_month(self):
        return self.env["logistics.cost.run"]._default_month()

    def action_count(self):
        """Count the month and show the largest clients."""
        self.ensure_one()
        rows = self._count()
        self.write(
            {
                "total": sum(quantity for __, quantity in rows),
                "client_count": len(rows),
                "line_ids": [Command.clear()]
                + [
                    Command.create({"client_id": client_id, "quantity": quantity})
                    for client_id, quantity in rows[:SHOWN]
                ],
            }
        )
        return self._action_show()

    def _action_show(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Count of %(driver)s", driver=self.driver_id.name),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_open_events(self):
        """Open what was counted."""
        self.ensure_one()
        return self.driver_id._action_open_events(self.company_id, self.month)

    def _count(self):
        """Return (client id, count), largest first."""
        self.ensure_one()
        driver = self.driver_id
        scope = driver._get_scope(self.company_id, self.month)
        driver._flush_sources()
        if driver.kind == "formula":
            return self._count_formula(scope)
        events = driver._get_events(scope)
        if events is None:
            return []
        self.env.cr.execute(driver_sql.totals_by_client(events))
        return self.env.cr.fetchall()

    def _count_formula(self, scope):
        cr = self.env.cr
        cr.execute(allocation_sql.DROP_TABLES)
        cr.execute(allocation_sql.CREATE_TABLES)
        self.env["logistics.cost.run"]._count_drivers(self.driver_id, scope, set())
        cr.execute(allocation_sql.totals_of_driver(self.driver_id.id))
        rows = cr.fetchall()
        cr.execute(allocation_sql.DROP_TABLES)
        return rows


class LogisticsCostDriverPreviewLine(models.TransientModel):
    """One client of a preview."""

    _name = "logistics.cost.driver.preview.line"
    _description = "Cost-to-serve: count of a client now"
    _order = "quantity desc, id"

    preview_id = fields.Many2one(
        "logistics.cost.driver.preview", required=True, index=True, ondelete="cascade"
    )
    client_id = fields.Many2one("res.partner", required=True)
    quantity = fields.Float("Count", digits=(16, 2))

    def action_open_events(self):
        """Open what was counted for the client."""
        self.ensure_one()
        preview = self.preview_id
        return preview.driver_id._action_open_events(
            preview.company_id, preview.month, self.client_id
        )
