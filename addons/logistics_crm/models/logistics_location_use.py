from odoo import api, models
from odoo.tools import SQL

# an alias and the entry are parts of the location
PARTS = ("logistics.location.alias", "logistics.location.entry")
LOGS = ("logistics.location.load.line",)


class LogisticsLocation(models.Model):
    """Which locations are in use: whatever a rate, lane, order or zone names."""

    # a file per subject
    _inherit = "logistics.location"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _cron_count_uses(self):
        """Count anew, and write where the number has changed.

        Sources: one column per field that points to a location, each with an index
        that holds only its filled rows. Grain: location.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE logistics_location location
                   SET use_count = counted.uses
                  FROM (
                       SELECT location.id, coalesce(sum(used.uses), 0) AS uses
                         FROM logistics_location location
                    LEFT JOIN (%(uses)s) AS used ON used.id = location.id
                        GROUP BY location.id
                       ) AS counted
                 WHERE counted.id = location.id
                   AND location.use_count IS DISTINCT FROM counted.uses
                """,
                uses=self._get_use_query(count=True),
            )
        )
        self.invalidate_model(["use_count"])

    @api.model
    def _get_use_query(self, count=False):
        """Return the SQL for the ids in use; with `count`, for (id, uses)."""
        queries = []
        for table, column in self._get_use_columns():
            queries.append(
                SQL(
                    "SELECT %(column)s AS id %(uses)s FROM %(table)s"
                    " WHERE %(column)s IS NOT NULL %(group)s",
                    column=SQL.identifier(column),
                    table=SQL.identifier(table),
                    uses=SQL(", count(*) AS uses") if count else SQL(),
                    group=SQL("GROUP BY %s", SQL.identifier(column))
                    if count
                    else SQL(),
                )
            )
        return SQL(" UNION ALL ").join(queries)

    @api.model
    def _get_use_columns(self):
        """Return (table, column) of every stored field that points to a location.

        Found in the registry, so that rates of other addons and fields that a user
        has added count too.
        """
        columns = set()
        for model_name, model in self.env.items():
            if model_name in PARTS or model_name in LOGS:
                continue
            if model._abstract or model._transient or not model._auto:
                continue
            for field in model._fields.values():
                if field.comodel_name != self._name or not field.store:
                    continue
                if field.type == "many2many" and model_name != self._name:
                    columns.add((field.relation, field.column2))
                elif field.type == "many2one" and not field.company_dependent:
                    columns.add((model._table, field.name))
        return sorted(columns)
