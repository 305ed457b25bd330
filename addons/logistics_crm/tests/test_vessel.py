from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, tagged, users

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestVessel(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vessel, cls.namesake, cls.barge = cls.env["logistics.vessel"].create(
            [
                {
                    "name": "Zz Test Oscar",
                    "imo_number": "IMO 9074729",
                    "mmsi": "211 000 001",
                    "call_sign": "zz 9x",
                    "alias_ids": [Command.create({"name": "Zz Former"})],
                },
                {"name": "The Zz Test Oscar Second", "imo_number": "9703291"},
                {"name": "Zz Test Barge"},
            ]
        )

    def _found(self, text, **kwargs):
        rows = self.env["logistics.vessel"].name_search(text, **kwargs)
        return self.env["logistics.vessel"].browse([row_id for row_id, _name in rows])

    def test_numbers_are_written_without_blanks(self):
        self.assertRecordValues(
            self.vessel,
            [{"imo_number": "9074729", "mmsi": "211000001", "call_sign": "ZZ9X"}],
        )

    def test_number_with_a_wrong_check_digit_is_refused(self):
        for number in ("9074728", "907472", "ABC"):
            with (
                self.subTest(number=number),
                self.assertRaisesRegex(ValidationError, "not an IMO number"),
            ):
                self.barge.imo_number = number
        with self.assertRaisesRegex(ValidationError, "not an MMSI"):
            self.barge.mmsi = "12345"

    def test_imo_number_used_twice_is_refused(self):
        with self.assertConstraint("logistics.vessel", "exists already"):
            self.env["logistics.vessel"].create(
                {"name": "Copy", "imo_number": "9074729"}
            )

    def test_several_vessels_without_number_are_fine(self):
        other = self.env["logistics.vessel"].create(
            {"name": "Zz Test Barge", "imo_number": " "}
        )
        self.assertFalse(other.imo_number)

    def test_vessel_is_found_by_number_and_name(self):
        for text in (
            "9074729",
            "imo 9074729",
            "211000001",
            "ZZ9X",
            "zz former",
            self.vessel.display_name,
        ):
            with self.subTest(text=text):
                self.assertEqual(self._found(text), self.vessel)
        self.assertEqual(
            self._found(self.vessel.display_name, operator="="), self.vessel
        )

    def test_best_match_comes_first(self):
        self.assertEqual(self._found("zz test oscar"), self.vessel | self.namesake)
        self.assertEqual(self._found("zz test", limit=2), self.barge | self.vessel)
        self.assertEqual(self._found("zz test oscar", limit=1), self.vessel)

    def test_begin_of_number_finds_the_vessel(self):
        self.assertIn(self.vessel, self._found("90747"))

    def test_negative_search_excludes_the_vessel(self):
        vessels = self.vessel | self.barge
        found = self.env["logistics.vessel"].search(
            [("display_name", "not ilike", "zz former"), ("id", "in", vessels.ids)]
        )
        self.assertEqual(found, self.barge)

    def test_name_typed_with_a_number_makes_a_vessel_with_it(self):
        vessel_id, name = self.env["logistics.vessel"].name_create("Zz New (9321483)")
        self.assertEqual(name, "Zz New (9321483)")
        vessel = self.env["logistics.vessel"].browse(vessel_id)
        self.assertRecordValues(vessel, [{"name": "Zz New", "imo_number": "9321483"}])

    def test_former_name_twice_is_refused(self):
        with self.assertConstraint("logistics.vessel.alias", "has this name already"):
            self.vessel.alias_ids = [Command.create({"name": "ZZ FORMER"})]


@tagged("post_install", "-at_install")
class TestVesselRights(FreightCommon):
    @users("freight_sales", "freight_leader")
    def test_sales_adds_a_vessel_and_removes_none(self):
        vessel = self.env["logistics.vessel"].create({"name": "Zz Mine"})
        vessel.alias_ids = [Command.create({"name": "Zz Mine Before"})]
        with self.assertRaises(AccessError):
            vessel.unlink()

    @users("freight_manager", "freight_admin")
    def test_manager_removes_a_vessel(self):
        self.env["logistics.vessel"].create({"name": "Zz Mine"}).unlink()

    @users("freight_none")
    def test_other_users_read_only(self):
        self.env["logistics.vessel"].search([], limit=1).mapped("alias_ids.name")
        with self.assertRaises(AccessError):
            self.env["logistics.vessel"].create({"name": "Zz Mine"})


@tagged("post_install", "-at_install")
class TestVesselOfAnOrder(FreightCommon):
    @users("freight_sales")
    def test_salesperson_books_the_vessel_of_an_order(self):
        vessel = self.env["logistics.vessel"].create({"name": "Zz Booked"})
        with Form(self.env["sale.order"]) as form:
            form.partner_id = self.client.with_user(self.env.user)
            form.logistics_vessel_id = vessel
            form.logistics_voyage = "432W"
        order = form.record
        found = self.env["sale.order"].search(
            [("logistics_vessel_id", "ilike", "zz booked"), ("id", "=", order.id)]
        )
        self.assertEqual(found, order)
        self.assertEqual(found.logistics_voyage, "432W")
