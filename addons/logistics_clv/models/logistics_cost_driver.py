from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..valuation import driver_formula
from ..valuation.errors import ValuationError
from . import cost_driver_sql as driver_sql
from .cost_driver_stock_sql import SALE

RESERVED_CODES = ("min", "max")


class LogisticsCostDriver(models.Model):
    """What causes service cost, and how it is counted per client and month.

    To count something new, add it to ``SOURCES`` (cost_driver_sql.py) and to the
    selection of ``source``.
    """

    _name = "logistics.cost.driver"
    _description = "Cost-to-serve: driver"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True,
        help="How formulas call this driver: small letters, digits and underscores.",
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("source", "Counted from Odoo"),
            ("manual", "Entered by hand"),
            ("formula", "Formula"),
        ],
        default="manual",
        required=True,
    )
    source = fields.Selection(
        [
            ("orders", "Confirmed orders"),
            ("order_lines", "Lines of confirmed orders"),
            ("quotes", "Quotes sent"),
            ("invoices", "Invoices and credit notes"),
            ("revenue", "Revenue"),
            ("late_money", "Overdue amount x days"),
            ("transfers", "Transfers done"),
            ("transfer_lines", "Lines of transfers done"),
            ("pallets", "Packages moved"),
            ("mails", "Mails in and out"),
            ("activities", "Activities done"),
            ("visits", "Visits and meetings"),
            ("case_hours", "Hours spent on cases"),
            ("campaign_touches", "Mailings sent"),
        ],
        "Counted From",
    )
    formula = fields.Char(
        help="Numbers, codes of other drivers, + - * / ( ), min( , ) and max( , ). "
        "Example: orders + 0.5 * quotes. A driver without a count is 0, as is what is "
        "divided by 0."
    )
    unit = fields.Char(translate=True, help="What one count is, such as an order.")
    description = fields.Text(
        translate=True, help="What counts, for whom and in which month."
    )
    is_available = fields.Boolean(
        "Available",
        compute="_compute_is_available",
        help="Unticked: the Odoo app with these records is not installed, the count "
        "stays at nothing.",
    )
    entry_ids = fields.One2many("logistics.cost.driver.entry", "driver_id", "Counts")

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "Another driver has this code already."
    )

    @api.depends("kind", "source")
    def _compute_is_available(self):
        for driver in self:
            source = driver._get_sources().get(driver.source)
            driver.is_available = driver.kind != "source" or (
                source is not None and all(map(self._has_field, source.needs))
            )

    @api.constrains("code")
    def _check_code(self):
        for driver in self:
            try:
                node = driver_formula.parse(driver.code)
            except ValuationError:
                node = None
            if not isinstance(node, driver_formula.Code) or node.name != driver.code:
                raise ValidationError(
                    self.env._(
                        "The code %(code)s does not work in formulas: use small "
                        "letters, digits and underscores, and start with a letter.",
                        code=driver.code,
                    )
                )

    @api.constrains("kind", "source")
    def _check_source(self):
        if any(driver.kind == "source" and not driver.source for driver in self):
            raise ValidationError(
                self.env._("Choose from what the driver is to be counted.")
            )

    @api.constrains("kind", "formula")
    def _check_formula(self):
        for driver in self.filtered(lambda driver: driver.kind == "formula"):
            try:
                codes = driver_formula.codes(driver_formula.parse(driver.formula or ""))
            except ValuationError as error:
                raise ValidationError(driver._explain_formula(error)) from error
            known = self.with_context(active_test=False).search(
                [("code", "in", list(codes)), ("kind", "!=", "formula")]
            )
            unknown = codes - set(known.mapped("code"))
            if unknown or not codes:
                raise ValidationError(
                    self.env._(
                        "The formula of %(driver)s needs codes of drivers that are "
                        "counted or entered; not one of them: %(codes)s.",
                        driver=driver.name,
                        codes=", ".join(sorted(unknown)) or driver.formula,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_formula(self):
        formulas = self.with_context(active_test=False).search(
            [("kind", "=", "formula"), ("id", "not in", self.ids)]
        )
        for driver in formulas:
            codes = driver_formula.codes(driver_formula.parse(driver.formula))
            if used := codes & set(self.mapped("code")):
                raise UserError(
                    self.env._(
                        "The formula of %(driver)s counts %(codes)s: change it first.",
                        driver=driver.name,
                        codes=", ".join(sorted(used)),
                    )
                )

    def action_preview(self):
        """Count the driver now, for the last full month."""
        self.ensure_one()
        previews = self.env["logistics.cost.driver.preview"]
        return previews.create({"driver_id": self.id}).action_count()

    @api.model
    def _get_sources(self):
        """Return the sources by key; others may add theirs."""
        return driver_sql.SOURCES

    @api.model
    def _has_field(self, name):
        """Tell if this database has a field of an app that is no dependency.

        The one place where the addon looks for Inventory, Sales Stock and Email
        Marketing: installing them into a live database would change its behaviour,
        so they only count where they are.
        """
        model, field = name.rsplit(".", 1)
        return model in self.env and field in self.env[model]._fields

    @api.model
    def _get_scope(self, company, month):
        """Return the month of a company, in its own time zone."""
        tz = ZoneInfo(company.partner_id.tz or "UTC")
        start = month.replace(day=1)
        end = start + relativedelta(months=1)
        moments = (
            datetime.combine(day, time(), tz).astimezone(UTC).replace(tzinfo=None)
            for day in (start, end)
        )
        optional = frozenset(filter(self._has_field, (SALE,)))
        return driver_sql.Scope(company.id, start, end, *moments, tz.key, optional)

    def _get_events(self, scope):
        """Return the select of the counted events, or None where there are none."""
        self.ensure_one()
        if self.kind == "manual":
            return driver_sql.manual_entries(scope, self.id)
        if self.kind == "source" and self.is_available:
            return self._get_sources()[self.source].events(scope)
        return None

    def _get_event_model(self):
        self.ensure_one()
        if self.kind == "manual":
            return "logistics.cost.driver.entry"
        return self._get_sources()[self.source].model

    def _get_formula_drivers(self):
        """Return the drivers that the formulas of these count."""
        codes = set()
        for driver in self.filtered(lambda driver: driver.kind == "formula"):
            codes |= driver_formula.codes(driver_formula.parse(driver.formula))
        found = self.with_context(active_test=False)
        return found.search([("code", "in", list(codes))]).with_env(self.env)

    def _flush_sources(self):
        """Let the counts see what this transaction has written."""
        self.env.flush_all()

    def _action_open_events(self, company, month, client=None):
        """Open the records that were counted, of one client or of all."""
        self.ensure_one()
        if self.kind == "formula":
            raise UserError(
                self.env._(
                    "%(driver)s is a formula: open what its drivers counted.",
                    driver=self.name,
                )
            )
        scope = self._get_scope(company, month)
        events = self._get_events(scope)
        record_ids = []
        if events is not None:
            self._flush_sources()
            self.env.cr.execute(
                driver_sql.events_of_client(events, client.id if client else 0)
            )
            record_ids = [record_id for (record_id,) in self.env.cr.fetchall()]
        title = f"{self.name}, {month:%Y-%m}"
        return {
            "type": "ir.actions.act_window",
            "name": f"{title}, {client.name}" if client else title,
            "res_model": self._get_event_model(),
            "views": [(False, "list"), (False, "form")],
            "domain": [("id", "in", record_ids)],
            "context": {"active_test": False, "create": False},
        }

    def _explain_formula(self, error):
        if found := error.params.get("found"):
            return self.env._(
                "The formula of %(driver)s cannot be read at character %(at)s: "
                "%(found)s is not expected there.",
                driver=self.name,
                at=error.params["at"],
                found=found,
            )
        return self.env._(
            "The formula of %(driver)s ends too early: something is missing after "
            "its last character.",
            driver=self.name,
        )
