from odoo import Command
from odoo.tests import tagged

from .cost_common import DriverCommon


@tagged("post_install", "-at_install")
class TestCostDriverStock(DriverCommon):
    """Transfers, their lines and pallets, where Inventory is installed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.Driver._has_field("stock.picking.owner_id"):
            return
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.goods = cls._create_product(name="Goods", type="consu")

    def _move_goods(self, kind="out", partner=None, packages=0, **values):
        picking_type = self.warehouse[f"{kind}_type_id"]
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "partner_id": (partner or self.client_a).id,
                "location_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.env.ref("stock.stock_location_customers").id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.goods.id,
                            "product_uom_qty": 4,
                            "location_id": self.env.ref(
                                "stock.stock_location_suppliers"
                            ).id,
                            "location_dest_id": self.env.ref(
                                "stock.stock_location_customers"
                            ).id,
                        }
                    )
                ],
                **values,
            }
        )
        picking.action_confirm()
        picking.move_ids.quantity = 4
        if packages:
            lines = picking.move_line_ids
            lines.quantity = 4 / packages
            for __ in range(1, packages):
                lines |= lines[0].create(
                    {
                        "move_id": picking.move_ids.id,
                        "picking_id": picking.id,
                        "product_id": self.goods.id,
                        "location_id": picking.location_id.id,
                        "location_dest_id": picking.location_dest_id.id,
                        "quantity": 4 / packages,
                    }
                )
            for number, line in enumerate(lines):
                package = self.env["stock.package"].create({"name": f"P{number}"})
                line.result_package_id = package
        picking.move_ids.picked = True
        picking._action_done()
        self._backdate(picking, "date_done", "2026-03-10 10:00:00")
        return picking

    def setUp(self):
        super().setUp()
        if not self.Driver._has_field("stock.picking.owner_id"):
            self.skipTest("Inventory is not installed")

    def test_transfers_count_for_the_receiver_or_the_owner(self):
        self._move_goods()
        self._move_goods(owner_id=self.client_b.id)
        self._move_goods("in", self.client_b)  # from a vendor
        self._move_goods("in", self.client_a, owner_id=self.client_b.id)
        self.assertEqual(self._count("transfers"), {"Client A": 1, "Client B": 2})
        self.assertEqual(self._count("transfer_lines"), {"Client A": 1, "Client B": 2})

    def test_transfers_count_for_who_ordered(self):
        if not self.Driver._has_field("stock.picking.sale_id"):
            self.skipTest("Sales Stock is not installed")
        order = self._create_order([(self.sea, 1, 100, 60)], self.client_b)
        picking = self._move_goods()
        picking.sale_id = order
        self.assertEqual(self._count("transfers"), {"Client B": 1})

    def test_pallets(self):
        self._move_goods(packages=2)
        self._move_goods()
        self.assertEqual(self._count("pallets"), {"Client A": 2})

    def test_without_inventory_the_source_is_left_out(self):
        self._move_goods()
        driver = self._get_driver("transfers")
        self.patch(type(driver), "_has_field", lambda self, name: False)
        driver.invalidate_recordset()
        self.assertFalse(driver.is_available)
        self.assertIsNone(
            driver._get_events(driver._get_scope(self.company, self.month))
        )
