from odoo import fields, models

from .logistics_value_holdout import MEASURES


class LogisticsValueDecile(models.Model):
    """A tenth of the clients, ranked by what the model had predicted of them."""

    _name = "logistics.value.decile"
    _description = "Client value: decile of the check"
    _order = "run_id, measure, number"

    run_id = fields.Many2one(
        "logistics.value.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    measure = fields.Selection(MEASURES, required=True, readonly=True)
    number = fields.Integer("Decile", readonly=True, aggregator=False)
    clients = fields.Integer(readonly=True)
    predicted = fields.Float(digits=(16, 2), readonly=True)
    actual = fields.Float(digits=(16, 2), readonly=True)
