from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """What is still missing in the file of a client, and why it matters."""

    # a file per subject: the profile is in another one
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    logistics_lane_count = fields.Integer(
        string="Number of Trade Lanes",
        compute="_compute_logistics_file",
        groups="logistics_crm.group_salesperson",
    )
    logistics_has_lanes = fields.Boolean(
        compute="_compute_logistics_file", groups="base.group_user"
    )
    logistics_has_providers = fields.Boolean(
        compute="_compute_logistics_file", groups="base.group_user"
    )
    logistics_has_key_dates = fields.Boolean(
        compute="_compute_logistics_file", groups="base.group_user"
    )
    logistics_profile_completeness = fields.Integer(
        string="Profile Completeness",
        compute="_compute_logistics_profile",
        groups="base.group_user",
        help="Filled fields of the freight profile by their weight, in percent.",
    )
    logistics_profile_missing = fields.Char(
        string="Still Missing",
        compute="_compute_logistics_profile",
        groups="base.group_user",
    )
    logistics_profile_advice = fields.Html(
        string="Why It Matters",
        compute="_compute_logistics_profile_advice",
        # made below of escaped text, and cleaning it costs more than all the rest
        sanitize=False,
        groups="base.group_user",
    )

    @api.depends(
        "logistics_lane_ids.active",
        "logistics_client_provider_ids.active",
        "logistics_key_date_ids.active",
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_logistics_file(self):
        facts = self._get_logistics_file_facts()
        for partner in self:
            (
                partner.logistics_lane_count,
                partner.logistics_has_lanes,
                partner.logistics_has_providers,
                partner.logistics_has_key_dates,
            ) = facts.get(partner._origin.id, (0, False, False, False))

    @api.depends(lambda self: self._get_logistics_profile_depends())
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_logistics_profile(self):
        weights = self._get_logistics_profile_weights()
        total = sum(weights.values())
        labels = self._get_logistics_profile_labels()
        # tags of all clients in one query, and not one by one below
        self.fetch(self._get_logistics_tag_fields())
        for partner in self:
            missing = partner._get_logistics_missing(weights)
            lost = sum(weights[name] for name in missing)
            partner.logistics_profile_completeness = round(100 * (1 - lost / total))
            partner.logistics_profile_missing = ", ".join(
                labels[name] for name in missing
            )

    @api.depends(lambda self: self._get_logistics_profile_depends())
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_logistics_profile_advice(self):
        weights = self._get_logistics_profile_weights()
        total = sum(weights.values())
        labels = self._get_logistics_profile_labels()
        reasons = self._get_logistics_profile_reasons()
        for partner in self:
            partner.logistics_profile_advice = Markup("<ul>%s</ul>") % Markup().join(
                Markup("<li><b>%s</b> (%s %%): %s</li>")
                % (
                    labels[name],
                    round(100 * weights[name] / total),
                    reasons.get(name, ""),
                )
                for name in partner._get_logistics_missing(weights)
            )

    def _get_logistics_missing(self, weights):
        """Return what is not known of the client, what weighs most first."""
        missing = [name for name in weights if not self._is_logistics_filled(name)]
        return sorted(missing, key=weights.get, reverse=True)

    @api.model
    def _get_logistics_profile_labels(self):
        return {
            name: self._fields[name]._description_string(self.env)
            for name in self._get_logistics_profile_weights()
        }

    def _is_logistics_filled(self, name):
        """Tell whether a field of the profile is known, by itself or in another way."""
        match name:
            case "logistics_lane_ids":
                return self.logistics_has_lanes
            case "logistics_client_provider_ids":
                return bool(self.logistics_has_providers or self.logistics_provider_id)
            case "logistics_key_date_ids":
                return self.logistics_has_key_dates
        return bool(self[name])

    @api.model
    def _get_logistics_profile_weights(self):
        """Return {field: weight} of a complete profile; extend to ask for more."""
        return {
            "user_id": 5,
            "country_id": 5,
            "industry_id": 5,
            "logistics_role_ids": 10,
            "logistics_scale": 5,
            "logistics_cooperation": 5,
            "logistics_service_needed_ids": 10,
            "logistics_service_used_ids": 5,
            "logistics_commodity_ids": 10,
            "logistics_lane_ids": 15,
            "logistics_client_provider_ids": 10,
            "logistics_document_originals": 5,
            "logistics_billing_mode": 5,
            "logistics_key_date_ids": 5,
        }

    @api.model
    def _get_logistics_profile_reasons(self):
        """Return {field: why it matters}; extend together with the weights."""
        return {
            "user_id": self.env._(
                "Somebody has to answer for the client and follow up."
            ),
            "country_id": self.env._(
                "It decides on taxes, customs and who may serve the client."
            ),
            "industry_id": self.env._(
                "It tells the season and the goods, and who is like it."
            ),
            "logistics_role_ids": self.env._(
                "Who decides on the carrier, and who pays?"
            ),
            "logistics_scale": self.env._(
                "It tells how much attention the client deserves."
            ),
            "logistics_cooperation": self.env._(
                "It tells what may be asked for and offered."
            ),
            "logistics_service_needed_ids": self.env._(
                "What it needs and does not buy from us is what there is to sell."
            ),
            "logistics_service_used_ids": self.env._(
                "What it buys from us already is what there is to keep."
            ),
            "logistics_commodity_ids": self.env._(
                "Goods decide on equipment, surcharges, customs and insurance."
            ),
            "logistics_lane_ids": self.env._(
                "Without lanes and volumes there is no quote and no potential."
            ),
            "logistics_client_provider_ids": self.env._(
                "An offer has to beat whoever serves the client today."
            ),
            "logistics_document_originals": self.env._(
                "Wrong documents hold up the cargo and cost demurrage."
            ),
            "logistics_billing_mode": self.env._(
                "An invoice in the wrong form is paid late."
            ),
            "logistics_key_date_ids": self.env._(
                "A renewal, tender or birthday that is missed does not come back soon."
            ),
        }

    @api.model
    def _get_logistics_profile_depends(self):
        return (
            *self._get_logistics_profile_weights(),
            "logistics_provider_id",
            "logistics_has_lanes",
            "logistics_has_providers",
            "logistics_has_key_dates",
        )

    def _get_logistics_file_facts(self):
        """Return {id: (lanes that the user sees, has lanes, providers, key dates)}.

        Grain: partner. Tables: the lists of the client file, each by its index on the
        client. Completeness is the same for every reader, also for those who may not
        open the lists; the number of lanes is what the user would find.
        """
        ids = self._origin.ids
        lanes = self.env["logistics.trade.lane"]
        if not ids:
            return {}
        lanes.flush_model(["partner_id", "active"])
        self.env["logistics.client.provider"].flush_model(["partner_id", "active"])
        self.env["logistics.key.date"].flush_model(["client_id", "active"])
        visible = SQL("SELECT 0 AS partner_id WHERE FALSE")
        if lanes.has_access("read"):
            query = lanes.with_context(active_test=True)._search(
                [("partner_id", "in", ids)]
            )
            query.order = None
            visible = query.select(SQL.identifier(lanes._table, "partner_id"))
        rows = self.env.execute_query(
            SQL(
                """
                WITH visible AS (
                    SELECT partner_id, COUNT(*) AS lanes
                      FROM (%(visible)s) AS lane (partner_id)
                     GROUP BY partner_id
                )
                SELECT partner.id,
                       COALESCE(visible.lanes, 0),
                       EXISTS (SELECT FROM logistics_trade_lane AS lane
                                WHERE lane.partner_id = partner.id AND lane.active),
                       EXISTS (SELECT FROM logistics_client_provider AS provider
                                WHERE provider.partner_id = partner.id
                                  AND provider.active),
                       EXISTS (SELECT FROM logistics_key_date AS day
                                WHERE day.client_id = partner.id AND day.active)
                  FROM UNNEST(%(ids)s) AS partner (id)
             LEFT JOIN visible ON visible.partner_id = partner.id
                """,
                visible=visible,
                ids=ids,
            )
        )
        return {partner_id: facts for partner_id, *facts in rows}
