from odoo import api, models
from odoo.tools import SQL

from .logistics_hand_over_line import KINDS


class LogisticsHandOver(models.Model):
    """Pass everything on: set-based, one statement for each kind of record."""

    _inherit = "logistics.hand.over"

    def _move(self, plan, default_user):
        """Pass on everything that the plan and the choices of the wizard name.

        :param dict plan: receiver by client
        :param default_user: who gets what belongs to no client of the plan
        """
        self.ensure_one()
        self.env.flush_all()
        documents = self._get_documents()
        for kind in self._get_kinds():
            if kind in documents:
                self._move_documents(kind, plan, default_user)
        if "client" in self._get_kinds():
            self._move_clients(plan)
        if "follower" in self._get_kinds():
            self._move_followers()
        self._refresh_activity_timezones()
        self.env.invalidate_all(flush=False)

    def _get_kinds(self):
        return self.env.context.get("logistics_hand_over_kinds") or dict(KINDS)

    @api.model
    def _get_documents(self):
        """Return table, model and what else to set, of what has a user of its own."""
        stamp = SQL(
            "write_uid = %s, write_date = now() AT TIME ZONE 'UTC'", self.env.uid
        )
        return {
            "contact": ("res_partner", "res.partner", stamp),
            "opportunity": ("crm_lead", "crm.lead", stamp),
            "quote": ("sale_order", "sale.order", stamp),
            "activity": ("mail_activity", "mail.activity", stamp),
        }

    def _get_wanted_sql(self, kind):
        """Return the select of (id, client_id) of a kind that the user has.

        Sources: the table of the kind by its index on the user; res_partner by primary
        key for the commercial partner. Only documents of the companies chosen.
        """
        user_id, companies = self.from_user_id.id, self.env.companies.ids
        if kind == "contact":
            return SQL(
                """
                SELECT contact.id, contact.commercial_partner_id AS client_id
                  FROM res_partner AS contact
                  JOIN res_partner AS client
                       ON client.id = contact.commercial_partner_id
                 WHERE contact.user_id = %s AND contact.id <> client.id
                   AND client.user_id = contact.user_id
                   AND (contact.company_id IS NULL OR contact.company_id = ANY(%s))
                """,
                user_id,
                companies,
            )
        if kind == "opportunity":
            return SQL(
                """
                SELECT lead.id, partner.commercial_partner_id AS client_id
                  FROM crm_lead AS lead
             LEFT JOIN crm_stage AS stage ON stage.id = lead.stage_id
             LEFT JOIN res_partner AS partner ON partner.id = lead.partner_id
                 WHERE lead.user_id = %s AND lead.active
                   AND stage.is_won IS NOT TRUE
                   AND (lead.company_id IS NULL OR lead.company_id = ANY(%s))
                """,
                user_id,
                companies,
            )
        if kind == "quote":
            return SQL(
                """
                SELECT sale.id, partner.commercial_partner_id AS client_id
                  FROM sale_order AS sale
                  JOIN res_partner AS partner ON partner.id = sale.partner_id
                 WHERE sale.user_id = %s AND sale.state IN ('draft', 'sent')
                   AND sale.company_id = ANY(%s)
                """,
                user_id,
                companies,
            )
        return SQL(
            """
            SELECT activity.id, partner.commercial_partner_id AS client_id
              FROM mail_activity AS activity
         LEFT JOIN crm_lead AS lead
                   ON activity.res_model = 'crm.lead' AND lead.id = activity.res_id
         LEFT JOIN sale_order AS sale
                   ON activity.res_model = 'sale.order' AND sale.id = activity.res_id
         LEFT JOIN res_partner AS partner
                   ON partner.id = CASE activity.res_model
                                   WHEN 'res.partner' THEN activity.res_id
                                   ELSE COALESCE(lead.partner_id, sale.partner_id) END
             WHERE activity.user_id = %s AND activity.active
               AND activity.res_model IN ('res.partner', 'crm.lead', 'sale.order')
               AND (COALESCE(lead.company_id, sale.company_id, partner.company_id)
                    IS NULL
                    OR COALESCE(lead.company_id, sale.company_id, partner.company_id)
                       = ANY(%s))
            """,
            user_id,
            companies,
        )

    @api.model
    def _get_plan_sql(self, plan):
        return SQL(
            "SELECT * FROM unnest(%s::int[], %s::int[])"
            " AS plan (client_id, receiver_id)",
            list(plan),
            list(plan.values()),
        )

    def _count_documents(self, kind, plan, default_user):
        """Return how many documents of a kind each receiver would get."""
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    WITH wanted AS (%s), plan AS (%s)
                    SELECT COALESCE(plan.receiver_id, %s), COUNT(*)
                      FROM wanted LEFT JOIN plan ON plan.client_id = wanted.client_id
                     GROUP BY 1
                    """,
                    self._get_wanted_sql(kind),
                    self._get_plan_sql(plan),
                    default_user.id,
                )
            )
        )

    def _move_documents(self, kind, plan, default_user):
        table, model, stamp = self._get_documents()[kind]
        self.env.execute_query(
            SQL(
                """
                WITH wanted AS (%(wanted)s), plan AS (%(plan)s),
                     changed AS (
                UPDATE %(table)s AS document
                   SET user_id = COALESCE(plan.receiver_id, %(default)s), %(stamp)s
                  FROM wanted LEFT JOIN plan ON plan.client_id = wanted.client_id
                 WHERE document.id = wanted.id
             RETURNING document.id, document.user_id
                     )
                %(insert)s SELECT %(hand_over)s, %(kind)s, %(model)s, id, user_id, FALSE
                  FROM changed
                """,
                wanted=self._get_wanted_sql(kind),
                plan=self._get_plan_sql(plan),
                table=SQL.identifier(table),
                default=default_user.id,
                stamp=stamp,
                insert=self._get_insert_sql(),
                hand_over=self.id,
                kind=kind,
                model=model,
            )
        )

    @api.model
    def _get_insert_sql(self):
        return SQL(
            "INSERT INTO logistics_hand_over_line"
            " (hand_over_id, kind, res_model, res_id, to_user_id, is_reverted)"
        )

    def _move_clients(self, plan):
        moved = self.env["res.partner"]._set_logistics_owner(
            [
                (client, self.from_user_id.id, receiver)
                for client, receiver in plan.items()
            ],
            "hand_over",
            self.reason,
            self,
            contacts=False,
        )
        self.env.execute_query(
            SQL(
                "%s SELECT %s, 'client', 'res.partner', client, receiver, FALSE"
                " FROM unnest(%s::int[], %s::int[]) AS moved (client, receiver)",
                self._get_insert_sql(),
                self.id,
                moved,
                [plan[client] for client in moved],
            )
        )

    def _refresh_activity_timezones(self):
        """Set what an activity stores of its user, for those just moved."""
        self.env.execute_query(
            SQL(
                """
                UPDATE mail_activity AS activity
                   SET user_tz = partner.tz
                  FROM logistics_hand_over_line AS line, res_users AS receiver,
                       res_partner AS partner
                 WHERE line.hand_over_id = %s AND line.kind = 'activity'
                   AND activity.id = line.res_id
                   AND receiver.id = activity.user_id
                   AND partner.id = receiver.partner_id
                """,
                self.id,
            )
        )
