from odoo import api, fields, models

from .account_move import READER


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    logistics_attributed_client_id = fields.Many2one(
        "res.partner",
        "Re-attributed to",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        readonly=True,
        groups=READER,
        help="The client that an accountant chose for this line, instead of the one "
        "that the document counts for.",
    )

    # What was written since the last refresh of the value ledger. Payments write the
    # receivable lines only: these are left out.
    _logistics_value_idx = models.Index(
        "(write_date) WHERE display_type NOT IN "
        "('payment_term', 'line_section', 'line_subsection', 'line_note')"
    )

    @api.model_create_multi
    def create(self, vals_list):
        moves = self.env["account.move"]
        moves._check_may_attribute({name for vals in vals_list for name in vals})
        return super().create(vals_list)

    def write(self, vals):
        attributing = self.move_id._check_may_attribute(vals.keys())
        changed = super().write(vals)
        if attributing:
            self.move_id._refresh_logistics_value()
        return changed
