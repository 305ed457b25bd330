from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from . import cohort_sql

DAY_COLUMNS = (
    "client_id",
    "order_date",
    "revenue",
    "contribution",
    "order_revenue",
    "has_order",
    "is_free",
)


class LogisticsValueReport(models.AbstractModel):
    """Cohorts: clients by the quarter of their first order, and what became of them."""

    # a file per report
    _inherit = "logistics.value.report"  # pylint: disable=consider-merging-classes-inherited

    @api.model
    @api.readonly
    def get_cohorts(self, filters=None):
        """Return retention and contribution of each cohort, quarter by quarter."""
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            cohort_sql.cohorts(self._get_day_query(filters), today)
        )
        sizes = {
            cohort: clients
            for cohort, quarter, clients, *__ in rows
            if cohort == quarter
        }
        last = _quarter_of(today)
        ages = [_quarters_between(cohort, last) for cohort in sizes if cohort]
        return self._prepare_frame() | {
            "rows": [
                {
                    "id": fields.Date.to_string(cohort),
                    "name": _name_quarter(cohort),
                    "count": size,
                    # later columns lie in the future
                    "age": _quarters_between(cohort, last),
                }
                for cohort, size in sorted(sizes.items())
                if cohort
            ],
            "columns": [
                {"id": age, "name": str(age)}
                for age in range(max(ages, default=-1) + 1)
            ],
            "cells": [
                {
                    "row": fields.Date.to_string(cohort),
                    "column": _quarters_between(cohort, quarter),
                    "count": clients,
                    "retention": clients / sizes[cohort],
                    "contribution": float(contribution),
                    "revenue": float(revenue),
                }
                for cohort, quarter, clients, revenue, contribution in rows
                if cohort
            ],
            # money of clients that never had an order day, such as costs only
            "outside": float(sum(row[4] for row in rows if not row[0])),
            "total": float(sum(row[4] for row in rows)),
        }

    @api.model
    def open_cohort(self, cohort, age=None, filters=None):
        """Open the clients of a cohort; with an age those who ordered then."""
        start = fields.Date.to_date(cohort)
        quarter = None if age is None else start + relativedelta(months=3 * int(age))
        clients = self._get_cohort_clients(start, quarter, filters)
        name = self.env._("Cohort %(quarter)s", quarter=_name_quarter(start))
        if quarter:
            name = self.env._(
                "%(cohort)s: ordered in %(quarter)s",
                cohort=name,
                quarter=_name_quarter(quarter),
            )
        domain = self._get_value_domain({}) & Domain("client_id", "in", clients)
        return self._action_clients(name, domain)

    @api.model
    def open_cohort_days(self, cohort, age=None, filters=None):
        """Open the days that the contribution of a cell is made of."""
        start = fields.Date.to_date(cohort)
        clients = self._get_cohort_clients(start, None, filters)
        domain = Domain("company_id", "=", self.env.company.id)
        domain &= Domain("client_id", "in", clients)
        if age is not None:
            quarter = start + relativedelta(months=3 * int(age))
            end = quarter + relativedelta(months=3)
            domain &= Domain("order_date", "<", fields.Date.to_string(end))
            if int(age):
                # what lies before the first order belongs to its quarter
                domain &= Domain("order_date", ">=", fields.Date.to_string(quarter))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "Days of Cohort %(quarter)s", quarter=_name_quarter(start)
            ),
            "res_model": "logistics.client.day",
            "views": [(False, "list"), (False, "pivot"), (False, "graph")],
            "domain": list(domain),
        }

    def _get_cohort_clients(self, start, quarter, filters):
        today = fields.Date.context_today(self)
        rows = self.env.execute_query(
            cohort_sql.clients_of_cell(
                self._get_day_query(filters), today, start, quarter
            )
        )
        return [client_id for [client_id] in rows]

    def _get_day_query(self, filters):
        """Return the days that the user may see, as a sub-select."""
        domain = Domain("company_id", "=", self.env.company.id)
        if any((filters or {}).values()):
            values = self.env["logistics.client.value"]._search(
                self._get_value_domain(filters)
            )
            clients = values.subselect(SQL.identifier(values.table, "client_id"))
            domain &= Domain("client_id", "in", clients)
        query = self.env["logistics.client.day"]._search(domain)
        return query.subselect(
            *(SQL.identifier(query.table, name) for name in DAY_COLUMNS)
        )


def _quarter_of(day):
    return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)


def _quarters_between(start, end):
    return (end.year - start.year) * 4 + (end.month - start.month) // 3


def _name_quarter(day):
    return f"{day.year} Q{(day.month - 1) // 3 + 1}"
