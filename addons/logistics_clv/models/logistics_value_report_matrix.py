from odoo import api, models
from odoo.fields import Domain

from .snapshot_sql import SILENT

MEASURES = ("historical", "predicted", "potential", "total")


class LogisticsValueReport(models.AbstractModel):
    """Clients by lifecycle stage and tier."""

    # a file per report
    _inherit = "logistics.value.report"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def get_stage_tier_matrix(self, filters=None):
        """Return number and value of the clients by stage and tier, and at risk."""
        values = self.env["logistics.client.value"]
        domain = self._get_value_domain(filters)
        groups = values._read_group(
            domain,
            ["stage_id", "tier_id"],
            ["__count", *(f"{name}:sum" for name in MEASURES)],
        )
        [[at_risk, risk_count]] = values._read_group(
            domain & self._get_risk_domain(), [], ["predicted:sum", "__count"]
        )
        stages = {stage.id: stage for stage, *__ in groups}
        tiers = self._get_tiers()
        ungraded = [{"id": 0, "name": self.env._("No tier")}]
        return self._prepare_frame() | {
            "rows": [
                {"id": stage.id or 0, "name": stage.name or self.env._("No stage")}
                for stage in sorted(
                    stages.values(),
                    key=lambda stage: (not stage, stage.sequence, stage.id),
                )
            ],
            "columns": [{"id": tier.id, "name": tier.name} for tier in tiers]
            + (ungraded if any(not tier for __, tier, *___ in groups) else []),
            "cells": [
                {"row": stage.id or 0, "column": tier.id or 0, "count": count}
                | dict(zip(MEASURES, sums, strict=True))
                for stage, tier, count, *sums in groups
            ],
            "at_risk": at_risk or 0,
            "at_risk_count": risk_count,
        }

    @api.model
    def open_stage_tier(self, stage_id, tier_id, filters=None):
        """Open the clients of a cell; None stands for a whole row or column."""
        domain = self._get_value_domain(filters)
        names = []
        for name, key in (("stage_id", stage_id), ("tier_id", tier_id)):
            if key is not None:
                domain &= Domain(name, "=", key or False)
                record = self.env[self.env["logistics.client.value"][name]._name]
                names.append(record.browse(key or []).display_name or "-")
        return self._action_clients(", ".join(names) or self.env._("Clients"), domain)

    @api.model
    def open_at_risk(self, filters=None):
        """Open the clients whose current value is at risk."""
        domain = self._get_value_domain(filters) & self._get_risk_domain()
        return self._action_clients(self.env._("Value at Risk"), domain)

    @api.model
    def _get_risk_domain(self):
        """Return the clients that are at risk, probably lost, or silent."""
        domain = Domain("band", "in", ("risk", "lost"))
        domain |= Domain("silence_ratio", ">=", SILENT)
        return domain & Domain("predicted", ">", 0)
