from odoo import api, fields, models
from odoo.exceptions import ValidationError

from . import credit_sql


class LogisticsPaymentPromise(models.Model):
    """What a client said it would pay, and by when; kept or broken by its payments."""

    _name = "logistics.payment.promise"
    _description = "Promise to Pay"
    _order = "date desc, id desc"
    _rec_name = "partner_id"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        string="Client",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    promised_on = fields.Date(required=True, default=fields.Date.context_today)
    date = fields.Date(
        string="To Be Paid by",
        required=True,
        index=True,
        help="Paid by this day, and some days of grace, the promise is kept.",
    )
    amount = fields.Monetary(required=True)
    paid_amount = fields.Monetary(
        string="Paid",
        readonly=True,
        copy=False,
        help="Payments of the client since the promise, less those for earlier"
        " promises.",
    )
    state = fields.Selection(
        [("open", "Open"), ("kept", "Kept"), ("broken", "Broken")],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Promised to",
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    note = fields.Char(help="Who promised it, and for which invoices.")
    active = fields.Boolean(default=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "The promised amount must be greater than zero."
    )
    _date_after = models.Constraint(
        "CHECK (date >= promised_on)",
        "The day of payment cannot be before the day of the promise.",
    )

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for promise in self:
            client = promise.partner_id.commercial_partner_id
            if client != promise.partner_id:
                raise ValidationError(
                    self.env._(
                        "Promises to pay are kept for the client, not for its contacts:"
                        " choose %(client)s instead of %(contact)s.",
                        client=client.display_name,
                        contact=promise.partner_id.display_name,
                    )
                )

    @api.model
    def _judge(self, client_ids=None):
        """Judge the open promises, of all clients or of some."""
        self.flush_model()
        self.env["account.move.line"].flush_model()
        today = fields.Date.context_today(self)
        self.env.cr.execute(credit_sql.judge_promises(today, client_ids))
        self.invalidate_model(["state", "paid_amount"])
