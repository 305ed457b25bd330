from odoo import api, fields, models

from . import lifecycle_measures_sql as measures_sql


class LogisticsClientMeasure(models.Model):
    """What the lifecycle knows of one client, over all companies.

    Written by SQL only (lifecycle_measures_sql.py). Amounts are in the currency of the
    main company.
    """

    _name = "logistics.client.measure"
    _description = "Lifecycle Measures of a Client"
    _log_access = False
    _order = "last_order desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", "Client", required=True, readonly=True, ondelete="cascade"
    )
    stage_id = fields.Many2one(related="partner_id.logistics_stage_id")
    first_order = fields.Date(readonly=True)
    last_order = fields.Date(readonly=True)
    order_count = fields.Integer("Orders", readonly=True)
    order_days = fields.Integer(readonly=True)
    orders_90 = fields.Integer("Orders in 90 Days", readonly=True)
    previous_90 = fields.Integer("Same 90 Days a Year Before", readonly=True)
    orders_365 = fields.Integer("Orders in 365 Days", readonly=True)
    previous_365 = fields.Integer("Year Before", readonly=True)
    shipments_90 = fields.Integer("Shipments in 90 Days", readonly=True)
    shipments_365 = fields.Integer("Shipments in 365 Days", readonly=True)
    contribution_365 = fields.Float(
        "Contribution in 365 Days",
        readonly=True,
        groups="logistics_crm.group_manager",
    )
    open_cases = fields.Integer(readonly=True)
    overdue_since = fields.Date(readonly=True, groups="logistics_crm.group_credit")
    overdue_amount = fields.Float(readonly=True, groups="logistics_crm.group_credit")

    candidate_stage_id = fields.Many2one(
        "logistics.lifecycle.stage",
        "Next Stage",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The stage that the facts ask for, while it is being confirmed or held.",
    )
    candidate_runs = fields.Integer("Confirmed in Nights", readonly=True)
    checked_on = fields.Date(
        readonly=True, help="The last day that has confirmed the next stage."
    )
    next_check = fields.Date(
        readonly=True,
        help="The next day on which a rule may say something else, if nothing happens.",
    )
    is_due = fields.Boolean(readonly=True, help="Changed since the last run.")
    is_stale = fields.Boolean(readonly=True, help="To be measured by the next run.")

    _partner_uniq = models.Constraint(
        "UNIQUE (partner_id)", "A client is measured once."
    )
    _stale_idx = models.Index("(partner_id) WHERE is_stale")
    _due_idx = models.Index("(id) WHERE is_due")
    _next_check_idx = models.Index("(next_check)")

    @api.model
    def _mark_stale(self, client_ids):
        """Have the next run measure clients whose change leaves no trace to find."""
        if client_ids:
            self.env.cr.execute(measures_sql.stale(client_ids))
            self.invalidate_model(["is_stale"])
