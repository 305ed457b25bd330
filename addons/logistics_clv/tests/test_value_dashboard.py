import json

from odoo.tests import TransactionCase, tagged

from odoo.addons.spreadsheet.utils.validate_data import (
    fields_in_spreadsheet,
    menus_xml_ids_in_spreadsheet,
)


@tagged("post_install", "-at_install")
class TestValueDashboard(TransactionCase):
    """The dashboard comes with Dashboards, and the addon does without them."""

    def test_dashboard_is_there_and_names_what_exists(self):
        dashboard = self.env.ref("logistics_clv.dashboard_client_value")
        self.assertEqual(
            dashboard.group_ids, self.env.ref("logistics_clv.group_value_reader")
        )
        content = json.loads(dashboard.spreadsheet_data)
        used = fields_in_spreadsheet(content)
        self.assertEqual(set(used), {"logistics.client.value", "logistics.value.entry"})
        for model, names in used.items():
            self.assertLessEqual(set(names), {*self.env[model]._fields, "__count"})
        for xmlid in menus_xml_ids_in_spreadsheet(content):
            self.assertTrue(self.env.ref(xmlid))

    def test_update_writes_the_same_dashboard(self):
        dashboard = self.env.ref("logistics_clv.dashboard_client_value")
        self.assertEqual(self.env["logistics.value.dashboard"]._install(), dashboard)

    def test_without_dashboards_nothing_happens(self):
        model = self.env["logistics.value.dashboard"]
        self.patch(type(model), "_has_dashboards", lambda self: False)
        self.assertFalse(model._install())
