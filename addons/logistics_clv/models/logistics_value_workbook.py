import base64
import logging
import tempfile

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import osutil

_logger = logging.getLogger(__name__)


class WorkbookCancelled(Exception):
    """Somebody took the workbook back while it was made."""


class LogisticsValueWorkbook(models.Model):
    """A workbook too large to wait for: made in the background, then downloaded.

    What others see of the work (progress, result) and what they tell it (to stop) goes
    through a cursor of its own, so that all clients are read in one transaction.
    """

    _name = "logistics.value.workbook"
    _description = "Client value: workbook made in the background"
    _order = "id desc"
    _rec_name = "file_name"

    run_id = fields.Many2one(
        "logistics.value.run", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company",
        related="run_id.company_id",
        store=True,
        index=True,
        readonly=True,
    )
    user_id = fields.Many2one(
        "res.users", "Ordered by", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        [
            ("queued", "Waiting"),
            ("running", "Being Made"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
            ("failed", "Failed"),
        ],
        default="queued",
        required=True,
        readonly=True,
        index=True,
    )
    progress = fields.Float(readonly=True, aggregator=False)
    file = fields.Binary("Workbook", attachment=True, readonly=True)
    file_name = fields.Char(readonly=True)
    error = fields.Text("Why It Failed", readonly=True)

    @api.model
    def _start(self, run):
        """Have the workbook made, or show the one that is being made already."""
        run.check_access("read")
        going = [
            ("run_id", "=", run.id),
            ("user_id", "=", self.env.uid),
            ("state", "in", ("queued", "running")),
        ]
        # sudo: jobs are made by this button only, after the check above
        jobs = self.sudo()
        job = jobs.search(going, limit=1) or jobs.create(
            {
                "run_id": run.id,
                "user_id": self.env.uid,
                "file_name": osutil.clean_filename(f"{run.name}.xlsx"),
            }
        )
        self.env.ref("logistics_clv.ir_cron_value_workbook").sudo()._trigger()
        job._tell()
        return job._get_form_action()

    def action_cancel(self):
        """Stop: a workbook that is being made breaks off at the next few clients."""
        self.check_access("read")
        # sudo: whoever sees a job (record rule: ordered it) may take it back
        going = self.sudo().filtered(lambda job: job.state in ("queued", "running"))
        going.write({"state": "cancelled"})
        for job in going:
            job._tell()

    def action_download(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file"
            f"?download=true&filename_field=file_name",
            "target": "download",
        }

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Workbook"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
        }

    @api.model
    def _cron_make(self):
        """Make the waiting workbooks; one that was killed is made again."""
        cron = self.env["ir.cron"]
        jobs = self.search([("state", "in", ("queued", "running"))], order="id")
        cron._commit_progress(remaining=len(jobs))
        for job in jobs:
            job._make()
            if not cron._commit_progress(1):
                return

    def _make(self):
        """Write the workbook in the name of the user, and keep it for the download."""
        self.ensure_one()
        run = (
            self.run_id.with_user(self.user_id)
            .with_company(self.company_id)
            .with_context(lang=self.user_id.lang)
        )
        count = run.client_count or 1

        def report(done):
            self._write_apart({"progress": min(100 * done / count, 99)})

        try:
            self._write_apart({"state": "running", "progress": 0})
            with tempfile.TemporaryFile() as stream, self.env.cr.savepoint():
                run.check_access("read")
                run._write_workbook(stream, report)
                run._log_workbook()
                stream.seek(0)
                content = base64.b64encode(stream.read())
            self._write_apart({"state": "done", "progress": 100, "file": content})
        except WorkbookCancelled:
            return
        except psycopg2.OperationalError:
            raise  # the scheduled action tries again
        except Exception as error:
            if not isinstance(error, UserError):
                _logger.exception("Workbook %s failed", self.id)
            self._write_apart({"state": "failed", "error": str(error)})
            return
        self._notify()

    def _write_apart(self, vals):
        """Write so that others see it at once; break off if somebody cancelled.

        Nothing in the transaction that reads the clients has touched the row.
        """
        with self.env.registry.cursor() as cr:
            job = self.with_env(self.env(cr=cr))
            job.invalidate_recordset()
            if job.state == "cancelled":
                raise WorkbookCancelled
            job.write(vals)
            job._tell()
        self.invalidate_recordset()

    def _tell(self):
        """Show in the user's client how far the workbook is."""
        reader = self.with_context(lang=self.user_id.lang)
        states = dict(self._fields["state"]._description_selection(reader.env))
        is_over = self.state in ("done", "cancelled")
        self.user_id._bus_send(
            "logistics_clv.valuation_progress",
            {
                "id": f"workbook-{self.id}",
                "model": self._name,
                "res_id": self.id,
                "name": self.file_name,
                "title": reader.env._("Workbook of the client values"),
                "state": "done" if is_over else self.state,
                "progress": round(self.progress),
                "message": states[self.state],
            },
        )

    def _notify(self):
        """Send the link to the one who ordered it."""
        reader = self.with_context(lang=self.user_id.lang)
        self.env["mail.thread"].message_notify(
            partner_ids=self.user_id.partner_id.ids,
            subject=reader.env._("Workbook ready: %(name)s", name=self.file_name),
            body=reader.env._("The workbook of the client values can be downloaded."),
            model=self._name,
            res_id=self.id,
        )

    @api.autovacuum
    def _gc_workbooks(self):
        """Drop workbooks after a week: their values have been replaced by then."""
        border = fields.Datetime.subtract(fields.Datetime.now(), days=7)
        old = self.search([("write_date", "<", border)], limit=1_000)
        old.unlink()
        return len(old), len(old) == 1_000
