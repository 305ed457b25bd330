from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    logistics_value_horizon = fields.Integer(
        "Value Horizon (months)",
        default=36,
        help="How many months ahead the expected value of a client is counted. "
        "Longer horizons give higher values: compare only equal ones.",
    )
    logistics_value_discount_rate = fields.Float(
        "Value Discount Rate (%)",
        default=10.0,
        help="Effective yearly rate at which later contributions count for less.",
    )
    logistics_value_segment_by = fields.Selection(
        [
            ("none", "All clients together"),
            ("mode", "Transport mode of most order days"),
            ("category", "Tag of the client"),
        ],
        "Value Segments",
        default="none",
        help="Segments with 50 clients and more get model parameters of their own.",
    )
    logistics_potential_months = fields.Integer(
        "Months of Potential",
        default=12,
        help="How many months of an offer count for the potential of a client.",
    )
    logistics_value_excluded_journal_ids = fields.Many2many(
        "account.journal",
        "logistics_value_excluded_journal_rel",
        "company_id",
        "journal_id",
        "Journals outside the Value Ledger",
        domain="[('type', 'in', ('sale', 'purchase')), ('company_id', '=', id)]",
    )

    logistics_value_own_clients = fields.Boolean(
        "Salespeople see the Contribution of their own Clients",
        help="Salespeople see value and contribution of the clients that they are the "
        "salesperson of, team leaders those of their teams. Managers and accountants "
        "see all clients anyway.",
    )

    logistics_cost_run_day = fields.Integer(
        "Day of the Cost Run",
        default=5,
        help="From this day of a month on, the cost run of the month before is "
        "prepared where there are cost pools; 0: never.",
    )

    _check_logistics_cost_run_day = models.Constraint(
        "CHECK (logistics_cost_run_day BETWEEN 0 AND 28)",
        "The day of the cost run is between 1 and 28, or 0 for never.",
    )
    _check_logistics_value_horizon = models.Constraint(
        "CHECK (logistics_value_horizon BETWEEN 1 AND 240)",
        "The value horizon is between 1 and 240 months.",
    )
    _check_logistics_value_discount_rate = models.Constraint(
        "CHECK (logistics_value_discount_rate BETWEEN 0 AND 100)",
        "The value discount rate is between 0 and 100 %.",
    )

    _check_logistics_potential_months = models.Constraint(
        "CHECK (logistics_potential_months BETWEEN 1 AND 120)",
        "Between 1 and 120 months of an offer count for the potential.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        if any(companies.mapped("logistics_value_own_clients")):
            self.env.registry.clear_cache()  # of menus
        return companies

    def write(self, vals):
        if "logistics_value_own_clients" in vals:
            self.env.registry.clear_cache()  # of menus
        return super().write(vals)
