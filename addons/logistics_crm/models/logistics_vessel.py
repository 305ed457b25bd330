import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from ..identifiers import is_imo_number, normalise_imo_number

# "MSC Oscar (9703291)", as the display name writes it
NAME_AND_IMO = re.compile(r"(?P<name>.+) \((?P<imo>\d{7})\)")


class LogisticsVessel(models.Model):
    """A ship that bookings name; the IMO number stays when name and owner change."""

    _name = "logistics.vessel"
    _description = "Vessel"
    _order = "name, id"

    name = fields.Char(required=True, index="trigram")
    imo_number = fields.Char(
        string="IMO Number",
        copy=False,
        help="Seven digits, the last of which is a check digit: 9074729. Barges and"
        " small feeders have none.",
    )
    mmsi = fields.Char(
        string="MMSI",
        index="btree_not_null",
        copy=False,
        help="Radio identity of nine digits; it changes with the flag.",
    )
    call_sign = fields.Char(index="btree_not_null", copy=False)
    operator_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        ondelete="set null",
        help="The carrier that runs the ship today.",
    )
    flag_country_id = fields.Many2one(
        "res.country", string="Flag", index="btree_not_null", ondelete="restrict"
    )
    teu_capacity = fields.Integer(string="Capacity (TEU)")
    alias_ids = fields.One2many(
        "logistics.vessel.alias", "vessel_id", string="Former Names", copy=False
    )
    active = fields.Boolean(default=True)

    _imo_number_uniq = models.UniqueIndex(
        "(imo_number)", "A vessel with this IMO number exists already."
    )
    _name_lower = models.Index("(lower(name))")
    _teu_capacity_positive = models.Constraint(
        "CHECK (teu_capacity >= 0)", "The capacity cannot be negative."
    )

    @api.depends("name", "imo_number")
    def _compute_display_name(self):
        for vessel in self:
            name = vessel.name or ""
            vessel.display_name = (
                f"{name} ({vessel.imo_number})" if vessel.imo_number else name
            )

    @api.model
    def _search_display_name(self, operator, value):
        if operator == "in":
            return Domain.OR(self._get_label_domain(label, "=") for label in value)
        if operator == "ilike" and value:
            return self._get_label_domain(value, "ilike")
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented  # the inverse of the above, which knows the aliases
        return super()._search_display_name(operator, value)

    @api.constrains("imo_number")
    def _check_imo_number(self):
        for vessel in self:
            if vessel.imo_number and not is_imo_number(vessel.imo_number):
                raise ValidationError(
                    self.env._(
                        "%(number)s is not an IMO number: it has seven digits, and the"
                        " last one checks the others. Look it up in the ship's papers.",
                        number=vessel.imo_number,
                    )
                )

    @api.constrains("mmsi")
    def _check_mmsi(self):
        for vessel in self:
            if vessel.mmsi and not re.fullmatch(r"[0-9]{9}", vessel.mmsi):
                raise ValidationError(
                    self.env._(
                        "%(number)s is not an MMSI: enter nine digits.",
                        number=vessel.mmsi,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._clean_numbers(vals) for vals in vals_list])

    def write(self, vals):
        return super().write(self._clean_numbers(vals))

    @api.model
    def name_create(self, name):
        """Take the IMO number along: "Ever Given (9811000)" or "9811000"."""
        if match := NAME_AND_IMO.fullmatch(name.strip()):
            vessel = self.create({"name": match["name"], "imo_number": match["imo"]})
            return vessel.id, vessel.display_name
        return super().name_create(name)

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        """Put the ship of that number or name before those that contain it."""
        domain = Domain(domain or Domain.TRUE)
        result = []
        if name and operator == "ilike":
            for better in (
                self._get_number_domain(name) | Domain("name", "=ilike", name.strip()),
                Domain("name", "=ilike", f"{name.strip()}%"),
            ):
                found = self.search_fetch(
                    domain & better, ["display_name"], limit=limit
                )
                result += [(vessel.id, vessel.display_name) for vessel in found.sudo()]
                domain &= Domain("id", "not in", found.ids)
                if limit is not None:
                    limit -= len(found)
                    if limit <= 0:
                        return result
        return result + super().name_search(name, domain, operator, limit)

    @api.model
    def _clean_numbers(self, vals):
        """Write numbers without blanks and capitals, an empty one as NULL."""
        cleaned = dict(vals)
        if "imo_number" in vals:
            cleaned["imo_number"] = normalise_imo_number(vals["imo_number"]) or False
        for fname in ("mmsi", "call_sign"):
            if fname in vals:
                text = re.sub(r"\s", "", vals[fname] or "").upper()
                cleaned[fname] = text or False
        return cleaned

    @api.model
    def _get_number_domain(self, label):
        """Return the domain of the ship whose IMO number, MMSI or call sign it is."""
        label = (label or "").strip()
        if match := NAME_AND_IMO.fullmatch(label):
            label = match["imo"]
        number = normalise_imo_number(label)
        if is_imo_number(number):
            return Domain("imo_number", "=", number)
        compact = re.sub(r"\s", "", label).upper()
        if re.fullmatch(r"[0-9]{9}", compact):
            return Domain("mmsi", "=", compact)
        return Domain("call_sign", "=", compact) if compact else Domain.FALSE

    @api.model
    def _get_label_domain(self, label, operator):
        """Return the domain for a name of today or before, or a number.

        A UNION and not an OR: each branch has an index of its own.
        """
        label = (label or "").strip()
        Vessel = self.with_context(active_test=False)
        branches = [
            Domain("name", operator, label),
            Domain("alias_ids", "any", [("name", operator, label)]),
            self._get_number_domain(label),
        ]
        if operator == "ilike" and label.isdigit():
            branches.append(Domain("imo_number", "=like", f"{label}%"))
        queries = [Vessel._search(branch) for branch in branches]
        union = SQL(" UNION ").join(query.subselect() for query in queries)
        return Domain("id", "in", SQL("(%s)", union))
