from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ClientImportController(http.Controller):
    @http.route(
        "/logistics/client_import/template", type="http", auth="user", readonly=True
    )
    def template(self):
        content = request.env["logistics.client.import"]._get_template()
        return self._workbook(content, "clients.xlsx")

    @http.route(
        "/logistics/client_import/<model('logistics.client.import'):client_import>"
        "/errors",
        type="http",
        auth="user",
    )
    def errors(self, client_import):
        client_import.check_access("read")
        content = client_import._get_error_file()
        return self._workbook(content, f"errors {client_import.file_name}.xlsx")

    def _workbook(self, content, name):
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
