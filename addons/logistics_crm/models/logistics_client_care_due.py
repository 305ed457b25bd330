from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

# how long after a client has entered a stage or tier its activities are still made
ENTRY_DAYS = 30


class LogisticsClientCare(models.AbstractModel):
    """What playbooks ask for today, in one statement."""

    _inherit = "logistics.client.care"

    @api.model
    def _get_client_sql(self, partner_ids):
        """Return the select of clients that are cared for, with level and people.

        Sources: res_partner (clients with stage and owner; by the partial index on the
        stage), the table of service levels, owner, company, team leader. Grain: client.
        """
        Level = self.env["logistics.service.level"]
        return SQL(
            """
            SELECT partner.id AS partner_id, partner.logistics_stage_id AS stage_id,
                   partner.logistics_tier_date AS tier_date,
                   COALESCE(tier.sequence, 10000) AS rank,
                   service.id AS level_id, service.cadence_days,
                   owner.id AS owner_id, leader.leader_id,
                   CASE service.responsible_role
                        WHEN 'leader' THEN COALESCE(leader.leader_id, owner.id)
                        WHEN 'user' THEN service.responsible_id
                        ELSE owner.id END AS level_user_id,
                   COALESCE(partner.logistics_last_contact_date,
                            partner.create_date::date) AS contacted,
                   company.logistics_playbooks_since AS since,
                   company.logistics_daily_activities AS cap,
                   company.logistics_playbook_horizon AS horizon
              FROM res_partner AS partner
              JOIN res_users AS owner ON owner.id = partner.user_id AND owner.active
              JOIN res_company AS company
                   ON company.id = COALESCE(partner.company_id, owner.company_id)
                  AND company.logistics_use_playbooks
              JOIN %(levels)s ON %(level_of)s
              JOIN logistics_service_level AS service ON service.id = level.level_id
         LEFT JOIN logistics_value_tier AS tier ON tier.id = partner.logistics_tier_id
         LEFT JOIN (%(leaders)s) AS leader ON leader.user_id = owner.id
             WHERE partner.active AND partner.logistics_stage_id IS NOT NULL
               AND %(only)s
            """,
            levels=Level._get_map_sql(),
            level_of=Level._get_map_condition(
                SQL("COALESCE(partner.company_id, owner.company_id)")
            ),
            leaders=self._get_leader_sql(),
            only=SQL("TRUE")
            if partner_ids is None
            else SQL("partner.id = ANY(%s)", list(partner_ids)),
        )

    @api.model
    def _get_action_sql(self):
        """Return the select of actions of each level, from its activity plans."""
        return SQL(
            """
            SELECT rel.level_id, template.id AS template_id,
                   template.logistics_trigger AS trigger,
                   template.logistics_every_days AS every_days,
                   template.logistics_first_time_only AS first_only,
                   template.responsible_type, template.responsible_id,
                   CASE template.delay_unit WHEN 'weeks' THEN 7 WHEN 'months' THEN 30
                        ELSE 1 END * template.delay_count
                 * CASE template.delay_from WHEN 'after_plan_date' THEN 1 ELSE -1 END
                   AS offset_days
              FROM logistics_service_level_plan_rel AS rel
              JOIN mail_activity_plan AS plan
                   ON plan.id = rel.plan_id AND plan.active
                  AND plan.res_model = 'res.partner'
              JOIN mail_activity_plan_template AS template
                   ON template.plan_id = plan.id
             WHERE template.logistics_trigger IS NOT NULL
            """
        )

    @api.model
    def _only_origins_of(self, partner_ids):
        if partner_ids is None:
            return SQL("TRUE")
        return SQL("origin.partner_id = ANY(%s)", list(partner_ids))

    @api.model
    def _get_responsible_sql(self):
        """Return who does `action` for `client`; a role that is empty: the owner."""
        return SQL(
            """CASE action.responsible_type
                    WHEN 'other' THEN action.responsible_id
                    WHEN 'logistics_leader'
                    THEN COALESCE(client.leader_id, client.owner_id)
                    WHEN 'logistics_level' THEN client.level_user_id
                    ELSE client.owner_id END"""
        )

    @api.model
    def _get_due(self, partner_ids):
        """Return what is due, the most urgent first, as many as one can have at all.

        Occasions, each with a key that no second run can take:
        - a client entered its stage (key: the row of its history),
        - its tier has changed (key: the day),
        - the time since the last contact, or since the last occasion of the action,
          has run (key: the day when it was due).
        An action that is open for a client is not made again.

        Sources: the clients and actions above; logistics_lifecycle_history by date;
        logistics_activity_origin by its unique index, looked up for each client and
        action: the planner cannot know how many clients are due. Grain: client, action.

        :return: (partner, template, level, occurrence, user, due, cap, horizon)
        """
        self.env.flush_all()
        today = fields.Date.context_today(self)
        return self.env.execute_query(
            SQL(
                """
                WITH client AS MATERIALIZED (%(clients)s),
                     action AS MATERIALIZED (%(actions)s),
                     occasion AS (
                SELECT client.*, action.template_id,
                       CASE WHEN action.first_only THEN 'first'
                            ELSE 'stage:' || entry.id END AS occurrence,
                       entry.date::date + action.offset_days AS due,
                       %(responsible)s AS user_id
                  FROM logistics_lifecycle_history AS entry
                  JOIN client ON client.partner_id = entry.partner_id
                             AND client.stage_id = entry.to_stage_id
                  JOIN action ON action.level_id = client.level_id
                             AND action.trigger = 'stage'
                 WHERE entry.date >= %(entered)s
                   AND entry.date::date >= client.since
                 UNION ALL
                SELECT client.*, action.template_id,
                       CASE WHEN action.first_only THEN 'first'
                            ELSE 'tier:' || client.tier_date END,
                       client.tier_date + action.offset_days,
                       %(responsible)s
                  FROM client
                  JOIN action ON action.level_id = client.level_id
                             AND action.trigger = 'tier'
                 WHERE client.tier_date >= GREATEST(client.since, %(entered)s::date)
                 UNION ALL
                SELECT client.*, action.template_id,
                       'due:' || next.due,
                       next.due,
                       %(responsible)s
                  FROM client
                  JOIN action ON action.level_id = client.level_id
                             AND action.trigger = 'recurring'
                             AND COALESCE(NULLIF(action.every_days, 0),
                                          client.cadence_days) > 0
            CROSS JOIN LATERAL (
                       SELECT MAX(origin.due_date) AS due
                         FROM logistics_activity_origin AS origin
                        WHERE origin.partner_id = client.partner_id
                          AND origin.source = 'playbook'
                          AND COALESCE(origin.template_id, 0) = action.template_id
                       ) AS past
            CROSS JOIN LATERAL (
                       SELECT GREATEST(client.contacted, client.since, past.due)
                            + COALESCE(NULLIF(action.every_days, 0),
                                       client.cadence_days) AS due) AS next
                 WHERE next.due <= %(today)s::date + client.horizon
                     ),
                     ranked AS (
                SELECT occasion.*, row_number() OVER (
                           PARTITION BY occasion.user_id
                           ORDER BY occasion.due, occasion.rank, occasion.partner_id,
                                    occasion.template_id) AS place
                  FROM occasion
            CROSS JOIN LATERAL (
                       SELECT bool_or(activity.active
                                      OR origin.occurrence = occasion.occurrence)
                              AS is_taken
                         FROM logistics_activity_origin AS origin
                    LEFT JOIN mail_activity AS activity
                              ON activity.id = origin.activity_id
                        WHERE origin.partner_id = occasion.partner_id
                          AND origin.source = 'playbook'
                          AND COALESCE(origin.template_id, 0) = occasion.template_id
                       ) AS past
                 WHERE occasion.user_id IS NOT NULL AND past.is_taken IS NOT TRUE
                     )
                SELECT partner_id, template_id, level_id, occurrence, user_id, due,
                       cap, horizon
                  FROM ranked
                 WHERE cap = 0 OR place <= cap * (horizon + 1)
                 ORDER BY due, rank, partner_id, template_id
                """,
                clients=self._get_client_sql(partner_ids),
                actions=self._get_action_sql(),
                responsible=self._get_responsible_sql(),
                today=today,
                entered=today - timedelta(days=ENTRY_DAYS),
            )
        )
