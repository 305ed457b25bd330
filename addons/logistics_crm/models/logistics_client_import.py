import base64
import hashlib
import io

import xlsxwriter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..client_import import TARGETS
from .client_import_apply import ClientImportRun
from .client_import_reading import ClientImportReader

AT_ONCE = 300  # rows that are worked on while the user waits; more go to the cron
COUNTED = ("new", "update", "duplicate", "unchanged", "error")


class LogisticsClientImport(models.Model):
    """A file of customers, contacts and lanes on its way into the database.

    Preview stages its rows and checks them in batches; import applies them, in one
    transaction or batch by batch, and can go on where it was interrupted.
    """

    _name = "logistics.client.import"
    _description = "Client Import"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _rec_name = "file_name"

    file_name = fields.Char(required=True)
    file = fields.Binary(attachment=True, required=True)
    file_sha256 = fields.Char(
        string="SHA-256",
        compute="_compute_file_sha256",
        store=True,
        precompute=True,
        copy=False,
    )
    state = fields.Selection(
        [
            ("uploaded", "Uploaded"),
            ("mapped", "Columns"),
            ("checking", "Checking"),
            ("previewed", "Previewed"),
            ("importing", "Importing"),
            ("done", "Imported"),
            ("undone", "Undone"),
            ("discarded", "Discarded"),
        ],
        required=True,
        readonly=True,
        default="uploaded",
        copy=False,
        tracking=True,
    )
    mode = fields.Selection(
        [
            ("all", "All or Nothing"),
            ("valid", "Leave Out Rows with Errors"),
        ],
        required=True,
        default="all",
        help="All or nothing: one row with an error keeps the whole file out.",
    )
    duplicate_action = fields.Selection(
        [
            ("update", "Update the Existing One"),
            ("skip", "Leave It Out"),
            ("create", "Create Anyway"),
        ],
        string="Possible Duplicates",
        required=True,
        default="skip",
        help="What to do with rows whose client seems to exist already.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Imported by",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.user,
        help="The import runs with the rights of this user.",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        index=True,
        default=lambda self: self.env.company,
    )
    sheet_ids = fields.One2many("logistics.client.import.sheet", "import_id")
    line_ids = fields.One2many("logistics.client.import.line", "import_id")
    problem = fields.Char(readonly=True, copy=False)
    attempts = fields.Integer(readonly=True, copy=False)
    date_done = fields.Datetime(string="Imported on", readonly=True, copy=False)

    line_count = fields.Integer(string="Rows", readonly=True, copy=False)
    progress = fields.Float(compute="_compute_counts")
    new_count = fields.Integer(string="New", compute="_compute_counts")
    update_count = fields.Integer(string="Updates", compute="_compute_counts")
    duplicate_count = fields.Integer(string="Duplicates", compute="_compute_counts")
    unchanged_count = fields.Integer(string="Unchanged", compute="_compute_counts")
    error_count = fields.Integer(string="Errors", compute="_compute_counts")

    _file_uniq = models.UniqueIndex(
        "(company_id, file_sha256) WHERE state NOT IN ('discarded', 'undone')",
        "This file was uploaded before. Open that import, or discard it.",
    )

    @api.depends("file")
    def _compute_file_sha256(self):
        for client_import in self.with_context(bin_size=False):
            client_import.file_sha256 = self._get_sha256(client_import.file)

    @api.depends("line_ids.status", "line_ids.outcome", "line_count", "state")
    def _compute_counts(self):
        counts = {
            (client_import.id, status): count
            for client_import, status, count in self.env[
                "logistics.client.import.line"
            ]._read_group(
                [("import_id", "in", self.ids)], ["import_id", "status"], ["__count"]
            )
        }
        applied = dict(
            self.env["logistics.client.import.line"]._read_group(
                [("import_id", "in", self.ids), ("outcome", "!=", False)],
                ["import_id"],
                ["__count"],
            )
        )
        for client_import in self:
            for status in COUNTED:
                client_import[f"{status}_count"] = counts.get(
                    (client_import.id, status), 0
                )
            total = client_import.line_count or 1
            done = total - counts.get((client_import.id, "staged"), 0)
            if client_import.state in ("importing", "done"):
                done = applied.get(client_import, 0)
            client_import.progress = 100 * done / total

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            company_id = vals.get("company_id") or self.env.company.id
            self._check_file_once(vals.get("file"), company_id)
        return super().create(vals_list)

    def write(self, vals):
        if "file" in vals:
            self._check_state("uploaded", "mapped", "previewed")
            for client_import in self:
                self._check_file_once(vals["file"], client_import.company_id.id, self)
            self.line_ids.unlink()
            self.sheet_ids.unlink()
            vals = {"state": "uploaded", "problem": False, "line_count": 0, **vals}
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_imported(self):
        if any(client_import.state in ("importing", "done") for client_import in self):
            raise UserError(
                self.env._("An import that was run is kept: it tells what it changed.")
            )

    def action_preview(self):
        """Read the headings, or check the rows once all columns are known."""
        self.ensure_one()
        self._check_state("uploaded", "mapped", "previewed")
        reader = ClientImportReader(self)
        if not self.sheet_ids:
            reader.map_sheets()
            self.state = "mapped"
            if not reader.is_complete():
                return
        self.line_ids.unlink()
        self.line_count = reader.stage_rows()
        self.sheet_ids.filtered("kind")._remember_profiles()
        self.write({"state": "checking", "problem": False, "attempts": 0})
        self._start()

    def action_import(self):
        self.ensure_one()
        self._check_state("previewed")
        if self.mode == "all" and self.error_count:
            raise UserError(
                self.env._(
                    "%(count)s rows have errors. Correct the file and upload it again,"
                    " or choose to leave them out.",
                    count=self.error_count,
                )
            )
        self.write({"state": "importing", "problem": False, "attempts": 0})
        self._start()

    def action_discard(self):
        self._check_state("uploaded", "mapped", "checking", "previewed")
        self.line_ids.unlink()
        self.state = "discarded"

    def action_undo(self):
        """Delete what the import created, as far as nobody has used it since."""
        self.ensure_one()
        self._check_state("done")
        kept = ClientImportRun(self).undo()
        self.state = "undone"
        self.message_post(
            body=self.env._(
                "Undone. Kept because they are in use: %(count)s.", count=kept
            )
        )

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.logistics_client_import_line_action"
        )
        status = self.env.context.get("logistics_status")
        return {
            **action,
            "domain": [("import_id", "=", self.id)],
            "context": {f"search_default_{status}": 1} if status else {},
        }

    def action_refresh(self):
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def action_download_errors(self):
        self.ensure_one()
        return self._download(f"/logistics/client_import/{self.id}/errors")

    @api.model
    def action_download_template(self):
        return self._download("/logistics/client_import/template")

    def _download(self, url):
        return {"type": "ir.actions.act_url", "url": url, "target": "download"}

    @api.model
    def _get_template(self):
        """Return a workbook with a sheet for each kind, headed as the import reads."""
        stream = io.BytesIO()
        book = xlsxwriter.Workbook(stream, {"in_memory": True})
        bold = book.add_format({"bold": True})
        kinds = dict(
            self.env["logistics.client.import.line"]
            ._fields["kind"]
            ._description_selection(self.env)
        )
        language = 1 if (self.env.lang or "").startswith("zh") else 0
        for kind, targets in TARGETS.items():
            sheet = book.add_worksheet(kinds[kind])
            sheet.freeze_panes(1, 0)
            for column, target in enumerate(targets.values()):
                sheet.write_string(0, column, target.headings[language].title(), bold)
                sheet.set_column(column, column, 20)
        book.close()
        return stream.getvalue()

    def _get_error_file(self):
        """Return the rows with errors as they came, with what to do about each."""
        self.ensure_one()
        return ClientImportReader(self).error_file()

    @api.model
    def _get_sha256(self, file):
        return hashlib.sha256(base64.b64decode(file or b"")).hexdigest()

    def _check_file_once(self, file, company_id, besides=()):
        # sudo: the file of a colleague counts too; name, day and user are no secret
        earlier = self.sudo().search(
            [
                ("id", "not in", [client_import.id for client_import in besides]),
                ("company_id", "=", company_id),
                ("file_sha256", "=", self._get_sha256(file)),
                ("state", "not in", ("discarded", "undone")),
            ],
            limit=1,
        )
        if earlier:
            raise UserError(
                self.env._(
                    "This file was uploaded before, as %(name)s on %(date)s by"
                    " %(user)s. Open that import, or discard it.",
                    name=earlier.file_name,
                    date=fields.Date.to_string(earlier.create_date),
                    user=earlier.user_id.name,
                )
            )

    def _check_state(self, *states):
        labels = dict(self._fields["state"]._description_selection(self.env))
        for client_import in self:
            if client_import.state not in states:
                raise UserError(
                    self.env._(
                        "%(file)s is %(state)s: this is not possible now.",
                        file=client_import.file_name,
                        state=labels[client_import.state].lower(),
                    )
                )

    def _start(self):
        """Work on a short file at once, on a long one in the background."""
        if self.line_count > AT_ONCE:
            # sudo: whoever may import may have it worked on
            cron = self.env.ref("logistics_crm.ir_cron_client_import").sudo()
            cron._trigger()
            return
        run = ClientImportRun(self)
        while run.step():
            pass

    @api.model
    def _cron_work(self):
        """Work on imports batch by batch, with the rights of who started them."""
        cron = self.env["ir.cron"]
        domain = [("state", "in", ("checking", "importing"))]
        waiting = self.search(domain, order="id")
        cron._commit_progress(remaining=len(waiting))
        for client_import in waiting:
            client_import = client_import.try_lock_for_update()
            if not client_import:
                continue
            run = ClientImportRun(client_import._as_user())
            if not run.begin():
                cron._commit_progress(1)
                continue
            # the attempt is counted even if this process is killed
            cron._commit_progress()
            while run.step():
                self.env.flush_all()
                if not cron._commit_progress():
                    return
                self.env.invalidate_all()
            cron._commit_progress(1)

    def _as_user(self):
        self.ensure_one()
        user = self.user_id
        return self.with_user(user).with_context(
            lang=user.lang,
            tz=user.tz,
            allowed_company_ids=self.company_id.ids,
        )

    def _prepare_sheet_vals(self, position, name, kind, header_row, signature, columns):
        return {
            "import_id": self.id,
            "position": position,
            "name": name,
            "kind": kind,
            "header_row": header_row,
            "signature": signature,
            "column_ids": [Command.create(vals) for vals in columns],
        }
