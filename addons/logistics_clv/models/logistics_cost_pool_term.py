from odoo import fields, models


class LogisticsCostPoolTerm(models.Model):
    """One term of a time equation: minutes that each count of a driver adds."""

    _name = "logistics.cost.pool.term"
    _description = "Cost-to-serve: term of a time equation"
    _order = "pool_id, id"

    pool_id = fields.Many2one(
        "logistics.cost.pool", required=True, index=True, ondelete="cascade"
    )
    driver_id = fields.Many2one(
        "logistics.cost.driver", required=True, ondelete="restrict"
    )
    minutes = fields.Float(
        "Minutes Each",
        digits=(16, 4),
        required=True,
        help="Minutes that each count adds to the time of the pool, such as 15 for "
        "each customs entry.",
    )

    _driver_uniq = models.Constraint(
        "UNIQUE (pool_id, driver_id)", "A driver is only once in a time equation."
    )
    _minutes_positive = models.Constraint(
        "CHECK (minutes > 0)", "A term of a time equation adds minutes."
    )
