from odoo import api, models
from odoo.tools import SQL

from . import logistics_location_load_apply_sql as steps

MANY = 5_000


class LogisticsLocationLoad(models.Model):
    """From the differences to the locations."""

    # a file per subject
    _inherit = "logistics.location.load"  # pylint: disable=consider-merging-classes-inherited

    def _apply(self):
        """Write what the temporary tables hold, in a few statements."""
        cr, uid = self.env.cr, self.env.uid
        cr.execute(steps.link_airports(uid))
        cr.execute(steps.insert_locations(self._get_location_defaults(), uid))
        fnames = (
            self.env["logistics.location.load.line"]
            ._fields["field"]
            .get_values(self.env)
        )
        for fname in fnames:
            cr.execute(steps.update_locations(fname, uid))
        cr.execute(steps.withdraw_and_restore(uid))
        cr.execute(steps.UPSERT_ENTRIES)
        cr.execute(steps.insert_aliases(uid))
        self.env.invalidate_all()
        if self.row_count > MANY:
            cr.execute(steps.CLEAN_PENDING)
            cr.execute(SQL("ANALYZE logistics_location, logistics_location_entry"))

    @api.model
    def _get_location_defaults(self):
        """Return the default, as SQL, of columns that other addons have added."""
        Location = self.env["logistics.location"]
        known = {
            "active", "code", "country_id", "create_date", "create_uid", "iata_code",
            "id", "is_airport", "is_border_crossing", "is_inland_terminal", "is_main",
            "is_port", "is_rail_terminal", "is_road_terminal", "is_withdrawn",
            "latitude", "longitude", "name", "name_ascii", "subdivision_code",
            "use_count", "write_date", "write_uid",
        }  # fmt: skip
        fnames = [
            fname
            for fname, field in Location._fields.items()
            if field.store and field.column_type and fname not in known
        ]
        return {
            fname: SQL("%s", Location._fields[fname].convert_to_column(value, Location))
            for fname, value in Location.default_get(fnames).items()
        }

    def _write_lines(self):
        """Replace the lines and the counts by what the temporary table has."""
        cr = self.env.cr
        self._delete_lines()
        cr.execute(steps.insert_lines(self.id))
        counts = dict(
            self.env.execute_query(
                SQL("SELECT kind, count(*) FROM unlocode_change GROUP BY kind")
            )
        )
        self.write(
            {
                f"{kind}_count": counts.get(kind, 0)
                for kind in (
                    "new",
                    "changed",
                    "kept",
                    "alias",
                    "archived",
                    "flagged",
                    "restored",
                )  # fmt: skip
            }
        )

    def _delete_lines(self):
        """Delete by SQL, the new entries of a whole list are 100,000 lines."""
        if self:
            self.env.cr.execute(
                SQL(
                    "DELETE FROM logistics_location_load_line WHERE load_id IN %s",
                    self._ids,
                )
            )
            self.env["logistics.location.load.line"].invalidate_model()
            self.invalidate_recordset(["line_ids"])
