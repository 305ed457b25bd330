from collections import Counter

from odoo import api, fields, models
from odoo.tools import SQL

from ..ownership import spread

BATCH = 500


class LogisticsClientCare(models.AbstractModel):
    """Turn the playbooks of service levels into activities, once for each occasion."""

    _inherit = "logistics.client.care"

    @api.model
    def _run_playbooks(self, partner_ids=None, progress=None):
        """Withdraw, adapt and make the activities of playbooks.

        :param partner_ids: only these clients; None for all
        :param progress: commits after each batch and returns the seconds left
        :return: False when time is up before all is made
        """
        if not self._get_caring_companies().filtered("logistics_use_playbooks"):
            return True
        self._withdraw_outdated(self._get_open_clients(partner_ids))
        self._reassign(self._get_open_clients(partner_ids))
        rows = self._plan_due(self._get_due(partner_ids))
        for start in range(0, len(rows), BATCH):
            self._create_activities(rows[start : start + BATCH])
            if progress and not progress(0):
                return False
        return True

    @api.model
    def _plan_due(self, due):
        """Give what is due a day on which its person has room; the rest waits.

        :return: occasions with the values of their activities
        """
        if not due:
            return []
        today = fields.Date.context_today(self)
        load = self._get_load({row[4] for row in due}, today)
        placed = {}
        # companies differ in what they give to a person for a day
        for cap, horizon in {(row[6], row[7]) for row in due}:
            wanted = [
                (row, row[4], row[5])
                for row in due
                if (row[6], row[7]) == (cap, horizon)
            ]
            self._place_backlog(load, cap, today, horizon)
            placed |= spread(wanted, load, cap, today, horizon)
        templates = self.env["mail.activity.plan.template"].browse(
            {row[1] for row in placed}
        )
        templates.fetch(["activity_type_id", "summary", "note"])
        return [
            {
                "partner_id": row[0],
                "source": "playbook",
                "template_id": row[1],
                "level_id": row[2],
                "occurrence": row[3],
                "user_id": row[4],
                "due_date": day,
                "values": self._prepare_playbook_activity_vals(
                    templates.browse(row[1]), row[0], row[4], day
                ),
            }
            for row, day in placed.items()
        ]

    @api.model
    def _get_load(self, user_ids, today):
        """Count the open automatic activities of users by day, the overdue as None."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT activity.user_id,
                       CASE WHEN activity.date_deadline >= %s
                            THEN activity.date_deadline END,
                       COUNT(*)
                  FROM logistics_activity_origin AS origin
                  JOIN mail_activity AS activity
                       ON activity.id = origin.activity_id AND activity.active
                 WHERE activity.user_id = ANY(%s)
                 GROUP BY 1, 2
                """,
                today,
                list(user_ids),
            )
        )
        return Counter({(user_id, day): number for user_id, day, number in rows})

    @api.model
    def _place_backlog(self, load, cap, today, horizon):
        """Let what somebody has not done yet take its place among the coming days."""
        if not cap:
            return
        overdue = [
            (user_id, number) for (user_id, day), number in load.items() if not day
        ]
        for user_id, number in overdue:
            del load[user_id, None]
            waiting = [(place, user_id, today) for place in range(number)]
            spread(waiting, load, cap, today, horizon)

    @api.model
    def _prepare_playbook_activity_vals(self, template, partner_id, user_id, day):
        return {
            "res_model_id": self.env["ir.model"]._get_id("res.partner"),
            "res_id": partner_id,
            "activity_type_id": template.activity_type_id.id,
            "summary": template.summary,
            "note": template.note,
            "date_deadline": day,
            "user_id": user_id,
            "automated": True,
        }

    @api.model
    def _get_open_clients(self, partner_ids):
        """Return the clients with open activities of playbooks.

        They are few, and the statements that follow look at them only: left to the
        planner, all clients are joined to each open activity.

        Source: logistics_activity_origin with an open activity, by the index on it.
        """
        self.env.flush_all()
        return [
            partner_id
            for (partner_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT origin.partner_id
                      FROM logistics_activity_origin AS origin
                      JOIN mail_activity AS activity
                           ON activity.id = origin.activity_id AND activity.active
                     WHERE origin.source = 'playbook' AND %s
                    """,
                    self._only_origins_of(partner_ids),
                )
            )
        ]

    @api.model
    def _withdraw_outdated(self, partner_ids):
        """Withdraw open activities that the client's level does not ask for any more.

        Sources: logistics_activity_origin with an open activity, by the index on it;
        the clients and actions above.
        """
        if not partner_ids:
            return
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH client AS MATERIALIZED (%s), action AS MATERIALIZED (%s)
                SELECT activity.id, client.partner_id IS NULL
                  FROM logistics_activity_origin AS origin
                  JOIN mail_activity AS activity
                       ON activity.id = origin.activity_id AND activity.active
             LEFT JOIN client ON client.partner_id = origin.partner_id
             LEFT JOIN action ON action.level_id = client.level_id
                             AND action.template_id = origin.template_id
                 WHERE origin.source = 'playbook'
                   AND action.template_id IS NULL
                   AND %s
                """,
                self._get_client_sql(partner_ids),
                self._get_action_sql(),
                self._only_origins_of(partner_ids),
            )
        )
        nobody = self.env._("nobody cares for the client now")
        other = self.env._("the client has another service level")
        self._withdraw_activities(
            {activity_id: nobody if gone else other for activity_id, gone in rows}
        )

    @api.model
    def _reassign(self, partner_ids):
        """Pass open activities on to whoever is responsible now.

        What somebody has passed on by hand stays where it is.
        """
        if not partner_ids:
            return
        rows = self.env.execute_query(
            SQL(
                """
                WITH client AS MATERIALIZED (%(clients)s),
                     action AS MATERIALIZED (%(actions)s)
                SELECT origin.id, activity.id, %(responsible)s
                  FROM logistics_activity_origin AS origin
                  JOIN mail_activity AS activity
                       ON activity.id = origin.activity_id AND activity.active
                      AND activity.user_id = origin.user_id
                  JOIN client ON client.partner_id = origin.partner_id
                  JOIN action ON action.level_id = client.level_id
                             AND action.template_id = origin.template_id
                 WHERE origin.source = 'playbook'
                   AND %(responsible)s <> origin.user_id
                """,
                clients=self._get_client_sql(partner_ids),
                actions=self._get_action_sql(),
                responsible=self._get_responsible_sql(),
            )
        )
        by_user = {}
        for origin_id, activity_id, user_id in rows:
            by_user.setdefault(user_id, []).append((origin_id, activity_id))
        quiet = self.with_context(mail_activity_quick_update=True)
        for user_id, pairs in by_user.items():
            origin_ids, activity_ids = zip(*pairs, strict=True)
            quiet.env["mail.activity"].browse(activity_ids).user_id = user_id
            quiet.env["logistics.activity.origin"].browse(origin_ids).user_id = user_id
