import base64
import csv
import io

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

ADVISORY_LOCK = 0x10C0DE


class LogisticsLocationLoad(models.Model):
    """One load of the UN/LOCODE list: what it would change, then what it has changed.

    Rows go through a temporary table and a handful of statements, not through
    create(): 116,000 locations one by one would take many minutes. A load is one
    transaction, so it is there as a whole or not at all.
    """

    _name = "logistics.location.load"
    _inherit = ["mail.thread"]
    _description = "UN/LOCODE Load"
    _order = "id desc"

    name = fields.Char(
        required=True,
        default=lambda self: self._default_name(),
        help="Which issue of the list it is: 2024-2.",
    )
    state = fields.Selection(
        [
            ("draft", "New"),
            ("preview", "Preview"),
            ("done", "Loaded"),
            ("cancel", "Discarded"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        tracking=True,
    )
    attachment_ids = fields.Many2many(
        "ir.attachment",
        "logistics_location_load_attachment_rel",
        "load_id",
        "attachment_id",
        string="Files",
        bypass_search_access=True,
        help="The three parts, one combined file, or the zip that UNECE publishes.",
    )
    is_complete = fields.Boolean(
        string="Complete for Its Countries",
        help="The files hold every entry of the countries in them: an entry that an"
        " earlier load has brought and that is missing here counts as removed.",
    )
    user_id = fields.Many2one(
        "res.users", string="Loaded by", readonly=True, copy=False, ondelete="set null"
    )
    date = fields.Datetime(string="Loaded on", readonly=True, copy=False)

    row_count = fields.Integer(string="Entries Read", readonly=True, copy=False)
    skipped_count = fields.Integer(
        string="Titles and Headings", readonly=True, copy=False
    )
    error_count = fields.Integer(string="Errors", readonly=True, copy=False)
    new_count = fields.Integer(string="New", readonly=True, copy=False)
    changed_count = fields.Integer(string="Changed", readonly=True, copy=False)
    kept_count = fields.Integer(string="Own Values Kept", readonly=True, copy=False)
    alias_count = fields.Integer(string="New Aliases", readonly=True, copy=False)
    archived_count = fields.Integer(string="Archived", readonly=True, copy=False)
    flagged_count = fields.Integer(
        string="Withdrawn, in Use", readonly=True, copy=False
    )
    restored_count = fields.Integer(string="Restored", readonly=True, copy=False)
    line_ids = fields.One2many(
        "logistics.location.load.line", "load_id", string="Differences", readonly=True
    )

    @api.model
    def _default_name(self):
        return self.env._(
            "UN/LOCODE %(date)s", date=fields.Date.context_today(self).isoformat()
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if "done" in self.mapped("state"):
            raise UserError(
                self.env._(
                    "A load that has changed locations stays as their history."
                    " Delete previews only."
                )
            )

    def action_preview(self):
        """Show what the files would change, and change no location."""
        self._check_can_run()
        self._stage()
        self._write_lines()
        self.state = "preview"
        return True

    def action_load(self):
        """Take the list over; what differs now counts, not what the preview saw."""
        self._check_can_run()
        self._stage()
        self._apply()
        self._write_lines()
        self.write(
            {
                "state": "done",
                "user_id": self.env.uid,
                "date": fields.Datetime.now(),
            }
        )
        summary = self._get_summary()
        self.message_post(body=summary)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if self.error_count else "success",
                "title": self.env._("Locations loaded"),
                "message": summary,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_discard(self):
        self.check_access("write")
        self.filtered(lambda load: load.state != "done").state = "cancel"
        self.filtered(lambda load: load.state == "cancel")._delete_lines()

    def action_view_lines(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "logistics_crm.logistics_location_load_line_action"
        )
        action["domain"] = [("load_id", "=", self.id)]
        return action

    def action_download(self):
        """Write the differences as a file that a spreadsheet opens."""
        self.ensure_one()
        attachment = self.env["ir.attachment"].create(
            {
                "name": self.env._("%(load)s differences.csv", load=self.name),
                "datas": base64.b64encode(self._get_differences_csv()),
                "mimetype": "text/csv",
                "res_model": self._name,
                "res_id": self.id,
            }
        )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def _check_can_run(self):
        self.ensure_one()
        self.check_access("write")
        # the statements write locations without the ORM, so ask here
        self.env["logistics.location"].check_access("write")
        self.env["logistics.location"].check_access("create")
        if self.state not in ("draft", "preview"):
            raise UserError(
                self.env._("This load is closed. Make a new one to load again.")
            )
        if not self.attachment_ids:
            raise UserError(
                self.env._("Add the files of the list first: its parts, or the zip.")
            )
        [[free]] = self.env.execute_query(
            SQL("SELECT pg_try_advisory_xact_lock(%s)", ADVISORY_LOCK)
        )
        if not free:
            raise UserError(
                self.env._("Another load is running. Try again when it has ended.")
            )

    def _get_summary(self):
        return self.env._(
            "%(rows)s entries read: %(new)s new, %(changed)s values changed, %(kept)s"
            " own values kept, %(archived)s archived, %(flagged)s withdrawn but in use,"
            " %(restored)s restored, %(aliases)s aliases, %(errors)s errors.",
            rows=self.row_count,
            new=self.new_count,
            changed=self.changed_count,
            kept=self.kept_count,
            archived=self.archived_count,
            flagged=self.flagged_count,
            restored=self.restored_count,
            aliases=self.alias_count,
            errors=self.error_count,
        )

    def _get_differences_csv(self):
        line_fields = ("kind", "code", "field", "old_value", "new_value", "file", "row")
        Line = self.env["logistics.location.load.line"]
        labels = {
            fname: dict(Line._fields[fname]._description_selection(self.env))
            for fname in ("kind", "field")
        }
        lines = Line.search_fetch([("load_id", "=", self.id)], line_fields)
        buffer = io.StringIO()
        writer = csv.writer(buffer)
        writer.writerow(
            Line._fields[fname]._description_string(self.env) for fname in line_fields
        )
        for line in lines:
            writer.writerow(
                _spreadsheet_text(labels.get(fname, {}).get(line[fname], line[fname]))
                for fname in line_fields
            )
        # with the mark, as spreadsheets read UTF-8 only with it
        return buffer.getvalue().encode("utf-8-sig")

    @api.autovacuum
    def _gc_lines(self):
        """Forget the lines of previews that nobody has come back to for a month."""
        old = self.search([("state", "=", "preview"), ("write_date", "<", "today -1m")])
        old.action_discard()


def _spreadsheet_text(value):
    """A name that begins as a formula does stays a text."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@"):
        return f"'{value}"
    return "" if value is False else value
