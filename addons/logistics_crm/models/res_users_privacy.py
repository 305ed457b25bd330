from odoo import api, models
from odoo.tools import ormcache


class ResUsers(models.Model):
    """Whose clients a user looks after."""

    # a file per subject
    _inherit = "res.users"  # pylint: disable=consider-merging-classes-inherited

    def _get_logistics_team_user_ids(self):
        """Return the ids of the user and of the members of the teams that they lead."""
        self.ensure_one()
        # sudo: who is in a team is no secret among its leader and the rules
        led = (
            self.env["crm.team.member"]
            .sudo()
            .search([("crm_team_id.user_id", "=", self.id)])
        )
        return (self.id, *sorted(set(led.user_id.ids) - {self.id}))

    @api.model
    @ormcache("user_id", "company_id")
    def _hides_logistics_contacts(self, user_id, company_id):
        """Say whether contact data of others' clients is hidden from a user."""
        # sudo: a setting of the company and the groups of a user, no more
        company = self.env["res.company"].sudo().browse(company_id)
        user = self.sudo().browse(user_id)
        return (
            company.logistics_private_contacts
            and user.has_group("logistics_crm.group_salesperson")
            and not user.has_group("logistics_crm.group_contact_data")
        )
