from datetime import timedelta

from odoo import Command, api, models


class LogisticsValueDemo(models.AbstractModel):
    """Demo of the invoice link: changed clients, split invoices, agents who pay."""

    _inherit = "logistics.value.demo"

    @api.model
    def _change_attribution(self, moves):
        """Let some invoices count for another client than the default."""
        if len(moves) < 120:
            return
        self.env.company.logistics_value_own_clients = True
        reason = self.env._("Booked by the agent for this client")
        moves[40]._reattribute(moves[41].commercial_partner_id, reason)
        mistake = moves[50]._reattribute(moves[52].commercial_partner_id, reason)
        mistake.attribution_ids.action_reverse()
        (moves[70:120:10])._reattribute(
            moves[71].commercial_partner_id,
            self.env._("Taken over by the sister company"),
        )
        moves[55].logistics_value_excluded = True
        self._split_an_invoice(moves)
        self._let_an_agent_pay(moves)

    def _split_an_invoice(self, moves):
        """Let the customs clearance of one invoice count for another client."""
        move = next(move for move in moves[::-1] if len(move.invoice_line_ids) > 1)
        line = move.invoice_line_ids[-1]
        client = moves[0].commercial_partner_id
        if client == move.commercial_partner_id:
            client = moves[1].commercial_partner_id
        self.env["logistics.value.attribution.batch"]._attribute_lines(
            {line: client}, self.env._("Customs of a shared container")
        )

    def _let_an_agent_pay(self, moves):
        """Invoice an agent for what its clients receive, and have a rule for it."""
        agent = self.env["res.partner"].create(
            {
                "name": self.env._("Seabridge Agencies Ltd"),
                "is_company": True,
                "logistics_role_ids": [
                    Command.link(self.env.ref("logistics_crm.partner_role_agent").id)
                ],
            }
        )
        handling = self.env.ref("logistics_clv.product_demo_customs")
        paid = moves.create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": agent.id,
                    "partner_shipping_id": move.partner_id.id,
                    "invoice_date": move.invoice_date + timedelta(days=2),
                    "date": move.date + timedelta(days=2),
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "product_id": handling.id,
                                "price_unit": 240,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
                for move in moves[90:110:4]
            ]
        )
        paid._post(soft=False)
        rule = self.env["logistics.value.client.rule"].create(
            {
                "name": self.env._("Agents pay for the company delivered to"),
                "role_ids": [
                    Command.link(self.env.ref("logistics_crm.partner_role_agent").id)
                ],
                "target": "delivery",
            }
        )
        rule.action_apply()
        self.env["logistics.value.client.rule"].create(
            {
                "name": self.env._("Brokers pay for the consignee"),
                "role_ids": [
                    Command.link(self.env.ref("logistics_crm.partner_role_broker").id)
                ],
                "target": "consignee",
                "sequence": 20,
            }
        )
