"""The holdout page: accuracy beside the plain rules, on CDNOW and by hand."""

import math

import numpy as np
import pytest
from cdnow_sample import HOLDOUT_WEEKS, load_sample

from odoo.addons.logistics_clv.valuation import bg_nbd, holdout, mbg_nbd, pareto_nbd
from odoo.addons.logistics_clv.valuation.holdout import Grade, measure, validate


@pytest.fixture(scope="module")
def sample():
    return load_sample()


def history(sample):
    return sample.frequency, sample.recency_weeks, sample.age_weeks


class TestCdnow:
    """clv-method.md, section 2: weeks 40 to 78."""

    @pytest.mark.parametrize(
        ("model", "mae", "rmse", "correlation", "spearman", "gini", "total", "auc"),
        [
            (bg_nbd, 0.786, 1.608, 0.626, 0.449, 0.662, 1653, 0.316),
            (mbg_nbd, 0.765, 1.607, 0.627, 0.450, 0.664, 1577, 0.687),
            (pareto_nbd, 0.755, 1.603, 0.630, 0.460, 0.673, 1666, 0.726),
        ],
    )
    def test_models(
        self, sample, model, mae, rmse, correlation, spearman, gini, total, auc
    ):
        fit = model.fit(*history(sample))
        forecast = fit.expected_orders(HOLDOUT_WEEKS, *history(sample))
        found = measure(sample.holdout_orders, forecast)
        assert found.mae == pytest.approx(mae, abs=1e-3)
        assert found.rmse == pytest.approx(rmse, abs=1e-3)
        assert found.correlation == pytest.approx(correlation, abs=1e-3)
        assert found.spearman == pytest.approx(spearman, abs=1e-3)
        assert found.gini == pytest.approx(gini, abs=2e-3)
        assert found.total_ratio == pytest.approx(total / 1882, abs=1e-3)
        alive = fit.p_alive(*history(sample))
        assert holdout.area_under_curve(
            alive, sample.holdout_orders > 0
        ) == pytest.approx(auc, abs=1e-3)

    def test_run_rate(self, sample):
        forecast = sample.frequency / sample.age_weeks * HOLDOUT_WEEKS
        found = measure(sample.holdout_orders, forecast)
        assert found.mae == pytest.approx(1.024, abs=1e-3)
        assert found.total_ratio == pytest.approx(2930 / 1882, abs=1e-3)

    def test_grade_and_correction(self, sample):
        fit = mbg_nbd.fit(*history(sample))
        forecast = fit.expected_orders(HOLDOUT_WEEKS, *history(sample))
        page = validate(
            sample.holdout_orders,
            forecast,
            sample.frequency / sample.age_weeks * HOLDOUT_WEEKS,
            sample.frequency + 1,
            fit.p_order(HOLDOUT_WEEKS, *history(sample)),
            sample.holdout_orders,
        )
        # The model's gain is calibration, not ranking (Wuebben, v. Wangenheim 2008).
        assert page.grade is Grade.B
        assert not page.use_run_rate
        assert page.base_correction == pytest.approx(1882 / 1577, abs=2e-3)
        assert page.auc == pytest.approx(0.760, abs=0.015)
        assert sum(decile.clients for decile in page.deciles) == 2357
        assert sum(decile.actual for decile in page.deciles) == pytest.approx(1882)
        predicted = [decile.predicted for decile in page.deciles]
        assert predicted == sorted(predicted, reverse=True)
        assert page.deciles[0].actual > page.deciles[1].actual > page.deciles[9].actual


class TestByHand:
    def test_perfect_forecast(self):
        actual = np.array([0.0, 1, 2, 5, 10, 0, 3, 8, 1, 20])
        found = measure(actual, actual)
        assert found.mae == found.rmse == 0
        assert found.gini == pytest.approx(1)
        assert found.top_decile == pytest.approx(20 / 50)

    def test_ties_are_shared_whatever_the_order(self):
        actual = np.array([10.0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
        found = [
            measure(np.roll(actual, shift), np.ones(10)).top_decile for shift in (0, 7)
        ]
        assert found == pytest.approx([0.1, 0.1])
        assert measure(actual, np.ones(10)).gini == pytest.approx(0, abs=1e-12)

    @pytest.mark.parametrize(
        ("gain", "grade"), [(0.06, Grade.A), (0.0, Grade.B), (-0.01, Grade.C)]
    )
    def test_grade_follows_the_gain_of_the_top_tenth(self, gain, grade):
        clients = 1000
        actual = np.zeros(clients)
        actual[:100] = 5.0
        actual[100:200] = 5.0
        plain = np.where(np.arange(clients) < 100, 2.0, 1.0)
        model = plain.copy()
        # Swap that many of the hits in the top tenth.
        actual[:100] = 5.0
        swap = round(abs(gain) * 200)
        if gain > 0:
            plain[:swap], plain[200 : 200 + swap] = 1.0, 2.0
        elif gain < 0:
            model[:swap], model[200 : 200 + swap] = 1.0, 2.0
        page = validate(actual, model, plain, plain, plain / 4, actual)
        assert page.grade is grade
        assert page.use_run_rate is (grade is Grade.C)

    def test_correction_is_believed_only_so_far(self):
        ones = np.ones(60)
        page = validate(ones * 9, ones, ones, ones, ones, ones)
        assert page.base_correction == 1.3
        page = validate(ones * 0.1, ones, ones, ones, ones, ones)
        assert page.base_correction == 0.7

    @pytest.mark.parametrize("clients", [0, 1, 49])
    def test_few_clients_get_no_grade(self, clients):
        some = np.arange(float(clients))
        page = validate(some, some, some, some, np.full(clients, 0.5), some)
        assert page.grade is Grade.NONE
        assert not page.use_run_rate

    def test_nothing_happened(self):
        none, some = np.zeros(60), np.ones(60)
        page = validate(none, some, some, some, some / 2, none)
        assert page.grade is Grade.NONE
        assert page.base_correction == 1.0
        assert math.isnan(page.model.total_ratio)
        assert math.isnan(page.auc)
        assert page.brier == pytest.approx(0.25)
