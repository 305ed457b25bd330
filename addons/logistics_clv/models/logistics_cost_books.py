from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from . import cost_pool_sql as pool_sql


class LogisticsCostBooks(models.AbstractModel):
    """Find the journal items of cost pools."""

    _name = "logistics.cost.books"
    _description = "Cost-to-serve: where pools stand in the books"

    @api.constrains("item_domain")
    def _check_item_domain(self):
        for pool in self:
            try:
                self.env["account.move.line"].sudo()._search(  # only its terms
                    pool._get_item_domain()
                )
            except (ValueError, TypeError, KeyError) as error:
                raise pool._unreadable_domain() from error

    @api.constrains(
        "active", "account_ids", "account_tag_ids", "analytic_account_ids", "date_from"
    )
    @api.constrains("date_to", "company_id", "item_domain", "sign")
    def _check_account_once(self):
        """Refuse an account that two pools take as a whole.

        Parts of an account (analytic, conditions) are checked item by item in a run.
        """
        whole = self.search([("company_id", "in", self.company_id.ids)]).filtered(
            lambda pool: not pool.analytic_account_ids and not pool._get_item_domain()
        )
        for pool in self & whole:
            for other in whole - pool:
                shared = pool._get_accounts() & other._get_accounts()
                if (
                    shared
                    and pool.company_id == other.company_id
                    and pool._overlaps(other)
                ):
                    raise ValidationError(
                        self.env._(
                            "Account %(account)s is in the pool %(pool)s and in "
                            "%(other)s: an account belongs to one pool only.",
                            account=shared[0].display_name,
                            pool=pool.name,
                            other=other.name,
                        )
                    )

    def _overlaps(self, other):
        return not (
            (self.date_to and other.date_from and self.date_to < other.date_from)
            or (other.date_to and self.date_from and other.date_to < self.date_from)
        )

    def _get_accounts(self):
        """Return the accounts of a pool, with those that have one of its tags."""
        self.ensure_one()
        accounts = self.account_ids
        if self.account_tag_ids:
            accounts |= accounts.with_company(self.company_id).search(
                [
                    *accounts._check_company_domain(self.company_id),
                    ("tag_ids", "in", self.account_tag_ids.ids),
                ]
            )
        return accounts

    def _get_item_domain(self):
        self.ensure_one()
        try:
            return literal_eval(self.item_domain or "[]")
        except (ValueError, SyntaxError) as error:
            raise self._unreadable_domain() from error

    def _unreadable_domain(self):
        return ValidationError(
            self.env._(
                "The conditions of %(pool)s on journal items cannot be read.",
                pool=self.name,
            )
        )

    def _get_items_sql(self, scope):
        """Return the select of the journal items in a month, None outside the books."""
        self.ensure_one()
        accounts, analytic = self._get_accounts(), self.analytic_account_ids
        if self.method == "interest" or not (accounts or analytic):
            return None
        items = None
        if domain := self._get_item_domain():
            # what belongs to the pool does not depend on who looks at it
            lines = self.env["account.move.line"].sudo()
            items = lines._search(Domain(domain)).subselect()
        takes_all = not (accounts or self.account_tag_ids)
        return pool_sql.pool_items(
            self.id,
            scope,
            None if takes_all else accounts.ids,
            analytic.ids if analytic else None,
            items,
        )

    def _get_account_amounts(self, company, month):
        """Return (pool id, account id, balance) of what the pools take in a month."""
        scope = self.env["logistics.cost.driver"]._get_scope(company, month)
        selects = [pool._get_items_sql(scope) for pool in self]
        selects = [select for select in selects if select is not None]
        if not selects:
            return []
        self.env["account.move.line"].flush_model()
        decimals = company.currency_id.decimal_places
        self.env.cr.execute(pool_sql.account_amounts(selects, decimals))
        return self.env.cr.fetchall()

    def _get_month_amounts(self, month):
        """Return what each pool takes from the books of a month, by pool id."""
        amounts = {}
        for company, pools in self.grouped("company_id").items():
            signs = {pool.id: int(pool.sign) for pool in pools}
            for pool_id, __, balance in pools._get_account_amounts(company, month):
                amounts[pool_id] = amounts.get(pool_id, 0) + signs[pool_id] * balance
        return amounts

    def _check_items_once(self, company, month):
        """Refuse journal items of which several pools take more than there is."""
        scope = self.env["logistics.cost.driver"]._get_scope(company, month)
        selects = [pool._get_items_sql(scope) for pool in self]
        selects = [select for select in selects if select is not None]
        if not selects:
            return
        self.env["account.move.line"].flush_model()
        self.env.cr.execute(pool_sql.items_taken_twice(selects))
        rows = self.env.cr.fetchall()
        if rows:
            account_id, pool_ids, __, count = rows[0]
            raise UserError(
                self.env._(
                    "%(count)s journal items on %(account)s belong to several cost "
                    "pools: %(pools)s. Narrow these pools so that each item belongs "
                    "to one.",
                    count=count,
                    account=self.env["account.account"].browse(account_id).display_name,
                    pools=", ".join(self.browse(pool_ids).mapped("name")),
                )
            )

    def _action_open_items(self, start, end, account=None):
        """Open the journal items of the pool between two days."""
        self.ensure_one()
        scope = self.env["logistics.cost.driver"]._get_scope(self.company_id, start)
        scope = scope._replace(start=start, end=fields.Date.add(end, days=1))
        items = self._get_items_sql(scope)
        line_ids = []
        if items is not None:
            self.env["account.move.line"].flush_model()
            self.env.cr.execute(SQL("SELECT line_id FROM (%s) AS item", items))
            line_ids = [line_id for (line_id,) in self.env.cr.fetchall()]
        domain = [("id", "in", line_ids)]
        if account:
            domain.append(("account_id", "=", account.id))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Journal Items of %(pool)s", pool=self.name),
            "res_model": "account.move.line",
            "views": [(False, "list"), (False, "form")],
            "domain": domain,
            "context": {"create": False},
        }
