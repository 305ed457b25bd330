from odoo.exceptions import AccessError
from odoo.tests import tagged, users

from .common import FreightCommon

ELEVEN = ("EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP")


@tagged("post_install", "-at_install")
class TestIncotermMatrix(FreightCommon):
    def _sections(self, code, side):
        incoterm = self.env["account.incoterms"].search([("code", "=", code)])
        Responsibility = self.env["logistics.incoterm.responsibility"]
        return Responsibility._get_charged_sections(incoterm, side)

    def test_eleven_rules_have_ten_steps_each(self):
        incoterms = self.env["account.incoterms"].search([("code", "in", ELEVEN)])
        self.assertEqual(len(incoterms), 11)
        for incoterm in incoterms:
            self.assertEqual(len(incoterm.logistics_responsibility_ids), 10)
        self.assertEqual(
            set(incoterms.filtered("logistics_sea_only").mapped("code")),
            {"FAS", "FOB", "CFR", "CIF"},
        )

    def test_sections_of_each_side(self):
        for code, seller, buyer in (
            ("EXW", [], ["origin", "customs", "main", "insurance", "destination"]),
            (
                "FOB",
                ["origin", "customs"],
                ["main", "insurance", "destination", "customs"],
            ),
            (
                "CIF",
                ["origin", "customs", "main", "insurance"],
                ["destination", "customs"],
            ),
            (
                "DDP",
                ["origin", "customs", "main", "insurance", "destination"],
                ["destination"],
            ),
        ):
            with self.subTest(code=code):
                self.assertEqual(self._sections(code, "seller"), seller)
                self.assertEqual(self._sections(code, "buyer"), buyer)

    def test_no_incoterm_charges_every_section(self):
        self.assertEqual(
            self._sections("???", "buyer"),
            ["origin", "customs", "main", "insurance", "destination"],
        )

    def test_risk_passes_where_the_rule_says(self):
        cif, cpt, dap = (
            self.env["account.incoterms"].search([("code", "=", code)])
            for code in ("CIF", "CPT", "DAP")
        )
        # under the C rules the seller pays on while the buyer bears the risk
        self.assertEqual(cif.logistics_main_carriage, "seller_buyer")
        self.assertEqual(cif.logistics_origin_handling, "seller")
        self.assertEqual(cpt.logistics_origin_handling, "seller_buyer")
        self.assertEqual(dap.logistics_main_carriage, "seller")
        self.assertEqual(dap.logistics_unloading, "buyer")
        self.assertIn("port of destination; sea", cif.logistics_rule)

    def test_matrix_of_a_user_stays_and_a_lost_rule_does_not_break_it(self):
        fob, exw = (
            self.env["account.incoterms"].search([("code", "=", code)])
            for code in ("FOB", "EXW")
        )
        row = fob.logistics_responsibility_ids[0]
        row.payer = "buyer"
        exw.unlink()
        self.env["logistics.incoterm.responsibility"]._seed()
        self.assertEqual(row.payer, "buyer")
        self.assertEqual(len(fob.logistics_responsibility_ids), 10)

    def test_step_twice_is_refused(self):
        row = self.env["logistics.incoterm.responsibility"].search([], limit=1)
        with self.assertConstraint(row._name, "this step already"):
            row.copy()

    @users("freight_sales", "freight_manager", "freight_none")
    def test_matrix_is_read_by_all(self):
        incoterm = self.env["account.incoterms"].search([("code", "=", "FOB")])
        self.assertEqual(incoterm.logistics_loading, "seller")
        with self.assertRaises(AccessError):
            incoterm.logistics_responsibility_ids[0].payer = "buyer"

    @users("freight_admin")
    def test_administrator_changes_the_matrix(self):
        row = self.env["logistics.incoterm.responsibility"].search([], limit=1)
        row.note = "As agreed"


@tagged("post_install", "-at_install")
class TestDangerousGoods(FreightCommon):
    def test_classes_and_divisions_are_there(self):
        GoodsClass = self.env["logistics.dangerous.goods.class"]
        self.assertEqual(len(GoodsClass.search([])), 25)
        for code in ("1.1", "1.6", "2.3", "3", "4.2", "5.2", "6.1", "7", "8", "9"):
            self.assertTrue(GoodsClass.search([("code", "=", code)]), code)
        toxic = self.env.ref("logistics_crm.dangerous_goods_class_6_1")
        self.assertEqual(toxic.display_name, "6.1 Toxic substances")
        self.assertEqual(toxic.packing_groups, "I, II, III")
        self.assertEqual(toxic.parent_id.code, "6")
        self.assertEqual(GoodsClass.name_search("6.1")[0][0], toxic.id)

    @users("freight_manager")
    def test_others_read_only(self):
        goods_class = self.env["logistics.dangerous.goods.class"].search([], limit=1)
        with self.assertRaises(AccessError):
            goods_class.name = "X"

    @users("freight_admin")
    def test_administrator_adds_a_class(self):
        GoodsClass = self.env["logistics.dangerous.goods.class"]
        GoodsClass.create({"name": "Own", "code": "99"})
        with self.assertConstraint(GoodsClass._name, "exists already"):
            GoodsClass.create({"name": "Own", "code": "99"})
