from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..hooks import MARGIN_WAS_VISIBLE, post_init_hook, pre_init_hook
from .common import FreightQuoteCommon

# every field that shows a cost, or lets one be reckoned
HIDDEN = {
    "sale.order": ("margin", "margin_percent"),
    "sale.order.line": ("purchase_price", "margin", "margin_percent"),
    "sale.report": ("margin",),
    "logistics.quote.option": (
        "buy_amount",
        "margin",
        "margin_percent",
        "is_best_margin",
        "has_unruled_charge",
        "rate_id",
    ),
    "logistics.quote.option.line": (
        "buy_amount",
        "rate_amount",
        "rate_currency_id",
        "margin",
        "margin_rule_id",
        "buy_explanation",
        "has_no_rule",
        "rate_id",
    ),
    "logistics.charge.code": ("is_margin_excluded",),
}


@tagged("post_install", "-at_install")
class TestBuyPriceSecrecy(FreightQuoteCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_users()
        cls.salesperson.group_ids += cls.env.ref("base.group_allow_export")
        cls.order = cls._create_order(user=cls.salesperson)
        cls.order.with_user(cls.salesperson).action_find_rates()
        option = cls._option_of(cls.order, cls.blue)
        option.with_user(cls.salesperson).action_choose()
        cls.env.flush_all()

    def _records(self, model, user):
        records = {
            "sale.order": self.order,
            "sale.order.line": self.order.order_line[1],
            "sale.report": self.env["sale.report"].search(
                [("order_reference", "=", f"sale.order,{self.order.id}")], limit=1
            ),
            "logistics.quote.option": self.order.logistics_option_ids,
            "logistics.quote.option.line": self.order.logistics_option_ids.line_ids,
            "logistics.charge.code": self.ofr,
        }[model]
        return records.with_user(user)

    def _hidden_fields(self):
        for model, fnames in HIDDEN.items():
            for fname in fnames:
                yield model, fname

    def test_salesperson_rates_and_chooses(self):
        order = self.order.with_user(self.salesperson)
        self.assertEqual(order.amount_untaxed, 3819.2)
        self.assertEqual(len(order.logistics_option_ids), 2)
        self.assertAlmostEqual(self.order.margin, 347.2, 6)

    def test_reading_is_refused(self):
        for model, fname in self._hidden_fields():
            with self.subTest(model=model, field=fname), self.assertRaises(AccessError):
                self._records(model, self.salesperson).read([fname])

    def test_fields_are_not_announced(self):
        for model, fname in self._hidden_fields():
            fields = self.env[model].with_user(self.salesperson).fields_get()
            self.assertNotIn(fname, fields, model)

    def test_search_on_a_cost_is_refused(self):
        for model, fname in self._hidden_fields():
            Model = self.env[model].with_user(self.salesperson)
            with self.subTest(model=model, field=fname), self.assertRaises(AccessError):
                Model.search([(fname, "!=", False)])

    def test_search_through_another_model_is_refused(self):
        Order = self.env["sale.order"].with_user(self.salesperson)
        for domain in (
            [("order_line.purchase_price", ">", 0)],
            [("order_line", "any", [("margin", ">", 0)])],
            [("logistics_option_ids.buy_amount", ">", 0)],
            [("logistics_option_ids.line_ids.buy_amount", ">", 0)],
        ):
            with self.subTest(domain=domain), self.assertRaises(AccessError):
                Order.search(domain)

    def test_order_by_a_cost_is_refused(self):
        for model in ("sale.order.line", "logistics.quote.option"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.salesperson).search([], order="margin")

    def test_grouping_and_sums_are_refused(self):
        for model, fname in self._hidden_fields():
            field = self.env[model]._fields[fname]
            if not field.store or field.type not in ("monetary", "float"):
                continue
            Model = self.env[model].with_user(self.salesperson)
            with self.subTest(model=model, field=fname), self.assertRaises(AccessError):
                Model.formatted_read_group([], [], [f"{fname}:sum"])

    def test_export_leaves_costs_out(self):
        for model, fname in self._hidden_fields():
            records = self._records(model, self.salesperson)
            with self.subTest(model=model, field=fname), self.assertRaises(AccessError):
                records.export_data([fname])
        with self.assertRaises(AccessError):
            self.order.with_user(self.salesperson).export_data(
                ["order_line/purchase_price"]
            )

    def test_web_client_calls_are_refused(self):
        order = self.order.with_user(self.salesperson)
        line = order.order_line[1]
        calls = (
            lambda: line.web_read({"purchase_price": {}}),
            lambda: order.web_read({"order_line": {"fields": {"margin": {}}}}),
            lambda: line.onchange(
                {"product_uom_qty": 3},
                ["product_uom_qty"],
                {"product_uom_qty": {}, "purchase_price": {}},
            ),
            lambda: order.web_search_read([], {"margin": {}}),
            lambda: line.search_read([("id", "=", line.id)], ["purchase_price"]),
            lambda: line.web_save({"sequence": 5}, {"purchase_price": {}}),
        )
        for call in calls:
            with self.assertRaises(AccessError):
                call()

    def test_duplicate_shows_no_cost(self):
        order = self.order.with_user(self.salesperson)
        for vals in order.copy_data():
            lines = [command[2] for command in vals["order_line"]]
            self.assertFalse(
                {"purchase_price", "margin"} & {key for line in lines for key in line}
            )
        copy = order.copy()
        self.assertEqual(copy.amount_untaxed, 3819.2)
        with self.assertRaises(AccessError):
            copy.order_line.read(["purchase_price"])
        self.assertAlmostEqual(copy.sudo().margin, 347.2, 6)

    def test_writing_a_cost_is_refused(self):
        line = self.order.order_line[1].with_user(self.salesperson)
        with self.assertRaises(AccessError):
            line.purchase_price = 1
        with self.assertRaises(AccessError):
            self.order.logistics_option_ids[0].with_user(
                self.salesperson
            ).sell_amount = 1

    def test_library_is_closed(self):
        for model in (
            "logistics.rate.contract",
            "logistics.rate",
            "logistics.rate.price",
            "logistics.rate.import",
            "logistics.rate.import.line",
            "logistics.margin.rule",
        ):
            with self.subTest(model=model), self.assertRaises(AccessError):
                self.env[model].with_user(self.salesperson).search([])

    def test_client_texts_name_no_cost(self):
        texts = self.order.logistics_option_ids.line_ids.mapped("quantity_text")
        texts += self.order.order_line.mapped("name")
        texts += self.order.message_ids.mapped("body")
        for price in ("1,850", "1850", "3,700", "1,700", "2,960"):
            self.assertNotIn(price, " ".join(filter(None, texts)))

    def test_percentage_does_not_show_the_cost_that_it_is_taken_of(self):
        lines = self.order.logistics_option_ids.line_ids.with_user(self.salesperson)
        line = lines.filtered(lambda line: line.charge_code_id == self.baf)
        (vals,) = line.read()
        costs = {3700.0, 2960.0, 370.0, 296.0}
        self.assertFalse(
            costs & {value for value in vals.values() if isinstance(value, float)}
        )

    def test_sold_at_cost_is_told_to_those_who_may_see_costs(self):
        self.rule.active = False
        self.order.action_find_rates()
        option = self._option_of(self.order, self.red)
        self.assertIn("No margin rule", option.with_user(self.pricer).marks)
        marks = option.with_user(self.salesperson).marks
        self.assertNotIn("margin", marks)
        self.assertIn("Ask the pricing desk", marks)

    def test_form_has_no_cost_for_a_salesperson(self):
        form = Form(self.order.with_user(self.salesperson))
        self.assertNotIn("margin", form._view["fields"])
        lines = form._view["fields"]["order_line"]["edition_view"]["fields"]
        self.assertNotIn("purchase_price", lines)
        self.assertIn("price_unit", lines)

    def test_new_line_of_a_salesperson_gets_its_cost(self):
        product = self.env["product.product"].create(
            {"name": "Pallet", "standard_price": 7}
        )
        order = self.order.with_user(self.salesperson)
        order.order_line = [Command.create({"product_id": product.id})]
        line = order.order_line.filtered(lambda line: line.product_id == product)
        self.assertEqual(line.sudo().purchase_price, 7)

    def test_pricing_and_manager_see_costs(self):
        for user in (self.manager, self.pricer):
            self.order.user_id = user
            self.env.flush_all()
            for model, fname in self._hidden_fields():
                self._records(model, user).read([fname])
            self.assertTrue(self.env["logistics.rate"].with_user(user).search([]))

    def test_setting_shows_costs_to_everybody(self):
        settings = self.env["res.config.settings"].create({})
        self.assertFalse(settings.group_logistics_buy_price)
        settings.group_logistics_buy_price = True
        settings.execute()
        self.order.with_user(self.salesperson).read(["margin"])
        settings = self.env["res.config.settings"].create({})
        settings.group_logistics_buy_price = False
        settings.execute()
        with self.assertRaises(AccessError):
            self.order.with_user(self.salesperson).read(["margin"])

    def test_existing_database_keeps_what_it_showed(self):
        group = self.env.ref("logistics_quote.group_buy_price")
        user_group = self.env.ref("base.group_user")
        updated = self.registry.updated_modules
        self.patch(self.registry, "updated_modules", [*updated, "sale_margin"])
        pre_init_hook(self.env)
        post_init_hook(self.env)
        self.assertNotIn(group, user_group.all_implied_ids)
        self.patch(self.registry, "updated_modules", [])
        pre_init_hook(self.env)
        post_init_hook(self.env)
        self.assertIn(group, user_group.all_implied_ids)
        parameter = self.env["ir.config_parameter"].get_param(MARGIN_WAS_VISIBLE)
        self.assertFalse(parameter)
