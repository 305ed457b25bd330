from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    logistics_shipper_id = fields.Many2one(
        "res.partner",
        "Shipper",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Who hands the goods over. A rule may let invoices count for the shipper.",
    )
    logistics_consignee_id = fields.Many2one(
        "res.partner",
        "Consignee",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Who receives the goods. A rule may let invoices count for the consignee.",
    )

    # What was written since the last refresh of the value ledger.
    _logistics_value_idx = models.Index("(write_date)")
