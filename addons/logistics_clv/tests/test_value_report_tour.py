from odoo.tests import HttpCase, tagged

from .test_snapshot import APRIL, MARCH
from .test_value_report import ReportCommon


@tagged("post_install", "-at_install")
class TestValueReportTour(ReportCommon, HttpCase):
    """A manager reads the four reports and looks behind a figure of each."""

    def test_whale_curve(self):
        self._start("value-whale-curve", "logistics_clv_whale_curve")

    def test_stages_and_tiers(self):
        self._start("value-stages-tiers", "logistics_clv_stage_tier")

    def test_migration(self):
        self.client_b.logistics_tier_id = self.tier_b
        self.Snapshot._take(self.company, MARCH)
        self.client_b.logistics_tier_id = self.tier_c
        self.Snapshot._take(self.company, APRIL)
        self._start("value-migration", "logistics_clv_migration")

    def test_cohorts(self):
        self._start("value-cohorts", "logistics_clv_cohorts")

    def _start(self, path, tour):
        self.start_tour(f"/odoo/{path}", tour, login=self.manager.login)
