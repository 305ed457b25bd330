import io

from odoo import http
from odoo.http import content_disposition, request
from odoo.tools import osutil

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ValueWorkbookController(http.Controller):
    @http.route(
        "/logistics_clv/value_workbook/<int:run_id>",
        type="http",
        auth="user",
    )
    def value_workbook(self, run_id):
        """Stream the workbook of a valuation run that the user may read."""
        run = request.env["logistics.value.run"].browse(run_id).exists()
        if not run:
            raise request.not_found()
        run.check_access("read")
        stream = io.BytesIO()
        run._write_workbook(stream)
        request.env["logistics.export.log"]._log(
            run.value_ids, ["value workbook"], "workbook"
        )
        name = osutil.clean_filename(f"{run.name}.xlsx")
        return request.make_response(
            stream.getvalue(),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
