"""Every published number of the models in the package, named by its source."""

import numpy as np
import pytest
from cdnow_sample import HOLDOUT_WEEKS, Sample, load_sample

from odoo.addons.logistics_clv.valuation import (
    BgNbdFit,
    GammaGammaFit,
    MbgNbdFit,
    bg_nbd,
    credibility,
    gamma_gamma,
    mbg_nbd,
)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return load_sample()


@pytest.fixture(scope="module")
def bg(sample: Sample) -> BgNbdFit:
    return bg_nbd.fit(sample.frequency, sample.recency_weeks, sample.age_weeks)


@pytest.fixture(scope="module")
def mbg(sample: Sample) -> MbgNbdFit:
    return mbg_nbd.fit(sample.frequency, sample.recency_weeks, sample.age_weeks)


@pytest.fixture(scope="module")
def money(sample: Sample) -> GammaGammaFit:
    return gamma_gamma.fit(sample.frequency, sample.repeat_mean)


class TestCdnowSample:
    def test_counts_are_those_of_fader_hardie_lee_2005(self, sample: Sample) -> None:
        assert len(sample.frequency) == 2357
        assert sample.frequency.sum() == 2457
        assert np.count_nonzero(sample.frequency) == 946
        assert sample.holdout_orders.sum() == 1882


class TestBgNbd:
    def test_parameters_of_fader_hardie_lee_2005_table_2(self, bg: BgNbdFit) -> None:
        assert bg.converged and not bg.at_boundary
        assert bg.parameters == pytest.approx((0.243, 4.414, 0.793, 2.426), abs=6e-4)
        assert bg.log_likelihood == pytest.approx(-9582.4, abs=0.05)

    def test_parameters_to_five_digits(self, bg: BgNbdFit) -> None:
        assert bg.parameters == pytest.approx(
            (0.24259, 4.41353, 0.79289, 2.42575), abs=6e-6
        )
        assert bg.log_likelihood == pytest.approx(-9582.4256, abs=5e-5)

    def test_standard_errors(self, bg: BgNbdFit) -> None:
        assert bg.standard_errors == pytest.approx(
            (0.0126, 0.378, 0.186, 0.705), abs=6e-4
        )

    def test_log_likelihood_of_btyd_with_unrounded_weeks(self, sample: Sample) -> None:
        fit = bg_nbd.fit(sample.frequency, sample.recency / 7, sample.age / 7)
        assert fit.log_likelihood == pytest.approx(-9582.429, abs=5e-4)

    def test_log_likelihood_of_customers_1_to_3(self, bg: BgNbdFit) -> None:
        # Fader, Hardie, Lee (2005), implementing the BG/NBD model in Excel.
        rows = bg.log_likelihoods([2, 1, 0], [213 / 7, 12 / 7, 0], 272 / 7)
        assert rows == pytest.approx([-9.4596, -4.4711, -0.5538], abs=5e-5)

    def test_customer_with_two_repeats_of_fader_hardie_lee_2005(
        self, bg: BgNbdFit
    ) -> None:
        assert bg.expected_orders(39, 2, 30.43, 38.86) == pytest.approx(1.226, abs=5e-4)
        assert bg.p_alive(2, 30.43, 38.86) == pytest.approx(0.7266, abs=5e-5)

    def test_customer_1516_of_btyd(self, sample: Sample) -> None:
        fit = bg_nbd.fit(sample.frequency, sample.recency / 7, sample.age / 7)
        history = 26, 30.857, 31
        assert fit.expected_orders(52, *history) == pytest.approx(25.757, abs=2e-3)
        assert fit.p_alive(*history) == pytest.approx(0.9689, abs=5e-5)

    def test_new_customer_of_btyd(self, bg: BgNbdFit) -> None:
        assert bg.expected_orders_new(52) == pytest.approx(1.4440, abs=5e-5)

    @pytest.mark.parametrize(
        ("x", "expected"),
        [(10, 0.34746), (15, 0.04283), (20, 0.00416), (25, 0.00036)],
    )
    def test_increasing_frequency_paradox_of_btyd(
        self, bg: BgNbdFit, x: int, expected: float
    ) -> None:
        assert bg.expected_orders(52, x, 20, 39) == pytest.approx(expected, abs=4e-5)

    def test_underflow_case_of_fader_hardie_note_027(self) -> None:
        fit = BgNbdFit(0.25, 4.0, 0.8, 2.5)
        assert fit.log_likelihoods(200, 38, 40) == pytest.approx(100.7957, abs=5e-5)

    @pytest.mark.parametrize(
        ("weeks", "expected"),
        [
            (0.1429, 0.0078),
            (1, 0.0532),
            (3, 0.1506),
            (31.857, 1.0405),
            (32, 1.0437),
            (78, 1.8576),
        ],
    )
    def test_new_customer_curve(
        self, bg: BgNbdFit, weeks: float, expected: float
    ) -> None:
        # Fader, Hardie, Lee (2005), expected cumulative repeat transactions. Their
        # sheet and ours differ by 2 in 10,000 at 78 weeks; mpmath confirms ours.
        assert bg.expected_orders_new(weeks) == pytest.approx(
            expected, rel=2.5e-4, abs=5e-5
        )


