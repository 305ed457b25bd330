from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

LIMIT = 2000


class ResPartner(models.Model):
    """List customers that are there twice, to be merged by Odoo's own wizard."""

    # a file per subject
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def action_view_logistics_duplicates(self):
        """List this client with those that may be the same."""
        self.ensure_one()
        client = self.commercial_partner_id
        [found] = self._find_logistics_duplicates(
            [client._prepare_logistics_duplicate_values()]
        )
        if not found:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "success",
                    "message": self.env._(
                        "No other client has the name, numbers or domains of"
                        " %(client)s.",
                        client=client.display_name,
                    ),
                },
            }
        return self._prepare_logistics_duplicates_action(
            [client.id, *(candidate["partner_id"] for candidate in found)]
        )

    @api.model
    def action_view_all_logistics_duplicates(self):
        """List all clients that share a tax number or a name with another."""
        if not self.env.user.has_group("logistics_crm.group_team_leader"):
            raise AccessError(
                self.env._("Only team leaders look through all duplicates.")
            )
        return self._prepare_logistics_duplicates_action(
            self._get_logistics_duplicates()
        )

    @api.model
    def _prepare_logistics_duplicates_action(self, partner_ids):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Possible Duplicates"),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "views": [
                (
                    self.env.ref("logistics_crm.res_partner_view_list_duplicate").id,
                    "list",
                ),
                (False, "form"),
            ],
            "domain": [("id", "in", partner_ids)],
            "context": {"active_test": False},
            "help": self.env._(
                "No two clients share a tax number or a name. Where some do, select"
                " them here and choose Merge among the actions."
            ),
        }

    @api.model
    def _get_logistics_duplicates(self):
        """Return the partners that share a tax number or a name, at most `LIMIT`.

        Source: logistics_partner_key, one pass over each of two partial indexes;
        res_partner by primary key. Grain: partner. A key of more than 20 partners
        tells of a chain rather than of a mistake.
        """
        # sudo: keys are no secret beyond the partners, which the list filters
        self.env["logistics.partner.key"].sudo()._refresh_pending()
        shared = SQL(" UNION ").join(
            SQL(
                """
                SELECT unnest(array_agg(partner_id)) AS partner_id
                  FROM logistics_partner_key
                 WHERE %(key)s IS NOT NULL
                 GROUP BY %(key)s
                HAVING COUNT(*) BETWEEN 2 AND 20
                """,
                key=SQL.identifier(key),
            )
            for key in ("tax_key", "name_key")
        )
        return [
            partner_id
            for (partner_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT partner.id
                      FROM (%s) AS shared
                      JOIN res_partner AS partner ON partner.id = shared.partner_id
                     WHERE partner.id = partner.commercial_partner_id
                       AND (partner.company_id IS NULL OR partner.company_id = ANY(%s))
                     ORDER BY partner.complete_name, partner.id
                     LIMIT %s
                    """,
                    shared,
                    self.env.companies.ids,
                    LIMIT,
                )
            )
        ]
