from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    # What was written since the last refresh of the value ledger.
    _logistics_value_idx = models.Index("(write_date)")
