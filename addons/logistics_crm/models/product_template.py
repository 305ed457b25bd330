from odoo import fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    logistics_service_id = fields.Many2one(
        "logistics.service",
        string="Freight Service",
        index="btree_not_null",
        ondelete="restrict",
        help="The service that sales of this product count for.",
    )
    logistics_is_disbursement = fields.Boolean(
        "Disbursement",
        help="Paid on behalf of the client and charged at cost, such as duties: it is "
        "neither revenue nor cost of ours.",
    )
