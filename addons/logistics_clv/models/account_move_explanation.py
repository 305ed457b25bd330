from odoo import models
from odoo.tools import format_amount, format_date

from . import value_scope_sql as scope_sql


class AccountMove(models.Model):
    """Say in words for whom a document counts and where its cost comes from."""

    _inherit = "account.move"

    def _explain_client(self, rule, order):
        """Say why the document counts for its client unless an accountant chose it."""
        if rule:
            return self.env._("by the rule %(rule)s", rule=rule)
        if order:
            return self.env._("ordered it with %(order)s", order=order)
        return self.env._("is invoiced, without an order")

    def _explain_value(self, rows):
        """Say where the cost of the rows comes from, one sentence for each source."""
        self.ensure_one()
        is_sale = self.move_type in scope_sql.MOVE_TYPES
        sentences = []
        for row in rows:
            if row.is_adjustment:
                sentence = self._explain_adjustment(row)
            elif is_sale:
                sentence = self._explain_cost_of_sale(row)
            else:
                sentence = self._explain_bill(row)
            if sentence:
                sentences.append(sentence)
        sentences.append(self._explain_split(rows) if is_sale else False)
        return "\n".join(filter(None, dict.fromkeys(sentences))) or False

    def _explain_adjustment(self, row):
        return self.env._(
            "Adjustment of %(amount)s for %(client)s in %(period)s: the period of the "
            "document was closed already.",
            amount=self._format_value(row.contribution),
            client=row.client or self.env._("nobody"),
            period=format_date(self.env, row.period, date_format="MMMM yyyy"),
        )

    def _explain_cost_of_sale(self, row):
        """Explain a row of a customer invoice: its own, or of a bill for it."""
        cost = self._format_value(row.cost)
        if row.is_billed:
            if row.origin and row.source == "vendor_bill":
                return self.env._(
                    "Cost of %(amount)s from vendor bill %(bill)s over %(purchase)s.",
                    amount=cost,
                    bill=row.document,
                    purchase=row.origin,
                )
            if row.source == "analytic":
                return self.env._(
                    "Cost of %(amount)s from %(bill)s by the job's analytic account.",
                    amount=cost,
                    bill=row.document,
                )
            return self.env._(
                "Cost of %(amount)s from %(bill)s.", amount=cost, bill=row.document
            )
        if row.source == "none":
            return self.env._(
                "No cost is known for %(amount)s of the revenue: it counts in full as "
                "contribution.",
                amount=self._format_value(row.revenue),
            )
        if row.source == "order_line":
            return self.env._(
                "Cost of %(amount)s estimated from the buy price on %(order)s, until "
                "the vendor bill is there.",
                amount=cost,
                order=row.order,
            )
        if row.source == "stock" and row.cost:
            return self.env._(
                "Cost of %(amount)s from the valuation of the goods.", amount=cost
            )
        if row.source == "down_payment":
            return self.env._(
                "Down payment of %(amount)s: its cost comes with the invoice.",
                amount=self._format_value(row.revenue),
            )
        if row.source == "disbursement":
            return self.env._("Disbursements stay outside the contribution.")
        return False

    def _explain_bill(self, row):
        """Explain a row of a vendor bill or of a journal entry."""
        if row.source == "disbursement":
            return self.env._("Disbursements stay outside the contribution.")
        amount = self._format_value(row.cost)
        if not row.client:
            return self.env._("Cost of %(amount)s for no client.", amount=amount)
        if row.document:
            return self.env._(
                "Cost of %(amount)s for %(client)s, on %(invoice)s.",
                amount=amount,
                client=row.client,
                invoice=row.document,
            )
        return self.env._(
            "Cost of %(amount)s for %(client)s.", amount=amount, client=row.client
        )

    def _explain_split(self, rows):
        """Name the clients when the document counts for several."""
        clients = {}
        for row in rows:
            name = row.client or self.env._("nobody")
            clients[name] = clients.get(name, 0) + row.contribution
        if len(clients) < 2:
            return False
        return self.env._(
            "Contribution by client: %(parts)s.",
            parts=", ".join(
                f"{name} {self._format_value(amount)}"
                for name, amount in clients.items()
            ),
        )

    def _format_value(self, amount):
        return format_amount(self.env, amount, self.company_currency_id)
