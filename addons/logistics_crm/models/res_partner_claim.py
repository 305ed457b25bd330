from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..ownership import claims_left, cooling_until


class ResPartner(models.Model):
    """The pool: clients that nobody owns, claimed by one and given back."""

    # a file per subject
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    logistics_can_claim = fields.Boolean(
        compute="_compute_logistics_can_claim",
        groups="logistics_crm.group_salesperson",
    )

    @api.depends("user_id", "logistics_stage_id")
    @api.depends_context("company")
    def _compute_logistics_can_claim(self):
        protect = self.env.company.logistics_protect_clients
        for partner in self:
            partner.logistics_can_claim = (
                protect
                and partner.id
                and partner.logistics_stage_id
                and not partner.user_id
            )

    def action_claim_logistics_client(self):
        """Take clients from the pool: all of them, or none and the reason."""
        if not self.env.user.has_group("logistics_crm.group_salesperson"):
            raise AccessError(self.env._("Only salespeople can claim clients."))
        self.check_access("read")
        user = self.env.user
        user._start_logistics_claim()
        self._lock_logistics_pool()
        self._check_logistics_claim(user)
        contacts = self._get_logistics_contacts_of(False)
        # sudo: the pool is there to be claimed, whatever else a salesperson may write
        (self | contacts).sudo().with_context(logistics_owner_kind="claim").write(
            {"user_id": user.id}
        )
        self._refresh_logistics_care_dates()
        return True

    def action_return_logistics_client(self):
        """Give clients back to the pool before their time has run."""
        leader = self.env.user.has_group("logistics_crm.group_team_leader")
        for client in self:
            if client.user_id != self.env.user and not leader:
                raise AccessError(
                    self.env._(
                        "%(client)s is not yours: only its owner or a team leader"
                        " can return it.",
                        client=client.display_name,
                    )
                )
        for owner, clients in self.grouped("user_id").items():
            contacts = clients._get_logistics_contacts_of(owner)
            # sudo: checked above; the contacts follow their company
            (clients | contacts).sudo().with_context(
                logistics_owner_kind="return",
                logistics_owner_reason=self.env._("Given back"),
            ).write({"user_id": False})
        self._refresh_logistics_care_dates()
        return True

    def _lock_logistics_pool(self):
        """Lock the clients against a second claim.

        Who comes second waits for the first. Once that has committed, this
        transaction no longer serialises: Odoo runs it again, and the check tells who
        was faster.
        """
        self.env["res.partner"].flush_model(["user_id", "logistics_stage_id"])
        self.env.cr.execute(
            SQL(
                "SELECT id FROM res_partner WHERE id = ANY(%s)"
                " ORDER BY id FOR NO KEY UPDATE",
                self.ids,
            ),
            log_exceptions=False,  # somebody was faster: that is no fault
        )
        self.invalidate_recordset(["user_id", "logistics_stage_id"])

    def _check_logistics_claim(self, user):
        company = self.env.company
        if not company.logistics_protect_clients:
            raise UserError(
                self.env._(
                    "%(company)s does not use the pool. An administrator can switch"
                    " it on in the settings of CRM.",
                    company=company.name,
                )
            )
        for client in self.sudo():
            if client.user_id:
                raise UserError(
                    self.env._(
                        "%(client)s has just been claimed: it belongs to %(owner)s.",
                        client=client.display_name,
                        owner=client.user_id.name,
                    )
                )
            if not client.logistics_stage_id or (
                client.commercial_partner_id != client
            ):
                raise UserError(
                    self.env._(
                        "%(client)s is not a client: give it a lifecycle stage first.",
                        client=client.display_name,
                    )
                )
        self._check_logistics_claim_cap(user)
        self._check_logistics_cooling(user)

    def _check_logistics_claim_cap(self, user):
        cap = user._get_logistics_claim_cap()
        # sudo: the count holds for clients of all companies
        owned = self.sudo().search_count(
            [("user_id", "=", user.id), ("logistics_stage_id", "!=", False)]
        )
        left = claims_left(cap, owned)
        if left is not None and len(self) > left:
            raise UserError(
                self.env._(
                    "You own %(owned)s clients of at most %(cap)s and can claim"
                    " %(left)s more. Return some to the pool, or ask your manager.",
                    owned=owned,
                    cap=cap,
                    left=left,
                )
            )

    def _check_logistics_cooling(self, user):
        """Refuse what the user has lost to the pool a short while ago."""
        days = self.env.company.logistics_claim_cooling_days
        if not days:
            return
        # sudo: whoever lost a client need not see its history
        lost = dict(
            self.env["logistics.ownership.history"]
            .sudo()
            ._read_group(
                [
                    ("partner_id", "in", self.ids),
                    ("from_user_id", "=", user.id),
                    ("kind", "=", "return"),
                    ("is_reverted", "=", False),
                ],
                ["partner_id"],
                ["date:max"],
            )
        )
        today = fields.Date.context_today(self)
        for client, date in lost.items():
            until = cooling_until(date.date(), days)
            if today <= until:
                raise UserError(
                    self.env._(
                        "You have lost %(client)s to the pool; it is open to others"
                        " until %(date)s.",
                        client=client.display_name,
                        date=until,
                    )
                )

    def _get_logistics_contacts_of(self, user):
        """Return the contacts of these clients that had the client's owner."""
        # sudo: the owner of a contact follows that of its company
        return (
            self.sudo()
            .search(
                [
                    ("commercial_partner_id", "in", self.ids),
                    ("id", "not in", self.ids),
                    ("user_id", "=", user and user.id),
                ]
            )
            .with_env(self.env)
        )
