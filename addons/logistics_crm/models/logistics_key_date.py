from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

YEARLY_KINDS = ("anniversary", "birthday", "holiday")


class LogisticsKeyDate(models.Model):
    """A day to be in touch with a client or one of its contacts."""

    _name = "logistics.key.date"
    _description = "Key Date"
    _order = "next_date, id"
    _rec_names_search = ["partner_id", "note"]

    partner_id = fields.Many2one(
        "res.partner",
        string="Client or Contact",
        required=True,
        index=True,
        ondelete="cascade",
    )
    client_id = fields.Many2one(
        "res.partner",
        string="Client",
        related="partner_id.commercial_partner_id",
        store=True,
        index=True,
    )
    user_id = fields.Many2one(related="client_id.user_id", string="Salesperson")
    kind = fields.Selection(
        [
            ("contract_renewal", "Contract Renewal"),
            ("tender", "Tender"),
            ("anniversary", "Anniversary"),
            ("birthday", "Birthday"),
            ("holiday", "Holiday or Closing"),
            ("other", "Other"),
        ],
        required=True,
        default="other",
    )
    date = fields.Date(
        required=True,
        inverse="_inverse_date",
        help="Of a day that comes every year: the first one, such as the day of birth.",
    )
    yearly = fields.Boolean(
        string="Every Year",
        compute="_compute_yearly",
        store=True,
        readonly=False,
        precompute=True,
    )
    next_date = fields.Date(
        string="Next",
        compute="_compute_next_date",
        store=True,
        precompute=True,
        index=True,
        help="When the day comes next. 29 February is kept on the 28th in other years.",
    )
    note = fields.Char(help="What to say or to do.")
    active = fields.Boolean(default=True)

    @api.depends("kind")
    def _compute_yearly(self):
        for key_date in self:
            key_date.yearly = key_date.kind in YEARLY_KINDS

    @api.depends("date", "yearly")
    def _compute_next_date(self):
        today = fields.Date.context_today(self)
        for key_date in self:
            next_date = key_date.date
            if next_date and key_date.yearly and next_date < today:
                years = today.year - next_date.year
                next_date = key_date.date + relativedelta(years=years)
                if next_date < today:
                    next_date = key_date.date + relativedelta(years=years + 1)
            key_date.next_date = next_date

    @api.depends("kind", "partner_id", "date")
    def _compute_display_name(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for key_date in self:
            parts = (kinds.get(key_date.kind), key_date.partner_id.display_name)
            key_date.display_name = ", ".join(part for part in parts if part)

    def _inverse_date(self):
        """A contract's renewal stands on the client's profile too."""
        for key_date in self:
            client = key_date.partner_id
            if (
                key_date.kind == "contract_renewal"
                and client.logistics_contract_renewal_date != key_date.date
            ):
                client.logistics_contract_renewal_date = key_date.date

    @api.model
    def _cron_roll_over(self):
        """Move the yearly dates that have passed to their next year.

        Table: logistics_key_date, index on next_date. Grain: one passed yearly date.
        """
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE logistics_key_date AS day
                   SET next_date = (
                           SELECT MIN(turn) FROM (
                               SELECT (day.date + make_interval(years => year))::date
                                 FROM generate_series(
                                     EXTRACT(YEAR FROM %(today)s::date)::int
                                     - EXTRACT(YEAR FROM day.date)::int,
                                     EXTRACT(YEAR FROM %(today)s::date)::int
                                     - EXTRACT(YEAR FROM day.date)::int + 1
                                 ) AS year
                           ) AS turns (turn)
                            WHERE turn >= %(today)s::date
                       )
                 WHERE yearly AND next_date < %(today)s::date
                """,
                today=fields.Date.today(),
            )
        )
        self.invalidate_model(["next_date"])