class TestMbgNbd:
    def test_parameters_of_btydplus(self, mbg: MbgNbdFit) -> None:
        assert mbg.converged
        assert mbg.parameters == pytest.approx((0.525, 6.183, 0.891, 1.614), abs=6e-4)

    def test_parameters_to_five_digits(self, mbg: MbgNbdFit) -> None:
        assert mbg.parameters == pytest.approx(
            (0.52484, 6.18299, 0.89136, 1.61400), abs=2e-5
        )
        assert mbg.log_likelihood == pytest.approx(-9582.133, abs=5e-4)


class TestGammaGamma:
    def test_parameters_of_fader_hardie_note_025(self, money: GammaGammaFit) -> None:
        assert money.converged
        assert (money.p, money.q, money.v) == pytest.approx(
            (6.25, 3.74, 15.44), abs=5e-3
        )
        assert money.n == 946

    def test_log_likelihood_of_clvtools(self, money: GammaGammaFit) -> None:
        assert money.log_likelihood == pytest.approx(-4055.918, abs=5e-4)

    def test_population_mean(self, money: GammaGammaFit) -> None:
        assert money.population_mean == pytest.approx(35.17, abs=5e-3)

    def test_conditional_mean_lies_between_own_and_population_mean(
        self, money: GammaGammaFit
    ) -> None:
        # Fader, Hardie note 025: a weighted average of the two.
        weight = money.p * 2 / (money.p * 2 + money.q - 1)
        assert money.expected_value(2, 50.0) == pytest.approx(
            weight * 50 + (1 - weight) * money.population_mean
        )


class TestCredibility:
    def test_k_of_repeat_orders(self, sample: Sample) -> None:
        fit = credibility.fit(
            sample.frequency, sample.repeat_spent, sample.repeat_squares
        )
        assert fit.k == pytest.approx(4.07, abs=5e-3)
        assert fit.n == 946


class TestHoldout:
    """39 weeks after the calibration, as printed in Fader, Hardie, Lee (2005)."""

    @pytest.mark.parametrize(
        ("model", "mae", "rmse", "correlation", "total"),
        [("bg", 0.786, 1.608, 0.626, 1653), ("mbg", 0.765, 1.607, 0.627, 1577)],
    )
    def test_forecast_of_orders(
        self,
        sample: Sample,
        request: pytest.FixtureRequest,
        model: str,
        mae: float,
        rmse: float,
        correlation: float,
        total: float,
    ) -> None:
        fit = request.getfixturevalue(model)
        forecast = fit.expected_orders(
            HOLDOUT_WEEKS, sample.frequency, sample.recency_weeks, sample.age_weeks
        )
        error = forecast - sample.holdout_orders
        assert np.abs(error).mean() == pytest.approx(mae, abs=1e-3)
        assert np.sqrt((error**2).mean()) == pytest.approx(rmse, abs=1e-3)
        assert np.corrcoef(forecast, sample.holdout_orders)[0, 1] == pytest.approx(
            correlation, abs=1e-3
        )
        assert forecast.sum() == pytest.approx(total, abs=1)

    def test_run_rate_overstates_by_half(self, sample: Sample) -> None:
        forecast = sample.frequency / sample.age_weeks * HOLDOUT_WEEKS
        assert forecast.sum() == pytest.approx(2930, abs=1)

    def test_money_forecast(
        self, sample: Sample, bg: BgNbdFit, money: GammaGammaFit
    ) -> None:
        orders = bg.expected_orders(
            HOLDOUT_WEEKS, sample.frequency, sample.recency_weeks, sample.age_weeks
        )
        forecast = orders * money.expected_value(sample.frequency, sample.repeat_mean)
        assert sample.holdout_spent.sum() == pytest.approx(70976, abs=1)
        assert forecast.sum() == pytest.approx(59932, abs=30)
        assert np.abs(forecast - sample.holdout_spent).mean() == pytest.approx(
            30.4, abs=0.05
        )

    @pytest.mark.parametrize(("model", "auc"), [("bg", 0.316), ("mbg", 0.687)])
    def test_p_alive_as_churn_signal(
        self,
        sample: Sample,
        request: pytest.FixtureRequest,
        model: str,
        auc: float,
    ) -> None:
        fit = request.getfixturevalue(model)
        alive = fit.p_alive(sample.frequency, sample.recency_weeks, sample.age_weeks)
        bought = sample.holdout_orders > 0
        yes, no = alive[bought], np.sort(alive[~bought])
        below = np.searchsorted(no, yes, "left")
        ties = np.searchsorted(no, yes, "right") - below
        assert (below + ties / 2).sum() / (len(yes) * len(no)) == pytest.approx(
            auc, abs=1e-3
        )
