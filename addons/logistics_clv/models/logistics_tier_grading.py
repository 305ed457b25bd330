from typing import NamedTuple

import numpy as np
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

from ..valuation.tiers import assign, share_before
from . import tier_sql

# Changes of tier that are followed up at once; the others by a scheduled action.
FOLLOWED_AT_ONCE = 500
BATCH = 500


class Grades(NamedTuple):
    """One row per client with a value, in columns."""

    client_ids: list
    previous_ids: list
    tier_ids: list
    amounts: np.ndarray
    shares: np.ndarray


class LogisticsTierGrading(models.AbstractModel):
    """Grade the clients of a company, and let the shared tier follow.

    The tier on the client is one for all companies of the database, as playbooks and
    margin rules read it: the best grade of the companies with automatic tiers. A tier
    set by hand goes before all of them until it ends.
    """

    _name = "logistics.tier.grading"
    _description = "Client tiers: grading"

    @api.model
    def _grade(self, rule):
        """Return the grades of all clients of the rule's company by the rule."""
        self.env.flush_all()
        as_of = self._get_as_of(rule.company_id)
        year_before = as_of - relativedelta(years=1)
        rows = self.env.execute_query(
            tier_sql.client_basis(rule.company_id.id, rule.basis, as_of, year_before)
        )
        columns = list(zip(*rows, strict=True)) or [()] * 3
        amounts = np.asarray(columns[1], dtype=float)
        tiers = rule._get_tiers()
        places = {tier.id: place for place, tier in enumerate(tiers)}
        previous = np.asarray([places.get(tier_id, -1) for tier_id in columns[2]])
        places = assign(amounts, rule._get_pure_rule(), previous.astype(int))
        return Grades(
            list(columns[0]),
            list(columns[2]),
            [tiers.ids[place] for place in places],
            amounts,
            share_before(amounts),
        )

    @api.model
    def _get_last_run(self, company):
        """Return the run that the values of the company are of."""
        return self.env["logistics.value.run"].search(
            [("company_id", "=", company.id), ("value_ids", "!=", False)], limit=1
        )

    @api.model
    def _get_as_of(self, company):
        run = self._get_last_run(company)
        return run.as_of_date or fields.Date.context_today(self)

    @api.model
    def _assign(self, rule, moment=None):
        """Grade the clients by the rule and let their tiers follow.

        :return: number of clients whose tier has changed
        """
        grades = self._grade(rule)
        self.env.cr.execute(
            tier_sql.write_grades(
                rule.company_id.id,
                grades.client_ids,
                grades.tier_ids,
                np.round(grades.amounts, 6).tolist(),
                np.round(grades.shares, 6).tolist(),
            )
        )
        self.env["logistics.client.value"].invalidate_model(
            ["graded_tier_id", "graded_value", "graded_share"], flush=False
        )
        return self._apply(moment=moment)

    @api.model
    def _apply(self, client_ids=None, moment=None):
        """Write the tiers that follow from grades and overrides; tell playbooks.

        :param moment: when it was, if it is past: then nobody acts on it any more
        """
        self.env.flush_all()
        now = fields.Datetime.now()
        today = fields.Date.context_today(self)
        self.env.cr.execute(
            tier_sql.write_tiers(
                client_ids, self.env.uid, moment or now, today, followed=bool(moment)
            )
        )
        changed = self.env.cr.rowcount
        if changed:
            self.env["res.partner"].invalidate_model(
                ["logistics_tier_id", "logistics_tier_date"], flush=False
            )
            self._follow(FOLLOWED_AT_ONCE)
            if changed > FOLLOWED_AT_ONCE:
                self.env.ref("logistics_clv.ir_cron_tier_follow")._trigger()
        return changed

    @api.model
    def _follow(self, limit):
        """Let the other addons hear of the next changes of tier, all in one go.

        :return: number of changes that were followed up
        """
        # whoever values clients: the history is written by none but this addon
        History = self.env["logistics.tier.history"].sudo()
        changes = History.search([("followed", "=", False)], limit=limit, order="id")
        changes = changes.try_lock_for_update()
        if not changes:
            return 0
        previous = {
            change.client_id.id: change.from_tier_id.id
            for change in changes.sorted("id", reverse=True)
        }
        changes.followed = True
        clients = self.env["res.partner"].browse(previous)
        clients.with_context(logistics_tier_logged=True)._on_logistics_tier_changed(
            previous
        )
        return len(changes)

    @api.model
    def _cron_follow(self):
        """Follow up changes of tier batch by batch; a killed job goes on from there."""
        cron = self.env["ir.cron"]
        history = self.env["logistics.tier.history"]
        cron._commit_progress(
            remaining=history.search_count([("followed", "=", False)])
        )
        while followed := self._follow(BATCH):
            if not cron._commit_progress(followed):
                return

    @api.model
    def _cron_end_overrides(self):
        """End tiers set by hand whose day is over; the grades count again."""
        self.env["logistics.tier.override"]._end_overdue()
