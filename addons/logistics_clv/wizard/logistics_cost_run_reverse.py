from odoo import fields, models


class LogisticsCostRunReverse(models.TransientModel):
    """Ask why confirmed cost runs are taken back."""

    _name = "logistics.cost.run.reverse"
    _description = "Cost-to-serve: reverse runs"

    run_ids = fields.Many2many("logistics.cost.run", string="Runs", required=True)
    reason = fields.Char(required=True)

    def action_apply(self):
        self.ensure_one()
        self.run_ids._reverse(self.reason)
        return {"type": "ir.actions.act_window_close"}
