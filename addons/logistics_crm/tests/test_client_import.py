import base64
import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FreightCommon

CUSTOMERS = ["Name", "Customer Number", "Country", "Tax Number", "Phone", "Salesperson"]
CONTACTS = ["Customer Number", "Contact", "Email"]
LANES = ["Customer Number", "Origin", "Destination", "Yearly Volume", "Unit"]
ROWS = [
    ["Nordwind Spedition GmbH", "C-1", "DE", "136695976", "040 3614120", None],
    ["上海远航国际物流有限公司", "C-2", "China", "91110000600037341L", None, None],
]


def workbook(**sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in sheets.items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


@tagged("post_install", "-at_install")
class TestClientImport(FreightCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.user_by_login["freight_manager"]
        cls.Import = cls.env["logistics.client.import"].with_user(cls.manager)

    def _upload(self, data, name="clients.xlsx", **values):
        return self.Import.create(
            {"file": base64.b64encode(data), "file_name": name, **values}
        )

    def _preview(self, data, name="clients.xlsx", **values):
        client_import = self._upload(data, name, **values)
        client_import.action_preview()
        return client_import

    def _run_cron(self):
        cron = self.env.ref("logistics_crm.ir_cron_client_import")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.env.invalidate_all()

    def _find(self, ref):
        return self.env["res.partner"].search([("ref", "=", ref)])

    def _all_kinds(self):
        return workbook(
            Customers=[CUSTOMERS, *ROWS],
            Contacts=[CONTACTS, ["C-1", "Anna Beispiel", "anna@nordwind.example"]],
            Lanes=[LANES, ["C-2", "CNZZ3", "试验港", 120, "TEU"]],
        )

    def test_customers_contacts_and_lanes_of_one_file(self):
        client_import = self._preview(self._all_kinds())
        self.assertEqual(
            (client_import.state, client_import.new_count), ("previewed", 4)
        )
        self.assertFalse(self._find("C-1"), "the preview writes nothing")
        client_import.action_import()
        self.assertEqual((client_import.state, client_import.progress), ("done", 100))
        client = self._find("C-1")
        self.assertRecordValues(
            client,
            [
                {
                    "is_company": True,
                    "phone": "+49403614120",
                    "vat": "DE136695976",
                    "country_id": self.env.ref("base.de").id,
                    "logistics_stage_id": self.first.id,
                }
            ],
        )
        self.assertEqual(client.child_ids.mapped("email"), ["anna@nordwind.example"])
        self.assertEqual(client.child_ids.type, "contact")
        self.assertEqual(self._find("C-2").vat, "91110000600037341L")
        self.assertRecordValues(
            self._find("C-2").logistics_lane_ids,
            [
                {
                    "origin_id": self.far_port.id,
                    "destination_id": self.port.id,
                    "yearly_volume": 120,
                    "volume_unit": "teu",
                }
            ],
        )

    def test_second_run_changes_nothing(self):
        self._preview(self._all_kinds()).action_import()
        self.env.flush_all()
        book = workbook(
            Customers=[CUSTOMERS, *ROWS, []],
            Contacts=[CONTACTS, ["C-1", "Anna Beispiel", "anna@nordwind.example"]],
            Lanes=[LANES, ["C-2", "CNZZ3", "DEZZ2", 120.0, "teu"]],
        )
        again = self._preview(book, "again.xlsx")
        self.assertEqual(again.unchanged_count, 4, again.line_ids.mapped("message"))
        again.action_import()
        self.assertEqual(set(again.line_ids.mapped("outcome")), {"skipped"})

    def test_same_file_is_refused(self):
        data = self._all_kinds()
        first = self._preview(data)
        with self.assertRaisesRegex(UserError, "uploaded before"):
            self._upload(data, "other name.xlsx")
        first.action_discard()
        self.assertTrue(self._upload(data))

    def test_error_names_row_column_and_remedy(self):
        client_import = self._preview(
            workbook(
                Customers=[
                    CUSTOMERS,
                    ROWS[0],
                    ["Wrong", "C-3", "DE", "136695977", None, None],
                    ["Nowhere", "C-4", "Atlantis", None, None, None],
                    [None, "C-5", "DE", None, None, None],
                    ["Twin", "C-1", "DE", None, None, None],
                    ["Sold", "C-6", "DE", None, None, "nobody"],
                ]
            )
        )
        errors = client_import.line_ids.filtered(lambda line: line.status == "error")
        self.assertEqual(errors.mapped("row"), [3, 4, 5, 6, 7])
        columns = [column or "" for column in errors.mapped("column")]
        self.assertEqual(columns, ["D", "C", "", "", "F"])
        for part, message in zip(
            ("check digit", "Atlantis", "Name", "Row 2", "nobody"),
            errors.mapped("message"),
            strict=True,
        ):
            self.assertIn(part, message)
        with self.assertRaisesRegex(UserError, "5 rows have errors"):
            client_import.action_import()
        client_import.mode = "valid"
        client_import.action_import()
        self.assertTrue(self._find("C-1"))
        self.assertFalse(self._find("C-4"))

    def test_rows_with_errors_come_back_as_a_file(self):
        client_import = self._preview(
            workbook(Customers=[CUSTOMERS, ROWS[0], ["X", "1", "Atlantis"]])
        )
        content = client_import._get_error_file()
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        rows = list(sheet.iter_rows(values_only=True))
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[1][:3], ("X", "1", "Atlantis"))
        self.assertIn("Atlantis", rows[1][-1])

    def test_refused_row_of_all_or_nothing_leaves_nothing(self):
        data = workbook(Customers=[CUSTOMERS, *ROWS])
        client_import = self._preview(data)

        def refuse(partners, *args, **kwargs):
            for partner in partners:
                if partner.ref == "C-2":
                    raise UserError(self.env._("no"))

        self.patch(
            type(self.env["res.partner"]), "_handle_first_contact_creation", refuse
        )
        client_import.action_import()
        self.assertEqual(client_import.state, "previewed")
        self.assertIn("row 3", client_import.problem)
        self.assertFalse(self._find("C-1"))

        client_import.mode = "valid"
        client_import.action_import()
        self.assertEqual(client_import.state, "done")
        self.assertTrue(self._find("C-1"))
        self.assertFalse(self._find("C-2"))
        self.assertEqual(client_import.error_count, 1)

    def test_existing_client_is_updated_by_its_number(self):
        self.client.write({"ref": "C-9", "city": "Hamburg"})
        client_import = self._preview(
            workbook(
                Customers=[
                    ["Name", "Customer Number", "City", "Street"],
                    ["Test Client", "C-9", "Bremen", None],
                ]
            )
        )
        self.assertEqual(client_import.update_count, 1)
        client_import.action_import()
        self.assertEqual(self.client.city, "Bremen")

    def test_possible_duplicate_waits_for_a_decision(self):
        self.env["res.partner"].create(
            {"name": "Nordwind Spedition", "is_company": True, "city": "Kiel"}
        )
        self.env.flush_all()
        sheet = [["Name", "City"], ["NORDWIND Spedition GmbH", "Hamburg"]]
        client_import = self._preview(workbook(Customers=sheet))
        line = client_import.line_ids
        self.assertEqual(line.status, "duplicate", line.message)
        self.assertIn("Nordwind Spedition", line.message)
        client_import.action_import()
        self.assertEqual(line.outcome, "skipped")

        sheet[1][1] = "Bremen"
        update = self._preview(workbook(Customers=sheet), duplicate_action="update")
        update.action_import()
        self.assertEqual(update.line_ids.partner_id.city, "Bremen")

        sheet[1][1] = "Emden"
        create = self._preview(workbook(Customers=sheet))
        create.line_ids.decision = "create"
        create.action_import()
        self.assertEqual(create.line_ids.outcome, "created")

    def test_contact_of_unknown_client_is_an_error(self):
        client_import = self._preview(
            workbook(Contacts=[CONTACTS, ["C-77", "Li Wei", None]])
        )
        self.assertIn("There is no client C-77", client_import.line_ids.message)

    def test_unknown_headings_are_mapped_once(self):
        sheet = [["Wer", "Wo"], ["Acme", "Kiel"]]
        client_import = self._preview(workbook(Blatt=sheet))
        self.assertEqual(client_import.state, "mapped")
        with self.assertRaisesRegex(UserError, "at least one sheet"):
            client_import.action_preview()
        client_import.sheet_ids.kind = "customer"
        with self.assertRaisesRegex(UserError, "Name"):
            client_import.action_preview()
        for column, target in zip(
            client_import.sheet_ids.column_ids,
            ("customer.name", "customer.city"),
            strict=True,
        ):
            column.target = target
        client_import.action_preview()
        self.assertEqual(client_import.new_count, 1)

        sheet.append(["Beta", "Kiel"])
        self.assertEqual(self._preview(workbook(Blatt=sheet)).new_count, 2)

    def test_undo_keeps_what_is_in_use(self):
        client_import = self._preview(self._all_kinds())
        client_import.action_import()
        self.env["sale.order"].create({"partner_id": self._find("C-1").id})
        client_import.action_undo()
        self.assertTrue(self._find("C-1"))
        self.assertFalse(self._find("C-2"))
        self.assertEqual(client_import.state, "undone")

    def test_chinese_csv(self):
        text = "客户名称;国家;统一社会信用代码\n宁波星海货运有限公司;中国;\n"
        self.env["res.lang"]._activate_lang("zh_CN")
        country = self.env.ref("base.cn").with_context(lang="zh_CN")
        country.name = "中国"
        client_import = self._preview(text.encode("gb18030"), "clients.csv")
        self.assertEqual(
            client_import.new_count, 1, client_import.line_ids.mapped("message")
        )

    def test_no_spreadsheet_gives_one_message(self):
        for data, name in ((b"%PDF-1.7", "a.xlsx"), (b"Name", "a.csv")):
            with self.assertRaises(UserError):
                self._preview(data, name)

    def test_template_can_be_read_back(self):
        for lang in ("en_US", "zh_CN"):
            self.env["res.lang"]._activate_lang(lang)
            data = self.Import.with_context(lang=lang)._get_template()
            client_import = self._upload(data)
            with self.assertRaisesRegex(UserError, "no rows"):
                client_import.action_preview()
            client_import.action_discard()

    def test_long_file_is_worked_on_by_the_cron(self):
        rows = [[f"Client {number}", f"L-{number}"] for number in range(320)]
        data = workbook(Customers=[["Name", "Customer Number"], *rows])
        client_import = self._preview(data, mode="valid")
        self.assertEqual(client_import.state, "checking")
        self._run_cron()
        self.assertEqual(
            (client_import.state, client_import.new_count), ("previewed", 320)
        )
        client_import.action_import()
        self._run_cron()
        self.assertEqual((client_import.state, client_import.progress), ("done", 100))

    def test_interrupted_transaction_is_given_up(self):
        client_import = self._preview(self._all_kinds())
        client_import.write({"state": "importing", "attempts": 2})
        self._run_cron()
        self.assertEqual(client_import.state, "previewed")
        self.assertIn("limit_time_real_cron", client_import.problem)

    def test_roles(self):
        client_import = self._preview(self._all_kinds())
        Import = self.env["logistics.client.import"]
        with self.assertRaises(AccessError):
            Import.with_user(self.salesperson).search([])
        leader = self.user_by_login["freight_leader"]
        self.assertFalse(Import.with_user(leader).search([]) & client_import)
        admin = self.user_by_login["freight_admin"]
        self.assertTrue(Import.with_user(admin).search([]) & client_import)
