from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from . import snapshot_sql

COLUMNS = {"tier": "tier_id", "stage": "stage_id"}
ABSENT = -1


class LogisticsValueReport(models.AbstractModel):
    """Where clients moved from one snapshot to another."""

    # a file per report
    _inherit = "logistics.value.report"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def get_migration(self, kind="tier", before_id=None, after_id=None):
        """Return the clients by tier (or stage) in two snapshots, the last ones."""
        snapshots = self._get_snapshots()
        frame = self._prepare_frame() | {
            "snapshots": [
                {"id": snapshot.id, "name": snapshot.display_name}
                for snapshot in snapshots
            ],
            "kind": kind,
            "rows": [],
            "columns": [],
            "cells": [],
        }
        after = snapshots.filtered(lambda shot: shot.id == after_id) or snapshots[:1]
        earlier = snapshots.filtered(lambda shot: shot.month < after.month)
        before = snapshots.filtered(lambda shot: shot.id == before_id) or earlier[:1]
        if not before or not after:
            return frame
        rows = self._read_migration(kind, before, after)
        places = {place for row in rows for place in row[:2]}
        names = self._get_place_names(kind, places)
        cells = [
            {
                "row": from_id,
                "column": to_id,
                "count": count,
                "before": float(before_total),
                "after": float(after_total),
                "change": float(after_total - before_total),
            }
            for from_id, to_id, count, before_total, after_total in rows
        ]
        return frame | {
            "before_id": before.id,
            "after_id": after.id,
            "rows": [
                place | {"name": self.env._("New")} if place["id"] == ABSENT else place
                for place in names
            ],
            "columns": [
                place | {"name": self.env._("Gone")} if place["id"] == ABSENT else place
                for place in names
            ],
            "cells": cells,
        }

    @api.model
    def open_migration(self, kind, before_id, after_id, from_id, to_id):
        """Open the clients of a cell as they are in the later snapshot."""
        snapshots = self._get_snapshots().filtered(
            lambda shot: shot.id in (before_id, after_id)
        )
        if len(snapshots) < 2:
            raise UserError(
                self.env._("A snapshot of this report is gone: load the report again.")
            )
        before = snapshots.filtered(lambda shot: shot.id == before_id)
        after = snapshots - before
        rows = self._read_migration(kind, before, after, measures=False)
        clients = [
            client_id
            for from_place, to_place, client_id in rows
            if from_id in (None, from_place) and to_id in (None, to_place)
        ]
        shown = before if to_id == ABSENT else after
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Clients that Moved"),
            "res_model": "logistics.value.snapshot.line",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": [
                ("snapshot_id", "=", shown.id),
                ("client_id", "in", clients),
            ],
        }

    @api.model
    def _get_snapshots(self):
        self.env["logistics.value.snapshot.line"].check_access("read")
        # the months only: the lines are read with the rights of the user
        return (
            self.env["logistics.value.snapshot"]
            .sudo()
            .search([("company_id", "=", self.env.company.id)], limit=120)
        )

    def _read_migration(self, kind, before, after, measures=True):
        column = COLUMNS[kind]
        lines = self.env["logistics.value.snapshot.line"]

        def side(snapshot):
            query = lines._search([("snapshot_id", "=", snapshot.id)])
            table = query.table
            names = ("id", "client_id", column, "total")
            return query.subselect(*(SQL.identifier(table, name) for name in names))

        return self.env.execute_query(
            snapshot_sql.migration(side(before), side(after), column, measures)
        )

    def _get_place_names(self, kind, places):
        """Return tiers or stages in their order, then those without, then absent."""
        if kind == "tier":
            records = self._get_tiers()
        else:
            records = self.env["logistics.lifecycle.stage"].browse(
                sorted(place for place in places if place > 0)
            )
            records = records.sorted(lambda stage: (stage.sequence, stage.id))
        names = [{"id": record.id, "name": record.name} for record in records]
        if 0 in places:
            none = self.env._("No tier") if kind == "tier" else self.env._("No stage")
            names.append({"id": 0, "name": none})
        if ABSENT in places:
            names.append({"id": ABSENT, "name": ""})
        return names
