import tempfile

from odoo import http
from odoo.http import content_disposition, request
from odoo.tools import osutil

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class ValueWorkbookController(http.Controller):
    # not read-only: a download is written into the export log
    @http.route("/logistics_clv/value_workbook/<int:run_id>", type="http", auth="user")
    def value_workbook(self, run_id):
        """Stream the workbook of a valuation run that the user may read."""
        run = request.env["logistics.value.run"].browse(run_id).exists()
        if not run:
            raise request.not_found()
        run.check_access("read")
        with tempfile.SpooledTemporaryFile(max_size=16 * 1024 * 1024) as stream:
            run._write_workbook(stream)
            run._log_workbook()
            stream.seek(0)
            content = stream.read()
        name = osutil.clean_filename(f"{run.name}.xlsx")
        return request.make_response(
            content,
            headers=[
                ("Content-Type", XLSX),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
