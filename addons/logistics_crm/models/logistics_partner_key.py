from odoo import api, fields, models
from odoo.tools import SQL

from ..data_quality import (
    mail_domain,
    normalise_name,
    normalise_phone,
    normalise_tax_number,
)

PENDING = "logistics_crm.partner_keys"
BATCH = 5000
# Raise it when the normalising changes: the nightly run then makes all keys anew.
VERSION = 1


class LogisticsPartnerKey(models.Model):
    """By what a partner is found when somebody enters it a second time.

    Keys are normalised in Python, so they cannot be an index over res_partner; and a
    stored field there would rewrite that table. A row for each partner stands beside
    it, made at the end of the transaction that has changed the partner: many changes,
    one refresh. What came in by SQL is found at night.
    """

    _name = "logistics.partner.key"
    _description = "Duplicate Key of a Partner"
    _log_access = False
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    name_key = fields.Char()
    tax_key = fields.Char()
    phone_key = fields.Char()
    mail_domain = fields.Char()
    website_domain = fields.Char()
    source_date = fields.Datetime(help="Last change of the partner seen here.")
    version = fields.Integer()

    # a constraint, not an index: Odoo's merge of partners gives way to constraints only
    _partner_uniq = models.Constraint(
        "UNIQUE (partner_id)", "A partner has one row of keys."
    )
    _name_idx = models.Index("(name_key) WHERE name_key IS NOT NULL")
    _tax_idx = models.Index("(tax_key) WHERE tax_key IS NOT NULL")
    _phone_idx = models.Index("(phone_key) WHERE phone_key IS NOT NULL")
    _mail_domain_idx = models.Index("(mail_domain) WHERE mail_domain IS NOT NULL")
    _website_domain_idx = models.Index(
        "(website_domain) WHERE website_domain IS NOT NULL"
    )

    @api.model
    def _cron_refresh(self):
        """Make the keys of partners that have none, or changed without them."""
        self._refresh_pending()
        progress = self.env["ir.cron"]._commit_progress
        progress(remaining=self._count_stale())
        while partner_ids := self._get_stale(BATCH):
            self._refresh(partner_ids)
            if not progress(len(partner_ids)):
                break

    @api.model
    def _queue(self, partner_ids):
        """Refresh the keys of these partners once, before the commit."""
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = set()
            precommit.add(self._refresh_pending)
        precommit.data[PENDING].update(partner_ids)

    @api.model
    def _refresh_pending(self):
        """Refresh now what this transaction has changed."""
        partner_ids = self.env.cr.precommit.data.pop(PENDING, None)
        if partner_ids:
            self._refresh(list(partner_ids))

    @api.model
    def _refresh(self, partner_ids):
        """Write the keys of partners: one row each, grain partner.

        Source: res_partner by its primary key, with the country for local numbers.
        Target: logistics_partner_key over its unique index on the partner. Gone
        partners are skipped, unchanged keys are not rewritten.
        """
        Partner = self.env["res.partner"]
        Partner.flush_model(Partner._get_logistics_key_fields())
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.id, partner.name, partner.vat, partner.phone,
                       partner.email, partner.website, country.code,
                       partner.id = COALESCE(partner.commercial_partner_id, partner.id),
                       partner.write_date
                  FROM res_partner AS partner
             LEFT JOIN res_country AS country ON country.id = partner.country_id
                 WHERE partner.id = ANY(%s)
                """,
                list(partner_ids),
            )
        )
        table = []
        for partner_id, name, vat, phone, email, website, country, own, date in rows:
            keys = self._get_keys(
                {
                    # a contact is known by its number and mail, its name is common
                    "name": own and name,
                    "vat": own and vat,
                    "phone": phone,
                    "email": email,
                    "website": own and website,
                    "country_code": country,
                }
            )
            table.append((partner_id, *keys.values(), date))
        if not table:
            return
        self.env.execute_query(
            SQL(
                """
                INSERT INTO logistics_partner_key AS key
                            (partner_id, name_key, tax_key, phone_key, mail_domain,
                             website_domain, source_date, version)
                SELECT *, %(version)s
                  FROM unnest(%(ids)s::int[], %(names)s::varchar[],
                              %(taxes)s::varchar[], %(phones)s::varchar[],
                              %(mails)s::varchar[],
                              %(websites)s::varchar[], %(dates)s::timestamp[])
                    ON CONFLICT (partner_id) DO UPDATE
                   SET name_key = EXCLUDED.name_key,
                       tax_key = EXCLUDED.tax_key,
                       phone_key = EXCLUDED.phone_key,
                       mail_domain = EXCLUDED.mail_domain,
                       website_domain = EXCLUDED.website_domain,
                       source_date = EXCLUDED.source_date,
                       version = EXCLUDED.version
                """,
                version=VERSION,
                **{
                    name: list(column)
                    for name, column in zip(
                        (
                            "ids",
                            "names",
                            "taxes",
                            "phones",
                            "mails",
                            "websites",
                            "dates",
                        ),
                        zip(*table, strict=True),
                        strict=True,
                    )
                },
            )
        )
        self.invalidate_model(flush=False)

    @api.model
    def _get_keys(self, values):
        """Return the normalised keys of a partner's values, None where there is none.

        :param dict values: any of name, vat, phone, email, website, country_code
        """
        country = values.get("country_code") or None
        return {
            "name": normalise_name(values.get("name") or None) or None,
            "vat": self._get_tax_key(values.get("vat"), country),
            "phone": normalise_phone(values.get("phone") or None, country),
            "email": mail_domain(values.get("email") or None),
            "website": self._get_website_domain(values.get("website")),
        }

    @api.model
    def _get_tax_key(self, vat, country):
        """Take a number that may be false too; a single sign stands for none."""
        key = normalise_tax_number(vat or None, country).value
        return key if key and len(key) > 1 else None

    @api.model
    def _get_website_domain(self, website):
        """Take a website as the domain that its mail would have."""
        host = (website or "").strip().lower().partition("://")[2] or (website or "")
        host = host.strip().lower().partition("/")[0].partition(":")[0]
        return mail_domain(f"x@{host.removeprefix('www.')}") if host else None

    @api.model
    def _get_stale(self, limit):
        """Return partners whose keys are missing or older than they are.

        Sources: res_partner and logistics_partner_key, one pass over both.
        """
        return [
            partner_id
            for (partner_id,) in self.env.execute_query(
                SQL("SELECT partner.id %s LIMIT %s", self._get_stale_sql(), limit)
            )
        ]

    @api.model
    def _count_stale(self):
        [(count,)] = self.env.execute_query(
            SQL("SELECT COUNT(*) %s", self._get_stale_sql())
        )
        return count

    @api.model
    def _get_stale_sql(self):
        return SQL(
            """
              FROM res_partner AS partner
         LEFT JOIN logistics_partner_key AS key ON key.partner_id = partner.id
             WHERE key.partner_id IS NULL
                OR key.source_date IS DISTINCT FROM partner.write_date
                OR key.version IS DISTINCT FROM %s
            """,
            VERSION,
        )
