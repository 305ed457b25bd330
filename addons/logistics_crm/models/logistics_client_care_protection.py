from odoo import api, fields, models
from odoo.tools import SQL

BATCH = 1000
WARNINGS = 500


class LogisticsClientCare(models.AbstractModel):
    """Warn owners whose protection ends, and return to the pool what rests on."""

    _inherit = "logistics.client.care"

    @api.model
    def _run_protection(self, progress):
        """Withdraw, warn, return; False when time is up."""
        self._withdraw_warnings()
        while self._warn_owners():
            if not progress(0):
                return False
        while self._return_clients():
            if not progress(0):
                return False
        return True

    @api.model
    def _withdraw_warnings(self):
        """Take back the warnings of clients that were worked with since.

        Source: logistics_activity_origin with an open activity, by the index on it.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT activity.id
                  FROM logistics_activity_origin AS origin
                  JOIN mail_activity AS activity
                       ON activity.id = origin.activity_id AND activity.active
                  JOIN res_partner AS partner ON partner.id = origin.partner_id
                 WHERE origin.source = 'protection'
                   AND (partner.logistics_protection_date IS NULL
                        OR left(origin.occurrence, 10) <>
                           to_char(partner.logistics_protection_date, 'YYYY-MM-DD'))
                """
            )
        )
        reason = self.env._("the client is protected longer or was returned")
        self._withdraw_activities({activity_id: reason for (activity_id,) in rows})

    @api.model
    def _warn_owners(self):
        """Make a batch of warnings to owners and team leaders; return their number.

        Sources: res_partner by the partial index on the protection date, its stage,
        owner and team leader. A person gets no more warnings a night than the company
        allows; the clients left over are warned later, and stay until then.
        """
        self.env.flush_all()
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            SQL(
                """
                WITH leader AS (%(leaders)s),
                     warned AS (
                SELECT partner.id AS partner_id, partner.user_id AS owner_id,
                       partner.logistics_protection_date AS until,
                       leader.leader_id, owner.active AS owner_active,
                       company.logistics_daily_activities AS cap
                  FROM res_partner AS partner
                  JOIN logistics_lifecycle_stage AS stage
                       ON stage.id = partner.logistics_stage_id
                  JOIN res_users AS owner ON owner.id = partner.user_id
                  JOIN res_company AS company
                       ON company.id = COALESCE(partner.company_id, owner.company_id)
             LEFT JOIN leader ON leader.user_id = owner.id
                 WHERE partner.active AND company.logistics_protect_clients
                   AND stage.protection_warning_days > 0
                   AND partner.logistics_protection_date
                       <= %(today)s::date + stage.protection_warning_days
                     ),
                     told AS (
                SELECT partner_id, until, cap, 'owner' AS role,
                       CASE WHEN owner_active THEN owner_id ELSE leader_id END
                       AS user_id
                  FROM warned
                 UNION ALL
                SELECT partner_id, until, cap, 'leader', leader_id
                  FROM warned
                 WHERE leader_id <> owner_id AND owner_active
                     ),
                     open AS (
                SELECT told.*, row_number() OVER (
                           PARTITION BY user_id ORDER BY until, partner_id) AS place
                  FROM told
                 WHERE user_id IS NOT NULL
                   AND NOT EXISTS (
                       SELECT FROM logistics_activity_origin AS origin
                        WHERE origin.partner_id = told.partner_id
                          AND origin.source = 'protection'
                          AND origin.occurrence
                              = to_char(told.until, 'YYYY-MM-DD') || ':' || told.role)
                     ),
                     given AS (
                SELECT user_id, COUNT(*) AS number
                  FROM logistics_activity_origin
                 WHERE source = 'protection'
                   AND create_date >= %(today)s::timestamp
                 GROUP BY user_id
                     )
                SELECT open.partner_id, open.user_id, open.role, open.until
                  FROM open
             LEFT JOIN given ON given.user_id = open.user_id
                 WHERE open.cap = 0
                    OR open.place <= open.cap - COALESCE(given.number, 0)
                 ORDER BY open.until, open.partner_id
                 LIMIT %(limit)s
                """,
                leaders=self._get_leader_sql(),
                today=today,
                limit=WARNINGS,
            )
        )
        if not rows:
            return 0
        return self._create_activities(
            [
                self._prepare_warning(partner_id, user_id, role, max(until, today))
                | {"occurrence": f"{until}:{role}"}
                for partner_id, user_id, role, until in rows
            ]
        )

    @api.model
    def _prepare_warning(self, partner_id, user_id, role, due):
        """Return the occasion and the activity of a warning."""
        user = self.env["res.users"].browse(user_id)
        env = self.with_context(lang=user.lang).env
        return {
            "partner_id": partner_id,
            "source": "protection",
            "user_id": user_id,
            "due_date": due,
            "values": {
                "res_model_id": self.env["ir.model"]._get_id("res.partner"),
                "res_id": partner_id,
                "activity_type_id": self.env.ref("mail.mail_activity_data_todo").id,
                "summary": env._("This client goes back to the pool"),
                "note": env._(
                    "Nobody has worked with this client. A call, a note or a quotation"
                    " until the due date keeps it."
                )
                if role == "owner"
                else env._("The owner was warned. Help, or find another owner."),
                "date_deadline": due,
                "user_id": user_id,
                "automated": True,
            },
        }

    @api.model
    def _return_clients(self):
        """Return a batch of expired clients to the pool; return its size.

        A client goes only after the warning of its owner has stood for its days; one
        whose owner has left and has no team leader needs none. Clients that somebody
        is writing right now wait for the next round.

        Sources: res_partner by the partial index on the protection date, the stage,
        logistics_activity_origin by its unique index. Grain: client.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH leader AS (%(leaders)s)
                SELECT partner.id, partner.user_id
                  FROM res_partner AS partner
                  JOIN logistics_lifecycle_stage AS stage
                       ON stage.id = partner.logistics_stage_id
                  JOIN res_users AS owner ON owner.id = partner.user_id
                  JOIN res_company AS company
                       ON company.id = COALESCE(partner.company_id, owner.company_id)
             LEFT JOIN leader ON leader.user_id = owner.id
                 WHERE partner.active AND company.logistics_protect_clients
                   AND partner.logistics_protection_date < %(today)s
                   AND (stage.protection_warning_days = 0
                        OR (NOT owner.active AND leader.leader_id IS NULL)
                        OR EXISTS (
                           SELECT FROM logistics_activity_origin AS origin
                            WHERE origin.partner_id = partner.id
                              AND origin.source = 'protection'
                              AND origin.occurrence
                                  = to_char(partner.logistics_protection_date,
                                            'YYYY-MM-DD') || ':owner'
                              AND origin.create_date::date
                                  + stage.protection_warning_days < %(today)s))
                 ORDER BY partner.id
                 LIMIT %(limit)s
                   FOR NO KEY UPDATE OF partner SKIP LOCKED
                """,
                leaders=self._get_leader_sql(),
                today=fields.Date.context_today(self),
                limit=BATCH,
            )
        )
        moved = self.env["res.partner"]._set_logistics_owner(
            [(partner_id, owner_id, None) for partner_id, owner_id in rows],
            "return",
            self.env._("Not worked within the protection period"),
        )
        if moved:
            self._withdraw_warnings()
        return len(moved)
