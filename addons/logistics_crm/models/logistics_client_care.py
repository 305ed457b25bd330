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

    # === parts of the statements that follow === #

    @api.model
    def _get_leader_sql(self):
        """Return the select of the team leader of each salesperson.

        Sources: crm_team_member, crm_team. Grain: user.
        """
        return SQL(
            """
            SELECT DISTINCT ON (member.user_id)
                   member.user_id, leader.id AS leader_id
              FROM crm_team_member AS member
              JOIN crm_team AS team ON team.id = member.crm_team_id AND team.active
              JOIN res_users AS leader ON leader.id = team.user_id AND leader.active
             WHERE member.active
             ORDER BY member.user_id, team.sequence, team.id
            """
        )

    @api.model
    def _create_activities(self, rows):
        """Make the activities of occasions that nobody has taken yet.

        The key of each occasion is inserted first; what is there already, also by a
        run at the same time, is left out.

        :param list[dict] rows: values of logistics.activity.origin, and `values` of
            the activity
        :return: number of activities made
        """
        Origin = self.env["logistics.activity.origin"]
        Origin.flush_model()
        fnames = (
            "partner_id",
            "source",
            "template_id",
            "level_id",
            "occurrence",
            "user_id",
            "due_date",
        )
        columns = [[row.get(fname) or None for row in rows] for fname in fnames]
        inserted = self.env.execute_query(
            SQL(
                """
                INSERT INTO logistics_activity_origin
                            (partner_id, source, template_id, level_id, occurrence,
                             user_id, due_date, create_uid, create_date,
                             write_uid, write_date)
                SELECT *, %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM unnest(%(c0)s::int[], %(c1)s::varchar[], %(c2)s::int[],
                              %(c3)s::int[], %(c4)s::varchar[], %(c5)s::int[],
                              %(c6)s::date[])
           ON CONFLICT DO NOTHING
             RETURNING id, partner_id, source, COALESCE(template_id, 0), occurrence
                """,
                uid=self.env.uid,
                **{f"c{number}": column for number, column in enumerate(columns)},
            )
        )
        origin_by_key = {tuple(key): origin_id for origin_id, *key in inserted}
        made = [
            (origin_id, row["values"])
            for row in rows
            if (
                origin_id := origin_by_key.get(
                    (
                        row["partner_id"],
                        row["source"],
                        row.get("template_id") or 0,
                        row["occurrence"],
                    )
                )
            )
        ]
        if not made:
            return 0
        # names of all clients at once: the activity reads them one by one
        clients = self.env["res.partner"].browse(
            values["res_id"] for _id, values in made
        )
        clients.mapped("display_name")
        # the overview tells people of their work; a mail for each would flood them
        activities = (
            self.env["mail.activity"]
            .with_context(mail_activity_quick_update=True)
            .create([values for _origin_id, values in made])
        )
        self.env.execute_query(
            SQL(
                """
                UPDATE logistics_activity_origin AS origin
                   SET activity_id = made.activity_id
                  FROM unnest(%s::int[], %s::int[]) AS made (origin_id, activity_id)
                 WHERE origin.id = made.origin_id
                """,
                [origin_id for origin_id, _values in made],
                activities.ids,
            )
        )
        Origin.invalidate_model(flush=False)
        return len(made)

    @api.model
    def _withdraw_activities(self, activity_reasons):
        """Delete open activities that no longer apply, and say why on the client.

        :param dict activity_reasons: reason by id of the activity
        """
        if not activity_reasons:
            return
        Origin = self.env["logistics.activity.origin"]
        origins = Origin.search([("activity_id", "in", list(activity_reasons))])
        bodies = {}
        for origin in origins:
            reason = activity_reasons[origin.activity_id.id]
            origin.withdrawn_reason = reason
            bodies.setdefault(origin.partner_id, []).append(
                self.env._(
                    "%(activity)s withdrawn: %(reason)s",
                    activity=origin.activity_id.display_name,
                    reason=reason,
                )
            )
        activities = origins.activity_id
        clients = self.env["res.partner"].union(*bodies)
        clients._message_log_batch(
            bodies={client.id: "; ".join(texts) for client, texts in bodies.items()}
        )
        activities.unlink()
