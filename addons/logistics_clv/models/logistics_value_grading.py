import logging

import psycopg2

from odoo import models

_logger = logging.getLogger(__name__)


class LogisticsValueGrading(models.AbstractModel):
    """Let tiers follow the values of a run, where the company wants it."""

    _name = "logistics.value.grading"
    _description = "Client value: tiers after a run"

    def _finish(self):
        self._grade_clients()
        return super()._finish()

    def _grade_clients(self):
        """Grade the clients; the values stand even if their tiers fail."""
        if not self.company_id.logistics_tiers_automatic:
            return
        # whoever computes values: the rule decides, not the user
        rules = self.env["logistics.tier.rule"].sudo()
        moment = self.env.context.get("logistics_tier_moment")
        try:
            with self.env.cr.savepoint():
                rule = rules._get_used(self.company_id)
                if rule:
                    rule._assign(moment)
        except psycopg2.OperationalError:
            raise  # a conflict with another transaction: the caller tries again
        except Exception as error:
            _logger.exception("Tiers after valuation run %s failed", self.id)
            self.message_post(
                body=self.env._(
                    "The clients are valued; their tiers are unchanged: %(reason)s",
                    reason=error,
                )
            )
