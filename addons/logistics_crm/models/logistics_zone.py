from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

SEPARATOR = " / "


class LogisticsZone(models.Model):
    _name = "logistics.zone"
    _description = "Zone"
    _order = "code, id"
    _rec_names_search = ["name", "code"]
    _parent_store = True

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    parent_id = fields.Many2one("logistics.zone", index=True, ondelete="restrict")
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("logistics.zone", "parent_id")
    location_ids = fields.Many2many(
        "logistics.location",
        "logistics_location_zone_rel",
        "zone_id",
        "location_id",
        string="Locations",
    )
    country_ids = fields.Many2many(
        "res.country",
        "logistics_zone_country_rel",
        "zone_id",
        "country_id",
        string="Countries",
        help="Every location of these countries belongs to the zone.",
    )
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "A zone with this code exists already."
    )

    @api.depends("name", "parent_id")
    def _compute_display_name(self):
        for zone in self:
            names = []
            current = zone
            while current:
                names.append(current.name or "")
                current = current.parent_id
            zone.display_name = SEPARATOR.join(reversed(names))

    @api.model
    def _search_display_name(self, operator, value):
        domain = super()._search_display_name(operator, value)
        # what the display name shows is found again: "Asia / Far East"
        if operator == "in":
            return domain | Domain.OR(
                self._get_path_domain(label, "=") for label in value
            )
        if operator == "ilike" and value:
            return domain | self._get_path_domain(value, "ilike")
        return domain

    @api.model
    def _get_path_domain(self, label, operator):
        parent, separator, name = (label or "").rpartition(SEPARATOR)
        if not separator:
            return Domain.FALSE
        return Domain("name", operator, name) & Domain(
            "parent_id.display_name", "=", parent
        )

    @api.constrains("parent_id")
    def _check_parent_id(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A zone cannot be part of itself: change its parent zone.")
            )

    def _get_location_domain(self):
        """Return the domain of the locations in these zones and the zones below."""
        zones = self.search([("id", "child_of", self.ids)])
        return Domain("zone_ids", "in", zones.ids) | Domain(
            "country_id", "in", zones.country_ids.ids
        )
