import logging
from contextlib import contextmanager

import psycopg2

from odoo import api, fields, models

from ..valuation.errors import ValuationError

_logger = logging.getLogger(__name__)

# How far a run is when the ledger is up to date, in percent.
REFRESHED = 60


class LogisticsValueExecution(models.AbstractModel):
    """Work through a run, in one go or in steps, and tell how far it is."""

    _name = "logistics.value.execution"
    _description = "Client value: execution of a run"

    @api.model
    def _cron_run(self):
        """Work through the waiting runs; a run that was killed is taken up again."""
        cron = self.env["ir.cron"]
        runs = self.search([("state", "in", ("queued", "running"))], order="id")
        cron._commit_progress(remaining=len(runs))
        for run in runs:
            if run.try_lock_for_update() and not run._run_in_steps():
                return
            cron._commit_progress(1)

    def _run_in_steps(self):
        """Refresh the ledger batch by batch, then value the clients.

        Return False when the time of the scheduled action is up before the end.
        """
        cron = self.env["ir.cron"]
        ledger = self.env["logistics.value.ledger"]._for_companies(self.company_id)
        if self.state == "queued":
            ledger._collect()
            self.started_at = fields.Datetime.now()
            self._report(1, "running")
            if not cron._commit_progress():
                return False
        waiting = ledger.queued_count or 1
        while self._refresh_batch(ledger):
            self._report(1 + (REFRESHED - 1) * (1 - ledger.queued_count / waiting))
            if not cron._commit_progress():
                return False
            if self._is_stopped():
                return True
        if self.state != "failed":
            self._report(REFRESHED)
            cron._commit_progress()
            self._value_in_steps()
        return True

    def _value_in_steps(self):
        """Value the clients, committing how far it is; only the last step writes."""
        steps = self._get_value_steps()
        progress = REFRESHED
        while progress < 100 and not self._is_stopped():
            with self._failure_kept():
                progress = next(steps, 100)
                if progress == 100:
                    self._finish()
                else:
                    self._report(progress)
            self.env["ir.cron"]._commit_progress()

    def _is_stopped(self):
        """Return whether the run has failed, or was cancelled meanwhile."""
        self.invalidate_recordset(["state"])
        return self.state != "running"

    def _finish(self):
        self.finished_at = fields.Datetime.now()
        self._report(100, "done")

    def _refresh_batch(self, ledger):
        with self._failure_kept():
            return ledger._process_batch()
        return 0

    def _run(self, ledger):
        """Value all clients in one go; a failure leaves the last values in place."""
        self.ensure_one()
        self.started_at = self.started_at or fields.Datetime.now()
        with self._failure_kept():
            while ledger._process_batch(wait=True):
                pass
            self._value_clients()
            self._finish()

    @contextmanager
    def _failure_kept(self):
        """Undo what fails inside, and keep the reason with the run."""
        try:
            with self.env.cr.savepoint():
                yield
        except psycopg2.OperationalError:
            raise  # a conflict with another transaction: the caller tries again
        except ValuationError as error:
            self._fail(error.code, error.params)
        except Exception as error:
            _logger.exception("Valuation run %s failed", self.id)
            self._fail("unexpected", {"reason": str(error)})

    def _fail(self, code, params):
        self.write({"failure": [code, params], "finished_at": fields.Datetime.now()})
        self._report(self.progress, "failed")

    def _report(self, progress, state=None):
        """Write how far the run is, and tell the one who started it."""
        self.write({"progress": progress} | ({"state": state} if state else {}))
        reader = self.with_context(lang=self.user_id.lang)
        self.user_id._bus_send(
            "logistics_clv.valuation_progress", reader._get_progress_payload()
        )

    def _get_progress_payload(self):
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "progress": round(self.progress),
            "message": self.progress_text,
        }
