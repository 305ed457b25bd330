from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import FreightCommon


@tagged("post_install", "-at_install")
class TestLocationSearch(FreightCommon):
    def _names(self, text, **kwargs):
        return [
            name
            for _id, name in self.env["logistics.location"].name_search(text, **kwargs)
        ]

    def test_code_typed_finds_the_location_first(self):
        decoy = self.env["logistics.location"].create(
            {
                "name": "A DEZZ2 Depot",
                "code": "DEZZ4",
                "country_id": self.env.ref("base.de").id,
            }
        )
        self.assertEqual(
            self._names("dezz2"), ["Testhaven (DEZZ2)", decoy.display_name]
        )
        self.assertEqual(self._names("DE ZZ2", limit=1), ["Testhaven (DEZZ2)"])

    def test_iata_code_finds_the_airport(self):
        self.assertEqual(self._names("qzq", limit=1), ["Testhaven Field (QZQ)"])

    def test_part_of_name_finds_port_and_airport(self):
        self.assertEqual(
            self._names("esthaven"), ["Testhaven (DEZZ2)", "Testhaven Field (QZQ)"]
        )

    def test_begin_of_code_finds_the_location(self):
        self.assertIn("Testhaven (DEZZ2)", self._names("DEZZ"))

    def test_best_match_comes_first(self):
        country_id = self.env.ref("base.de").id
        whole, begin, alias, part = self.env["logistics.location"].create(
            [
                {"name": "Zzo", "code": "DEZY2", "country_id": country_id},
                {"name": "Zzoville", "code": "DEZY3", "country_id": country_id},
                {
                    "name": "Other",
                    "code": "DEZY4",
                    "country_id": country_id,
                    "alias_ids": [Command.create({"name": "ZZO-Alias"})],
                },
                {"name": "Bad Zzo", "code": "DEZY5", "country_id": country_id},
            ]
        )
        airport = self.env["logistics.location"].create(
            {"name": "Yard", "iata_code": "ZZO", "country_id": country_id}
        )
        found = self.env["logistics.location"].name_search("zzo")
        self.assertEqual(
            [row[0] for row in found],
            [airport.id, whole.id, alias.id, begin.id, part.id],
        )

    def test_code_is_found_with_one_query_and_a_name_with_few(self):
        Location = self.env["logistics.location"]
        Location.name_search("DEZZ2", limit=1)  # loads what is cached for good
        for text, limit, queries in (("DEZZ2", 1, 1), ("testhvn", 1, 2), ("", 1, 1)):
            self.env.invalidate_all()
            with self.subTest(text=text), self.assertQueryCount(queries):
                Location.name_search(text, limit=limit)

    def test_name_is_found_without_its_diacritics(self):
        location = self.env["logistics.location"].create(
            {
                "name": "Zzølłström",
                "code": "DEZY2",
                "country_id": self.env.ref("base.de").id,
            }
        )
        self.assertEqual(location.name_ascii, "Zzollstrom")
        for text in ("zzollstr", "zzølł", "llstrom"):
            self.assertEqual(self._names(text), ["Zzølłström (DEZY2)"])
        location.name = "Zzplain"
        self.assertFalse(location.name_ascii)

    def test_search_without_text_shows_what_is_used_most(self):
        self.port.use_count = 10**6
        self.assertEqual(self._names("", limit=1), ["Testhaven (DEZZ2)"])

    def test_alias_finds_the_location(self):
        self.assertEqual(self._names("testhvn"), ["Testhaven (DEZZ2)"])
        self.assertEqual(self._names("试验港"), ["Testhaven (DEZZ2)"])
        self.assertEqual(self._names("试验"), ["Testhaven (DEZZ2)"])

    def test_display_name_finds_the_location(self):
        for label in ("Testhaven (DEZZ2)", "Testhaven Field (QZQ)"):
            self.assertEqual(self._names(label), [label])
            self.assertEqual(self._names(label, operator="="), [label])

    def test_domain_and_archive_are_respected(self):
        domain = [("is_airport", "=", True)]
        self.assertEqual(
            self._names("testhaven", domain=domain), [self.airport.display_name]
        )
        self.port.action_archive()
        self.assertEqual(self._names("dezz2"), [])

    def test_part_of_a_chinese_alias_finds_the_location(self):
        self.assertEqual(self._names("验港"), ["Testhaven (DEZZ2)"])

    def test_two_letters_find_what_begins_with_them(self):
        names = self._names("te", limit=None)
        self.assertIn("Testhaven (DEZZ2)", names)
        self.assertEqual(len(names), len(set(names)))

    def test_negative_search_excludes_the_location(self):
        domain = [
            ("display_name", "not ilike", "试验港"),
            ("id", "in", (self.port | self.far_port).ids),
        ]
        self.assertEqual(self.env["logistics.location"].search(domain), self.far_port)

    def test_seeded_locations_are_found_in_both_languages(self):
        shanghai = self.env.ref("logistics_crm.location_cnsha")
        self.assertTrue(shanghai.is_port)
        for text in ("CNSHA", "上海"):
            found = self.env["logistics.location"].name_search(text)
            self.assertIn(shanghai.id, [location_id for location_id, _name in found])
        self.assertEqual(self.env.ref("logistics_crm.airport_pvg").iata_code, "PVG")

    def test_port_outside_its_town_is_found_by_its_own_name(self):
        tangier = self.env.ref("logistics_crm.location_matng")
        labels = ["Tanger Med", "MAPTM", "丹吉尔"]
        found = self.env["logistics.location"]._find_by_labels(labels)
        self.assertEqual(found, dict.fromkeys(labels, tangier))


