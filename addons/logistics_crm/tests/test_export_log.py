import json

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestExportLog(FreightCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesperson.group_ids += cls.env.ref("base.group_allow_export")
        cls.Log = cls.env["logistics.export.log"]
        cls.lane = cls._create_lane()

    def _entries(self):
        return self.Log.search([("user_id", "=", self.salesperson.id)])

    def test_export_over_the_api_is_logged(self):
        self.client.with_user(self.salesperson).export_data(["name", "phone"])
        self.assertRecordValues(
            self._entries(),
            [
                {
                    "model": "res.partner",
                    "record_count": 1,
                    "field_names": "name, phone",
                    "file_type": "api",
                    "is_large": False,
                }
            ],
        )

    def test_export_on_the_screen_is_logged(self):
        self.authenticate("freight_sales", "freight_sales")
        for file_type in ("csv", "xlsx"):
            response = self.url_open(
                f"/web/export/{file_type}",
                data={
                    "data": json.dumps(
                        {
                            "model": "logistics.trade.lane",
                            "fields": [{"name": "note", "label": "Note"}],
                            "ids": self.lane.ids,
                            "domain": [],
                            "import_compat": False,
                        }
                    ),
                    "csrf_token": http.Request.csrf_token(self),
                },
            )
            response.raise_for_status()
            self.assertEqual(self._entries()[0].file_type, file_type)

    def test_other_models_are_not_logged(self):
        self.env.ref("base.de").with_user(self.salesperson).export_data(["name"])
        self.assertFalse(self._entries())

    def test_large_export_tells_the_managers(self):
        self.env.company.logistics_export_warning = 1
        (self.client + self.client.copy()).with_user(self.salesperson).export_data(
            ["name"]
        )
        self.assertTrue(self._entries().is_large)
        manager = self.user_by_login["freight_manager"]
        message = self.env["mail.message"].search(
            [("partner_ids", "in", manager.partner_id.ids)], limit=1
        )
        self.assertIn("exported 2 records", message.body)

    def test_log_is_read_by_managers_and_changed_by_nobody(self):
        self.client.with_user(self.salesperson).export_data(["name"])
        entry = self._entries()
        with self.assertRaises(AccessError):
            entry.with_user(self.salesperson).read(["model"])
        for login in ("freight_manager", "freight_admin"):
            own = entry.with_user(self.user_by_login[login])
            self.assertEqual(own.model, "res.partner")
            for change in (own.unlink, lambda own=own: own.write({"model": "x"})):
                with self.assertRaises(AccessError):
                    change()
