from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestDisbursement(TransactionCase):
    def test_charge_codes_decide_whether_their_product_is_a_disbursement(self):
        product = self.env["product.product"].create(
            {"name": "Duty", "type": "service"}
        )
        vals = {"product_id": product.id, "is_disbursement": True}
        duty = self.env["logistics.charge.code"].create(
            [{"name": name, "code": f"T-{name}", **vals} for name in ("DUTY", "VAT")]
        )
        self.assertTrue(product.logistics_is_disbursement)
        duty[0].is_disbursement = False
        self.assertFalse(product.logistics_is_disbursement)
        duty.is_disbursement = True
        self.assertTrue(product.logistics_is_disbursement)
