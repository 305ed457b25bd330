from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..credit_rating import ThresholdError, Thresholds


class ResCompany(models.Model):
    """Limits of the credit rating."""

    _inherit = "res.company"

    logistics_credit_months = fields.Integer(
        "Months Looked Back",
        default=12,
        help="Invoices that were due in this time, and all that are open, are rated.",
    )
    logistics_credit_a_days = fields.Integer(
        "Days Late, Grade A", default=0, help="Highest average days late of grade A."
    )
    logistics_credit_b_days = fields.Integer(
        "Days Late, Grade B", default=15, help="Highest average days late of grade B."
    )
    logistics_credit_c_days = fields.Integer(
        "Days Late, Grade C",
        default=45,
        help="Highest average days late of grade C; beyond it is grade D.",
    )
    logistics_credit_overdue_days = fields.Integer(
        "Overdue, No Grade A",
        default=30,
        help="A client with an amount that is overdue for more days is not grade A.",
    )
    logistics_credit_overdue_ratio = fields.Integer(
        "Overdue Ratio, One Grade Lower (%)",
        default=50,
        help="Overdue in percent of what is open; beyond it the grade is one lower. 0:"
        " never.",
    )
    logistics_credit_broken_promises = fields.Integer(
        "Broken Promises, One Grade Lower",
        default=2,
        help="From this many broken promises to pay the grade is one lower. 0: never.",
    )
    logistics_promise_grace_days = fields.Integer(
        "Days of Grace",
        default=3,
        help="A promise to pay is kept when the money comes this many days later.",
    )

    @api.constrains(
        "logistics_credit_months",
        "logistics_credit_a_days",
        "logistics_credit_b_days",
        "logistics_credit_c_days",
        "logistics_credit_overdue_days",
        "logistics_credit_overdue_ratio",
        "logistics_credit_broken_promises",
        "logistics_promise_grace_days",
    )
    def _check_logistics_credit(self):
        for company in self:
            try:
                company._get_credit_thresholds()
            except ThresholdError as error:
                if error.code == "order":
                    message = self.env._(
                        "The days late of grade A must not exceed those of grade B, nor"
                        " those of B those of C."
                    )
                elif error.code == "ratio":
                    message = self.env._("The overdue ratio is between 0 and 100 %.")
                else:
                    message = self.env._("Limits of the rating cannot be negative.")
                raise ValidationError(message) from error
            if not (
                1 <= company.logistics_credit_months <= 60
                and company.logistics_promise_grace_days >= 0
            ):
                raise ValidationError(
                    self.env._(
                        "The rating looks back 1 to 60 months, and days of grace cannot"
                        " be negative."
                    )
                )

    def _get_credit_thresholds(self):
        """Return the limits of the company as the plain rules want them."""
        self.ensure_one()
        return Thresholds(
            a_days=self.logistics_credit_a_days,
            b_days=self.logistics_credit_b_days,
            c_days=self.logistics_credit_c_days,
            overdue_days=self.logistics_credit_overdue_days,
            overdue_ratio=self.logistics_credit_overdue_ratio,
            broken_promises=self.logistics_credit_broken_promises,
        )
