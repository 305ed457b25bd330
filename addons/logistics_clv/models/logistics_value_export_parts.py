import re

from odoo import models

from ..value_workbook import (
    AccuracyLine,
    CohortCell,
    DecileLine,
    DifferenceLine,
    FitLine,
    HoldoutData,
    ParameterLine,
    PeriodLine,
    ReconciliationLine,
)
from . import value_workbook_sql as workbook_sql

MAX_DIFFERENCES = 1_000
# As logistics.value.fit writes a parameter: name, value, standard error if known.
_PARAMETER = re.compile(r"(\S+) (\S+?)(?: \(\u00b1 (\S+)\))?")


class LogisticsValueExportParts(models.AbstractModel):
    """The sheets beside the clients: reconciliation, cohorts, check, parameters."""

    _name = "logistics.value.export.parts"
    _description = "Client value: further sheets of a run's workbook"

    def _get_reconciliation_domain(self):
        return [
            ("company_id", "=", self.company_id.id),
            ("date", "<=", self.as_of_date),
        ]

    def _get_reconciliation_lines(self):
        """Return income as it is and cost as negative: both add up to contribution."""
        reconciliation = self.env["logistics.value.reconciliation"]
        sides, reasons = self._get_reconciliation_words()
        return [
            ReconciliationLine(
                account=sides[side],
                name=self.env._("%(count)s documents", count=count),
                booked=booked if side == "income" else -booked,
                ledger=ledger if side == "income" else -ledger,
                reason="" if category == "ledger" else reasons[category],
            )
            for side, category, count, booked, ledger in reconciliation._read_group(
                self._get_reconciliation_domain(),
                ["side", "category"],
                ["__count", "booked:sum", "ledger:sum"],
                order="side desc, category",
            )
        ]

    def _get_reconciliation_words(self):
        reconciliation = self.env["logistics.value.reconciliation"]
        return [
            dict(reconciliation._fields[name]._description_selection(self.env))
            for name in ("side", "category")
        ]

    def _get_period_lines(self):
        periods = {}
        groups = self.env["logistics.value.reconciliation"]._read_group(
            self._get_reconciliation_domain(),
            ["date:month", "side"],
            ["booked:sum", "ledger:sum"],
        )
        for period, side, booked, ledger in groups:
            amounts = periods.setdefault(period, {})
            amounts |= {f"{side}_booked": booked, f"{side}_ledger": ledger}
        return [PeriodLine(period, **periods[period]) for period in sorted(periods)]

    def _get_difference_lines(self):
        """Return the documents that differ, the latest first, and whether more do."""
        sides, reasons = self._get_reconciliation_words()
        found = self.env["logistics.value.reconciliation"].search(
            [*self._get_reconciliation_domain(), ("difference", "!=", 0)],
            limit=MAX_DIFFERENCES + 1,
        )
        shown = found[:MAX_DIFFERENCES]
        # sudo: names only; who reads the ledger need not read documents or partners
        lines = [
            DifferenceLine(
                date=row.date,
                document=row.sudo().move_id.name or "",
                partner=row.sudo().partner_id.display_name or "",
                account=sides[row.side],
                booked=row.booked,
                ledger=row.ledger,
                reason=reasons[row.category],
            )
            for row in shown
        ]
        return lines, len(found) > MAX_DIFFERENCES

    def _get_cohort_cells(self):
        self.env["logistics.client.day"].flush_model()
        self.env.cr.execute(workbook_sql.cohorts(self.company_id.id, self.as_of_date))
        return [
            CohortCell(
                f"{quarter.year} Q{(quarter.month + 2) // 3}",
                offset,
                size,
                active,
                contribution,
            )
            for quarter, offset, size, active, contribution in self.env.cr.fetchall()
        ]

    def _get_holdout_data(self):
        """Return the check of the run on the last months, by measure."""
        selections = {
            name: dict(self.holdout_ids._fields[name]._description_selection(self.env))
            for name in ("measure", "forecast", "grade")
        }
        found = []
        for measure, name in selections["measure"].items():
            holdouts = self.holdout_ids.filtered(
                lambda line, measure=measure: line.measure == measure
            )
            deciles = self.decile_ids.filtered(
                lambda line, measure=measure: line.measure == measure
            )
            if not holdouts:
                continue
            found.append(
                HoldoutData(
                    measure=name,
                    is_money=measure == "profit",
                    deciles=[
                        DecileLine(
                            line.number, line.clients, line.predicted, line.actual
                        )
                        for line in deciles.sorted("number")
                    ],
                    accuracies=[
                        AccuracyLine(
                            selections["forecast"][line.forecast],
                            mae=line.mae,
                            rmse=line.rmse,
                            ratio=line.total_ratio,
                            correlation=line.correlation,
                            spearman=line.spearman,
                            gini=line.gini,
                            top_decile=line.top_decile,
                        )
                        for line in holdouts
                    ],
                    facts=[
                        ParameterLine(label, value)
                        for line in holdouts
                        if line.forecast == "model"
                        for label, value in self._get_holdout_facts(
                            line, selections["grade"]
                        )
                    ],
                )
            )
        return found

    def _get_holdout_facts(self, line, grades):
        labels = {
            name: line._fields[name].get_description(self.env, ["string"])["string"]
            for name in ("grade", "clients", "auc", "brier", "base_correction")
        }
        return [
            (labels["grade"], grades.get(line.grade, "")),
            (labels["clients"], str(line.clients)),
            (labels["auc"], line.auc),
            (labels["brier"], line.brier),
            (labels["base_correction"], line.base_correction),
        ]

    def _get_parameter_lines(self):
        def describe(name):
            return self._fields[name].get_description(self.env, ["string"])["string"]

        def label(name):
            selection = self._fields[name]._description_selection(self.env)
            return dict(selection).get(self[name], "")

        lines = [
            ParameterLine(describe("as_of_date"), self.as_of_date),
            ParameterLine(
                self.env._("Currency"),
                self.currency_id.name,
                self.env._(
                    "Amounts as booked: documents in other currencies at the rate of "
                    "their date, what is expected at that of the snapshot."
                ),
            ),
            ParameterLine(describe("horizon_months"), self.horizon_months),
            ParameterLine(describe("discount_rate"), self.discount_rate),
            ParameterLine(describe("client_count"), self.client_count),
            ParameterLine(describe("repeat_client_count"), self.repeat_client_count),
            ParameterLine(describe("cost_coverage"), round(self.cost_coverage, 4)),
        ]
        for name in (
            "order_model",
            "money_model",
            "order_source",
            "margin_source",
            "segment_by",
            "grade",
        ):
            lines.append(ParameterLine(describe(name), label(name)))
        lines.append(
            ParameterLine(describe("base_correction"), round(self.base_correction, 4))
        )
        return lines

    def _get_fit_lines(self):
        """Return one line a parameter, with what the model says of its fit."""
        purpose = self.fit_ids._fields["purpose"]
        purposes = dict(purpose._description_selection(self.env))
        return [
            FitLine(
                f"{purposes[fit.purpose]}: {fit.model}",
                name,
                value,
                error or "",
                fit.log_likelihood or None,
                fit.observations,
            )
            for fit in self.fit_ids
            for name, value, error in self._split_parameters(fit)
        ]

    def _split_parameters(self, fit):
        found = [
            match.groups() if match else (part, "", "")
            for part in (fit.parameters or "").split(", ")
            for match in [_PARAMETER.fullmatch(part)]
        ]
        if fit.stages:
            found.append(("k", str(fit.stages), ""))
        return found
