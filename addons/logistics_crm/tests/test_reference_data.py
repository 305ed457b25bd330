from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestZone(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.parent, cls.child = cls.env["logistics.zone"].create(
            [
                {"name": "Test World", "code": "TW0"},
                {"name": "Test East", "code": "TE0"},
            ]
        )
        cls.child.parent_id = cls.parent

    def test_zone_has_its_locations_and_those_of_its_countries(self):
        self.child.location_ids = self.port
        self.child.country_ids = self.env.ref("base.cn")
        domain = self.parent._get_location_domain()
        found = self.env["logistics.location"].search(domain)
        self.assertIn(self.port, found)
        self.assertIn(self.far_port, found)
        self.assertNotIn(self.airport, found)

    def test_display_name_shows_the_parent(self):
        self.assertEqual(self.child.display_name, "Test World / Test East")

    def test_zone_is_found_by_what_it_shows(self):
        self.env["logistics.zone"].create({"name": "Test East", "code": "TE1"})
        for operator in ("=", "ilike"):
            found = self.env["logistics.zone"].name_search(
                "Test World / Test East", operator=operator
            )
            self.assertEqual(found, [(self.child.id, "Test World / Test East")])

    def test_zone_inside_itself_is_refused(self):
        with self.assertRaises(UserError):
            self.parent.parent_id = self.child

    def test_seeded_zone_reaches_hamburg(self):
        europe = self.env.ref("logistics_crm.zone_europe")
        hamburg = self.env.ref("logistics_crm.location_deham")
        self.assertTrue(hamburg.filtered_domain(europe._get_location_domain()))


@tagged("post_install", "-at_install")
class TestContainerType(FreightCommon):
    def test_market_labels_find_the_type(self):
        high_cube = self.env.ref("logistics_crm.container_type_40hc")
        labels = ["40HC", "40HQ", "40'HC", "40’ HQ", "45G1", "40-hc"]
        found = self.env["logistics.container.type"]._find_by_labels([*labels, "53FT"])
        self.assertEqual(found, dict.fromkeys(labels, high_cube))

    def test_plain_number_is_no_container(self):
        find = self.env["logistics.container.type"]._find_by_labels
        dry = self.env.ref("logistics_crm.container_type_20gp")
        self.assertEqual(find(["20", "20'"]), {"20'": dry})

    def test_label_that_says_nothing_is_no_container(self):
        ContainerType = self.env["logistics.container.type"]
        ContainerType.create({"name": "No ISO code", "code": "53XX"})
        self.assertEqual(ContainerType._find_by_labels(["", None, " - "]), {})

    def test_label_of_two_types_is_left_out(self):
        ContainerType = self.env["logistics.container.type"]
        other = ContainerType.create(
            {"name": "Other", "code": "54XX", "market_labels": "40HQ 54XX"}
        )
        found = ContainerType._find_by_labels(["40HQ", "54xx"])
        self.assertEqual(found, {"54xx": other})

    def test_market_labels_name_one_type_only(self):
        labels = [
            label
            for container_type in self.env["logistics.container.type"].search([])
            for label in container_type.market_labels.split()
        ]
        self.assertEqual(len(labels), len(set(labels)))


@tagged("post_install", "-at_install")
class TestTransportMode(FreightCommon):
    def test_divisor_and_factor_are_the_same_rule(self):
        air = self.env.ref("logistics_crm.transport_mode_air")
        self.assertEqual(air.volumetric_cm3_per_kg, 6000)
        self.assertEqual(air.volumetric_kg_per_m3, 1e6 / 6000)
        self.mode.volumetric_cm3_per_kg = 5000
        self.assertEqual(self.mode.volumetric_kg_per_m3, 200)
        self.mode.volumetric_cm3_per_kg = 0
        self.assertEqual(self.mode.volumetric_kg_per_m3, 0)


@tagged("post_install", "-at_install")
class TestUniqueCodes(FreightCommon):
    def test_code_used_twice_is_refused(self):
        for model, extra in (
            ("logistics.commodity", {}),
            ("logistics.container.type", {}),
            ("logistics.partner.role", {}),
            ("logistics.service", {"family": "transport"}),
            ("logistics.transport.mode", {"cargo_unit": "vehicle"}),
            ("logistics.value.tier", {}),
            ("logistics.zone", {}),
            ("logistics.lifecycle.scheme", {}),
        ):
            vals = {"name": "Twice", "code": "TWICE", **extra}
            self.env[model].create(vals)
            with (
                self.subTest(model=model),
                self.assertConstraint(model, "exists already"),
            ):
                self.env[model].create(vals)

    def test_commodity_inside_itself_is_refused(self):
        chapter = self.env["logistics.commodity"].create({"name": "C", "code": "X1"})
        heading = self.env["logistics.commodity"].create(
            {"name": "H", "code": "X101", "parent_id": chapter.id}
        )
        with self.assertRaises(UserError):
            chapter.parent_id = heading

    def test_commodity_is_found_by_what_it_shows(self):
        commodity = self.env["logistics.commodity"].create(
            {"name": "Test Goods", "code": "009"}
        )
        for text in ("009", "test goods", commodity.display_name):
            self.assertEqual(
                self.env["logistics.commodity"].name_search(text)[0][0], commodity.id
            )
        found = self.env["logistics.commodity"].name_search(
            commodity.display_name, operator="="
        )
        self.assertEqual(found, [(commodity.id, commodity.display_name)])

    def test_chapters_are_97_and_77_is_reserved(self):
        chapters = self.env["logistics.commodity"].with_context(active_test=False)
        chapters = chapters.search([("code", "=like", "__")])
        seeded = chapters.filtered(lambda c: c.code.isdigit())
        self.assertEqual(len(seeded), 97)
        self.assertEqual(seeded.filtered(lambda c: not c.active).code, "77")


@tagged("post_install", "-at_install")
class TestSeeds(FreightCommon):
    """An update of the addon on a database in which users have worked."""

    def _load(self, model, header, *rows):
        result = (
            self.env[model]
            .with_context(mode="update", module="logistics_crm", noupdate=False)
            .load(header, [list(row) for row in rows])
        )
        self.assertFalse(result["messages"])
        return self.env[model].browse(result["ids"])

    def test_seed_that_a_user_has_entered_before_is_adopted(self):
        location = self._load(
            "logistics.location",
            ["id", "name", "code", "country_id/id"],
            ("location_dezz2", "Seeded Name", "DEZZ2", "base.de"),
        )
        self.assertEqual(location, self.port)
        self.assertEqual(location.name, "Testhaven")
        alias = self._load(
            "logistics.location.alias",
            ["id", "location_id/id", "name"],
            ("alias_dezz2_1", "location_dezz2", "testHVN"),
        )
        self.assertEqual(alias.name, "TESTHVN")
        commodity = self.env["logistics.commodity"].create(
            {"name": "Mine", "code": "0"}
        )
        self.assertEqual(
            self._load(
                "logistics.commodity",
                ["id", "name", "code"],
                ("commodity_0", "Seeded", "0"),
            ),
            commodity,
        )

    def test_seed_is_the_user_s_from_the_first_day(self):
        header = ["id", "name", "code", "country_id/id"]
        row = ("location_dezz7", "New Port", "DEZZ7", "base.de")
        location = self._load("logistics.location", header, row)
        location.name = "Corrected"
        self._load("logistics.location", header, row)
        self.assertEqual(location.name, "Corrected")

    def test_seeds_of_the_installation_are_not_updated(self):
        seeds = self.env["ir.model.data"].search(
            [
                ("module", "=", "logistics_crm"),
                ("model", "in", ("logistics.location", "logistics.commodity")),
            ]
        )
        self.assertGreater(len(seeds), 900)
        self.assertFalse(seeds.filtered(lambda seed: not seed.noupdate))
