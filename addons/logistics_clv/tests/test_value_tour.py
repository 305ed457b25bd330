from odoo.tests import HttpCase, tagged

from .test_value_run import ValueRunCommon


@tagged("post_install", "-at_install")
class TestValueTour(ValueRunCommon, HttpCase):
    """An accountant computes client values and looks into one of them."""

    def test_accountant_computes_client_values(self):
        user = self._create_new_internal_user(
            name="Ada Accountant",
            login="value_ada",
            password="value_ada",
            groups="logistics_clv.group_accountant",
        )
        self.start_tour("/odoo/client-value", "logistics_clv_values", login=user.login)
        run = self.env["logistics.value.run"].search([("user_id", "=", user.id)])
        self.assertRecordValues(run, [{"state": "done", "client_count": 2}])
