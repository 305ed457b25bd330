"""Tiers, whale curve, silence, contracts, seasons."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.logistics_clv.valuation import SbgFit, ValuationError
from odoo.addons.logistics_clv.valuation.contracts import contract_value
from odoo.addons.logistics_clv.valuation.seasonality import seasonal_index
from odoo.addons.logistics_clv.valuation.silence import (
    Activity,
    activity,
    silence_ratio,
    usual_gap,
)
from odoo.addons.logistics_clv.valuation.tiers import TierRule, assign, share_before
from odoo.addons.logistics_clv.valuation.whale_curve import whale_curve

money = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60)


class TestTiers:
    def test_shares_of_clv_method_section_7(self):
        # 80 + 10 + 5 + 5 of 100: the one who crosses a border stands above it.
        value = [80.0, 10.0, 5.0, 5.0, 0.0, -20.0]
        assert assign(value).tolist() == [0, 1, 1, 2, 3, 3]

    def test_the_client_that_crosses_the_border_is_above_it(self):
        assert assign([50.0, 40.0, 10.0]).tolist() == [0, 0, 1]

    def test_equals_are_told_apart_by_their_order(self):
        assert assign([10.0] * 10).tolist() == [0] * 8 + [1] * 2

    def test_nobody_earns_anything(self):
        assert assign([0.0, -5.0]).tolist() == [3, 3]
        assert assign([]).tolist() == []

    def test_thresholds(self):
        rule = TierRule((10_000, 2_000), by_threshold=True, margin=0)
        assert assign([10_000, 9_999, 2_000, 1, 0, -1], rule).tolist() == [
            0,
            1,
            1,
            2,
            3,
            3,
        ]

    def test_grade_is_kept_within_the_margin(self):
        rule = TierRule((10_000, 2_000), by_threshold=True, margin=0.10)
        # 10 % below the border an A stays, 10 % above it a B stays.
        assert assign([9_200, 9_200, 10_500, 11_500], rule, [0, 1, 1, 1]).tolist() == [
            0,
            1,
            1,
            0,
        ]
        assert assign([8_900], rule, [0]).tolist() == [1]

    def test_margin_in_share_points(self):
        value = np.concatenate([[81.0], np.full(19, 1.0)])
        # The second stands at 81 %: a B, but an A of last month stays for 2 points.
        assert assign(value)[1] == 1
        previous = np.full(20, -1)
        previous[1] = 0
        assert assign(value, previous=previous)[1] == 0
        previous[3] = 0  # stands at 83 %
        assert assign(value, previous=previous)[3] == 1

    def test_loss_needs_no_margin(self):
        rule = TierRule((100,), by_threshold=True, margin=0.5)
        assert assign([-0.01, 0.01], rule, [0, 2]).tolist() == [2, 1]

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(value=money)
    def test_more_value_is_no_worse_a_grade(self, value):
        grades = assign(value)
        order = np.argsort(-np.array(value), kind="stable")
        assert (np.diff(grades[order]) >= 0).all()
        assert ((grades == 3) == (np.array(value) <= 0)).all()

    @settings(max_examples=200, deadline=None, derandomize=True)
    @given(value=money)
    def test_a_second_run_changes_nothing(self, value):
        once = assign(value)
        assert (assign(value, previous=once) == once).all()

    def test_share_before(self):
        assert share_before([60.0, -5.0, 40.0]).tolist() == [0.0, 1.0, 0.6]

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ({"borders": (0.95, 0.80)}, "borders_unordered"),
            ({"borders": (0.5, 0.5)}, "borders_unordered"),
            ({"borders": (1.2,)}, "bad_share"),
            ({"borders": (-1.0,), "by_threshold": True}, "not_positive"),
            ({"margin": 1.0}, "bad_margin"),
        ],
    )
    def test_nonsense_is_refused(self, arguments, code):
        with pytest.raises(ValuationError) as refused:
            TierRule(**arguments)
        assert refused.value.code == code


class TestWhaleCurve:
    def test_peak_and_erosion(self):
        # Two bring 140 %, one costs 40 % (controlling-wiki's typical shape).
        curve = whale_curve([100.0, 40.0, 0.0, 0.0, -40.0])
        assert curve.total == 100
        assert curve.peak == pytest.approx(1.4)
        assert curve.erosion == pytest.approx(0.4)
        assert curve.peak_clients == pytest.approx(0.4)
        assert curve.profit[0] == 0
        assert curve.profit[-1] == pytest.approx(1)
        assert curve.profit.max() == pytest.approx(1.4)

    def test_total_loss_has_no_shares(self):
        curve = whale_curve([10.0, -30.0])
        assert np.isnan(curve.profit).all()
        assert curve.total == -20

    def test_no_clients(self):
        assert whale_curve([]).total == 0


class TestSilence:
    def test_sentence_of_clv_method_section_7(self):
        # Every 9 days, silent for 41: 4.6 times the usual (a base of the same tempo).
        ratio = silence_ratio([46], [414], [455], 9.0)
        assert ratio[0] == pytest.approx(4.556, abs=1e-3)
        assert usual_gap([46], [414], 9.0)[0] == pytest.approx(9)

    def test_one_order_takes_the_gap_of_the_base(self):
        assert usual_gap([0], [0], 30.0)[0] == 30
        assert silence_ratio([0], [0], [60], 30.0)[0] == 2

    def test_order_after_the_snapshot_is_no_silence(self):
        assert silence_ratio([1], [10], [5], 30.0)[0] == 0

    @pytest.mark.parametrize(
        ("p", "name"),
        [
            (1.0, Activity.ACTIVE),
            (0.8, Activity.ACTIVE),
            (0.5, Activity.WATCH),
            (0.38, Activity.RISK),
            (0.0, Activity.LOST),
        ],
    )
    def test_names(self, p, name):
        assert activity(p) is name


class TestContracts:
    def test_without_discount_and_with_certain_renewal(self):
        faithful = SbgFit(1e-9, 1.0)
        value = contract_value([100.0], [5.0], [0], 36, 0.0, faithful)
        assert value[0] == pytest.approx(3600, rel=1e-6)

    def test_without_renewal_only_the_contract_counts(self):
        leaving = SbgFit(1.0, 1e-12)
        value = contract_value([100.0], [7.5], [0], 36, 0.0, leaving)
        assert value[0] == pytest.approx(750, rel=1e-6)

    def test_renewals_by_hand(self):
        fit = SbgFit(1.0, 3.0)  # first renewal 3/4, second 4/5
        value = contract_value([10.0], [12.0], [0], 36, 0.0, fit)
        assert value[0] == pytest.approx(120 + 120 * 3 / 4 + 120 * 3 / 4 * 4 / 5)

    def test_faithful_clients_are_worth_more(self):
        value = contract_value([10.0, 10.0], [3.0, 3.0], [0, 5], 36, 0.1)
        assert value[1] > value[0]

    def test_discount(self):
        faithful = SbgFit(1e-12, 1.0)
        value = contract_value([1.0], [36.0], [0], 36, 0.12, faithful)
        assert value[0] == pytest.approx(
            sum(1.12 ** (-(month + 0.5) / 12) for month in range(36))
        )

    def test_nonsense_is_refused(self):
        with pytest.raises(ValuationError) as refused:
            contract_value([1.0], [-1.0], [0], 36, 0.1)
        assert refused.value.code == "negative"
        with pytest.raises(ValuationError) as refused:
            contract_value([1.0], [1.0], [0], 0, 0.1)
        assert refused.value.code == "bad_horizon"


class TestSeasons:
    def test_known_season_on_a_trend_is_recovered(self):
        season = np.array([0.8, 0.5, 1.1, 1, 1, 1, 1, 1.2, 1.3, 1.2, 1, 0.9])
        season *= 12 / season.sum()
        month = np.arange(48)
        totals = (1000 + 10 * month) * season[(month + 3) % 12]
        found = seasonal_index(totals, 4)
        assert found.sum() == pytest.approx(12)
        assert found == pytest.approx(season, abs=0.02)

    def test_short_history_has_no_season(self):
        assert seasonal_index([5, 1, 9], 1).tolist() == [1.0] * 12
        assert seasonal_index(np.zeros(36), 1).tolist() == [1.0] * 12

    def test_nonsense_is_refused(self):
        with pytest.raises(ValuationError) as refused:
            seasonal_index([1, -1], 1)
        assert refused.value.code == "negative"
        with pytest.raises(ValuationError) as refused:
            seasonal_index([1], 13)
        assert refused.value.code == "bad_month"
