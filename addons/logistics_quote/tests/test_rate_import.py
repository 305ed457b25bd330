import base64
import io

import openpyxl

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .common import FreightQuoteCommon

HEADINGS = ["POL", "POD", "20GP", "40HC", "OTHC 20", "OTHC 40", "DO per B/L", "Expiry"]


@tagged("post_install", "-at_install")
class TestRateImport(FreightQuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # demonstration data has imported the same sheets
        cls.env["logistics.rate.import"].search([]).state = "discarded"
        cls.env["logistics.rate.contract"].search(
            [("is_local", "=", True)]
        ).action_close()
        cls.vendor = cls.env["res.partner"].create({"name": "Sheet Line"})

    def _sheet(self, *rows, headings=HEADINGS):
        book = openpyxl.Workbook()
        for row in (headings, *rows):
            book.active.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()

    def _import(self, data, name="rates.xlsx", **vals):
        return self.env["logistics.rate.import"].create(
            {
                "file": base64.b64encode(data),
                "file_name": name,
                "partner_id": self.vendor.id,
                "mode_id": self.fcl.id,
                "contract_number": "S-1",
                "currency_id": self.usd.id,
                **vals,
            }
        )

    def _row(self, price_20gp=1000, price_40hc=1800, othc=120, expiry="2099-12-31"):
        return ["ZZAAA", "ZZBBB", price_20gp, price_40hc, 90, othc, 30, expiry]

    def _publish(self, *rows, name="rates.xlsx"):
        rate_import = self._import(self._sheet(*rows), name)
        rate_import.action_preview()
        rate_import.action_publish()
        return rate_import

    def test_preview_shows_what_is_new(self):
        rate_import = self._import(self._sheet(self._row()))
        self.assertEqual(rate_import.charge_code_id, self.ofr)
        rate_import.action_preview()
        self.assertEqual(rate_import.state, "previewed")
        self.assertEqual(rate_import.layout, "Sheet: one column per container type")
        self.assertEqual(rate_import.error_count, 0)
        self.assertRecordValues(
            rate_import.line_ids.filtered("is_price"),
            [
                {
                    "status": "new",
                    "charge_code_id": charge.id,
                    "container_type_id": container_type.id,
                    "new_price": price,
                    "row": 2,
                }
                for charge, container_type, price in (
                    (self.ofr, self.gp20, 1000),
                    (self.ofr, self.hc40, 1800),
                    (self.othc, self.gp20, 90),
                    (self.othc, self.hc40, 120),
                    (self.do, self.env["logistics.container.type"], 30),
                )
            ],
        )
        self.assertFalse(
            self.env["logistics.rate.contract"].search(
                [("partner_id", "=", self.vendor.id)]
            )
        )

    def test_publish_makes_a_contract_that_is_found(self):
        rate_import = self._publish(self._row())
        contract = rate_import.contract_id
        self.assertRecordValues(
            contract,
            [
                {
                    "state": "published",
                    "partner_id": self.vendor.id,
                    "contract_number": "S-1",
                    "currency_id": self.usd.id,
                    "source_file_name": "rates.xlsx",
                    "source_sha256": rate_import.file_sha256,
                    "rate_count": 3,
                }
            ],
        )
        for rate in contract.rate_ids:
            self.assertEqual(
                (rate.source_file, rate.source_sheet, rate.source_row),
                ("rates.xlsx", "Sheet", 2),
            )
        order = self._create_order()
        order.action_find_rates()
        # (2 x 1800 + 2 x 120 + 30) USD / 1.25
        self.assertEqual(self._option_of(order, self.vendor).buy_amount, 3096.0)

    def test_second_sheet_shows_ups_and_downs_and_amends(self):
        first = self._publish(self._row())
        extra = {"charge_code_id": self.bl.id, "amount": 50, "currency_id": self.usd.id}
        amendment = self.env["logistics.rate.contract"].browse(
            first.contract_id.action_new_amendment()["res_id"]
        )
        self.env["logistics.rate"].create({"contract_id": amendment.id, **extra})
        amendment.action_publish()

        second = self._import(self._sheet(self._row(1100, 1700)), "new.xlsx")
        second.action_preview()
        self.assertEqual(second.base_contract_id, amendment)
        self.assertEqual(
            (
                second.new_count,
                second.up_count,
                second.down_count,
                second.unchanged_count,
                second.error_count,
            ),
            (0, 1, 1, 3, 0),
        )
        up = second.line_ids.filtered(lambda line: line.status == "up")
        self.assertEqual((up.old_price, up.new_price), (1000, 1100))
        self.assertAlmostEqual(up.change_percent, 0.1)
        second.action_publish()
        self.assertEqual(second.contract_id.amends_id, amendment)
        self.assertEqual(second.contract_id.amendment, 2)
        self.assertIn(self.bl, second.contract_id.rate_ids.charge_code_id)
        self.assertTrue(amendment.superseded_from)
        order = self._create_order()
        order.action_find_rates()
        self.assertEqual(len(self._option_of(order, self.vendor)), 1)

    def test_lane_that_the_next_sheet_lacks_is_remarked(self):
        self._publish(self._row())
        headings = ["POL", "POD", "40HC", "Expiry"]
        rate_import = self._import(
            self._sheet(["ZZBBB", "ZZAAA", 900, "2099-12-31"], headings=headings),
            "new.xlsx",
        )
        rate_import.action_preview()
        gone = rate_import.line_ids.filtered("origin_id").filtered(
            lambda line: line.status == "remark"
        )
        self.assertEqual(gone.charge_code_id, self.ofr)
        self.assertEqual(gone.origin_id, self.shanghai)
        rate_import.action_publish()
        carried = rate_import.contract_id.rate_ids.charge_code_id
        self.assertEqual(carried, self.ofr | self.othc | self.do)

    def test_included_surcharge_is_not_carried_over(self):
        headings = ["POL", "POD", "40HC", "BAF 40HC"]
        for name, surcharge in (("old.xlsx", 200), ("new.xlsx", "INCL")):
            rate_import = self._import(
                self._sheet(["ZZAAA", "ZZBBB", 1000, surcharge], headings=headings),
                name,
            )
            rate_import.action_preview()
            rate_import.action_publish()
        self.assertTrue(rate_import.base_contract_id)
        self.assertEqual(rate_import.contract_id.rate_ids.charge_code_id, self.ofr)

    def test_library_changed_since_the_preview(self):
        rate_import = self._import(self._sheet(self._row(1)))
        rate_import.action_preview()
        self._publish(self._row(), name="meanwhile.xlsx")
        with self.assertRaisesRegex(UserError, "preview again"):
            rate_import.action_publish()
        rate_import.action_preview()
        self.assertEqual(rate_import.down_count, 1)
        rate_import.action_publish()

    def test_changed_header_wants_another_preview(self):
        rate_import = self._import(
            self._sheet(["ZZAAA", "ZZBBB", 1000], headings=["POL", "POD", "40HC"])
        )
        for change in (
            {"currency_id": self.eur.id},
            {"charge_code_id": self.baf.id},
            {"date_to": "2099-01-01"},
        ):
            rate_import.action_preview()
            rate_import.write(change)
            with self.assertRaisesRegex(UserError, "this step is over"):
                rate_import.action_publish()
        rate_import.action_preview()
        rate_import.action_publish()
        self.assertEqual(rate_import.contract_id.rate_ids.currency_id, self.eur)
        with self.assertRaisesRegex(UserError, "this step is over"):
            rate_import.currency_id = self.usd

    def test_discard_leaves_no_trace_but_the_upload(self):
        rate_import = self._import(self._sheet(self._row()))
        rate_import.action_preview()
        rate_import.action_discard()
        self.assertFalse(rate_import.contract_id)
        with self.assertRaisesRegex(UserError, "this step is over"):
            rate_import.action_publish()
        with self.assertRaisesRegex(UserError, "this step is over"):
            rate_import.action_preview()

    def test_same_file_is_refused_twice(self):
        data = self._sheet(self._row())
        first = self._import(data)
        with self.assertRaisesRegex(ValidationError, "uploaded on .* as rates.xlsx"):
            self._import(data, "other name.xlsx")
        first.action_discard()
        again = self._import(data)
        again.action_preview()
        again.action_publish()
        with self.assertRaisesRegex(ValidationError, "uploaded on"):
            self._import(data)

    def test_same_file_in_another_company(self):
        data = self._sheet(self._row())
        self._import(data)
        other = self.env["res.company"].create({"name": "Other"})
        self._import(data, company_id=other.id)

    def test_errors_name_the_cell_and_the_remedy(self):
        rate_import = self._import(
            self._sheet(
                self._row(),
                ["ATLANTIS", "ZZBBB", 1, 2, 3, 4, 5, "2099-12-31"],
                ["ZZAAA", "ZZBBB", "much", 2, 3, 4, 5, "someday"],
            )
        )
        rate_import.action_preview()
        errors = rate_import.line_ids.filtered(lambda line: line.status == "error")
        self.assertIn((3, "A"), [(line.row, line.column) for line in errors])
        self.assertIn((4, "C"), [(line.row, line.column) for line in errors])
        messages = " ".join(errors.mapped("message"))
        self.assertIn("Add it as an alias", messages)
        self.assertIn("“much” is not a price", messages)
        with self.assertRaisesRegex(UserError, "rows have errors"):
            rate_import.action_publish()
        rate_import.action_publish_valid()
        self.assertEqual(
            set(rate_import.contract_id.rate_ids.mapped("source_row")), {2}
        )

    def test_unknown_surcharge_is_an_error_until_its_code_exists(self):
        rate_import = self._import(
            self._sheet(
                ["ZZAAA", "ZZBBB", 1000, 77],
                headings=["POL", "POD", "40HC", "XYZ 40HC"],
            )
        )
        rate_import.action_preview()
        self.assertEqual(rate_import.error_count, 1)
        self.env["logistics.charge.code"].create(
            {"code": "XYZ", "name": "Xyz", "product_id": self.bl.product_id.id}
        )
        rate_import.action_preview()
        self.assertEqual(rate_import.error_count, 0)
        self.assertEqual(rate_import.new_count, 2)

    def test_remarks_are_not_lost(self):
        rate_import = self._import(
            self._sheet(self._row(), ["Subject to PSS from 1 January"])
        )
        rate_import.action_preview()
        remarks = rate_import.line_ids.filtered(lambda line: line.status == "remark")
        self.assertIn("Subject to PSS from 1 January", remarks.mapped("message"))

    # Without libmagic Odoo's own guess of the type complains of the broken ones.
    @mute_logger("odoo.tools.mimetypes.guess_mimetype")
    def test_bad_files_give_one_clear_message(self):
        for name, data, message in (
            ("a.pdf", b"%PDF-1.7 x", "PDF file"),
            ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "Save it as .xlsx"),
            ("a.xlsx", b"PK\x03\x04 broken", "damaged|no spreadsheet"),
            ("a.xlsx", b"<html><table>", "web page"),
            ("a.exe", b"MZ\x00", "no spreadsheet"),
        ):
            rate_import = self._import(data, name)
            with self.subTest(name=name), self.assertRaisesRegex(UserError, message):
                rate_import.action_preview()
            self.assertEqual(rate_import.state, "uploaded")

    def test_sheet_without_table_is_an_error_line(self):
        rate_import = self._import(self._sheet(["Hello"], headings=["Greetings"]))
        rate_import.action_preview()
        self.assertEqual(rate_import.error_count, 1)
        with self.assertRaisesRegex(UserError, "no rate to publish"):
            rate_import.action_publish_valid()

    def test_failed_publication_leaves_nothing(self):
        rate_import = self._import(self._sheet(self._row(), self._row(999)))
        rate_import.action_preview()
        with self.assertRaisesRegex(UserError, "Two rates"), self.cr.savepoint():
            rate_import.action_publish()
        self.env.invalidate_all()
        self.assertEqual(rate_import.state, "previewed")
        self.assertFalse(
            self.env["logistics.rate.contract"].search(
                [("partner_id", "=", self.vendor.id)]
            )
        )

    def test_csv(self):
        data = b"POL;POD;40HC;Expiry\nZZAAA;ZZBBB;1234;2099-12-31\n"
        rate_import = self._import(data, "rates.csv")
        rate_import.action_preview()
        rate_import.action_publish()
        self.assertEqual(rate_import.contract_id.rate_ids.price_ids.amount, 1234)

    def test_published_import_is_kept(self):
        rate_import = self._publish(self._row())
        with self.assertRaisesRegex(UserError, "cannot be deleted"):
            rate_import.unlink()

    def test_air_sheet_with_breaks(self):
        with file_open("logistics_quote/demo/air_breaks.xlsx", "rb") as file:
            rate_import = self._import(
                file.read(), "air.xlsx", mode_id=self.air.id, contract_number=False
            )
        self.assertEqual(rate_import.charge_code_id, self.afr)
        rate_import.action_preview()
        self.assertEqual(
            rate_import.error_count, 0, rate_import.line_ids.mapped("message")
        )
        rate_import.action_publish()
        self.assertEqual(rate_import.contract_id.contract_number, "ACA-GEN-2026-10")
        frankfurt = rate_import.contract_id.rate_ids.filtered(
            lambda rate: rate.source_row == 21
        )
        self.assertEqual(
            frankfurt.price_ids.mapped(
                lambda price: (price.from_quantity, price.amount)
            ),
            [(45, 10), (100, 9), (300, 8)],
        )
        self.assertEqual(frankfurt.currency_id, self.cny)
        toronto = rate_import.contract_id.rate_ids.filtered(
            lambda rate: rate.source_row == 13 and rate.charge_code_id == self.afr
        )
        self.assertFalse(toronto.apply_as_if)
        self.assertEqual(toronto.minimum, 120)

    def test_ocean_sheet(self):
        with file_open("logistics_quote/demo/ocean_fcl_wide.xlsx", "rb") as file:
            rate_import = self._import(file.read(), "ocean.xlsx", contract_number=False)
        rate_import.action_preview()
        self.assertEqual(
            rate_import.error_count, 0, rate_import.line_ids.mapped("message")
        )
        rate_import.action_publish()
        self.assertEqual(rate_import.contract_id.contract_number, "MCL-2026-1078")
        shanghai = self.env["logistics.location"].search([("code", "=", "CNSHA")])
        hamburg = self.env["logistics.location"].search([("code", "=", "DEHAM")])
        order = self._create_order(
            logistics_origin_id=shanghai.id,
            logistics_destination_id=hamburg.id,
            logistics_cargo_date="2027-01-15",
        )
        order.action_find_rates()
        # 2 x 1850 + 2 x 120 + 30 = 3970 USD
        self.assertEqual(self._option_of(order, self.vendor).buy_amount, 3176.0)
