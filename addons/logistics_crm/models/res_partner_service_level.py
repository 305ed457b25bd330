from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """What a client is entitled to, and when it is to be contacted."""

    # a file per subject
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    logistics_last_contact_date = fields.Date(
        string="Last Contact",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The last logged note, mail, finished activity, quotation or order.",
    )
    logistics_next_contact_date = fields.Date(
        string="Next Contact",
        index="btree_not_null",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="The last contact and the days between contacts of the service level.",
    )
    logistics_tier_date = fields.Date(
        string="Tier since", readonly=True, copy=False, groups="base.group_user"
    )
    logistics_service_level_id = fields.Many2one(
        "logistics.service.level",
        string="Service Level",
        compute="_compute_logistics_service_level_id",
        groups="logistics_crm.group_salesperson",
    )
    logistics_entitlement = fields.Char(
        string="Entitled to",
        compute="_compute_logistics_service_level_id",
        groups="logistics_crm.group_salesperson",
    )

    @api.depends("logistics_stage_id", "logistics_tier_id", "company_id")
    @api.depends_context("lang", "company")
    def _compute_logistics_service_level_id(self):
        Level = self.env["logistics.service.level"]
        for partner in self:
            client = partner.commercial_partner_id
            level = Level._get_level(
                client.logistics_stage_id,
                client.logistics_tier_id,
                client.company_id or self.env.company,
            )
            partner.logistics_service_level_id = level
            partner.logistics_entitlement = level._format_entitlement()

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        if rated := partners.filtered("logistics_tier_id"):
            rated._on_logistics_tier_changed(dict.fromkeys(rated.ids, False))
        return partners

    def write(self, vals):
        if "logistics_tier_id" not in vals:
            return super().write(vals)
        previous = {partner.id: partner.logistics_tier_id.id for partner in self.sudo()}
        result = super().write(vals)
        changed = self.filtered(
            lambda partner: partner.sudo().logistics_tier_id.id != previous[partner.id]
        )
        if changed:
            changed._on_logistics_tier_changed({p.id: previous[p.id] for p in changed})
        return result

    def action_apply_logistics_playbook(self):
        """Make the activities that are due for these clients, once."""
        self.check_access("write")
        self._follow_logistics_playbook()
        return True

    def _on_logistics_stage_changed(self, previous):
        result = super()._on_logistics_stage_changed(previous)
        self._follow_logistics_playbook()
        return result

    def _on_logistics_tier_changed(self, previous):
        """Follow up a change of the value tier; extend to react to it.

        Called with every client that has got another tier, by hand, by import, at
        creation and by a valuation; a valuation that writes by SQL calls it itself, in
        batches.

        :param dict previous: id of the tier before (False: none), by partner id
        """
        # sudo: the day is kept whoever changes the tier
        self.sudo().logistics_tier_date = fields.Date.context_today(self)
        self._follow_logistics_playbook()

    def _follow_logistics_playbook(self):
        """Bring dates and activities of these clients up to their service level."""
        # sudo: the playbook assigns work to the owner and the leader of the client,
        # and knows the team; whoever has changed the client need not
        Care = self.sudo().env["logistics.client.care"]
        if Care._get_caring_companies():
            Care._refresh_dates(self.ids)
            Care._run_playbooks(self.ids)

    def _refresh_logistics_care_dates(self):
        # sudo: dates of the service follow the client, whoever changes it
        Care = self.sudo().env["logistics.client.care"]
        if Care._get_caring_companies():
            Care._refresh_dates(self.ids)

    def _message_post_after_hook(self, message, msg_values):
        """Count a note, a mail or a finished activity of ours as contact at once."""
        result = super()._message_post_after_hook(message, msg_values)
        if (
            message.message_type == "comment" or message.sudo().mail_activity_type_id
        ) and self.env.user._is_internal():
            self._touch_logistics_contact()
        return result

    def _touch_logistics_contact(self):
        # sudo: anybody's contact with the client counts
        clients = self.sudo().commercial_partner_id.filtered("logistics_stage_id")
        today = fields.Date.context_today(self)
        late = clients.filtered(
            lambda client: (
                (client.logistics_last_contact_date or today) < today
                or not client.logistics_last_contact_date
            )
        )
        if not late or not late.env["logistics.client.care"]._get_caring_companies():
            return
        # not by write: a note is no change of the client's data
        self.env.execute_query(
            SQL(
                "UPDATE res_partner SET logistics_last_contact_date = %s"
                " WHERE id = ANY(%s)",
                today,
                late.ids,
            )
        )
        late.invalidate_recordset(["logistics_last_contact_date"], flush=False)
        late._refresh_logistics_care_dates()

    def _get_logistics_responsible(self, role):
        """Return who does what a playbook gives to a role; empty without an owner."""
        self.ensure_one()
        owner = self.user_id
        if role == "logistics_level":
            level = self.logistics_service_level_id.sudo()  # sudo: only who it names
            if level.responsible_role == "user":
                return level.responsible_id
            role = f"logistics_{level.responsible_role or 'owner'}"
        if role == "logistics_leader" and owner:
            Care = self.env["logistics.client.care"]
            leaders = dict(self.env.execute_query(Care._get_leader_sql()))
            return owner.browse(leaders.get(owner.id) or owner.id)
        return owner
