import json

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..credit_rating import PaymentBehaviour, rate
from . import credit_messages, credit_sql

GRADES = [("a", "A"), ("b", "B"), ("c", "C"), ("d", "D")]
# Clients that are rated in one transaction.
BATCH = 5_000


class LogisticsCreditRating(models.Model):
    """How a client pays one of our companies; written by the nightly rating only."""

    _name = "logistics.credit.rating"
    _description = "Credit Rating"
    _order = "grade desc, overdue_amount desc, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Client", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="partner_id.user_id", string="Salesperson")
    company_id = fields.Many2one("res.company", required=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    grade = fields.Selection(
        GRADES, help="Of payments alone; a grade set by hand stands on the client."
    )
    previous_grade = fields.Selection(GRADES)
    changed_at = fields.Datetime(string="Grade since")
    computed_at = fields.Datetime(string="Rated on", index=True)

    days_beyond_terms = fields.Float(
        string="Days Late",
        digits=(16, 1),
        aggregator="avg",
        help="Average days between due date and payment, weighted by amount; early"
        " payments count against late ones, open overdue amounts count to today.",
    )
    amount = fields.Monetary(string="Paid or Due")
    open_amount = fields.Monetary(string="Open")
    overdue_amount = fields.Monetary(string="Overdue")
    overdue_ratio = fields.Float(
        string="Overdue Ratio (%)", digits=(16, 1), aggregator="avg"
    )
    oldest_overdue_days = fields.Integer(string="Oldest (days)", aggregator="max")
    broken_promises = fields.Integer()
    kept_promises = fields.Integer()
    reasons = fields.Json()
    explanation = fields.Text(compute="_compute_explanation")

    _partner_company_uniq = models.Constraint(
        "UNIQUE (partner_id, company_id)",
        "A client has one credit rating in each company.",
    )

    @api.depends("reasons", "grade")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for rating in self:
            rating.explanation = " ".join(
                credit_messages.explain(self.env, code, figures, rating.currency_id)
                for code, figures in rating.reasons or ()
            )

    @api.model
    def _cron_rate(self):
        """Judge the promises and rate every client with invoices, once a day."""
        cron = self.env["ir.cron"]
        self.env["logistics.payment.promise"]._judge()
        self._expire_overrides()
        todo = self._get_clients_to_rate()
        cron._commit_progress(remaining=len(todo))
        for start in range(0, len(todo), BATCH):
            batch = todo[start : start + BATCH]
            self._rate_clients(batch)
            if not cron._commit_progress(len(batch)):
                return

    @api.model
    def _get_clients_to_rate(self):
        self._flush_sources()
        today = fields.Datetime.now().replace(hour=0, minute=0, second=0)
        rows = self.env.execute_query(
            credit_sql.clients_with_facts(self._get_first_day(), today)
        )
        return [client_id for (client_id,) in rows]

    @api.model
    def _get_first_day(self):
        """Return the first due day that any company looks at."""
        # limits of all companies, whoever rates
        companies = self.env["res.company"].sudo().search([])  # pylint: disable=no-search-all
        months = max(companies.mapped("logistics_credit_months"), default=12)
        return fields.Date.context_today(self) - relativedelta(months=months)

    @api.model
    def _expire_overrides(self):
        """Take back the grades that were set by hand until a day that has passed."""
        self.env["res.partner"].flush_model()
        expired = self.env["res.partner"]._search(
            [
                ("logistics_credit_override", "!=", False),
                ("logistics_credit_override_until", "<", "today"),
            ]
        )
        clients = self.env["res.partner"].browse(expired)
        if clients:
            self._write_client_grades(clients.ids)

    @api.model
    def _rate_clients(self, client_ids):
        """Collect the measures, rate in plain Python, write in two statements."""
        self._flush_sources()
        today = fields.Date.context_today(self)
        measures = self._collect_measures(client_ids, today)
        # of all companies, whoever rates: the grade of a client is the worst of them
        companies = (
            self.env["res.company"]
            .sudo()
            .browse({company_id for _client_id, company_id in measures})
        )
        thresholds = {
            company.id: company._get_credit_thresholds() for company in companies
        }
        ratings = {
            key: rate(behaviour, thresholds[key[1]])
            for key, behaviour in measures.items()
        }
        if ratings:
            self.env.cr.execute(
                credit_sql.write_ratings(
                    self._prepare_rating_columns(measures, ratings),
                    fields.Datetime.now(),
                )
            )
        self._write_client_grades(client_ids)
        self.invalidate_model()

    @api.model
    def _collect_measures(self, client_ids, today):
        """Return {(client, company): behaviour}, also of clients without any facts."""
        rows = self.env.execute_query(
            credit_sql.payment_behaviour(client_ids, self._get_first_day(), today)
        )
        # the credit data of clients that the caller has the right to rate
        partners = self.env["res.partner"].sudo()
        in_collection = set(
            partners.search(
                [("id", "in", client_ids), ("logistics_legal_action", "=", True)]
            ).ids
        )
        measures = {
            (client_id, company_id): PaymentBehaviour(
                *figures, is_legal=client_id in in_collection
            )
            for client_id, company_id, *figures in rows
        }
        # who had a rating and has no facts any more is rated too
        keys = set(self.env.execute_query(credit_sql.known_ratings(client_ids)))
        keys |= {
            (client_id, self.env.company.id)
            for client_id in in_collection - {client_id for client_id, _ in measures}
        }
        for client_id, company_id in keys - measures.keys():
            measures[client_id, company_id] = PaymentBehaviour(
                is_legal=client_id in in_collection
            )
        return measures

    @api.model
    def _prepare_rating_columns(self, measures, ratings):
        """Return {column: (SQL type, values)} of all ratings, in one order."""
        keys = list(measures)
        found = list(measures.values())
        return {
            "partner_id": ("integer", [client_id for client_id, _company in keys]),
            "company_id": ("integer", [company_id for _client, company_id in keys]),
            "grade": ("varchar", [ratings[key].grade for key in keys]),
            "days_beyond_terms": (
                "numeric",
                [round(one.days_beyond_terms or 0, 1) for one in found],
            ),
            "amount": ("numeric", [one.amount for one in found]),
            "open_amount": ("numeric", [one.open_amount for one in found]),
            "overdue_amount": ("numeric", [one.overdue_amount for one in found]),
            "overdue_ratio": (
                "numeric",
                [round(one.overdue_ratio, 1) for one in found],
            ),
            "oldest_overdue_days": (
                "integer",
                [one.oldest_overdue_days for one in found],
            ),
            "broken_promises": ("integer", [one.broken_promises for one in found]),
            "kept_promises": ("integer", [one.kept_promises for one in found]),
            "reasons": (
                "jsonb",
                [
                    json.dumps(
                        [(one.code, one.figures) for one in ratings[key].reasons],
                        default=str,
                    )
                    for key in keys
                ],
            ),
        }

    @api.model
    def _write_client_grades(self, client_ids, reset=False):
        """Give clients their grade, and none to those without rating if ``reset``."""
        today = fields.Date.context_today(self)
        self.env.cr.execute(credit_sql.write_client_grades(client_ids, today, reset))
        self.env["res.partner"].invalidate_model(["logistics_credit_rating"])

    @api.model
    def _flush_sources(self):
        """Bring to the database what the statements read."""
        for name in (
            "account.move",
            "account.move.line",
            "account.partial.reconcile",
            "logistics.credit.rating",
            "logistics.payment.promise",
            "res.partner",
        ):
            self.env[name].flush_model()
