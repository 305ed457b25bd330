from odoo import api, fields, models


class ResCompany(models.Model):
    """How the company cares for its clients; all of it is off until it is chosen."""

    _inherit = "res.company"

    logistics_protect_clients = fields.Boolean(
        string="Return Unworked Clients",
        help="Clients that their owner has not worked for the time which their stage"
        " grants go back to the pool, after a warning, and can be claimed there.",
    )
    logistics_protect_since = fields.Date(
        string="Protection Counts from",
        compute="_compute_logistics_protect_since",
        store=True,
        readonly=False,
        help="No client goes back before its time has run from this day.",
    )
    logistics_claim_cap = fields.Integer(
        string="Clients per Salesperson",
        help="Who owns as many may claim no more; 0 means any number."
        " A user may have another number.",
    )
    logistics_claim_cooling_days = fields.Integer(
        string="Cooling Period",
        default=30,
        help="Days in which somebody who has lost a client cannot claim it back.",
    )

    logistics_use_playbooks = fields.Boolean(
        string="Follow Playbooks",
        help="Playbooks of a client's service level create activities by themselves.",
    )
    logistics_playbooks_since = fields.Date(
        string="Playbooks Count from",
        compute="_compute_logistics_playbooks_since",
        store=True,
        readonly=False,
        help="What was due before this day is not caught up.",
    )
    logistics_daily_activities = fields.Integer(
        string="Activities a Day",
        default=12,
        help="The most that playbooks and warnings give to one person for one day;"
        " the rest goes to later days. 0 means any number.",
    )
    logistics_playbook_horizon = fields.Integer(
        string="Days Ahead",
        default=7,
        help="How many days before it is due a follow-up becomes an activity.",
    )

    _logistics_care_not_negative = models.Constraint(
        "CHECK (logistics_claim_cap >= 0 AND logistics_claim_cooling_days >= 0"
        " AND logistics_daily_activities >= 0 AND logistics_playbook_horizon >= 0)",
        "Caps, days and the cooling period of clients cannot be negative.",
    )

    @api.depends("logistics_protect_clients")
    def _compute_logistics_protect_since(self):
        self._start_logistics_today(
            "logistics_protect_clients", "logistics_protect_since"
        )

    @api.depends("logistics_use_playbooks")
    def _compute_logistics_playbooks_since(self):
        self._start_logistics_today(
            "logistics_use_playbooks", "logistics_playbooks_since"
        )

    def _start_logistics_today(self, switch, since):
        """Count from the day on which something is switched on, not from before."""
        for company in self:
            if not company[switch]:
                company[since] = False
            elif not company[since]:
                company[since] = fields.Date.context_today(company)
