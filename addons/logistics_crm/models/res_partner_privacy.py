from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL

# A contact is known by these; a name alone is not contact data.
CONTACT_FIELDS = frozenset(
    {
        "email",
        "email_formatted",
        "email_normalized",
        "phone",
        "phone_blacklisted",
        "phone_sanitized",
        "mobile_blacklisted",
        "phone_mobile_search",
        "contact_address",
        "contact_address_inline",
        "contact_address_complete",
        "street",
        "street2",
        "zip",
    }
)


class ResPartner(models.Model):
    """Contact data of others' clients, and who may change a client's profile.

    Where a company makes its clients private, a salesperson without the right to see
    all contact data reads it empty on clients that another owns: in forms, lists,
    exports, vCards, groups and over the API, and cannot find it by searching or sorting
    either. The cache keeps the true values: code that runs with the system's rights
    (mails, invoices) is not affected.
    """

    # a file per subject
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    is_logistics_masked = fields.Boolean(
        string="Contact Data Hidden",
        compute="_compute_is_logistics_masked",
        groups="base.group_user",
    )

    @api.depends("commercial_partner_id.user_id", "partner_share")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_logistics_masked(self):
        masked = self._get_logistics_masked()
        for partner in self:
            partner.is_logistics_masked = partner in masked

    def write(self, vals):
        if not self.env.su and any(name.startswith("logistics_") for name in vals):
            self._check_logistics_profile_access()
        return super().write(vals)

    @api.model
    def _hides_logistics_contacts(self):
        """Say whether this user reads contact data of own clients only."""
        return not self.env.su and self.env["res.users"]._hides_logistics_contacts(
            self.env.uid, self.env.company.id
        )

    def _get_logistics_masked(self):
        """Return those of the partners whose contact data the user may not see."""
        if not self or not self._hides_logistics_contacts():
            return self.browse()
        allowed = {False, *self.env.user._get_logistics_team_user_ids()}
        # sudo: the owner decides, whether or not the user may read the company
        return self.filtered(
            lambda partner: (
                partner.sudo().partner_share
                and partner.sudo().commercial_partner_id.user_id.id not in allowed
            )
        )

    def _check_logistics_profile_access(self):
        """Keep the freight profile of a client to those who look after it."""
        user = self.env.user
        if not user.has_group("logistics_crm.group_salesperson") or user.has_group(
            "logistics_crm.group_manager"
        ):
            return
        allowed = {False, *user._get_logistics_team_user_ids()}
        # sudo: the owner decides, whether or not the user may read the company
        foreign = self.sudo().filtered(
            lambda partner: partner.commercial_partner_id.user_id.id not in allowed
        )
        if foreign:
            raise AccessError(
                self.env._(
                    "%(client)s is looked after by %(owner)s: only they, their team"
                    " leader or a manager change its freight profile.",
                    client=foreign[0].display_name,
                    owner=foreign[0].commercial_partner_id.user_id.name,
                )
            )

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Leave mail and postal addresses out of the names of others' clients."""
        result = super()._compute_display_name()
        context = self.env.context
        if context.get("show_email") or context.get("show_address"):
            for partner in self._get_logistics_masked():
                partner.display_name = partner._get_complete_name()
        return result

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        masked = self._get_logistics_masked()
        return [
            {name: value for name, value in vals.items() if name not in CONTACT_FIELDS}
            if partner in masked
            else vals
            for partner, vals in zip(self, vals_list, strict=True)
        ]

    def _search_phone_mobile_search(self, operator, value):
        domain = Domain(super()._search_phone_mobile_search(operator, value))
        if not self._hides_logistics_contacts():
            return domain
        allowed = [False, *self.env.user._get_logistics_team_user_ids()]
        return domain & (
            Domain("partner_share", "=", False)
            | Domain("commercial_partner_id.user_id", "in", allowed)
        )

    def _read_format(self, fnames, load="_classic_read"):
        result = super()._read_format(fnames, load)
        hidden = CONTACT_FIELDS.intersection(fnames)
        if hidden and (masked := set(self._get_logistics_masked().ids)):
            for values in result:
                if values.get("id") in masked:
                    values.update(dict.fromkeys(hidden & values.keys(), False))
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        hidden = [
            position
            for position, path in enumerate(fields)
            if path and path[0] in CONTACT_FIELDS
        ]
        if not hidden or not (masked := self._get_logistics_masked()):
            return super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        rows = []
        for partner in self:
            lines = super(ResPartner, partner)._export_rows(
                fields, _is_toplevel_call=_is_toplevel_call
            )
            if partner in masked:
                for position in hidden:
                    lines[0][position] = ""
            rows += lines
        return rows

    def _fetch_query(self, query, fields):
        # what is fetched goes to the cache, which system code shares
        records = self.with_context(logistics_fetch=True)
        return super(ResPartner, records)._fetch_query(query, fields).with_env(self.env)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Conditions, order and groups see no contact data that the user may not."""
        sql = super()._field_to_sql(alias, field_expr, query)
        if field_expr not in CONTACT_FIELDS or self.env.context.get("logistics_fetch"):
            return sql
        if not self._hides_logistics_contacts():
            return sql
        return SQL(
            """
            CASE WHEN NOT COALESCE(%(share)s, TRUE) OR EXISTS (
                SELECT FROM res_partner AS owned
                 WHERE owned.id = %(client)s
                   AND (owned.user_id IS NULL OR owned.user_id = ANY(%(allowed)s))
            ) THEN %(value)s END
            """,
            share=SQL.identifier(alias, "partner_share"),
            client=SQL.identifier(alias, "commercial_partner_id"),
            allowed=list(self.env.user._get_logistics_team_user_ids()),
            value=sql,
        )

    def _get_vcard_file(self):
        if self._get_logistics_masked():
            raise AccessError(
                self.env._("The contact data of this client is kept to its owner.")
            )
        return super()._get_vcard_file()
