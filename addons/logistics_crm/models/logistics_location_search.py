import re

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, escape_psql

from .logistics_location import IATA_CODE, UNLOCODE

# "Shanghai (CNSHA)", as the display name writes it
NAME_AND_CODE = re.compile(r".+\((?P<code>\w{5}|\w{3})\)")
MAX_ALIASES = 1_000
TRIGRAM = 3  # letters that an index needs to find a part of a name
MOST_USED = "use_count DESC, is_main DESC, name, id"


class LogisticsLocation(models.Model):
    """Search by code, name and alias: best match first, with the full list loaded."""

    # a file per subject
    _inherit = "logistics.location"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Search in steps, from the exact code to a part of the name.

        Within a step, what is used most comes first. A step runs only where those
        before it have not filled the list, so the dear one seldom does.
        """
        domain = Domain(domain or Domain.TRUE)
        label = (name or "").strip()
        if not label:
            return self._search_known(domain, limit)
        if operator != "ilike":
            return self._search_step(
                domain & Domain("display_name", operator, name), limit
            )
        result = []
        for step in self._get_search_steps(label):
            found = self._search_step(domain & step, limit)
            result += found
            domain &= Domain("id", "not in", [location_id for location_id, _n in found])
            if limit is not None:
                limit -= len(found)
                if limit <= 0:
                    break
        return result

    @api.model
    def _search_known(self, domain, limit):
        """Return what is used most, and the rest only where that is not enough."""
        found = self._search_step(domain & self._get_known_domain(), limit)
        if limit is not None and len(found) >= limit:
            return found
        ids = [location_id for location_id, _name in found]
        rest = limit if limit is None else limit - len(found)
        return found + self._search_step(domain & Domain("id", "not in", ids), rest)

    @api.model
    def _search_step(self, domain, limit):
        found = self.search_fetch(
            domain, ["display_name"], limit=limit, order=MOST_USED
        )
        return [(location.id, location.display_name) for location in found.sudo()]

    @api.model
    def _get_search_steps(self, label):
        """Yield the domains of the steps: code, whole name, begin, part.

        The begin takes two: where a step would put what is used first anyway, that
        may as well be looked up alone. One by one, as some ask for aliases first.
        """
        yield self._get_code_domain(label)
        yield self._get_begin_domain(label, whole=True)
        yield self._get_begin_domain(label, known=True)
        yield self._get_begin_domain(label)
        yield self._get_part_domain(label)

    @api.model
    def _search_display_name(self, operator, value):
        if operator == "in":
            return Domain.OR(self._get_label_domain(label, "=") for label in value)
        if operator == "ilike" and value:
            return self._get_label_domain(value, "ilike")
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # the inverse of the above, which knows the aliases
        return super()._search_display_name(operator, value)

    @api.model
    def _get_code_domain(self, label):
        """Return the domain for a label that is a code, or ends with one."""
        label = (label or "").strip()
        if match := NAME_AND_CODE.fullmatch(label):
            label = match["code"]
        code = re.sub(r"[\s-]", "", label).upper()
        if UNLOCODE.fullmatch(code):
            return Domain("code", "=", code)
        if IATA_CODE.fullmatch(code):
            return Domain("iata_code", "=", code)
        return Domain.FALSE

    @api.model
    def _get_begin_domain(self, label, whole=False, known=False):
        """Return the domain for names, aliases and codes that begin with the label.

        All conditions are on one table, the aliases are looked up before: that makes
        one bitmap of all indexes, where a join would read the whole table.
        Indexes: logistics_location_name_lower, _name_ascii_lower, _name_known and
        logistics_location_alias_name_lower, which also serve one or two letters or
        Chinese characters, too short for trigrams; that of the code.

        :param whole: nothing may follow the label
        :param known: only main locations and such in use: few rows, so that one
            letter is answered without a look at the thousands that begin with it
        """
        pattern = escape_psql(label) + ("" if whole else "%")

        def begins(model, alias, _query):
            return SQL(
                "(lower(%(name)s) LIKE lower(%(pattern)s)"
                " OR lower(%(name_ascii)s) LIKE lower(%(pattern)s))",
                name=model._field_to_sql(alias, "name"),
                name_ascii=model._field_to_sql(alias, "name_ascii"),
                pattern=pattern,
            )

        domain = Domain.custom(to_sql=begins)
        if not whole and label.isascii() and 2 <= len(label) < 5:
            domain |= Domain("code", "=like", f"{escape_psql(label.upper())}%")
        domain |= self._get_alias_domain(SQL("lower(name) LIKE lower(%s)", pattern))
        return domain & self._get_known_domain() if known else domain

    @api.model
    def _get_known_domain(self):
        """Return the domain of the partial index _name_known."""

        def is_known(model, alias, _query):
            return SQL(
                "(%s OR %s > 0)",
                SQL.identifier(alias, "is_main"),
                SQL.identifier(alias, "use_count"),
                to_flush=[model._fields["is_main"], model._fields["use_count"]],
            )

        return Domain.custom(to_sql=is_known)

    @api.model
    def _get_part_domain(self, label):
        """Return the domain for the label inside a name or an alias.

        Two letters say too little for that: those who type them see what begins so.
        Two Chinese characters are a name, and only aliases have those.
        """
        inside = self._get_alias_domain(SQL("name ILIKE %s", f"%{escape_psql(label)}%"))
        if len(label) >= TRIGRAM:
            return Domain.OR(
                [
                    Domain("name", "ilike", label),
                    Domain("name_ascii", "ilike", label),
                    inside,
                    # "Shanghai (CNSHA)", and part of a code
                    self._get_code_domain(label),
                ]
            )
        return Domain.FALSE if label.isascii() else inside

    @api.model
    def _get_alias_domain(self, condition):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT location_id FROM logistics_location_alias"
                " WHERE %s LIMIT %s",
                condition,
                MAX_ALIASES,
                to_flush=[
                    self.env["logistics.location.alias"]._fields[fname]
                    for fname in ("name", "location_id")
                ],
            )
        )
        return Domain("id", "in", [location_id for (location_id,) in rows])

    @api.model
    def _get_label_fields(self):
        """Return the fields that SQL on labels reads, to be flushed before."""
        Alias = self.env["logistics.location.alias"]
        fnames = ("code", "iata_code", "is_main", "name", "name_ascii", "use_count")
        return [
            *(self._fields[fname] for fname in fnames),
            *(Alias._fields[fname] for fname in ("name", "location_id")),
        ]

    @api.model
    def _get_label_domain(self, label, operator):
        """Return the domain for a label in any of its forms.

        A UNION and not an OR: each branch has an index of its own, which an OR over
        two tables cannot use.
        """
        label = (label or "").strip()
        Location = self.with_context(active_test=False)
        branches = [
            Domain("name", operator, label),
            Domain("name_ascii", operator, label) if label.isascii() else Domain.FALSE,
            Domain("alias_ids", "any", [("name", operator, label)]),
            self._get_code_domain(label),
        ]
        if operator == "ilike" and len(label) in (2, 3, 4) and label.isascii():
            branches.append(Domain("code", "=like", f"{escape_psql(label.upper())}%"))
        queries = [Location._search(branch) for branch in branches]
        union = SQL(" UNION ").join(query.subselect() for query in queries)
        return Domain("id", "in", SQL("(%s)", union))
