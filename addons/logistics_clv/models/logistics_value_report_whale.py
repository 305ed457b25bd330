import math

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, models
from odoo.fields import Domain

from ..valuation.whale_curve import whale_curve
from . import tier_sql

POINTS = 100
NAMES = 3


class LogisticsValueReport(models.AbstractModel):
    """The whale curve: how much of the value the best clients bring together."""

    # a file per report
    _inherit = "logistics.value.report"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def get_whale_curve(self, measure="year", filters=None):
        """Return the curve in about a hundred slices of clients, the best first."""
        clients = self._get_ranked_clients(measure, filters)
        amounts = np.array([amount for __, amount in clients], dtype=float)
        curve = whale_curve(amounts, POINTS) if len(amounts) else None
        known = curve is not None and not math.isnan(curve.peak)
        return self._prepare_frame() | {
            "count": len(clients),
            "total": curve.total if curve else 0,
            "peak": curve.peak if known else None,
            "peak_clients": curve.peak_clients if known else None,
            "erosion": curve.erosion if known else None,
            "losses": int((amounts < 0).sum()),
            "slices": self._prepare_slices(clients, amounts, curve) if known else [],
        }

    @api.model
    def open_whale_slice(self, measure, start, end, filters=None):
        """Open the clients between two ranks of the curve."""
        clients = self._get_ranked_clients(measure, filters)[int(start) : int(end)]
        domain = self._get_value_domain({})
        domain &= Domain("client_id", "in", [client for client, __ in clients])
        return self._action_clients(
            self.env._(
                "Clients %(first)s to %(last)s", first=int(start) + 1, last=int(end)
            ),
            domain,
        )

    @api.model
    def _get_ranked_clients(self, measure, filters):
        """Return (client id, amount), the highest amount first, ties by id."""
        company = self.env.company
        # clients that the user may see, then one sum over the facts of exactly them
        query = self.env["logistics.client.value"]._search(
            self._get_value_domain(filters)
        )
        as_of = self.env["logistics.tier.grading"].sudo()._get_as_of(company)
        rows = self.env.execute_query(
            tier_sql.client_basis(
                company.id,
                measure,
                as_of,
                as_of - relativedelta(years=1),
                query.subselect(),
            )
        )
        return sorted(
            ((client_id, float(amount)) for client_id, amount, __ in rows),
            key=lambda row: (-row[1], row[0]),
        )

    def _prepare_slices(self, clients, amounts, curve):
        ranks = np.round(curve.clients * len(clients)).astype(int).tolist()
        named = {
            client_id
            for start, end in zip(ranks, ranks[1:], strict=False)
            for client_id, __ in clients[start : min(end, start + NAMES)]
        }
        # names of clients whose value the user sees anyway
        partners = self.env["res.partner"].sudo().browse(named)
        names = dict(zip(partners.ids, partners.mapped("name"), strict=True))
        ordered = np.sort(amounts)[::-1]
        return [
            {
                "start": start,
                "end": end,
                "clients": float(curve.clients[place]),
                "share": float(curve.profit[place]),
                "amount": float(ordered[start:end].sum()),
                "cumulated": float(ordered[:end].sum()),
                "names": [
                    names[client_id] or ""
                    for client_id, __ in clients[start : min(end, start + NAMES)]
                ],
            }
            for place, (start, end) in enumerate(
                zip(ranks, ranks[1:], strict=False), start=1
            )
        ]
