from odoo import fields, models

MEASURES = [("orders", "Order days"), ("profit", "Contribution")]


class LogisticsValueHoldout(models.Model):
    """How well one forecast of a run would have done over the last twelve months."""

    _name = "logistics.value.holdout"
    _description = "Client value: check on the last twelve months"
    _order = "run_id, id"

    run_id = fields.Many2one(
        "logistics.value.run", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="run_id.company_id", store=True, index=True)
    measure = fields.Selection(MEASURES, required=True, readonly=True)
    forecast = fields.Selection(
        [
            ("model", "Model"),
            ("run_rate", "Run rate"),
            ("last_year", "Same as last year"),
        ],
        required=True,
        readonly=True,
    )
    clients = fields.Integer(readonly=True, aggregator=False)
    predicted = fields.Float(digits=(16, 2), readonly=True, aggregator=False)
    actual = fields.Float(digits=(16, 2), readonly=True, aggregator=False)
    total_ratio = fields.Float(
        "Predicted / Actual",
        digits=(12, 3),
        readonly=True,
        aggregator=False,
        help="1 is a total that is just right.",
    )
    mae = fields.Float(
        "Mean Error",
        digits=(16, 3),
        readonly=True,
        aggregator=False,
        help="Mean absolute error of a client.",
    )
    rmse = fields.Float("RMSE", digits=(16, 3), readonly=True, aggregator=False)
    correlation = fields.Float(digits=(12, 3), readonly=True, aggregator=False)
    spearman = fields.Float(
        digits=(12, 3),
        readonly=True,
        aggregator=False,
        help="Correlation of the ranks: 1 if the clients are in the right order.",
    )
    gini = fields.Float(
        digits=(12, 3),
        readonly=True,
        aggregator=False,
        help="Normalised: 1 is a perfect ranking, 0 none.",
    )
    top_decile = fields.Float(
        digits=(12, 4),
        readonly=True,
        aggregator=False,
        help="Share of what happened that the predicted best tenth of clients brought.",
    )
    auc = fields.Float(
        "AUC",
        digits=(12, 3),
        readonly=True,
        aggregator=False,
        help="Chance that a client who ordered was held more likely to than one who "
        "did not.",
    )
    brier = fields.Float(digits=(12, 4), readonly=True, aggregator=False)
    base_correction = fields.Float(digits=(12, 3), readonly=True, aggregator=False)
    grade = fields.Selection(
        [("a", "A"), ("b", "B"), ("c", "C"), ("none", "Not graded")], readonly=True
    )
