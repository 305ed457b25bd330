from contextlib import ExitStack

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, new_test_user, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestClaimRace(BaseCase):
    """Two people claim at once, each with a cursor of its own that commits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.registry = Registry(get_db_name())
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"no_reset_password": True})
            company = env.ref("base.main_company")
            cls.was_on = company.logistics_protect_clients
            company.logistics_protect_clients = True
            cls.scheme = (
                env["logistics.lifecycle.scheme"]
                .create({"name": "Race", "code": "test_race", "sequence": 900})
                .id
            )
            stage = env["logistics.lifecycle.stage"].create(
                {"name": "Race", "code": "race", "scheme_id": cls.scheme}
            )
            cls.user_ids = [
                new_test_user(env, login, "logistics_crm.group_salesperson").id
                for login in ("race_one", "race_two")
            ]
            cls.client_ids = (
                env["res.partner"]
                .create(
                    [
                        {
                            "name": f"Race {number}",
                            "is_company": True,
                            "logistics_stage_id": stage.id,
                        }
                        for number in range(3)
                    ]
                )
                .ids
            )
        cls.addClassCleanup(cls._clean)

    @classmethod
    def _clean(cls):
        with cls.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            env.ref("base.main_company").logistics_protect_clients = cls.was_on
            env["res.partner"].browse(cls.client_ids).unlink()
            env["logistics.lifecycle.scheme"].browse(cls.scheme).unlink()
            users = env["res.users"].browse(cls.user_ids)
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def _race(self, jobs):
        """Let both look first; then one claims, and the other with its old view.

        The server runs a request again that does not serialise: so does this.
        """
        answers = []
        with ExitStack() as stack:
            cursors = [stack.enter_context(self.registry.cursor()) for _job in jobs]
            for cr in cursors:
                cr.execute("SELECT 1 FROM res_partner LIMIT 1")  # takes the snapshot
            for cr, (user_id, client_ids) in zip(cursors, jobs, strict=True):
                env = api.Environment(cr, user_id, {})
                clients = env["res.partner"].browse(client_ids)
                try:
                    retrying(clients.action_claim_logistics_client, env)
                    # the winner is known to the other once it has committed
                    cr.commit()  # pylint: disable=invalid-commit
                    answers.append("claimed")
                except UserError as error:
                    cr.rollback()
                    answers.append(str(error))
        return answers

    def _get_owners(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            return [client.user_id.id for client in self._browse(env)]

    def _browse(self, env):
        return env["res.partner"].browse(self.client_ids)

    def test_one_wins_and_the_other_is_told_who(self):
        one, two = self.user_ids
        with mute_logger("odoo.service.model"):
            answers = self._race(
                [(one, self.client_ids[:1]), (two, self.client_ids[:1])]
            )
        self.assertEqual(answers.count("claimed"), 1, answers)
        owner = self._get_owners()[0]
        winner = ("race_one", "race_two")[self.user_ids.index(owner)]
        [told] = [answer for answer in answers if answer != "claimed"]
        self.assertIn(f"belongs to {winner}", told)

    def test_the_cap_holds_for_two_windows_of_one_user(self):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            user = env["res.users"].browse(self.user_ids[0])
            owned = env["res.partner"].search_count(
                [("user_id", "=", user.id), ("logistics_stage_id", "!=", False)]
            )
            user.logistics_claim_cap = owned + 1
        with mute_logger("odoo.service.model"):
            answers = self._race(
                [
                    (self.user_ids[0], self.client_ids[1:2]),
                    (self.user_ids[0], self.client_ids[2:3]),
                ]
            )
        self.assertEqual(answers.count("claimed"), 1, answers)
        self.assertIn("at most", "".join(answers))
