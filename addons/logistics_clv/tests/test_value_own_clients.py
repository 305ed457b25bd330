from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .test_value_run import ValueRunCommon

MODELS = ("logistics.value.entry", "logistics.client.value")


@tagged("post_install", "-at_install")
class TestValueOfOwnClients(ValueRunCommon):
    """What salespeople and team leaders see where the company allows it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["logistics.value.run"].create(
            {"as_of_date": "2026-03-30"}
        ).action_compute()

        def new_user(login, group):
            return cls._create_new_internal_user(
                login=login, groups=f"{group},base.group_allow_export"
            )

        cls.salesperson = new_user("own_sales", "logistics_crm.group_salesperson")
        cls.colleague = new_user("own_colleague", "logistics_crm.group_salesperson")
        cls.leader = new_user("own_leader", "logistics_crm.group_team_leader")
        cls.manager = new_user("own_manager", "logistics_crm.group_manager")
        cls.accountant = new_user("own_accountant", "logistics_clv.group_accountant")
        cls.clerk = new_user("own_clerk", "account.group_account_invoice")
        cls.clients = cls.Entry.search([]).client_id
        cls.own, cls.others = cls.clients[0], cls.clients[1:]
        cls.own.user_id = cls.salesperson
        cls.others.user_id = cls.colleague
        cls.env["crm.team"].create(
            {
                "name": "Own team",
                "user_id": cls.leader.id,
                "member_ids": [Command.set(cls.salesperson.ids)],
            }
        )

    def _get_clients(self, user, name):
        """Return the clients seen through every door, which must agree."""
        model = self.env[name].with_user(user)
        found = model.search([])
        clients = found.sudo().client_id
        groups = model.formatted_read_group([], ["client_id"], ["revenue:sum"])
        self.assertEqual({group["client_id"][0] for group in groups}, set(clients.ids))
        [total] = model.formatted_read_group([], [], ["revenue:sum"])
        self.assertAlmostEqual(
            total["revenue:sum"] or 0, sum(found.sudo().mapped("revenue"))
        )
        self.assertEqual(
            len(model.web_search_read([], {"revenue": {}})["records"]), len(found)
        )
        self.assertEqual(model.search_count([]), len(found))
        self.assertEqual(len(model.name_search("")), min(len(found), 100))
        hidden = self.env[name].search([]) - self.env[name].browse(found.ids)
        if hidden:
            with self.assertRaises(AccessError):
                hidden[:1].with_user(user).read(["revenue"])
            with self.assertRaises(AccessError):
                hidden[:1].with_user(user).export_data(["revenue"])
            with self.assertRaises(AccessError):
                hidden[:1].with_user(user).web_read({"revenue": {}})
        return clients

    def test_nothing_is_seen_by_default(self):
        self.assertFalse(self.company.logistics_value_own_clients)
        for user in (self.salesperson, self.leader):
            for name in MODELS:
                with self.subTest(user=user.login, model=name):
                    self.assertFalse(self._get_clients(user, name))
            client = self.own.with_user(user)
            self.assertFalse(client.logistics_client_value_known)
            self.assertFalse(client.logistics_client_value)

    def test_each_role_sees_its_own_where_allowed(self):
        self.company.logistics_value_own_clients = True
        expected = {
            self.salesperson: self.own,
            self.colleague: self.others,
            self.leader: self.own,
            self.manager: self.clients,
            self.accountant: self.clients,
        }
        for user, clients in expected.items():
            with self.subTest(user=user.login):
                for name in MODELS:
                    self.assertEqual(self._get_clients(user, name), clients)
        self.assertTrue(
            self.own.with_user(self.salesperson).logistics_client_value_known
        )
        self.assertFalse(
            self.others[:1].with_user(self.salesperson).logistics_client_value_known
        )

    def test_own_clients_of_another_company_stay_hidden(self):
        other = self.setup_other_company(name="Other forwarder")["company"]
        other.logistics_value_own_clients = True
        self.salesperson.company_ids |= other
        for name in MODELS:
            model = self.env[name].with_user(self.salesperson)
            model = model.with_context(allowed_company_ids=(self.company | other).ids)
            self.assertFalse(model.search([]))

    def test_buying_is_not_shown_to_salespeople(self):
        self.company.logistics_value_own_clients = True
        for name in ("vendor_id", "quoted_cost"):
            if name not in self.Entry._fields:
                continue
            model = self.Entry.with_user(self.salesperson)
            with self.subTest(field=name):
                self.assertNotIn(name, model.fields_get())
                with self.assertRaises(AccessError):
                    model.search([(name, "!=", False)])
                with self.assertRaises(AccessError):
                    model.formatted_read_group([], [name], ["__count"])
                with self.assertRaises(AccessError):
                    model.search([], limit=1).export_data([name])

    def test_clerks_without_a_role_see_nothing(self):
        self.company.logistics_value_own_clients = True
        for name in MODELS:
            with self.assertRaises(AccessError):
                self.env[name].with_user(self.clerk).search([])
        with self.assertRaises(AccessError):
            self.own.with_user(self.clerk).read(["logistics_client_value"])

    def test_menu_shows_only_where_it_leads_somewhere(self):
        menu = self.env.ref("logistics_clv.menu_client_value")

        def is_shown(user):
            self.env.registry.clear_cache()
            menus = self.env["ir.ui.menu"].with_user(user).load_menus(False)
            root = menus[self.env.ref("logistics_crm.menu_root").id]
            return menu.id in root["children"]

        self.assertFalse(is_shown(self.salesperson))
        self.assertTrue(is_shown(self.manager))
        self.assertTrue(is_shown(self.accountant))
        self.company.logistics_value_own_clients = True
        self.assertTrue(is_shown(self.salesperson))


@tagged("post_install", "-at_install")
class TestResultsAreNotEntered(ValueRunCommon):
    """Nobody writes a result by import or by a call."""

    def test_accountant_cannot_write_results(self):
        run = self.env["logistics.value.run"].create({"as_of_date": "2026-03-30"})
        run.action_compute()
        accountant = self._create_new_internal_user(
            login="result_accountant", groups="logistics_clv.group_accountant"
        )
        run = run.with_user(accountant)
        for values in (
            {"historical": 1e6},
            {"state": "done"},
            {"client_count": 3},
            {"cost_coverage": 1},
            {"user_id": self.env.user.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                run.write(values)
            with self.subTest(values=values), self.assertRaises(AccessError):
                run.create({"as_of_date": "2026-03-30", **values})
            defaults = {f"default_{name}": value for name, value in values.items()}
            with self.subTest(defaults=defaults), self.assertRaises(AccessError):
                run.with_context(**defaults).create({"as_of_date": "2026-03-30"})
        value = self.env["logistics.client.value"].search([], limit=1)
        with self.assertRaises(AccessError):
            value.with_user(accountant).write({"historical": 1})

    def test_accountant_computes_and_takes_back(self):
        accountant = self._create_new_internal_user(
            login="result_accountant", groups="logistics_clv.group_accountant"
        )
        run = self.env["logistics.value.run"].with_user(accountant).create({})
        run.horizon_months = 12
        run.action_compute()
        self.assertEqual(run.state, "done")
        self.assertEqual(run.user_id, accountant)
        run.sudo().state = "queued"
        run.action_cancel()
        self.assertEqual(run.state, "draft")
