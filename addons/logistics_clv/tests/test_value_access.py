from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_value_run import ValueRunCommon


@tagged("post_install", "-at_install")
class TestValueAccess(ValueRunCommon):
    """Who sees what: salesperson, reader, accountant, another company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.valuation = cls.env["logistics.value.run"].create(
            {"as_of_date": "2026-03-30"}
        )
        cls.valuation.action_compute()
        cls.move = cls.Entry.search([], limit=1).move_id

        def new_user(login, groups):
            # may export: what they must not see is kept from them there too
            return cls._create_new_internal_user(
                login=login, groups=f"{groups},base.group_allow_export"
            )

        cls.salesperson = new_user(
            login="value_salesperson", groups="logistics_crm.group_salesperson"
        )
        cls.leader = new_user(
            login="value_leader", groups="logistics_crm.group_team_leader"
        )
        cls.reader = new_user(
            login="value_reader", groups="logistics_clv.group_value_reader"
        )
        cls.accountant = new_user(
            login="value_accountant", groups="logistics_clv.group_accountant"
        )
        cls.manager = new_user(
            login="value_manager", groups="logistics_crm.group_manager"
        )

    MODELS = (
        "logistics.value.entry",
        "logistics.value.reconciliation",
        "logistics.value.run",
        "logistics.client.value",
        "logistics.value.fit",
        "logistics.value.ledger",
    )

    # What salespeople may be shown of their own clients.
    OWN = ("logistics.value.entry", "logistics.client.value")

    def test_salespeople_see_nothing_of_the_value(self):
        for user in (self.salesperson, self.leader):
            for name in self.OWN:
                with self.subTest(user=user.login, model=name):
                    self.assertFalse(self.env[name].with_user(user).search([]))
            for name in sorted({*self.MODELS} - {*self.OWN}):
                model = self.env[name].with_user(user)
                with self.subTest(user=user.login, model=name):
                    with self.assertRaises(AccessError):
                        model.search([])
                    with self.assertRaises(AccessError):
                        model.formatted_read_group([], ["company_id"], ["__count"])
                    with self.assertRaises(AccessError):
                        model.browse(1).export_data(["company_id"])

    def test_salespeople_see_no_contribution_on_invoices(self):
        self.move.invoice_user_id = self.salesperson
        move = self.move.with_user(self.salesperson)
        with self.assertRaises(AccessError):
            move.read(["logistics_contribution"])
        for domain in (
            [("logistics_value_status", "=", "no_cost")],
            [("logistics_client_id", "=", self.client_a.id)],
        ):
            with self.assertRaises(AccessError):
                move.search(domain)
        client = self.client_a.with_user(self.salesperson)
        self.assertFalse(
            client.read(["logistics_client_value"])[0]["logistics_client_value"]
        )
        fields = self.env["account.move"].with_user(self.salesperson).fields_get()
        self.assertNotIn("logistics_contribution", fields)
        view = move.get_view(view_type="form")["arch"]
        self.assertNotIn("logistics_contribution", view)

    def test_readers_see_and_change_nothing(self):
        for user in (self.reader, self.manager, self.accountant):
            for name in self.MODELS:
                model = self.env[name].with_user(user)
                with self.subTest(user=user.login, model=name):
                    self.assertTrue(model.search([]))
                    self.assertTrue(
                        model.formatted_read_group([], ["company_id"], ["__count"])
                    )
                    self.assertTrue(
                        model.search([], limit=1).export_data(["company_id"])["datas"]
                    )
        entry = self.Entry.with_user(self.accountant).search([], limit=1)
        with self.assertRaises(AccessError):
            self.ledger.with_user(self.accountant).write({"watermark": "2099-01-01"})
        with self.assertRaises(AccessError):
            entry.write({"revenue": 1})
        with self.assertRaises(AccessError):
            self.valuation.with_user(self.reader).action_compute()
        with self.assertRaises(AccessError):
            self.Entry.with_user(self.reader).action_refresh()
        with self.assertRaises(AccessError):
            self.env["logistics.client.value"].with_user(self.reader).action_compute()

    def test_accountants_refresh_and_compute(self):
        self.Entry.with_user(self.accountant).action_refresh()
        action = (
            self.env["logistics.client.value"]
            .with_user(self.accountant)
            .action_compute()
        )
        self.assertEqual(action["params"]["state"], "done")
        self.move.with_user(self.accountant)._reattribute(self.client_b, "test")
        self.assertEqual(self._get_entries(self.move).client_id, self.client_b)

    def test_other_company_is_not_seen(self):
        other = self.setup_other_company(name="Other forwarder")["company"]
        for user in (self.reader, self.accountant):
            user.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
            for name in self.MODELS:
                with self.subTest(user=user.login, model=name):
                    self.assertFalse(self.env[name].with_user(user).search([]))
        with self.assertRaises(AccessError):
            self.valuation.with_user(self.accountant).action_compute()
        client = self.client_a.with_user(self.reader).with_company(other)
        self.assertFalse(client.logistics_client_value_known)

    def test_privileges_imply_each_other(self):
        self.assertTrue(self.manager.has_group("logistics_clv.group_value_reader"))
        self.assertTrue(self.accountant.has_group("account.group_account_invoice"))
        self.assertFalse(self.leader.has_group("logistics_clv.group_value_reader"))
