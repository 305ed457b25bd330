from odoo import fields, models


class LogisticsCostRunAccount(models.Model):
    """How an account of the month is covered by the pools of a run."""

    _name = "logistics.cost.run.account"
    _description = "Cost-to-serve: reconciliation of a run with an account"
    _order = "run_id desc, account_id, category, id"
    _rec_name = "account_id"
    _check_company_auto = True

    run_id = fields.Many2one(
        "logistics.cost.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    account_id = fields.Many2one("account.account", required=True, ondelete="restrict")
    pool_id = fields.Many2one("logistics.cost.pool", ondelete="restrict")
    category = fields.Selection(
        [
            ("pooled", "In the pool"),
            ("rest", "Rest of the account: other analytic accounts or conditions"),
            ("outside", "Overhead account in no pool"),
        ],
        required=True,
    )
    balance = fields.Monetary(
        "On the Account", help="Debit less credit of the month, when computed."
    )
    pool_amount = fields.Monetary("In the Pool")

    def action_open_items(self):
        """Open the journal items of the account in the month of the run."""
        self.ensure_one()
        start, end = (
            self.run_id.month,
            fields.Date.end_of(self.run_id.month, "month"),
        )
        if self.pool_id:
            return self.pool_id._action_open_items(start, end, self.account_id)
        return {
            "type": "ir.actions.act_window",
            "name": self.account_id.display_name,
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("company_id", "=", self.company_id.id),
                ("account_id", "=", self.account_id.id),
                ("parent_state", "=", "posted"),
                ("date", ">=", start),
                ("date", "<=", end),
            ],
            "context": {"create": False},
        }
