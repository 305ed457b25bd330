from odoo import api, fields, models

from .engine_messages import format_price


class LogisticsRatePrice(models.Model):
    _name = "logistics.rate.price"
    _description = "Freight Rate Price"
    _order = "rate_id, container_type_id, from_quantity, id"

    rate_id = fields.Many2one(
        "logistics.rate", required=True, index=True, ondelete="cascade"
    )
    container_type_id = fields.Many2one("logistics.container.type", ondelete="restrict")
    from_quantity = fields.Float(
        string="From",
        min_display_digits=0,
        help="The weight break, in units of the basis.",
    )
    amount = fields.Float(string="Price", min_display_digits=2, required=True)

    _price_uniq = models.UniqueIndex(
        "(rate_id, (COALESCE(container_type_id, 0)), from_quantity)",
        "A rate has one price per container type or weight break.",
    )
    _either = models.Constraint(
        "CHECK (from_quantity >= 0"
        " AND (container_type_id IS NULL OR from_quantity = 0))",
        "A price is for a container type or from a weight break on, not both.",
    )

    _not_negative = models.Constraint(
        "CHECK (amount >= 0)", "A price cannot be negative."
    )

    @api.depends("container_type_id", "from_quantity", "amount")
    def _compute_display_name(self):
        for price in self:
            unit = price.container_type_id.code
            unit = unit or f"+{format_price(self.env, price.from_quantity, short=True)}"
            amount = format_price(self.env, price.amount, short=True)
            price.display_name = f"{unit}: {amount}"

    @api.model_create_multi
    def create(self, vals_list):
        prices = super().create(vals_list)
        prices.rate_id.contract_id._check_draft()
        return prices

    def write(self, vals):
        self.rate_id.contract_id._check_draft()
        res = super().write(vals)
        self.rate_id.contract_id._check_draft()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.rate_id.contract_id._check_draft()
