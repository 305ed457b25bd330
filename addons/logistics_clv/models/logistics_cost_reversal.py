from odoo import fields, models
from odoo.exceptions import UserError


class LogisticsCostReversal(models.AbstractModel):
    """Take confirmed cost runs back, where the month is not closed."""

    _name = "logistics.cost.reversal"
    _description = "Cost-to-serve: reversal of a run"

    reversed_by_id = fields.Many2one("res.users", readonly=True, copy=False)
    reversed_at = fields.Datetime(readonly=True, copy=False)
    reversal_reason = fields.Char(readonly=True, copy=False)

    def action_reverse(self):
        """Ask for the reason; the wizard calls _reverse."""
        self.check_access("write")
        self._check_state("confirmed")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Reverse the Run"),
            "res_model": "logistics.cost.run.reverse",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_run_ids": self.ids},
        }

    def _reverse(self, reason):
        """Take confirmed runs out of the figures; their allocations stay as trail."""
        self.check_access("write")
        self._check_state("confirmed")
        for run in self:
            run._check_not_locked()
        self._own().write(
            {
                "state": "reversed",
                "reversed_by_id": self.env.uid,
                "reversed_at": fields.Datetime.now(),
                "reversal_reason": reason,
            }
        )
        # a new run of the month may follow at once
        self.flush_recordset(["state"])
        for run in self:
            run.message_post(body=self.env._("Reversed: %(reason)s", reason=reason))

    def _check_not_locked(self):
        """Refuse what changes the figures of a month that the accountant has closed."""
        self.ensure_one()
        last_day = fields.Date.end_of(self.month, "month")
        locks = self.company_id._get_lock_date_violations(
            last_day, sale=False, purchase=False, tax=False
        )
        if locks:
            raise UserError(
                self.env._(
                    "%(run)s is closed up to %(date)s: its figures stay. Open the "
                    "period, or get an exception of the lock date.",
                    run=self.name,
                    date=max(date for date, __ in locks),
                )
            )
