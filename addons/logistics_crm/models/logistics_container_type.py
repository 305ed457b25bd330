import re
from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Domain


class LogisticsContainerType(models.Model):
    _name = "logistics.container.type"
    _description = "Container Type"
    _order = "sequence, code, id"
    _rec_name = "code"
    _rec_names_search = ["code", "name", "iso_code", "market_labels"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    iso_code = fields.Char(string="ISO Code", help="Size and type code of ISO 6346.")
    market_labels = fields.Char(
        help="What rate sheets call this type, separated by spaces: 40HC 40HQ 40'HC."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    teu = fields.Float(string="TEU", digits=(6, 2), required=True, default=1.0)
    volume_m3 = fields.Float(string="Volume (m³)", digits=(8, 2))
    tare_kg = fields.Float(string="Tare (kg)", digits=(8, 0))
    payload_kg = fields.Float(string="Payload (kg)", digits=(8, 0))
    is_reefer = fields.Boolean(string="Refrigerated")

    _code_uniq = models.Constraint(
        "UNIQUE (code)",
        "A container type with this code exists already."
        " Add your label to its market labels.",
    )
    _size_positive = models.Constraint(
        "CHECK (teu >= 0 AND volume_m3 >= 0 AND tare_kg >= 0 AND payload_kg >= 0)",
        "TEU, volume, tare and payload cannot be negative.",
    )

    @api.model
    def _find_by_labels(self, labels):
        """Return {label: container type} for the labels that name exactly one type.

        Case, blanks and punctuation do not matter: "40' HC" finds "40'HC".
        """
        by_key = defaultdict(self.browse)
        for container_type in self.search(Domain.TRUE):
            for label in (
                container_type.code,
                container_type.iso_code,
                *(container_type.market_labels or "").split(),
            ):
                by_key[self._label_key(label)] |= container_type
        keys = {label: self._label_key(label) for label in labels}
        return {
            label: by_key[key]
            for label, key in keys.items()
            if key and len(by_key[key]) == 1
        }

    @api.model
    def _label_key(self, label):
        """Keep an apostrophe that ends the label: "40'" is not the number 40."""
        text = (label or "").upper().replace("’", "'").replace("′", "'")
        text = re.sub(r"[\s\-_./]", "", text)
        return text if re.fullmatch(r"\d+'", text) else text.replace("'", "")
