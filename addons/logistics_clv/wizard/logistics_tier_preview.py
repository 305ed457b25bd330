from odoo import api, fields, models
from odoo.tools import SQL


class LogisticsTierPreview(models.TransientModel):
    """What a rule would change, before it is put to use."""

    _name = "logistics.tier.preview"
    _description = "Client tiers: preview of a rule"

    rule_id = fields.Many2one("logistics.tier.rule", required=True, ondelete="cascade")
    state = fields.Selection(related="rule_id.state")
    client_count = fields.Integer("Clients Graded", readonly=True)
    line_ids = fields.One2many("logistics.tier.preview.line", "preview_id")
    changed_count = fields.Integer("Would Change", compute="_compute_counts")
    up_count = fields.Integer("Up", compute="_compute_counts")
    down_count = fields.Integer("Down", compute="_compute_counts")

    @api.depends("line_ids")
    def _compute_counts(self):
        for preview in self:
            groups = self.env["logistics.tier.preview.line"]._read_group(
                [("preview_id", "=", preview.id)], ["direction"], ["__count"]
            )
            counts = dict(groups)
            preview.up_count = counts.get("up", 0)
            preview.down_count = counts.get("down", 0)
            preview.changed_count = sum(counts.values())

    def action_use(self):
        self.ensure_one()
        self.rule_id.action_use()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_open_lines(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Clients that Would Change Tier"),
            "res_model": "logistics.tier.preview.line",
            "views": [(False, "list"), (False, "pivot")],
            "domain": [("preview_id", "=", self.id)],
        }

    def _fill(self):
        """Grade by the rule without writing, and list who gets another tier.

        One statement over the grades; clients with a tier set by hand keep it.
        """
        self.ensure_one()
        # what clients are worth is only counted here; the list has rules of its own
        rule = self.rule_id.sudo()
        grades = rule.env["logistics.tier.grading"]._grade(rule)
        self.client_count = len(grades.client_ids)
        self.flush_recordset()
        self.env.execute_query(
            SQL(
                """
                INSERT INTO logistics_tier_preview_line (
                       preview_id, client_id, currency_id, from_tier_id, to_tier_id,
                       value, direction, create_uid, create_date)
                SELECT %(preview)s, fresh.client_id, %(currency)s,
                       partner.logistics_tier_id, fresh.tier_id, fresh.amount,
                       CASE WHEN former.id IS NULL THEN 'new'
                            WHEN (tier.sequence, tier.id)
                                 < (former.sequence, former.id) THEN 'up'
                            ELSE 'down' END,
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM unnest(%(clients)s::int[], %(tiers)s::int[],
                              %(amounts)s::numeric[])
                       AS fresh(client_id, tier_id, amount)
                  JOIN res_partner AS partner ON partner.id = fresh.client_id
                  JOIN logistics_value_tier AS tier ON tier.id = fresh.tier_id
             LEFT JOIN logistics_value_tier AS former
                    ON former.id = partner.logistics_tier_id
                 WHERE partner.logistics_tier_id IS DISTINCT FROM fresh.tier_id
                   AND NOT EXISTS (
                       SELECT 1
                         FROM logistics_tier_override AS override
                        WHERE override.client_id = fresh.client_id
                          AND override.ended_on IS NULL
                       )
                RETURNING id
                """,
                preview=self.id,
                currency=rule.currency_id.id,
                uid=self.env.uid,
                clients=grades.client_ids,
                tiers=grades.tier_ids,
                amounts=grades.amounts.tolist(),
            )
        )
        self.invalidate_recordset()
