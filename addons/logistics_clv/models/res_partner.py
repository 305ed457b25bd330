from odoo import api, fields, models

READER = "logistics_clv.group_value_reader"


class ResPartner(models.Model):
    _inherit = "res.partner"

    logistics_client_value = fields.Monetary(
        "Client Value",
        compute="_compute_logistics_client_value",
        groups=READER,
        help="Historical plus expected contribution in the current company.",
    )
    logistics_client_value_known = fields.Boolean(
        "Client Value Known", compute="_compute_logistics_client_value", groups=READER
    )

    @api.depends_context("company")
    def _compute_logistics_client_value(self):
        values = dict(
            self.env["logistics.client.value"]._read_group(
                [
                    ("client_id", "in", self.commercial_partner_id.ids),
                    ("company_id", "=", self.env.company.id),
                ],
                ["client_id"],
                ["total:sum"],
            )
        )
        for partner in self:
            client = partner.commercial_partner_id
            partner.logistics_client_value = values.get(client, 0)
            partner.logistics_client_value_known = client in values

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
