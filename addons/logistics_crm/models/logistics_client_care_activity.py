from odoo import api, models
from odoo.tools import SQL


class LogisticsClientCare(models.AbstractModel):
    """Make the activities of an occasion once, and withdraw them."""

    _inherit = "logistics.client.care"

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
