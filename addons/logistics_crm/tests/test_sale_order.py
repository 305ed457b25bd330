from odoo.tests import Form, tagged, users

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestSaleOrder(FreightCommon):
    @users("freight_sales")
    def test_salesperson_enters_the_lane_of_an_order(self):
        with Form(self.env["sale.order"]) as form:
            form.partner_id = self.client.with_user(self.env.user)
            form.logistics_mode_id = self.mode.with_user(self.env.user)
            form.logistics_origin_id = self.port.with_user(self.env.user)
            form.logistics_destination_id = self.far_port.with_user(self.env.user)
        order = form.record
        found = self.env["sale.order"].search(
            [("logistics_origin_id", "ilike", "试验港"), ("id", "=", order.id)]
        )
        self.assertEqual(found, order)

    def test_form_without_freight_role_is_as_before(self):
        user = self.user_by_login["freight_none"]
        user.group_ids += self.env.ref("sales_team.group_sale_salesman")
        arch = self.env["sale.order"].with_user(user).get_view(view_type="form")["arch"]
        self.assertNotIn("logistics_mode_id", arch)
        arch = self.env["sale.order"].with_user(user).get_view(view_type="search")
        self.assertNotIn("logistics_", arch["arch"])

    def test_service_of_a_product(self):
        service = self.env.ref("logistics_crm.service_air")
        with Form(self.env["product.template"]) as form:
            form.name = "Air freight"
            form.type = "service"
            form.logistics_service_id = service
        self.assertEqual(form.record.logistics_service_id, service)
