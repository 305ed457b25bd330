from odoo import fields, models


class LogisticsCostDriverEntry(models.Model):
    """A count that somebody entered or imported, of one client on one day."""

    _name = "logistics.cost.driver.entry"
    _description = "Cost-to-serve: count entered by hand"
    _order = "date desc, id desc"
    _rec_name = "client_id"
    _check_company_auto = True

    driver_id = fields.Many2one(
        "logistics.cost.driver",
        required=True,
        domain="[('kind', '=', 'manual')]",
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    client_id = fields.Many2one(
        "res.partner",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="Counts for the commercial entity of this contact.",
    )
    date = fields.Date(
        required=True,
        default=lambda self: self._default_date(),
        help="The month of this day counts it.",
    )
    quantity = fields.Float(
        digits=(16, 4),
        required=True,
        help="How many; a correction may be negative, but not the count of the month.",
    )
    note = fields.Char()

    _count_idx = models.Index("(company_id, driver_id, date)")

    def _default_company_id(self):
        return self.env.company

    def _default_date(self):
        return fields.Date.context_today(self)
