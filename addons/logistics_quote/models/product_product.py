from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _set_disbursement_by_charges(self):
        """Mark the products as disbursements whose charge codes all are.

        The pricing desk may not write products: the charge code decides for them.
        """
        charges = dict(
            self.env["logistics.charge.code"]
            .sudo()
            ._read_group(
                [("product_id", "in", self.ids)],
                ["product_id"],
                ["is_disbursement:bool_and"],
            )
        )
        for product, is_disbursement in charges.items():
            if product.logistics_is_disbursement != is_disbursement:
                product.logistics_is_disbursement = is_disbursement
