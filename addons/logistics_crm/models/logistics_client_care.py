import json

from odoo import api, models
from odoo.tools import SQL

WATERMARK = "logistics_crm.care_watermark"
# tables whose new rows tell of work with a client
WORK_TABLES = ("mail_message", "sale_order")


class LogisticsClientCare(models.AbstractModel):
    """The nightly round over all clients, set-based.

    1. When was each client last worked with: only messages and orders that are new
       since the last round but one are read (a transaction that was open during the
       last round commits rows with smaller ids).
    2. When is the next contact due, and until when is the owner protected.
    3. Warnings, and clients that go back to the pool.
    4. Playbooks: what no longer applies is withdrawn, what is due is made.

    Each step starts from the state of the database and is done once however often it
    runs, so a round that was broken off goes on with the next one.
    """

    _name = "logistics.client.care"
    _description = "Care for Clients"

    @api.model
    def _cron_run(self):
        companies = self._get_caring_companies()
        progress = self.env["ir.cron"]._commit_progress
        if not companies:
            self._forget_dates()
            return
        progress(remaining=4)
        self._refresh_last_contact()
        progress(1)
        self._refresh_dates()
        progress(1)
        if not self._run_protection(progress):
            return
        progress(1)
        if self._run_playbooks(progress=progress):
            progress(1, remaining=0)

    @api.model
    def _get_caring_companies(self):
        # sudo: the round goes over all companies
        return (
            self.env["res.company"]
            .sudo()
            .search(
                [
                    "|",
                    ("logistics_protect_clients", "=", True),
                    ("logistics_use_playbooks", "=", True),
                ]
            )
        )

    @api.model
    def _forget_dates(self):
        """Leave no due dates behind once the last company has switched all off."""
        dated = self.env["res.partner"].search(
            [
                "|",
                ("logistics_next_contact_date", "!=", False),
                ("logistics_protection_date", "!=", False),
            ],
            limit=1,
        )
        if dated:
            self._refresh_dates()

    # === work done with clients === #

    @api.model
    def _refresh_last_contact(self):
        """Set the date of the last work with each client that was worked with.

        Sources: the new rows of mail_message and sale_order by primary key, see
        `_get_work_sources`; res_partner by primary key for the commercial partner.
        Grain: client. Only clients with a later date are written.
        """
        Config = self.env["ir.config_parameter"].sudo()  # sudo: a mark of the round
        marks = json.loads(Config.get_param(WATERMARK) or "{}")
        newest = {table: self._get_newest_id(table) for table in WORK_TABLES}
        after = {table: marks.get(table, [0, 0])[0] for table in WORK_TABLES}
        self.env.execute_query(self._get_last_contact_sql(after))
        Config.set_param(
            WATERMARK,
            json.dumps(
                {
                    table: [marks.get(table, [0, 0])[1], newest[table]]
                    for table in WORK_TABLES
                }
            ),
        )
        self.env["res.partner"].invalidate_model(
            ["logistics_last_contact_date"], flush=False
        )

    @api.model
    def _get_newest_id(self, table):
        [(newest,)] = self.env.execute_query(
            SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table))
        )
        return newest

    @api.model
    def _get_last_contact_sql(self, after):
        return SQL(
            """
            UPDATE res_partner AS client
               SET logistics_last_contact_date = work.day
              FROM (
                   SELECT partner.commercial_partner_id AS client_id,
                          MAX(done.date)::date AS day
                     FROM (%s) AS done (partner_id, date)
                     JOIN res_partner AS partner ON partner.id = done.partner_id
                    GROUP BY partner.commercial_partner_id
                   ) AS work
             WHERE client.id = work.client_id
               AND client.logistics_stage_id IS NOT NULL
               AND (client.logistics_last_contact_date IS NULL
                    OR client.logistics_last_contact_date < work.day)
            """,
            SQL(" UNION ALL ").join(self._get_work_sources(after)),
        )

    @api.model
    def _get_work_sources(self, after):
        """Return selects of (partner, date of work); extend to count more as work.

        Work is what somebody of ours has done: a note or mail in the chatter of the
        client, its contacts, opportunities and orders, a finished activity there, and
        an order or quotation. Mails that come in and mass mailings are none.

        :param dict after: id after which the rows of a table are new
        """
        return [
            SQL(
                """
                SELECT COALESCE(lead.partner_id, sale.partner_id, message.res_id),
                       message.date
                  FROM mail_message AS message
                  JOIN res_users AS author
                       ON author.partner_id = message.author_id AND NOT author.share
             LEFT JOIN crm_lead AS lead
                       ON message.model = 'crm.lead' AND lead.id = message.res_id
             LEFT JOIN sale_order AS sale
                       ON message.model = 'sale.order' AND sale.id = message.res_id
                 WHERE message.id > %s
                   AND message.model IN ('res.partner', 'crm.lead', 'sale.order')
                   AND (message.model = 'res.partner'
                        OR COALESCE(lead.partner_id, sale.partner_id) IS NOT NULL)
                   AND (message.message_type = 'comment'
                        OR message.mail_activity_type_id IS NOT NULL)
                """,
                after["mail_message"],
            ),
            SQL(
                "SELECT partner_id, create_date FROM sale_order"
                " WHERE id > %s AND state <> 'cancel'",
                after["sale_order"],
            ),
        ]

    # === dates of the next contact and of the protection === #

    @api.model
    def _refresh_dates(self, partner_ids=None):
        """Set the next contact and the end of the protection where they have changed.

        Sources: res_partner (clients: those with a stage), its owner and company, the
        stage, the table of service levels, the ownership history by client. Grain:
        client. One pass; only rows with other dates are written.

        :param partner_ids: only these clients; None for all
        """
        Level = self.env["logistics.service.level"]
        self.env.flush_all()
        only = SQL("TRUE")
        history_only = SQL("TRUE")
        if partner_ids is not None:
            only = SQL("partner.id = ANY(%s)", list(partner_ids))
            history_only = SQL("history.partner_id = ANY(%s)", list(partner_ids))
        changed = self.env.execute_query(
            SQL(
                """
                UPDATE res_partner AS client
                   SET logistics_next_contact_date = due.next_contact,
                       logistics_protection_date = due.protected_until
                  FROM (
                SELECT partner.id,
                       CASE WHEN partner.active AND company.logistics_use_playbooks
                             AND service.cadence_days > 0
                            THEN GREATEST(
                                     COALESCE(partner.logistics_last_contact_date,
                                              partner.create_date::date),
                                     company.logistics_playbooks_since)
                                 + service.cadence_days
                        END AS next_contact,
                       CASE WHEN partner.active AND company.logistics_protect_clients
                             AND stage.protection_days > 0
                            THEN GREATEST(
                                     partner.logistics_last_contact_date,
                                     partner.create_date::date,
                                     assigned.day,
                                     company.logistics_protect_since)
                                 + stage.protection_days
                        END AS protected_until
                  FROM res_partner AS partner
             LEFT JOIN res_users AS owner ON owner.id = partner.user_id
             LEFT JOIN res_company AS company
                       ON owner.id IS NOT NULL
                      AND company.id = COALESCE(partner.company_id, owner.company_id)
             LEFT JOIN logistics_lifecycle_stage AS stage
                       ON stage.id = partner.logistics_stage_id
             LEFT JOIN %(levels)s ON %(level_of)s
             LEFT JOIN logistics_service_level AS service
                       ON service.id = level.level_id
             LEFT JOIN (
                       SELECT history.partner_id, MAX(history.date)::date AS day
                         FROM logistics_ownership_history AS history
                        WHERE history.to_user_id IS NOT NULL AND %(history_only)s
                        GROUP BY history.partner_id
                       ) AS assigned ON assigned.partner_id = partner.id
                 WHERE %(only)s
                   AND (partner.logistics_stage_id IS NOT NULL
                        OR partner.logistics_next_contact_date IS NOT NULL
                        OR partner.logistics_protection_date IS NOT NULL)
                       ) AS due
                 WHERE client.id = due.id
                   AND (client.logistics_next_contact_date,
                        client.logistics_protection_date)
                       IS DISTINCT FROM (due.next_contact, due.protected_until)
             RETURNING client.id
                """,
                levels=Level._get_map_sql(),
                level_of=Level._get_map_condition(
                    SQL("COALESCE(partner.company_id, owner.company_id)")
                ),
                only=only,
                history_only=history_only,
            )
        )
        self.env["res.partner"].browse(
            partner_id for (partner_id,) in changed
        ).invalidate_recordset(
            ["logistics_next_contact_date", "logistics_protection_date"], flush=False
        )
