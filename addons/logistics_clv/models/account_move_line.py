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

    @api.model
    def _has_field_access(self, field, operation):
        """Keep the re-attribution to its action: with a reason and a trail."""
        if (
            operation == "write"
            and field.name == "logistics_attributed_client_id"
            and not self.env.su
        ):
            return False
        return super()._has_field_access(field, operation)
