from datetime import datetime, time, timedelta

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

MONTHS = 12


class LogisticsValueSnapshotDemo(models.AbstractModel):
    """A year of tiers and snapshots of a made-up forwarder, for demo data."""

    _name = "logistics.value.snapshot.demo"
    _description = "Client value: demo snapshots"

    @api.model
    def _generate(self):
        """Value the clients as of each past month, and keep its snapshot."""
        company = self.env.ref("base.main_company")
        if company.chart_template:
            self.with_company(company).with_context(
                tracking_disable=True, mail_notrack=True
            )._generate_company()

    @api.model
    def _generate_company(self):
        company = self.env.company
        today = fields.Date.context_today(self)
        this_month = today.replace(day=1)
        company.logistics_tiers_automatic = True
        for back in range(MONTHS, 0, -1):
            month = this_month - relativedelta(months=back)
            last_day = month + relativedelta(months=1, days=-1)
            self._value(last_day)
            self.env["logistics.value.snapshot"]._take(company, month)
        self._value(today)
        self._set_by_hand()
        self._draft_rule()

    def _value(self, day):
        run = self.env["logistics.value.run"].create(
            {"as_of_date": day, "user_id": self.env.ref("base.user_admin").id}
        )
        moment = datetime.combine(day, time(2)) if day < fields.Date.today() else None
        run.with_context(logistics_tier_moment=moment).action_compute()

    def _set_by_hand(self):
        """Give one client a better tier than its rule does."""
        values = self.env["logistics.client.value"].search(
            [("company_id", "=", self.env.company.id)], order="total desc, id"
        )
        lower = values.filtered(
            lambda value: value.graded_tier_id.code == "C" and value.total > 0
        )
        self.env["logistics.tier.override"]._set(
            lower[:1].client_id,
            self.env.ref("logistics_crm.value_tier_b"),
            self.env._("Trial lane promised: full service until it is decided"),
            fields.Date.today() + timedelta(days=90),
        )

    def _draft_rule(self):
        """Leave a draft whose preview shows something."""
        rule = self.env["logistics.tier.rule"]._get_used(self.env.company)
        amounts = {"A": 20_000, "B": 8_000}
        rule.copy(
            {
                "method": "threshold",
                "line_ids": [
                    Command.create(
                        {
                            "tier_id": line.tier_id.id,
                            "amount": amounts[line.tier_id.code],
                        }
                    )
                    for line in rule.line_ids
                    if line.tier_id.code in amounts
                ],
            }
        )
