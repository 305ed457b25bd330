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
