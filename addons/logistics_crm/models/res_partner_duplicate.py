from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..duplicates import score

# A key that this many partners share (a group's mail domain) tells nothing more.
MATCHES_PER_KEY = 20
CANDIDATES = 5


class ResPartner(models.Model):
    """Find customers that are there already, before they are entered again."""

    # a file per subject
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    logistics_duplicate_ids = fields.Many2many(
        "res.partner",
        string="Possible Duplicates",
        compute="_compute_logistics_duplicates",
        groups="logistics_crm.group_salesperson",
    )
    logistics_duplicate_note = fields.Char(
        string="Why",
        compute="_compute_logistics_duplicates",
        groups="logistics_crm.group_salesperson",
    )

    @api.depends("name", "vat", "phone", "email", "website", "country_id", "parent_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_logistics_duplicates(self):
        """Look for duplicates while a form is filled in; reading a client is free."""
        self.logistics_duplicate_ids = False
        self.logistics_duplicate_note = False
        edited = self.filtered(lambda partner: not partner.id and not partner.parent_id)
        if not edited:
            return
        found = self._find_logistics_duplicates(
            [partner._prepare_logistics_duplicate_values() for partner in edited]
        )
        for partner, candidates in zip(edited, found, strict=True):
            partner.logistics_duplicate_ids = [
                candidate["partner_id"] for candidate in candidates
            ]
            partner.logistics_duplicate_note = self._format_logistics_duplicate_note(
                candidates
            )

    @api.model_create_multi
    def create(self, vals_list):
        partners = super().create(vals_list)
        self.env["logistics.partner.key"]._queue(partners.ids)
        return partners

    def write(self, vals):
        result = super().write(vals)
        if not vals.keys().isdisjoint(self._get_logistics_key_fields()):
            self.env["logistics.partner.key"]._queue(self.ids)
        return result

    @api.model
    def _get_logistics_key_fields(self):
        return (
            "name",
            "vat",
            "phone",
            "email",
            "website",
            "country_id",
            "parent_id",
            "is_company",
            "commercial_partner_id",
        )

    def _prepare_logistics_duplicate_values(self):
        self.ensure_one()
        return {
            "id": self._origin.id,
            "name": self.name,
            "vat": self.vat,
            "phone": self.phone,
            "email": self.email,
            "website": self.website,
            "country_code": self.country_id.code,
        }

    @api.model
    def _format_logistics_duplicate_note(self, candidates):
        labels = self._get_logistics_duplicate_labels()
        reasons = {reason for found in candidates for reason in found["reasons"]}
        return ", ".join(label for key, label in labels.items() if key in reasons)

    @api.model
    def _get_logistics_duplicate_labels(self):
        return {
            "vat": self.env._("same tax number"),
            "name": self.env._("same name"),
            "phone": self.env._("same phone number"),
            "website": self.env._("same website"),
            "email": self.env._("same mail domain"),
        }

    @api.model
    def _find_logistics_duplicates(self, values_list):
        """Find the clients that each of these customers may be already.

        For forms and imports alike: any number of customers costs two or three
        queries, however many partners there are. Archived ones are found too, to be
        taken back rather than entered again; those that the user may not read, or of
        another company, are not.

        :param list[dict] values_list: any of `name`, `vat`, `phone`, `email`,
            `website`, `country_code` (ISO, for local numbers), and `id` of a partner
            that is no duplicate of itself
        :return: for each of `values_list`, in its order, the best candidates first:
            dicts of `partner_id` (commercial partner), `active`, `score` (0 to 1) and
            `reasons` (of vat, name, phone, website, email)
        :rtype: list[list[dict]]
        """
        Key = self.env["logistics.partner.key"]
        # sudo: keys are no secret beyond the partners found, which are filtered below
        Key.sudo()._refresh_pending()
        wanted = [
            (row, kind, key)
            for row, values in enumerate(values_list)
            for kind, key in Key._get_keys(values).items()
            if key
        ]
        reasons_by_row = defaultdict(dict)
        for row, partner_id, active, reasons in self._match_logistics_keys(wanted):
            if partner_id != values_list[row].get("id"):
                reasons_by_row[row][partner_id] = (active, reasons)
        partner_ids = {key for matches in reasons_by_row.values() for key in matches}
        readable = set(self.browse(partner_ids)._filtered_access("read").ids)
        return [
            sorted(
                (
                    {
                        "partner_id": partner_id,
                        "active": active,
                        "score": score(reasons),
                        "reasons": sorted(reasons),
                    }
                    for partner_id, (active, reasons) in reasons_by_row[row].items()
                    if partner_id in readable
                ),
                key=lambda match: (-match["score"], match["partner_id"]),
            )[:CANDIDATES]
            for row in range(len(values_list))
        ]

    @api.model
    def _match_logistics_keys(self, wanted):
        """Return (row, client, active, reasons) for the wanted (row, kind, key).

        Sources: logistics_partner_key, over one partial index for each kind, at most
        `MATCHES_PER_KEY` partners a key; res_partner by primary key for its commercial
        partner. Grain: row and client. A mail domain is looked for among websites too.
        """
        if not wanted:
            return []
        kinds = (
            ("vat", "vat", "tax_key"),
            ("name", "name", "name_key"),
            ("phone", "phone", "phone_key"),
            ("email", "email", "mail_domain"),
            ("email", "email", "website_domain"),
            ("website", "website", "website_domain"),
            ("website", "website", "mail_domain"),
        )
        hits = SQL(" UNION ALL ").join(
            SQL(
                """
                SELECT wanted.row_number, %(reason)s AS reason, match.partner_id
                  FROM wanted
            CROSS JOIN LATERAL (
                       SELECT key.partner_id
                         FROM logistics_partner_key AS key
                        WHERE %(column)s = wanted.key
                        LIMIT %(limit)s
                       ) AS match
                 WHERE wanted.kind = %(kind)s
                """,
                reason=reason,
                kind=kind,
                column=SQL.identifier("key", column),
                limit=MATCHES_PER_KEY,
            )
            for kind, reason, column in kinds
        )
        rows, wanted_kinds, keys = zip(*wanted, strict=True)
        self.flush_model(["active", "company_id", "commercial_partner_id"])
        return self.env.execute_query(
            SQL(
                """
                WITH wanted AS MATERIALIZED (
                       SELECT *
                         FROM unnest(%(rows)s::int[], %(kinds)s::text[],
                                     %(keys)s::text[])
                              AS wanted (row_number, kind, key)
                     ),
                     hit AS (%(hits)s)
                SELECT hit.row_number, client.id, client.active,
                       array_agg(DISTINCT hit.reason)
                  FROM hit
                  JOIN res_partner AS partner ON partner.id = hit.partner_id
                  JOIN res_partner AS client
                       ON client.id = partner.commercial_partner_id
                 WHERE client.company_id IS NULL
                    OR client.company_id = ANY(%(companies)s)
                 GROUP BY hit.row_number, client.id
                """,
                rows=list(rows),
                kinds=list(wanted_kinds),
                keys=list(keys),
                hits=hits,
                companies=self.env.companies.ids,
            )
        )
