from odoo import api, fields, models

from ..lifecycle import Condition, Measure, Operator
from .lifecycle_choices import MEASURE_LABELS, OPERATORS, measure_sources


class LogisticsLifecycleCondition(models.Model):
    _name = "logistics.lifecycle.condition"
    _description = "Lifecycle Condition"
    _order = "rule_id, sequence, id"

    rule_id = fields.Many2one(
        "logistics.lifecycle.rule", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    measure = fields.Selection(MEASURE_LABELS, required=True)
    operator = fields.Selection(
        OPERATORS, string="Comparison", required=True, default=">="
    )
    threshold = fields.Float(required=True)
    source = fields.Char(string="Where from", compute="_compute_source")

    @api.depends("measure")
    @api.depends_context("lang")
    def _compute_source(self):
        sources = measure_sources(self.env)
        for condition in self:
            condition.source = sources.get(condition.measure, "")

    @api.depends("measure", "operator", "threshold")
    @api.depends_context("lang")
    def _compute_display_name(self):
        measures, operators = (
            dict(self._fields[name]._description_selection(self.env))
            for name in ("measure", "operator")
        )
        for condition in self:
            threshold = f"{condition.threshold:,.2f}".rstrip("0").rstrip(".")
            condition.display_name = (
                f"{measures.get(condition.measure, '')}"
                f" {operators.get(condition.operator, '')} {threshold}"
            )

    def _prepare_condition(self):
        return Condition(Measure(self.measure), Operator(self.operator), self.threshold)
