import io
import zipfile

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged, users

from .common import FreightCommon

FIRST = """\
,"DE",,".GERMANY",,,,,,,,
,"DE","ZZ2","Testhaven Sea","Testhaven Sea","NI","AF","1-3-----","9601",,"5333N 00959E",
,"DE","ZZ6","Öhringen-Test","Ohringen-Test","BW","RL","--3-----",,,"4912N 00930E",1st
,"DE","ZZ7","Leaving","Leaving","BW","RL","--3-----","2207",,,
,"DE","QZQ","Testhaven Apt","Testhaven Apt","NI","AI","---4----",,,"5300N 00900E",
"=","DE",,"Oehringen = Öhringen-Test","Oehringen = Ohringen-Test",,,,,,,
,"QQ","ZZ9","Atlantis","Atlantis",,,"1-------",,,,
"""
SECOND = """\
"#","DE","ZZ2","Testhaven","Testhaven","HB","AF","1-3-----","9601",,"5333N 00959E",
"|","DE","ZZ6","Öhringen-Neu","Ohringen-Neu","BY","RL","1-3-----",,,"4913N 00930E",2nd
"X","DE","ZZ7","Leaving","Leaving","BW","RL","--3-----","2207",,,
"X","CN","ZZ3","Farport","Farport",,"RL","1-------","2207",,,
,"DE","QZQ","Testhaven Apt","Testhaven Apt","NI","AI","---4----",,,"5300N 00900E",
"""


