from odoo import fields, models
from odoo.tools import SQL


class ResUsers(models.Model):
    _inherit = "res.users"

    logistics_claim_cap = fields.Integer(
        string="Clients at Most",
        groups="logistics_crm.group_manager",
        help="How many clients the user may own by claiming; 0: as the company says.",
    )
    # touched by each claim, so that two claims of one user cannot overlap
    logistics_claim_date = fields.Datetime(
        string="Last Claim", readonly=True, groups="logistics_crm.group_manager"
    )

    _logistics_claim_cap_not_negative = models.Constraint(
        "CHECK (logistics_claim_cap >= 0)", "The number of clients cannot be negative."
    )

    def _start_logistics_claim(self):
        """Let one claim of this user at a time through.

        A second one that has started meanwhile fails to serialise here; Odoo runs it
        again, and then it counts the clients of the first.
        """
        self.ensure_one()
        self.env.cr.execute(
            SQL(
                "UPDATE res_users SET logistics_claim_date = now() AT TIME ZONE 'UTC'"
                " WHERE id = %s",
                self.id,
            ),
            log_exceptions=False,  # a second claim at once is no fault
        )
        self.invalidate_recordset(["logistics_claim_date"], flush=False)

    def _get_logistics_claim_cap(self):
        self.ensure_one()
        # sudo: a salesperson is held to the cap without seeing that of others
        return self.sudo().logistics_claim_cap or self.env.company.logistics_claim_cap
