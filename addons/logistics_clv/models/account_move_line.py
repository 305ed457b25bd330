from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    # What was written since the last refresh of the value ledger. Payments write the
    # receivable lines only: these are left out.
    _logistics_value_idx = models.Index(
        "(write_date) WHERE display_type NOT IN "
        "('payment_term', 'line_section', 'line_subsection', 'line_note')"
    )
