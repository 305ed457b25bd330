import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

UNLOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
IATA_CODE = re.compile(r"[A-Z]{3}")
# "Shanghai (CNSHA)", as the display name writes it
NAME_AND_CODE = re.compile(r".+\((?P<code>\w{5}|\w{3})\)")


class LogisticsLocation(models.Model):
    """A place that rates and lanes name: port, airport, terminal or depot.

    Port and airport of one town are two records, as they have different codes.
    """

    _name = "logistics.location"
    _inherit = ["logistics.seed.mixin"]
    _description = "Location"
    _order = "name, id"

    name = fields.Char(required=True, index="trigram")
    code = fields.Char(
        string="UN/LOCODE",
        size=5,
        index="trigram",
        help="Country and place, five characters: CNSHA.",
    )
    iata_code = fields.Char(
        string="IATA Code", size=3, help="Airport code, three letters: PVG."
    )
    country_id = fields.Many2one("res.country", required=True, index=True)
    subdivision_code = fields.Char(
        string="Subdivision",
        help="State or province, as in ISO 3166-2 without country.",
    )
    active = fields.Boolean(default=True)

    is_port = fields.Boolean(string="Sea Port")
    is_airport = fields.Boolean(string="Airport")
    is_rail_terminal = fields.Boolean(string="Rail Terminal")
    is_road_terminal = fields.Boolean(string="Road Terminal")
    is_inland_terminal = fields.Boolean(string="Inland Depot")
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))

    alias_ids = fields.One2many(
        "logistics.location.alias", "location_id", string="Aliases"
    )
    zone_ids = fields.Many2many(
        "logistics.zone",
        "logistics_location_zone_rel",
        "location_id",
        "zone_id",
        string="Zones",
    )

    _code_uniq = models.UniqueIndex(
        "(code)", "A location with this UN/LOCODE exists already."
    )
    _iata_code_uniq = models.UniqueIndex(
        "(iata_code)", "A location with this IATA code exists already."
    )
    _name_lower = models.Index("(lower(name))")
    _code_present = models.Constraint(
        "CHECK (code IS NOT NULL OR iata_code IS NOT NULL)",
        "A location needs a UN/LOCODE or an IATA code.",
    )
    _coordinates = models.Constraint(
        "CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)",
        "Latitude must be between -90 and 90, longitude between -180 and 180.",
    )

    @api.depends("name", "code", "iata_code", "country_id.name")
    @api.depends_context("formatted_display_name")
    def _compute_display_name(self):
        formatted = self.env.context.get("formatted_display_name")
        for location in self:
            name = location.name or ""
            code = location.code or location.iata_code
            if not code:
                location.display_name = name
            elif formatted:
                country = location.country_id.name
                location.display_name = f"{name} \t --{code}, {country}--"
            else:
                location.display_name = f"{name} ({code})"

    @api.model
    def _search_display_name(self, operator, value):
        if operator == "in":
            return Domain.OR(self._get_label_domain(label, "=") for label in value)
        if operator == "ilike" and value:
            return self._get_label_domain(value, "ilike")
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # the inverse of the above, which knows the aliases
        return super()._search_display_name(operator, value)

    @api.constrains("code", "iata_code")
    def _check_codes(self):
        for location in self:
            if location.code and not UNLOCODE.fullmatch(location.code):
                raise ValidationError(
                    self.env._(
                        "%(code)s is not a UN/LOCODE: enter two letters for the country"
                        " and three characters for the place, as in CNSHA.",
                        code=location.code,
                    )
                )
            if location.iata_code and not IATA_CODE.fullmatch(location.iata_code):
                raise ValidationError(
                    self.env._(
                        "%(code)s is not an IATA code: enter three letters, as in PVG.",
                        code=location.iata_code,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_codes(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_codes(vals))

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Put the location whose code was typed before those that contain it."""
        domain = Domain(domain or Domain.TRUE)
        result = []
        if name and operator == "ilike":
            exact = self.search_fetch(
                domain & self._get_code_domain(name), ["display_name"], limit=limit
            )
            result = [(location.id, location.display_name) for location in exact.sudo()]
            domain &= Domain("id", "not in", exact.ids)
            if limit is not None:
                limit -= len(exact)
                if limit <= 0:
                    return result
        return result + super().name_search(name, domain, operator, limit)

    @api.model
    def _clean_codes(self, vals):
        """Write codes in capitals and without blanks, an empty one as NULL."""
        codes = {
            fname: re.sub(r"\s", "", vals[fname] or "").upper() or False
            for fname in ("code", "iata_code")
            if fname in vals
        }
        return {**vals, **codes}

    @api.model
    def _get_seed_domain(self, values):
        return Domain.OR(
            Domain(fname, "=", values[fname])
            for fname in ("code", "iata_code")
            if values.get(fname)
        )

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
    def _get_label_domain(self, label, operator):
        """Return the domain for a label in any of its forms.

        A UNION and not an OR: each branch has an index of its own, which an OR over
        two tables cannot use.
        """
        label = (label or "").strip()
        Location = self.with_context(active_test=False)
        branches = [
            Domain("name", operator, label),
            Domain("alias_ids", "any", [("name", operator, label)]),
            self._get_code_domain(label),
        ]
        if operator == "ilike" and len(label) in (3, 4) and label.isascii():
            branches.append(Domain("code", "=like", f"{label.upper()}%"))
        queries = [Location._search(branch) for branch in branches]
        union = SQL(" UNION ").join(query.subselect() for query in queries)
        return Domain("id", "in", SQL("(%s)", union))

    @api.model
    def _find_by_labels(self, labels, kind=None):
        """Return {label: location} for the labels that name exactly one location.

        A code wins over a name and a name over an alias; a label that fits several
        locations equally is left out. One query, whatever the number of labels.

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
                SELECT 3, lower(name), location_id
                  FROM logistics_location_alias WHERE lower(name) = ANY(%(texts)s)
            )
            SELECT label, rank, array_agg(id) FROM found
             WHERE id IN %(allowed)s GROUP BY label, rank ORDER BY label, rank
            """,
            codes=[text.upper() for text in texts],
            texts=texts,
            allowed=allowed.subselect(),
        )
