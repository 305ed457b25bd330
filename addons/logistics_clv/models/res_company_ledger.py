from datetime import date

from odoo import fields, models
from odoo.tools import SQL

from .value_scope_sql import COST_TYPES, EXPENSE_TYPES, INCOME_TYPES, Scope


class ResCompany(models.Model):
    """What of the books of a company is in its value ledger."""

    _inherit = "res.company"

    logistics_value_income_account_ids = fields.Many2many(
        "account.account",
        "logistics_value_income_account_rel",
        "company_id",
        "account_id",
        "Income Accounts of the Value Ledger",
        domain="[('account_type', 'in', ('income', 'income_other'))]",
        help="Revenue of the clients is booked here. Empty: all income accounts.",
    )
    logistics_value_cost_account_ids = fields.Many2many(
        "account.account",
        "logistics_value_cost_account_rel",
        "company_id",
        "account_id",
        "Direct Cost Accounts of the Value Ledger",
        domain="[('account_type', 'in', ('expense', 'expense_other',"
        " 'expense_direct_cost'))]",
        help="Direct cost of the clients is booked here. Empty: all accounts of the "
        "type Cost of Revenue.",
    )
    logistics_value_manual_journal_ids = fields.Many2many(
        "account.journal",
        "logistics_value_manual_journal_rel",
        "company_id",
        "journal_id",
        "Journals whose Entries are in the Value Ledger",
        domain="[('type', '=', 'general'), ('company_id', '=', id)]",
        help="Journal entries on income and direct cost accounts count for the partner "
        "of their lines, or for the orders of their analytic distribution.",
    )

    def _get_value_accounts(self):
        """Return the kind (income, cost, expense) of the accounts, by company and id.

        A branch without a choice of its own uses that of the main company.
        """
        self.env["account.account"].flush_model(["account_type"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, account_type FROM account_account WHERE account_type IN %s",
                (*INCOME_TYPES, *COST_TYPES, *EXPENSE_TYPES),
            )
        )
        accounts = {}
        for company in self:
            # the settings of the main company, which a branch's user may not read
            owners = (company | company.root_id).sudo()
            chosen = {
                name: owners.filtered(name)[:1][name].ids
                for name in (
                    "logistics_value_income_account_ids",
                    "logistics_value_cost_account_ids",
                )
            }
            income, cost = chosen.values()
            kinds = accounts[company.id] = {}
            for account, account_type in rows:
                if account in income or not income and account_type in INCOME_TYPES:
                    kinds[account] = "income"
                elif account in cost or not cost and account_type in COST_TYPES:
                    kinds[account] = "cost"
                elif account_type in EXPENSE_TYPES:
                    kinds[account] = "expense"
        return accounts

    def _get_value_scope(self):
        """Return what counts in this company and which other apps take part.

        This is the one place that knows of apps which may be absent.
        """
        self.ensure_one()
        lines = self.env["account.move.line"]._fields
        purchases = self.env.registry.get("purchase.order.line")
        return Scope(
            accounts=self._get_value_accounts()[self.id],
            has_purchases="purchase_line_id" in lines
            and purchases is not None
            and "sale_line_id" in purchases._fields,
            has_stock="cogs_origin_id" in lines,
            has_transfers="effective_date" in self.env["sale.order"]._fields,
        )

    def _get_value_lock_dates(self):
        """Return the last closed day by type of journal, for the user of now.

        As in ``_get_user_fiscal_lock_date``: with the lock dates of parent companies
        and the exceptions from them.
        """
        self.ensure_one()
        company = self.sudo().with_context(ignore_exceptions=False)
        company.invalidate_recordset(
            [
                "user_fiscalyear_lock_date",
                "user_hard_lock_date",
                "user_sale_lock_date",
                "user_purchase_lock_date",
            ]
        )
        closed = max(company.user_fiscalyear_lock_date, company.user_hard_lock_date)
        dates = {
            "sale": max(closed, company.user_sale_lock_date),
            "purchase": max(closed, company.user_purchase_lock_date),
            "": closed,
        }
        # PostgreSQL knows no day before this one that Odoo would show
        return {kind: max(day, date(1, 1, 1)) for kind, day in dates.items()}
