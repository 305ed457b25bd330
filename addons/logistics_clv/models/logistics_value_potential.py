from dateutil.relativedelta import relativedelta

from odoo import models

from . import value_potential_sql as potential_sql

# Column of an offer and its SQL type.
_COLUMNS = {
    "kind": "varchar",
    "client_id": "int",
    "lane_id": "int",
    "service_id": "int",
    "volume": "float8",
    "volume_unit": "varchar",
    "unit_contribution": "numeric",
    "yearly": "numeric",
    "probability": "float8",
    "amount": "numeric",
}


class LogisticsValuePotential(models.AbstractModel):
    """What clients could bring beside what they will: the next best offers."""

    _name = "logistics.value.potential"
    _description = "Client value: potential of a run"

    def _collect_offers(self, facts):
        """Return the offers to the clients that have facts, one dictionary each.

        An offer is worth the contribution of the months that count, discounted at
        their middle, times the chance to win it.
        """
        self.env["logistics.trade.lane"].flush_model()
        self.env["logistics.value.win.rate"].flush_model()
        self.env["res.partner"].flush_model(
            [
                "industry_id",
                "logistics_stage_id",
                "logistics_tier_id",
                "logistics_service_needed_ids",
                "logistics_service_used_ids",
            ]
        )
        clients = {*facts["client_id"]}
        year_before = self.as_of_date - relativedelta(years=1)
        args = (self.company_id.id, self.as_of_date, year_before)
        offers = []
        for query in (
            potential_sql.lane_offers(*args),
            potential_sql.service_offers(*args),
        ):
            self.env.cr.execute(query)
            offers += [
                row for row in self.env.cr.dictfetchall() if row["client_id"] in clients
            ]
        years = self.potential_months / 12
        factor = years * (1 + self.discount_rate / 100) ** (-years / 2)
        digits = self.currency_id.decimal_places
        for offer in offers:
            amount = offer["yearly"] * offer["probability"] * factor
            offer["amount"] = round(amount, digits)
            offer["yearly"] = round(offer["yearly"], digits)
        return offers

    def _write_offers(self, offers):
        self.env.cr.execute(
            potential_sql.write_offers(
                self.id,
                self.company_id.id,
                {
                    name: (sql_type, [offer[name] for offer in offers])
                    for name, sql_type in _COLUMNS.items()
                },
            )
        )
        self.env["logistics.value.offer"].invalidate_model()
