from odoo import fields, models


class LogisticsExportLog(models.Model):
    _inherit = "logistics.export.log"

    file_type = fields.Selection(
        selection_add=[("pdf", "PDF")],
        # a row of the log outlives the addon
        ondelete={"pdf": lambda entries: entries.write({"file_type": "workbook"})},
    )
