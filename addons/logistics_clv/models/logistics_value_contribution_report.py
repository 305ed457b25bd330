from odoo import fields, models

from . import cost_contribution_sql as contribution_sql


class LogisticsValueContributionReport(models.Model):
    """From revenue to net contribution, step by step, per client and month."""

    _name = "logistics.value.contribution.report"
    _description = "Client value: net contribution"
    _auto = False
    _order = "period desc, component, id desc"
    _rec_name = "client_id"
    _depends = {
        "logistics.cost.run": ["state"],
        "logistics.cost.run.pool": ["run_id", "unused", "unallocated"],
        "logistics.value.entry": ["client_id", "contribution", "revenue"],
        "res.partner": ["commercial_partner_id", "user_id"],
    }

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", "Company Currency", readonly=True)
    client_id = fields.Many2one(
        "res.partner", readonly=True, help="Empty: cost that no client bears."
    )
    period = fields.Date(readonly=True, help="First day of the month.")
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    component = fields.Selection(
        [
            # the numbers keep the order of the bridge where labels are sorted
            ("1_revenue", "Revenue"),
            ("2_direct_cost", "Direct Cost"),
            ("3_sales", "Sales"),
            ("4_marketing", "Marketing"),
            ("5_service", "Service"),
            ("6_credit", "Lateness"),
            ("7_other", "Other Cost-to-Serve"),
            ("8_unused", "Unused Capacity"),
            ("9_unallocated", "Not Allocated"),
        ],
        "Step",
        readonly=True,
    )
    pool_id = fields.Many2one("logistics.cost.pool", readonly=True)
    move_id = fields.Many2one("account.move", "Invoice", readonly=True)
    run_id = fields.Many2one("logistics.cost.run", "Cost Run", readonly=True)
    amount = fields.Monetary(
        "Net Contribution",
        readonly=True,
        help="What the step adds or takes: all steps together are net contribution.",
    )
    revenue = fields.Monetary(readonly=True)
    contribution = fields.Monetary(readonly=True, help="Revenue less direct cost.")
    cost_to_serve = fields.Monetary(
        "Cost-to-Serve",
        readonly=True,
        help="Of confirmed runs, with unused capacity and what was not allocated on "
        "lines without a client.",
    )
    acquisition_amount = fields.Monetary("Acquisition Cost", readonly=True)

    @property
    def _table_query(self):
        return contribution_sql.net_contribution()

    def action_open_source(self):
        """Open the invoice or the cost run behind the row."""
        self.ensure_one()
        source = self.move_id or self.run_id
        return {
            "type": "ir.actions.act_window",
            "res_model": source._name,
            "res_id": source.id,
            "views": [(False, "form")],
        }
