from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import snapshot_sql


class LogisticsValueSnapshot(models.Model):
    """The values of all clients of a company, as they were in one month."""

    _name = "logistics.value.snapshot"
    _description = "Client value: snapshot"
    _inherit = ["logistics.value.result"]
    _order = "month desc, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    month = fields.Date(
        required=True, readonly=True, help="First day of the month it stands for."
    )
    as_of_date = fields.Date(
        "Values as of", readonly=True, help="The day that the values hold for."
    )
    run_id = fields.Many2one(
        "logistics.value.run",
        "Valuation Run",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    taken_at = fields.Datetime(readonly=True)
    line_ids = fields.One2many("logistics.value.snapshot.line", "snapshot_id")
    client_count = fields.Integer("Clients", readonly=True)
    historical = fields.Monetary("Historical Value", readonly=True)
    predicted = fields.Monetary("Current Value", readonly=True)
    total = fields.Monetary("Client Value", readonly=True)
    value_at_risk = fields.Monetary(
        readonly=True,
        help="Current value of clients that are at risk, probably lost or silent: "
        "what would be missing if they do not come back.",
    )
    revenue = fields.Monetary("Revenue of the Month", readonly=True)
    contribution = fields.Monetary("Contribution of the Month", readonly=True)

    _month_uniq = models.Constraint(
        "UNIQUE (company_id, month)", "A company has one snapshot of a month."
    )

    @api.depends("month", "company_id")
    def _compute_display_name(self):
        for snapshot in self:
            month = fields.Date.to_string(snapshot.month) or ""
            snapshot.display_name = month[:7]

    def action_take(self):
        """Keep the values of the current company for this month, or replace them."""
        self.env["logistics.value.run"].check_access("create")
        company = self.env.company
        values = self.env["logistics.client.value"]
        if not values.search([("company_id", "=", company.id)], limit=1):
            raise UserError(
                self.env._("Compute the client values first: there is nothing to keep.")
            )
        month = fields.Date.context_today(self).replace(day=1)
        # who may value clients: a snapshot copies what the last run wrote
        self.sudo()._take(company, month)
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "logistics_clv.logistics_value_snapshot_line_action"
        )
        return action | {"domain": [("snapshot_id", "=", self.id)], "context": {}}

    @api.model
    def _cron_take(self):
        """Keep last month's values of every company that wants it; drop old ones."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search(
            [("logistics_snapshots_monthly", "=", True)]
        )
        month = fields.Date.context_today(self).replace(day=1)
        month -= relativedelta(months=1)
        waiting = companies.filtered(lambda company: self._is_due(company, month))
        cron._commit_progress(remaining=len(waiting))
        for company in waiting:
            self._take(company, month)
            if not cron._commit_progress(1):
                return
        for company in companies.filtered("logistics_snapshots_kept"):
            self._drop_old(company)

    @api.model
    def _is_due(self, company, month):
        """Return whether a company has values and no snapshot of the month."""
        mine = [("company_id", "=", company.id)]
        if self.search([*mine, ("month", "=", month)], limit=1):
            return False
        return bool(self.env["logistics.client.value"].search(mine, limit=1))

    @api.model
    def _take(self, company, month):
        """Write the snapshot of a month; one that is there is replaced."""
        key = {"company_id": company.id, "month": month}
        snapshot = self.search([(name, "=", value) for name, value in key.items()])
        snapshot = snapshot or self.create(key)
        snapshot.lock_for_update()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "DELETE FROM logistics_value_snapshot_line WHERE snapshot_id = %s",
                snapshot.id,
            )
        )
        self.env.cr.execute(snapshot_sql.write_lines(snapshot.id, company.id, month))
        self.env["logistics.value.snapshot.line"].invalidate_model(flush=False)
        snapshot.write(snapshot._prepare_total_vals())
        return snapshot

    def _prepare_total_vals(self):
        names = ("historical", "predicted", "total", "value_at_risk")
        names += ("revenue", "contribution")
        [[count, *sums]] = self.env["logistics.value.snapshot.line"]._read_group(
            [("snapshot_id", "=", self.id)],
            aggregates=["__count", *(f"{name}:sum" for name in names)],
        )
        grading = self.env["logistics.tier.grading"]
        run = grading._get_last_run(self.company_id)
        return dict(zip(names, sums, strict=True)) | {
            "client_count": count,
            "run_id": run.id,
            "as_of_date": run.as_of_date,
            "taken_at": fields.Datetime.now(),
        }

    @api.model
    def _drop_old(self, company):
        oldest = fields.Date.context_today(self).replace(day=1)
        oldest -= relativedelta(months=company.logistics_snapshots_kept)
        self.search([("company_id", "=", company.id), ("month", "<", oldest)]).unlink()
