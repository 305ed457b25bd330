import numpy as np

from odoo import models

from . import cost_contribution_sql as contribution_sql


class LogisticsValueNet(models.AbstractModel):
    """Take the cost-to-serve of confirmed cost runs off what clients contributed."""

    _name = "logistics.value.net"
    _description = "Client value: net of cost-to-serve"

    def _subtract_cost_to_serve(self, facts):
        """Turn the facts of contribution into facts of net contribution.

        The cost of a client is spread evenly over its order days: taking c off each
        of n margins m gives sum (m - c)^2 = sum m^2 - 2c sum m + n c^2. Without
        confirmed cost runs nothing changes.
        """
        costs = self._get_client_costs()
        clients = facts["client_id"]
        none = (0.0, 0.0)
        found = [costs.pop(client_id, none) for client_id in clients]
        facts["cost_to_serve"] = [cost for cost, __ in found]
        facts["acquisition_cost"] = [acquisition for __, acquisition in found]
        facts["cost_without_orders"] = sum(cost for cost, __ in costs.values())
        digits = self.currency_id.decimal_places
        facts["historical"] = [
            round(contribution - cost, digits) if cost else contribution
            for contribution, cost in zip(
                facts["historical"], facts["cost_to_serve"], strict=True
            )
        ]
        # acquisition is spent once: no later order bears it
        lasting = np.asarray([cost - once for cost, once in found], dtype=float)
        each = lasting / np.maximum(facts["order_days"], 1)
        facts["typical_total"] = facts["typical_total"] - lasting
        # weighted days, and all days that count for the model
        for weight, total, squares in (
            ("recent_weight", "recent_margin", "recent_squares"),
            ("model_days", "margin_total", "margin_squares"),
        ):
            borne = each * facts[weight]
            facts[squares] = facts[squares] + each * (borne - 2 * facts[total])
            facts[total] = facts[total] - borne
        facts["first_margin"] = facts["first_margin"] - each

    def _get_client_costs(self):
        """Return (cost-to-serve, acquisition cost) by client."""
        self.env["logistics.cost.run"].flush_model(["state"])
        self.env.cr.execute(
            contribution_sql.client_costs(self.company_id.id, self.as_of_date)
        )
        return {client_id: costs for client_id, *costs in self.env.cr.fetchall()}
