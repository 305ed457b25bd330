from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

ROLES = {
    "freight_sales": "logistics_crm.group_salesperson",
    "freight_sales_other": "logistics_crm.group_salesperson",
    "freight_leader": "logistics_crm.group_team_leader",
    "freight_manager": "logistics_crm.group_manager",
    "freight_admin": "logistics_crm.group_administrator",
    "freight_none": "base.group_user",
}


class FreightCommon(BaseCommon):
    """A user per role, a port and an airport each way, a client of `freight_sales`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_by_login = {
            login: new_test_user(cls.env, login, group)
            for login, group in ROLES.items()
        }
        cls.salesperson = cls.user_by_login["freight_sales"]
        cls.other_salesperson = cls.user_by_login["freight_sales_other"]
        germany = cls.env.ref("base.de")
        cls.port, cls.far_port, cls.airport = cls.env["logistics.location"].create(
            [
                {
                    "name": "Testhaven",
                    "code": "DEZZ2",
                    "country_id": germany.id,
                    "is_port": True,
                    "alias_ids": [
                        Command.create({"name": "试验港"}),
                        Command.create({"name": "TESTHVN"}),
                    ],
                },
                {
                    "name": "Farport",
                    "code": "CNZZ3",
                    "country_id": cls.env.ref("base.cn").id,
                    "is_port": True,
                },
                {
                    "name": "Testhaven Field",
                    "iata_code": "QZQ",
                    "country_id": germany.id,
                    "is_airport": True,
                },
            ]
        )
        cls.mode = cls.env["logistics.transport.mode"].create(
            {"name": "Test Sea", "code": "test_sea", "cargo_unit": "container"}
        )
        cls.scheme = cls.env["logistics.lifecycle.scheme"].create(
            {
                "name": "Test Scheme",
                "code": "test",
                "sequence": -100,
                "stage_ids": [
                    Command.create({"name": name, "code": name, "sequence": sequence})
                    for sequence, name in enumerate(("first", "second", "third"))
                ],
            }
        )
        cls.first, cls.second, cls.third = cls.scheme.stage_ids
        cls.client = cls.env["res.partner"].create(
            {
                "name": "Test Client",
                "is_company": True,
                "user_id": cls.salesperson.id,
            }
        )

    @classmethod
    def _lead_team(cls, leader="freight_leader", member="freight_sales"):
        """Let one user lead the sales team of another."""
        return cls.env["crm.team"].create(
            {
                "name": "Test Team",
                "user_id": cls.user_by_login[leader].id,
                "member_ids": [Command.set(cls.user_by_login[member].ids)],
            }
        )

    @contextmanager
    def assertConstraint(self, model, message):
        """Expect the database to refuse, and the user to read `message`."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as raised,
            self.env.cr.savepoint(),
        ):
            yield
            self.env.flush_all()
        self.assertIn(message, self.env[model]._sql_error_to_message(raised.exception))

    @classmethod
    def _lane_vals(cls, client=None, **values):
        return {
            "partner_id": (client or cls.client).id,
            "origin_id": cls.port.id,
            "destination_id": cls.far_port.id,
            "mode_id": cls.mode.id,
            **values,
        }

    @classmethod
    def _create_lane(cls, client=None, **values):
        return cls.env["logistics.trade.lane"].create(cls._lane_vals(client, **values))
