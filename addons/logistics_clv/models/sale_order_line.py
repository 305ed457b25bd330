from odoo import models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    # What was written since the last refresh of the value ledger.
    _logistics_value_idx = models.Index("(write_date)")