@tagged("post_install", "-at_install")
class TestLocationSearchPlan(FreightCommon):
    """The plans that PostgreSQL chooses for 30,000 locations and as many aliases."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._ensure_trigram_indexes()
        cls.env.cr.execute(
            """
            WITH location AS (
                INSERT INTO logistics_location
                       (name, name_ascii, code, country_id, active)
                SELECT md5(n::text), CASE WHEN n %% 8 = 0 THEN md5((n + 1e6)::text) END,
                       'Z' || lpad(to_hex(n), 4, '0'), %(country)s, TRUE
                  FROM generate_series(1, 30000) AS n
             RETURNING id
            )
            INSERT INTO logistics_location_alias (name, location_id)
            SELECT md5((-id)::text), id FROM location
            """,
            {"country": cls.env.ref("base.de").id},
        )
        # what autovacuum does after such a load
        cls.env.cr.execute(
            """
            SELECT gin_clean_pending_list('logistics_location__name_index'),
                   gin_clean_pending_list('logistics_location__name_ascii_index'),
                   gin_clean_pending_list('logistics_location_alias__name_index')
            """
        )
        cls.env.cr.execute("ANALYZE logistics_location, logistics_location_alias")

    @classmethod
    def _ensure_trigram_indexes(cls):
        """Make them where the database was not created by Odoo."""
        cls.env.cr.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        for table, column in (
            ("logistics_location", "name"),
            ("logistics_location", "name_ascii"),
            ("logistics_location_alias", "name"),
        ):
            cls.env.cr.execute(
                SQL(
                    "CREATE INDEX IF NOT EXISTS %s ON %s USING gin (%s gin_trgm_ops)",
                    SQL.identifier(f"{table}__{column}_index"),
                    SQL.identifier(table),
                    SQL.identifier(column),
                )
            )

    def _explain(self, query):
        rows = self.env.execute_query(SQL("EXPLAIN %s", query))
        return "\n".join(line for (line,) in rows)

    def _search_plan(self, operator, text):
        query = self.env["logistics.location"]._search(
            [("display_name", operator, text)], limit=8
        )
        return self._explain(query.select())

    def test_part_of_a_name_uses_the_trigram_indexes(self):
        plan = self._search_plan("ilike", "testhaven")
        self.assertNotIn("Seq Scan", plan)
        self.assertIn("logistics_location__name_index", plan)
        self.assertIn("logistics_location_alias__name_index", plan)
        for model in ("logistics.location", "logistics.location.alias"):
            self.assertEqual(self.env[model]._fields["name"].index, "trigram")

    def test_code_uses_the_unique_index(self):
        plan = self._search_plan("=", "DEZZ2")
        self.assertNotIn("Seq Scan", plan)
        self.assertIn("logistics_location_code_uniq", plan)

    def test_steps_of_the_search_use_their_indexes(self):
        Location = self.env["logistics.location"]
        for text in ("testh", "上海"):
            for step in [*Location._get_search_steps(text)][:4]:
                query = Location._search(step, limit=8)
                with self.subTest(text=text, step=step):
                    self.assertNotIn("Seq Scan", self._explain(query.select()))

    def test_search_without_text_reads_known_locations_only(self):
        self.env.cr.execute(
            "UPDATE logistics_location SET is_main = FALSE WHERE code LIKE 'Z%'"
        )
        self.env.cr.execute("ANALYZE logistics_location")
        Location = self.env["logistics.location"]
        query = Location._search(
            Location._get_known_domain(), limit=8, order="use_count DESC"
        )
        self.assertIn("logistics_location_name_known", self._explain(query.select()))

    def test_labels_of_a_rate_sheet_use_the_indexes(self):
        query = self.env["logistics.location"]._get_labels_query(
            ["dezz2", "testhaven", "试验港"]
        )
        plan = self._explain(query)
        self.assertNotIn("Seq Scan", plan)
        for index in (
            "logistics_location_code_uniq",
            "logistics_location_iata_code_uniq",
            "logistics_location_name_lower",
            "logistics_location_alias_name_lower",
        ):
            self.assertIn(index, plan)


@tagged("post_install", "-at_install")
class TestLocationLabels(FreightCommon):
    def _find(self, *labels, **kwargs):
        return self.env["logistics.location"]._find_by_labels(labels, **kwargs)

    def test_any_form_of_the_label_finds_the_location(self):
        labels = [
            "dezz2",
            "TESTHAVEN",
            "试验港",
            " testhvn ",
            "QZQ",
            "nowhere",
            "",
            None,
        ]
        with self.assertQueryCount(1):
            found = self._find(*labels)
        self.assertEqual(
            found,
            {
                "dezz2": self.port,
                "TESTHAVEN": self.port,
                "试验港": self.port,
                " testhvn ": self.port,
                "QZQ": self.airport,
            },
        )

    def test_alias_of_two_locations_is_left_out_until_the_kind_tells(self):
        self.env["logistics.location.alias"].create(
            {"name": "TESTHVN", "location_id": self.airport.id}
        )
        self.assertEqual(self._find("TESTHVN"), {})
        self.assertEqual(
            self._find("TESTHVN", kind="airport"), {"TESTHVN": self.airport}
        )

    def test_main_location_wins_over_the_rest_of_the_list(self):
        other = self.env["logistics.location"].create(
            {
                "name": "Testhaven",
                "code": "CNZZ8",
                "country_id": self.env.ref("base.cn").id,
                "is_port": True,
                "is_main": False,
            }
        )
        self.assertEqual(self._find("testhaven"), {"testhaven": self.port})
        other.is_main = True
        self.assertEqual(self._find("testhaven"), {})

    def test_name_wins_over_alias_of_another(self):
        self.env["logistics.location.alias"].create(
            {"name": "Farport", "location_id": self.port.id}
        )
        self.assertEqual(self._find("FARPORT"), {"FARPORT": self.far_port})

    def test_archived_location_is_not_found(self):
        self.port.action_archive()
        self.assertEqual(self._find("DEZZ2"), {})


@tagged("post_install", "-at_install")
class TestLocationPlace(FreightCommon):
    def test_state_is_named_where_odoo_knows_it(self):
        bavaria = self.env.ref("base.state_de_by")
        self.port.subdivision_code = "BY"
        self.assertEqual(self.port.state_id, bavaria)
        self.port.subdivision_code = "XX"
        self.assertFalse(self.port.state_id)

    def test_map_and_distance_need_coordinates(self):
        self.assertFalse(self.port.map_url)
        self.assertIsNone(self.port._get_distance_km(self.far_port))
        self.port.write({"latitude": 53.5, "longitude": 10})
        self.far_port.write({"latitude": 31.4, "longitude": 121.5})
        self.assertIn("mlat=53.500000&mlon=10.000000", self.port.map_url)
        self.assertAlmostEqual(
            self.port._get_distance_km(self.far_port), 8545, delta=50
        )


@tagged("post_install", "-at_install")
class TestLocationRules(FreightCommon):
    def _create(self, **values):
        return self.env["logistics.location"].create(
            {"name": "X", "country_id": self.env.ref("base.de").id, **values}
        )

    def test_codes_are_written_in_capitals_without_blanks(self):
        location = self._create(code="de zz8", iata_code="qzw")
        self.assertRecordValues(location, [{"code": "DEZZ8", "iata_code": "QZW"}])
        location.iata_code = ""
        self.assertFalse(location.iata_code)

    def test_display_name_names_code_and_country_in_lists(self):
        self.assertEqual(self.port.display_name, "Testhaven (DEZZ2)")
        self.assertEqual(
            self.port.with_context(formatted_display_name=True).display_name,
            "Testhaven \t --DEZZ2, Germany--",
        )

    def test_code_used_twice_is_refused(self):
        with self.assertConstraint("logistics.location", "UN/LOCODE exists already"):
            self._create(code="DEZZ2")
        with self.assertConstraint("logistics.location", "IATA code exists already"):
            self._create(iata_code="QZQ")

    def test_location_without_code_is_refused(self):
        with self.assertConstraint("logistics.location", "UN/LOCODE or an IATA code"):
            self._create()

    def test_malformed_code_is_refused(self):
        with self.assertRaisesRegex(UserError, "not a UN/LOCODE"):
            self._create(code="DE-X1")
        with self.assertRaisesRegex(UserError, "not an IATA code"):
            self._create(iata_code="Q1")

    def test_coordinate_off_the_globe_is_refused(self):
        with self.assertConstraint("logistics.location", "between -90 and 90"):
            self._create(code="DEZZ9", latitude=91)

    def test_alias_twice_on_one_location_is_refused(self):
        with self.assertConstraint(
            "logistics.location.alias", "has this alias already"
        ):
            self.env["logistics.location.alias"].create(
                {"name": "testHVN", "location_id": self.port.id}
            )
