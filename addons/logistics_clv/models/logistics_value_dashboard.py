import base64

from odoo import Command, api, models
from odoo.tools import file_open

DASHBOARD = "spreadsheet.dashboard"
FILE = "logistics_clv/data/files/client_value_dashboard.json"


class LogisticsValueDashboard(models.AbstractModel):
    """The client value dashboard, in databases that have Odoo's Dashboards.

    Odoo installs these along with Sales, but they may be missing, and the addon does
    without. So the dashboard is no data file: it is loaded like one, under its external
    id, on install and on each update. After Dashboards have been installed later, an
    update of this addon brings it.
    """

    _name = "logistics.value.dashboard"
    _description = "Client value: spreadsheet dashboard"

    @api.model
    def _has_dashboards(self):
        return DASHBOARD in self.env

    @api.model
    def _install(self):
        if not self._has_dashboards():
            return self.env["ir.model.data"]
        return self.env[DASHBOARD]._load_records(
            [
                {
                    "xml_id": "logistics_clv.dashboard_client_value",
                    "values": self._prepare_dashboard_vals(),
                    "noupdate": False,
                }
            ]
        )

    def _prepare_dashboard_vals(self):
        with file_open(FILE, "rb") as file:
            content = file.read()
        return {
            "name": "Client Value",
            "spreadsheet_binary_data": base64.b64encode(content),
            "dashboard_group_id": self.env.ref(
                "spreadsheet_dashboard.spreadsheet_dashboard_group_finance"
            ).id,
            "group_ids": [
                Command.set(self.env.ref("logistics_clv.group_value_reader").ids)
            ],
            "sequence": 50,
            "is_published": True,
        }
