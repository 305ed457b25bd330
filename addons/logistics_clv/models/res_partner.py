from odoo import api, fields, models

from . import value_queue_sql as queue_sql

# Readers see all clients; salespeople their own, where the company allows it.
SEES_VALUE = "logistics_clv.group_value_own"


class ResPartner(models.Model):
    _inherit = "res.partner"

    logistics_customer_since = fields.Date(
        "Customer since",
        copy=False,
        groups="base.group_user",
        help="Valuation counts order days from this day on. A day before the first "
        "invoice here marks the client as older than the ledger.",
    )
    logistics_client_value = fields.Monetary(
        "Client Value",
        compute="_compute_logistics_client_value",
        groups=SEES_VALUE,
        help="Historical plus expected contribution in the current company.",
    )
    logistics_client_value_known = fields.Boolean(
        "Client Value Known",
        compute="_compute_logistics_client_value",
        groups=SEES_VALUE,
    )

    logistics_value_sentence = fields.Text(
        "Value in Words",
        compute="_compute_logistics_client_value",
        groups=SEES_VALUE,
    )
    logistics_value_cadence = fields.Json(
        compute="_compute_logistics_client_value", groups=SEES_VALUE
    )

    @api.depends_context("company", "lang")
    def _compute_logistics_client_value(self):
        values = self._get_logistics_client_values()
        for partner in self:
            value = values.get(partner.commercial_partner_id.id)
            partner.logistics_client_value = value.total if value else 0
            partner.logistics_client_value_known = bool(value)
            partner.logistics_value_sentence = value.sentence if value else False
            partner.logistics_value_cadence = value.cadence if value else False

    def _get_logistics_client_values(self):
        """Return the values that the reader may see, by id of the client: one query."""
        found = self.env["logistics.client.value"].search_fetch(
            [
                ("client_id", "in", self.commercial_partner_id.ids),
                ("company_id", "=", self.env.company.id),
            ],
            self._get_logistics_story_fields(),
        )
        return {value.client_id.id: value for value in found}

    @api.model
    def _get_logistics_story_fields(self):
        """Return the fields of a client value that its words and strip need."""
        return [
            "client_id",
            "company_id",
            "currency_id",
            "total",
            "predicted",
            "order_days",
            "usual_gap",
            "silent_days",
            "silence_ratio",
            "p_alive",
            "expected_orders",
            "expected_margin",
            "expected_year",
            "contribution_year",
            "estimate",
            "is_provisional",
            "cost_coverage",
        ]

    def write(self, vals):
        """Let the past of a contact count for the commercial entity that it joins.

        Its roles and tags may decide by a rule for whom its invoices count.
        """
        if self.env["logistics.value.client.rule"]._is_about_partners(vals.keys()):
            changed = super().write(vals)
            self._queue_value_moves()
            return changed
        if vals.keys().isdisjoint(("parent_id", "is_company")):
            return super().write(vals)
        before = {partner: partner.commercial_partner_id for partner in self}
        changed = super().write(vals)
        self.filtered(
            lambda partner: partner.commercial_partner_id != before[partner]
        )._queue_value_moves()
        return changed

    def action_open_client_value(self):
        """Open the value of the client, or its entries while none is computed."""
        self.ensure_one()
        client = self.commercial_partner_id
        value = self.env["logistics.client.value"].search(
            [("client_id", "=", client.id), ("company_id", "=", self.env.company.id)],
            limit=1,
        )
        if value:
            return {
                "type": "ir.actions.act_window",
                "res_model": "logistics.client.value",
                "res_id": value.id,
                "views": [(False, "form")],
            }
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Value Entries of %(client)s", client=client.name),
            "res_model": "logistics.value.entry",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [("client_id", "=", client.id)],
        }

    def _queue_value_moves(self):
        """Have the invoices of these partners and their contacts looked at again."""
        if not self:
            return
        # other companies' contacts too: the ledger knows no rights
        family = self.sudo().with_context(active_test=False)
        family = family.search([("id", "child_of", self.ids)])
        self.env["logistics.value.ledger"]._queue(
            queue_sql.moves_of_partners(family.ids)
        )
