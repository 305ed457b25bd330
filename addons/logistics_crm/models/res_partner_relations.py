from collections import defaultdict

from odoo import models
from odoo.tools import SQL


class ResPartner(models.Model):
    """Read the tags of the client file together: one query instead of one for each."""

    # a file per subject: the profile is in another one
    _inherit = "res.partner"  # pylint: disable=consider-merging-classes-inherited

    def _fetch_query(self, query, fields):
        names = self._get_logistics_tag_fields()
        tags = [field for field in fields if field.name in names]
        if len(tags) < 2:
            return super()._fetch_query(query, fields)
        fetched = super()._fetch_query(
            query, [field for field in fields if field not in tags]
        )
        if fetched:
            fetched._fetch_logistics_tags(tags)
        return fetched

    def _get_logistics_tag_fields(self):
        """Return the many2many fields that are shown as tags on a client."""
        return (
            "logistics_role_ids",
            "logistics_service_needed_ids",
            "logistics_service_used_ids",
            "logistics_commodity_ids",
            "logistics_dangerous_goods_class_ids",
            "logistics_carrier_preferred_ids",
            "logistics_carrier_excluded_ids",
        )

    def _fetch_logistics_tags(self, tags):
        """Do for all fields at once what `Many2many.read` does for one.

        Grain: field, partner and tag that the user may read, in the tag's order.
        Tables: the relation tables by their primary key (partner first), joined to
        the tags with the domain and record rules of each.
        """
        lines = SQL(" UNION ALL ").join(
            self._select_logistics_tags(tag) for tag in tags
        )
        found = defaultdict(list)
        for name, partner_id, tag_id, _place in sorted(
            self.env.execute_query(lines), key=lambda line: line[3]
        ):
            found[name, partner_id].append(tag_id)
        for tag in tags:
            values = [tuple(found[tag.name, partner_id]) for partner_id in self._ids]
            tag._insert_cache(self, values)

    def _select_logistics_tags(self, field):
        comodel = self.env[field.comodel_name].with_context(
            **{"active_test": False, **field.context}
        )
        query = comodel._search(field.get_comodel_domain(self), order=comodel._order)
        partner = SQL.identifier(field.relation, field.column1)
        tag = SQL.identifier(field.relation, field.column2)
        place = SQL("ROW_NUMBER() OVER (ORDER BY %s)", query.order or tag)
        query.order = None
        query.add_join(
            "JOIN",
            field.relation,
            None,
            SQL("%s = %s", tag, SQL.identifier(comodel._table, "id")),
        )
        query.add_where(SQL("%s IN %s", partner, tuple(self.ids)))
        return SQL("(%s)", query.select(SQL("%s", field.name), partner, tag, place))