@tagged("post_install", "-at_install")
class TestLocationLoad(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(user=cls.user_by_login["freight_manager"])

    def _load(self, *files, preview=False, **values):
        load = self.env["logistics.location.load"].create(
            {
                "attachment_ids": [
                    Command.create(
                        {
                            "name": f"part{number}.csv",
                            "raw": file
                            if isinstance(file, bytes)
                            else file.encode("latin-1"),
                        }
                    )
                    for number, file in enumerate(files, 1)
                ],
                **values,
            }
        )
        if preview:
            load.action_preview()
        else:
            load.action_load()
        return load

    def _location(self, code):
        Location = self.env["logistics.location"].with_context(active_test=False)
        return Location.search([("code", "=", code)])

    def _lines(self, load, kind):
        return [
            (line.code, line.field, line.old_value, line.new_value)
            for line in load.line_ids.filtered(lambda line: line.kind == kind)
        ]

    def test_first_load_adds_places_and_fills_gaps(self):
        load = self._load(FIRST)
        self.assertRecordValues(
            load,
            [
                {
                    "state": "done",
                    "row_count": 4,
                    "skipped_count": 1,
                    "new_count": 2,
                    "kept_count": 2,
                    "alias_count": 1,
                    "error_count": 1,
                    "user_id": self.env.uid,
                }
            ],
        )
        place = self._location("DEZZ6")
        self.assertRecordValues(
            place,
            [
                {
                    "name": "Öhringen-Test",
                    "name_ascii": "Ohringen-Test",
                    "subdivision_code": "BW",
                    "latitude": 49.2,
                    "longitude": 9.5,
                    "is_road_terminal": True,
                    "is_port": False,
                    "is_main": False,
                    "active": True,
                }
            ],
        )
        self.assertEqual(place.alias_ids.name, "Oehringen")
        self.assertEqual(place.entry_ids.remarks, "1st")
        # entered by a user before: gaps are filled, what was there stays
        self.assertRecordValues(
            self.port.with_user(self.env.user),
            [
                {
                    "name": "Testhaven",
                    "subdivision_code": "NI",
                    "is_port": True,
                    "is_main": True,
                    "latitude": 53.55,
                }
            ],
        )
        self.assertEqual(
            self._lines(load, "error"), [(False, False, False, "Unknown country QQ.")]
        )
        self.assertEqual(
            load.line_ids.filtered(lambda line: line.kind == "error").row, 7
        )
        self.assertIn("2 new", load.message_ids[0].preview)

    def test_airport_with_an_iata_code_gets_its_un_locode(self):
        self._load(FIRST)
        self.assertRecordValues(
            self.airport, [{"code": "DEQZQ", "name": "Testhaven Field"}]
        )

    def test_town_of_an_airport_record_is_no_airport(self):
        self._load(FIRST.replace("---4----", "-234----"))
        self.assertFalse(self.airport.code)
        self.assertRecordValues(
            self._location("DEQZQ"), [{"iata_code": False, "is_airport": False}]
        )

    def test_port_that_was_entered_becomes_no_airport(self):
        load = self._load(FIRST.replace("1-3-----", "1-34----"))
        self.assertRecordValues(
            self.port,
            [{"is_port": True, "is_airport": False, "is_road_terminal": True}],
        )
        self.assertNotIn("is_airport", load.line_ids.mapped("field"))

    def test_iata_code_claimed_twice_goes_to_one(self):
        self._load(
            ',"DE","ZX2","A","A",,"RL","---4----",,"QXX",,\n'
            ',"DE","QXX","B","B",,"AI","---4----",,,,\n'
        )
        self.assertEqual(self._location("DEQXX").iata_code, "QXX")
        self.assertFalse(self._location("DEZX2").iata_code)

    def test_preview_changes_nothing(self):
        before = self.env["logistics.location"].search_count([])
        load = self._load(FIRST, preview=True)
        self.assertEqual((load.state, load.new_count), ("preview", 2))
        self.assertEqual(self.env["logistics.location"].search_count([]), before)
        self.assertFalse(self.port.subdivision_code)
        load.action_load()
        self.assertEqual((load.state, load.new_count), ("done", 2))
        self.assertEqual(self.env["logistics.location"].search_count([]), before + 2)

    def test_second_run_changes_nothing(self):
        self._load(FIRST)
        self.env.cr.execute("SELECT max(write_date) FROM logistics_location")
        before = self.env.cr.fetchone()
        load = self._load(FIRST)
        self.assertEqual(load.line_ids.mapped("kind"), ["error"])
        self.env.cr.execute("SELECT max(write_date) FROM logistics_location")
        self.assertEqual(self.env.cr.fetchone(), before)

    def test_news_of_the_list_come_and_own_edits_stay(self):
        self._load(FIRST)
        place = self._location("DEZZ6")
        place.name = "My Own Name"
        load = self._load(SECOND)
        self.assertRecordValues(
            place,
            [
                {
                    "name": "My Own Name",
                    "subdivision_code": "BY",
                    "is_port": True,
                    "latitude": 49.216667,
                }
            ],
        )
        self.assertEqual(place.entry_ids.name, "Öhringen-Neu")
        self.assertEqual(
            self._lines(load, "kept"),
            [("DEZZ6", "name", "My Own Name", "Öhringen-Neu")],
        )
        self.assertIn(
            ("DEZZ6", "subdivision_code", "BW", "BY"), self._lines(load, "changed")
        )
        # told once: the next load of the same list is silent
        self.assertFalse(self._load(SECOND).line_ids)

    def test_removed_entry_is_archived_unless_in_use(self):
        self._load(FIRST)
        self._create_lane()
        load = self._load(SECOND)
        leaving = self._location("DEZZ7")
        self.assertRecordValues(leaving, [{"active": False, "is_withdrawn": True}])
        self.assertRecordValues(self.far_port, [{"active": True, "is_withdrawn": True}])
        self.assertEqual((load.archived_count, load.flagged_count), (1, 1))
        self._load(FIRST)
        self.assertRecordValues(leaving, [{"active": True, "is_withdrawn": False}])

    def test_entry_that_a_user_has_archived_stays_archived(self):
        self._load(FIRST)
        place = self._location("DEZZ6")
        place.action_archive()
        self._load(SECOND)
        self.assertFalse(place.active)

    def test_missing_entry_counts_as_removed_only_where_asked(self):
        self._load(FIRST)
        shorter = FIRST.replace(',"DE","ZZ7"', ',"CN","ZZ9"')
        self.assertFalse(self._load(shorter).archived_count)
        load = self._load(shorter, is_complete=True)
        self.assertEqual([line[0] for line in self._lines(load, "archived")], ["DEZZ7"])

    def test_alias_that_a_user_has_removed_stays_away(self):
        self._load(FIRST)
        place = self._location("DEZZ6")
        place.alias_ids.unlink()
        self._load(FIRST)
        self.assertFalse(place.alias_ids)

    def test_code_twice_in_the_files_is_told(self):
        load = self._load(FIRST, FIRST)
        self.assertEqual((load.row_count, load.error_count), (4, 6))

    def test_zip_is_loaded(self):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("CodeListPart1.csv", FIRST.encode())
        self.assertEqual(self._load(buffer.getvalue()).new_count, 2)

    def test_other_file_is_refused_and_nothing_loaded(self):
        before = self.env["logistics.location"].search_count([])
        for file, message in (
            ("name;city\nA;B", "12"),
            ("", "no entry"),
            (b"PK\x03\x04broken", "damaged"),
            (FIRST + ',"DE"', "Row 8 of part1.csv has 2 columns"),
        ):
            with (
                self.subTest(message=message),
                self.assertRaisesRegex(UserError, message),
            ):
                self._load(file or b"\n")
        self.assertEqual(self.env["logistics.location"].search_count([]), before)

    def test_load_without_files_is_refused(self):
        with self.assertRaisesRegex(UserError, "Add the files"):
            self._load()

    def test_closed_load_runs_no_more_and_stays(self):
        load = self._load(FIRST)
        with self.assertRaisesRegex(UserError, "closed"):
            load.action_load()
        with self.assertRaisesRegex(UserError, "stays"):
            load.unlink()

    def test_discarded_preview_loses_its_lines(self):
        load = self._load(FIRST, preview=True)
        load.action_discard()
        self.assertEqual(load.state, "cancel")
        self.assertFalse(load.line_ids)
        load.unlink()

    def test_differences_are_a_file_without_formulas(self):
        load = self._load(FIRST.replace('"Leaving"', '"=1+1"'), preview=True)
        text = load._get_differences_csv().decode("utf-8-sig")
        self.assertIn("New,DEZZ7,,,'=1+1,part1.csv,4", text)
        self.assertIn("/web/content/", load.action_download()["url"])

    @users("freight_sales", "freight_leader")
    def test_others_may_not_load(self):
        with self.assertRaises(AccessError):
            self.env["logistics.location.load"].with_user(self.env.user).create({})


@tagged("post_install", "-at_install")
class TestLocationUse(FreightCommon):
    def test_every_pointer_to_a_location_counts(self):
        columns = self.env["logistics.location"]._get_use_columns()
        for column in (
            ("logistics_trade_lane", "origin_id"),
            ("logistics_location_zone_rel", "location_id"),
            ("sale_order", "logistics_destination_id"),
        ):
            self.assertIn(column, columns)
        self.assertNotIn(("logistics_location_alias", "location_id"), columns)
        self.assertNotIn(("logistics_location_load_line", "location_id"), columns)

    def test_uses_are_counted_and_forgotten(self):
        lane = self._create_lane()
        self._create_lane(destination_id=self.airport.id)
        self.env["logistics.location"]._cron_count_uses()
        self.assertRecordValues(
            self.port | self.far_port | self.airport,
            [{"use_count": 2}, {"use_count": 1}, {"use_count": 1}],
        )
        lane.unlink()
        self.env["logistics.location"]._cron_count_uses()
        self.assertRecordValues(
            self.port | self.far_port, [{"use_count": 1}, {"use_count": 0}]
        )

    def test_most_used_is_found_first(self):
        names = ("Zzsame One", "Zzsame Two", "Zzsame Three")
        one, two, three = self.env["logistics.location"].create(
            [
                {
                    "name": name,
                    "code": f"DEY{n}2",
                    "country_id": self.port.country_id.id,
                }
                for n, name in enumerate(names, 2)
            ]
        )
        one.is_main = False
        self._create_lane(origin_id=two.id)
        self.env["logistics.location"]._cron_count_uses()
        found = self.env["logistics.location"].name_search("zzsame")
        self.assertEqual([row[0] for row in found], [two.id, three.id, one.id])
