from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

TOP = 5
MONTHS = 12


class ReportValueStatement(models.AbstractModel):
    """The value statement of a client: its parts, months, lanes and open quotes.

    Everything is read with the rights of the reader.
    """

    _name = "report.logistics_clv.report_value_statement"
    _description = "Client value: statement"

    @api.model
    def _get_report_values(self, docids, data=None):
        values = self.env["logistics.client.value"].browse(docids)
        values.check_access("read")
        fields_shown = ["historical", "predicted", "potential", "total"]
        self.env["logistics.export.log"]._log(values, fields_shown, "pdf")
        return {
            "doc_ids": docids,
            "doc_model": values._name,
            "docs": values,
            "statements": {
                value.id: self._prepare_statement(value) for value in values
            },
        }

    def _prepare_statement(self, value):
        as_of = value.run_id.as_of_date or fields.Date.context_today(self)
        since = as_of.replace(day=1) - relativedelta(months=MONTHS - 1)
        return {
            "as_of": as_of,
            "sentence": self._get_sentence(value),
            "estimate": self._get_estimate_sentence(value),
            "bridge": self._get_bridge(value, as_of),
            "months": self._get_months(value, since, as_of),
            "lanes": self._get_lanes(value, since, as_of),
            "services": self._get_services(value, since, as_of),
            "quotes": self._get_open_quotes(value),
        }

    def _format(self, value, amount):
        return value.currency_id.format(amount)

    def _get_sentence(self, value):
        """Say how the client orders, with the arithmetic."""
        if not value.order_days:
            return self.env._("No order day yet.")
        parts = []
        if value.frequency:
            parts.append(
                self.env._(
                    "Orders every %(gap)s days on average (%(days)s order days)",
                    gap=round(value.usual_gap),
                    days=value.order_days,
                )
            )
            if value.silence_ratio:
                parts.append(
                    self.env._(
                        "silent for %(days)s days = %(ratio).1f times the usual",
                        days=value.silent_days,
                        ratio=value.silence_ratio,
                    )
                )
        else:
            parts.append(
                self.env._(
                    "One order day so far; silent for %(days)s days",
                    days=value.silent_days,
                )
            )
        if value.band != "none":
            parts.append(
                self.env._(
                    "chance still active %(share)s %%", share=round(100 * value.p_alive)
                )
            )
        parts.append(
            self.env._(
                "expected in 12 months: %(orders).1f order days x %(each)s = %(total)s",
                orders=value.expected_orders,
                each=self._format(value, value.expected_margin),
                total=self._format(value, value.expected_year),
            )
        )
        parts.append(
            self.env._(
                "last 12 months: %(amount)s",
                amount=self._format(value, value.contribution_year),
            )
        )
        return "; ".join(parts) + "."

    def _get_estimate_sentence(self, value):
        """Say in words how sure the current value is."""
        if value.estimate in (False, "none"):
            return ""
        return self.env._(
            "The current value is an estimate for the next %(months)s months, "
            "discounted at %(rate)s %% a year. In four of five such cases it ends up "
            "between %(low)s and %(high)s.",
            months=value.run_id.horizon_months,
            rate=value.run_id.discount_rate,
            low=self._format(value, value.predicted_low),
            high=self._format(value, value.predicted_high),
        )

    def _get_domain(self, value, *more):
        return [
            ("company_id", "=", value.company_id.id),
            ("client_id", "=", value.client_id.id),
            *more,
        ]

    def _get_bridge(self, value, as_of):
        """Return the steps from revenue to net contribution, as (label, amount).

        The sums are those of the run, the parts of the cost-to-serve as confirmed now.
        """
        report = self.env["logistics.value.contribution.report"]
        labels = dict(report._fields["component"]._description_selection(self.env))
        direct = value.historical + value.cost_to_serve
        steps = [
            (self.env._("Revenue"), value.revenue, False),
            (labels["2_direct_cost"], -value.cost, False),
            (self.env._("Contribution"), direct, True),
        ]
        served = report._read_group(
            self._get_domain(
                value, ("period", "<=", as_of), ("cost_to_serve", "!=", 0)
            ),
            ["component"],
            ["amount:sum"],
        )
        if value.currency_id.is_zero(sum(part for __, part in served)
                                     + value.cost_to_serve):  # fmt: skip
            steps += [(labels[name], amount, False) for name, amount in served]
        else:
            steps.append((self.env._("Cost-to-serve"), -value.cost_to_serve, False))
        steps.append((self.env._("Net contribution"), value.historical, True))
        return steps

    def _get_months(self, value, since, as_of):
        """Return twelve rows: month, revenue, contribution, cost-to-serve, net."""
        groups = self.env["logistics.value.contribution.report"]._read_group(
            self._get_domain(value, ("period", ">=", since), ("period", "<=", as_of)),
            ["period:month"],
            [
                "revenue:sum",
                "contribution:sum",
                "cost_to_serve:sum",
                "amount:sum",
            ],
        )
        found = {period: amounts for period, *amounts in groups}
        months = [since + relativedelta(months=number) for number in range(MONTHS)]
        return [(month, *found.get(month, [0, 0, 0, 0])) for month in months]

    def _get_lanes(self, value, since, as_of):
        """Return the lanes that brought most: (words, revenue, contribution)."""
        groups = self._get_entry_groups(
            value, since, as_of, ["mode_id", "origin_id", "destination_id"]
        )
        return [
            (
                " ".join(
                    filter(
                        None,
                        [
                            mode.display_name,
                            f"{origin.display_name or '?'} \u2192 "
                            f"{destination.display_name or '?'}",
                        ],
                    )
                ),
                revenue,
                contribution,
            )
            for mode, origin, destination, revenue, contribution in groups
            if origin or destination
        ][:TOP]

    def _get_services(self, value, since, as_of):
        groups = self._get_entry_groups(value, since, as_of, ["service_id"])
        return [
            (service.display_name, revenue, contribution)
            for service, revenue, contribution in groups
            if service
        ][:TOP]

    def _get_entry_groups(self, value, since, as_of, groupby):
        return self.env["logistics.value.entry"]._read_group(
            self._get_domain(value, ("date", ">=", since), ("date", "<=", as_of)),
            groupby,
            ["revenue:sum", "contribution:sum"],
            order="contribution:sum desc",
        )

    def _get_open_quotes(self, value):
        """Return the open quotes that the reader may see."""
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            return orders
        return orders.search(
            [
                ("partner_id", "child_of", value.client_id.id),
                ("company_id", "=", value.company_id.id),
                ("state", "in", ("draft", "sent")),
            ],
            limit=2 * TOP,
            order="date_order desc",
        )
