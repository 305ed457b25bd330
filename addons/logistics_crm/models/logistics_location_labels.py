from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class LogisticsLocation(models.Model):
    """What the labels of rate sheets mean."""

    # a file per subject
    _inherit = "logistics.location"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def _find_by_labels(self, labels, kind=None):
        """Return {label: location} for the labels that name exactly one location.

        A code wins over a name and a name over an alias, and main locations over the
        rest of the UN/LOCODE list; a label that fits several locations equally is left
        out. One query, whatever the number of labels.

        :param labels: texts as rate sheets have them: "CNSHA", "Shanghai", "上海"
        :param kind: "port", "airport", "rail_terminal", "road_terminal" or
            "inland_terminal" to look among these only
        """
        keys = {label: " ".join((label or "").split()) for label in labels}
        texts = list({key.lower() for key in keys.values() if key})
        if not texts:
            return {}
        rows = self.env.execute_query(self._get_labels_query(texts, kind))
        ranked = defaultdict(list)
        for text, _rank, location_ids in rows:
            ranked[text].append(location_ids)
        return {
            label: self.browse(ranked[key.lower()][0])
            for label, key in keys.items()
            if key and len(ranked.get(key.lower(), [[]])[0]) == 1
        }

    @api.model
    def _get_labels_query(self, texts, kind=None):
        """Return the SQL for (label, rank, location ids) of lower-case labels."""
        allowed = self._search(Domain(f"is_{kind}", "=", True) if kind else Domain.TRUE)
        return SQL(
            """
            WITH found AS (
                SELECT 1 AS rank, lower(code) AS label, id
                  FROM logistics_location WHERE code = ANY(%(codes)s)
                 UNION
                SELECT 1, lower(iata_code), id
                  FROM logistics_location WHERE iata_code = ANY(%(codes)s)
                 UNION
                SELECT 2, lower(name), id
                  FROM logistics_location WHERE lower(name) = ANY(%(texts)s)
                 UNION
                SELECT 2, lower(name_ascii), id
                  FROM logistics_location WHERE lower(name_ascii) = ANY(%(texts)s)
                 UNION
                SELECT 3, lower(name), location_id
                  FROM logistics_location_alias WHERE lower(name) = ANY(%(texts)s)
            ), ranked AS (
                -- 2 and 3: name and alias of main locations, 4 and 5: of the others
                SELECT found.label, found.id,
                       CASE WHEN rank = 1 OR location.is_main THEN rank
                            ELSE rank + 2 END AS rank
                  FROM found JOIN logistics_location location USING (id)
            )
            SELECT label, rank, array_agg(id) FROM ranked
             WHERE id IN %(allowed)s GROUP BY label, rank ORDER BY label, rank
            """,
            codes=[text.upper() for text in texts],
            texts=texts,
            allowed=allowed.subselect(),
            to_flush=self._get_label_fields(),
        )
