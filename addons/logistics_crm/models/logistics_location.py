import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..unlocode import great_circle_km
from ..unlocode.reader import strip_diacritics

UNLOCODE = re.compile(r"[A-Z]{2}[A-Z2-9]{3}")
IATA_CODE = re.compile(r"[A-Z]{3}")


class LogisticsLocation(models.Model):
    """A place that rates and lanes name: port, airport, terminal or depot.

    Port and airport of one town are two records, as they have different codes.
    """

    _name = "logistics.location"
    _inherit = ["logistics.seed.mixin"]
    _description = "Location"
    _order = "name, id"

    name = fields.Char(required=True, index="trigram")
    name_ascii = fields.Char(
        string="Name without Diacritics",
        compute="_compute_name_ascii",
        store=True,
        readonly=False,
        precompute=True,
        index="trigram",
        help="Empty where the name has plain letters only; search finds both.",
    )
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
    state_id = fields.Many2one(
        "res.country.state", "Province", compute="_compute_state_id"
    )
    active = fields.Boolean(default=True)
    is_main = fields.Boolean(
        string="Main Location",
        default=True,
        help="Search shows it before the thousands of places of the UN/LOCODE list, and"
        " a name on a rate sheet means this one.",
    )
    is_withdrawn = fields.Boolean(
        string="Withdrawn from the List",
        readonly=True,
        copy=False,
        help="UN/LOCODE has given up the code; rates, lanes or orders still use it.",
    )
    use_count = fields.Integer(
        string="Uses",
        default=0,
        readonly=True,
        copy=False,
        help="How many rates, lanes, orders and other records name the location;"
        " counted every night. What is used most is found first.",
    )

    is_port = fields.Boolean(string="Sea Port")
    is_airport = fields.Boolean(string="Airport")
    is_rail_terminal = fields.Boolean(string="Rail Terminal")
    is_road_terminal = fields.Boolean(string="Road Terminal")
    is_inland_terminal = fields.Boolean(string="Inland Depot")
    is_border_crossing = fields.Boolean(string="Border Crossing")
    latitude = fields.Float(digits=(9, 6))
    longitude = fields.Float(digits=(9, 6))
    map_url = fields.Char(string="Map", compute="_compute_map_url")

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
    entry_ids = fields.One2many(
        "logistics.location.entry", "location_id", string="UN/LOCODE Entry"
    )

    _code_uniq = models.UniqueIndex(
        "(code)", "A location with this UN/LOCODE exists already."
    )
    _iata_code_uniq = models.UniqueIndex(
        "(iata_code)", "A location with this IATA code exists already."
    )
    # these serve a whole name and the begin of one
    _name_lower = models.Index("(lower(name) text_pattern_ops)")
    _name_ascii_lower = models.Index("(lower(name_ascii) text_pattern_ops)")
    _name_known = models.Index(
        "(lower(name) text_pattern_ops) WHERE is_main OR use_count > 0"
    )
    # No index in the order of a search: with LIMIT the planner would walk it, hoping to
    # meet what is searched soon, and compare 100,000 rows with thousands.
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

    @api.depends("name")
    def _compute_name_ascii(self):
        for location in self:
            plain = strip_diacritics(location.name or "")
            location.name_ascii = plain if plain != location.name else False

    @api.depends("country_id", "subdivision_code")
    def _compute_state_id(self):
        """Name the subdivision where Odoo knows the state; both write ISO 3166-2."""
        with_code = self.filtered("subdivision_code")
        # Odoo has some countries' codes with the country, and some without
        codes = {
            location: (
                location.subdivision_code,
                f"{location.country_id.code}-{location.subdivision_code}",
            )
            for location in with_code
        }
        states = self.env["res.country.state"].search(
            [
                ("country_id", "in", with_code.country_id.ids),
                ("code", "in", [code for pair in codes.values() for code in pair]),
            ]
        )
        by_code = {(state.country_id, state.code): state for state in states}
        for location in self:
            found = [
                by_code[location.country_id, code]
                for code in codes.get(location, ())
                if (location.country_id, code) in by_code
            ]
            location.state_id = found[0] if found else False

    @api.depends("latitude", "longitude")
    def _compute_map_url(self):
        for location in self:
            place = (location.latitude, location.longitude)
            location.map_url = any(place) and (
                "https://www.openstreetmap.org/?mlat={0:.6f}&mlon={1:.6f}"
                "#map=10/{0:.6f}/{1:.6f}".format(*place)
            )

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

    def _get_distance_km(self, other):
        """Return the great-circle distance; None where coordinates are missing."""
        self.ensure_one()
        start, end = (self.latitude, self.longitude), (other.latitude, other.longitude)
        return great_circle_km(start, end) if any(start) and any(end) else None
