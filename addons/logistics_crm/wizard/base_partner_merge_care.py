from odoo import api, models
from odoo.tools import SQL


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    @api.model
    def _update_foreign_keys(self, src_partners, dst_partner):
        """Keep one row of an occasion that several of the merged clients had.

        The unique index on it is no constraint, which is all that the merge knows.
        Source: logistics_activity_origin by its index on the client.
        """
        self.env["logistics.activity.origin"].flush_model()
        self.env.execute_query(
            SQL(
                """
                DELETE FROM logistics_activity_origin
                 WHERE id IN (
                       SELECT id
                         FROM (
                              SELECT id, row_number() OVER (
                                         PARTITION BY source, COALESCE(template_id, 0),
                                                      occurrence
                                         ORDER BY partner_id <> %(kept)s, id) AS place
                                FROM logistics_activity_origin
                               WHERE partner_id = ANY(%(merged)s)
                              ) AS ranked
                        WHERE place > 1)
                """,
                kept=dst_partner.id,
                merged=(src_partners | dst_partner).ids,
            )
        )
        return super()._update_foreign_keys(src_partners, dst_partner)
