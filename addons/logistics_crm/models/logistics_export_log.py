from odoo import api, fields, models


class LogisticsExportLog(models.Model):
    """Who took data out, of what and how much; what it said is not kept.

    Nobody has the right to change or delete a row, administrators included.
    """

    _name = "logistics.export.log"
    _description = "Export Log"
    _order = "date desc, id desc"
    _rec_name = "model_name"

    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    user_id = fields.Many2one("res.users", required=True, index=True)
    company_id = fields.Many2one("res.company", required=True, index=True)
    model = fields.Char(string="Technical Name", required=True)
    model_name = fields.Char(string="What", required=True)
    record_count = fields.Integer(string="Records")
    field_names = fields.Text(string="Fields")
    file_type = fields.Selection(
        [
            ("xlsx", "Excel"),
            ("csv", "CSV"),
            ("workbook", "Report Workbook"),
            ("api", "API"),
        ],
        required=True,
    )
    is_large = fields.Boolean(
        string="Large", help="More records than the company's warning threshold."
    )

    @api.model
    def _log(self, records, field_names, file_type):
        """Log an export and tell the managers of a large one."""
        company = self.env.company
        threshold = company.logistics_export_warning
        vals = self._prepare_log_vals(records, field_names, file_type)
        vals["is_large"] = bool(threshold) and len(records) > threshold
        # sudo: nobody may write the log, everybody's exports are in it
        entry = self.sudo().create(vals)
        if vals["is_large"]:
            entry._notify_managers()
        return entry

    def _prepare_log_vals(self, records, field_names, file_type):
        return {
            "user_id": self.env.uid,
            "company_id": self.env.company.id,
            "model": records._name,
            "model_name": self.env["ir.model"]._get(records._name).name,
            "record_count": len(records),
            "field_names": ", ".join(field_names),
            "file_type": file_type,
        }

    def _notify_managers(self):
        managers = self.env.ref("logistics_crm.group_manager").all_user_ids.filtered(
            lambda user: self.company_id in user.company_ids and not user.share
        )
        self.env["mail.thread"].message_notify(
            partner_ids=managers.partner_id.ids,
            subject=self.env._("Large export"),
            body=self.env._(
                "%(user)s exported %(count)s records of %(what)s.",
                user=self.user_id.name,
                count=self.record_count,
                what=self.model_name,
            ),
        )
