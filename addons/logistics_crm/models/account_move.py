from odoo import models


class AccountMove(models.Model):
    _inherit = "account.move"

    # invoices that no order stands behind, for the nightly lifecycle; the most are
    # made from orders and left out
    _logistics_lifecycle_idx = models.Index(
        "(write_date) WHERE move_type = 'out_invoice'"
        " AND COALESCE(invoice_origin, '') = ''"
    )
