from odoo import models
from odoo.http import request

# besides all models of the freight addons
LOGGED_MODELS = ("res.partner", "crm.lead", "sale.order")
TYPE_BY_PATH = {"/web/export/xlsx": "xlsx", "/web/export/csv": "csv"}


class Base(models.AbstractModel):
    _inherit = "base"

    def export_data(self, fields_to_export):
        """Log exports of client data, from the screen and over the API alike."""
        result = super().export_data(fields_to_export)
        if self._name.startswith("logistics.") or self._name in LOGGED_MODELS:
            path = request.httprequest.path if request else ""
            self.env["logistics.export.log"]._log(
                self, fields_to_export, TYPE_BY_PATH.get(path, "api")
            )
        return result
