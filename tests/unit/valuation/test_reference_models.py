"""Pareto/NBD, BG/BB and sBG: published numbers, and integration done another way."""

import csv
import math
from pathlib import Path

import lifetimes
import mpmath
import numpy as np
import pytest
from cdnow_sample import HOLDOUT_WEEKS, load_sample
from scipy.special import betaln

from odoo.addons.logistics_clv.valuation import (
    BgBbFit,
    ParetoNbdFit,
    SbgFit,
    ValuationError,
    bg_bb,
    pareto_nbd,
    sbg,
)

# Equal steps of logit(p), where a beta density falls off exponentially on both sides.
LOGITS = np.arange(-150, 150, 0.05)
LOG_P, LOG_Q = -np.logaddexp(0, -LOGITS), -np.logaddexp(0, LOGITS)


def beta_mean(a, b, power_p, power_q):
    """Return the mean of p^power_p (1 - p)^power_q under Beta(a, b), by quadrature."""
    density = np.exp((a + power_p) * LOG_P + (b + power_q) * LOG_Q - betaln(a, b))
    return density.sum() * 0.05


@pytest.fixture(scope="module")
def pareto():
    sample = load_sample()
    return pareto_nbd.fit(sample.frequency, sample.recency_weeks, sample.age_weeks)


class TestParetoNbd:
    def test_parameters_of_fader_hardie_lee_2005(self, pareto):
        assert pareto.converged
        assert pareto.parameters == pytest.approx(
            (0.553, 10.578, 0.606, 11.669), abs=2e-3
        )
        assert pareto.parameters == pytest.approx(
            (0.55328, 10.57761, 0.60621, 11.66791), abs=6e-5
        )
        assert pareto.log_likelihood == pytest.approx(-9594.974, abs=1e-3)

    def test_standard_errors_of_clvtools(self, pareto):
        assert pareto.standard_errors == pytest.approx(
            (0.0476, 0.843, 0.187, 6.21), rel=2e-3
        )

    def test_customer_1516_of_btyd(self, pareto):
        assert pareto.expected_orders(52, 26, 30.857, 31) == pytest.approx(
            25.456, abs=2e-3
        )
        assert pareto.p_alive(26, 30.857, 31) == pytest.approx(0.9979, abs=5e-5)

    def test_new_customer_of_btyd(self, pareto):
        assert pareto.expected_orders_new(52) == pytest.approx(1.4734, abs=6e-5)

    def test_increasing_frequency_paradox_of_btyd(self, pareto):
        assert pareto.expected_orders(52, [10, 15, 20, 25], 20, 39) == pytest.approx(
            (0.7062, 0.1442, 0.0225, 0.0031), abs=4e-4
        )

    def test_discounted_residual_orders(self):
        # Inputs of the BTYD help, values by mpmath at 40 digits.
        fit = ParetoNbdFit(0.5629966, 12.559037, 0.4081095, 10.5148048)
        assert fit.discounted_residual_orders(0.0027, 7, 35, 77.86) == pytest.approx(
            1.864183, abs=5e-6
        )
        assert fit.discounted_residual_orders(
            0.0027, [1, 2, 3, 4, 5], 30, 77.86
        ) == pytest.approx((2.19916, 2.84353, 2.86713, 2.44541, 1.84050), abs=1e-5)

    def test_holdout_of_fader_hardie_lee_2005(self, pareto):
        sample = load_sample()
        forecast = pareto.expected_orders(
            HOLDOUT_WEEKS, sample.frequency, sample.recency_weeks, sample.age_weeks
        )
        error = forecast - sample.holdout_orders
        assert forecast.sum() == pytest.approx(1666, abs=1)
        assert np.abs(error).mean() == pytest.approx(0.755, abs=1e-3)
        assert np.corrcoef(forecast, sample.holdout_orders)[0, 1] == pytest.approx(
            0.630, abs=1e-3
        )

    def test_likelihood_of_random_parameter_sets(self):
        rng = np.random.default_rng(11)
        for _case in range(1000):
            fit = ParetoNbdFit(*np.exp(rng.uniform(-1.5, 3.0, 4)))
            x, age = int(rng.integers(0, 60)), rng.uniform(0.5, 200.0)
            tx = age * rng.uniform(0.3, 1.0) if x else 0.0
            # Gone at y, over the moment of leaving; y in equal steps of its logit.
            y = tx + (age - tx) * np.exp(LOG_P)
            gone = np.exp(
                (fit.r + x) * np.log((fit.alpha + age) / (fit.alpha + y))
                - (fit.s + 1) * np.log((fit.beta + y) / (fit.beta + age))
                + LOG_P
                + LOG_Q
            )
            dead = gone.sum() * 0.05 * (age - tx) * fit.s / (fit.beta + age)
            assert fit.p_alive(x, tx, age) == pytest.approx(1 / (1 + dead), rel=1e-8)

    def test_expectation_by_integration_over_the_lifetime(self):
        fit = ParetoNbdFit(0.6, 8.0, 1.0, 9.0)  # s = 1, a pole of the textbook form
        rate = mpmath.mpf(fit.r + 4) / (fit.alpha + 40)
        left = mpmath.quad(lambda u: (fit.beta + 40) / (fit.beta + 40 + u), [0, 52])
        assert fit.expected_orders(52, 4, 30, 40) == pytest.approx(
            float(rate * left) * fit.p_alive(4, 30, 40), rel=1e-10
        )

    def test_nonsense_is_refused(self):
        with pytest.raises(ValuationError) as refused:
            pareto_nbd.fit([1, 2], [1], [3, 4])
        assert refused.value.code == "shape_mismatch"
        with pytest.raises(ValuationError) as refused:
            ParetoNbdFit(1, 1, 1, 1).discounted_residual_orders(0, 1, 1, 1)
        assert refused.value.code == "bad_rate"


@pytest.fixture(scope="module")
def donations():
    """Recency and frequency of 11,104 donors over six years, with their counts."""
    file = Path(lifetimes.__file__).parent / "datasets" / "donations.csv"
    with open(file, newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = "frequency", "recency", "periods", "weights"
    return np.array([[float(row[name]) for name in names] for row in rows]).T


class TestBgBb:
    def test_parameters_of_fader_hardie_shang_2010(self, donations):
        fit = bg_bb.fit(*donations)
        assert fit.converged
        assert fit.n == 11104
        assert fit.parameters == pytest.approx((1.204, 0.750, 0.657, 2.783), abs=6e-4)
        assert fit.parameters == pytest.approx(
            (1.20352, 0.74972, 0.65672, 2.78344), abs=1e-5
        )
        assert fit.log_likelihood == pytest.approx(-33225.581, abs=1e-3)

    def test_expectations_of_fader_hardie_shang_2010(self, donations):
        fit = bg_bb.fit(*donations)
        five_years = fit.expected_orders(5, *donations[:3])
        assert donations[3] @ five_years == pytest.approx(12884.2, abs=0.1)
        assert fit.expected_orders_new(10) == pytest.approx(3.1798, abs=5e-5)
        assert fit.expected_orders(10, 0, 0, 6) == pytest.approx(0.1302, abs=5e-5)
        assert fit.expected_orders(10, 4, 5, 6) == pytest.approx(3.6279, abs=1e-4)

    def test_chances_to_be_alive_of_fader_hardie_shang_2010(self, donations):
        fit = bg_bb.fit(*donations)
        assert fit.p_alive([0, 2, 6], [0, 4, 6], 6) == pytest.approx(
            (0.11, 0.59, 0.93), abs=5e-3
        )

    def test_histories_add_up_to_one(self):
        fit = BgBbFit(1.2, 0.75, 0.66, 2.8)
        n = 7
        total = math.exp(fit.log_likelihoods(0, 0, n))
        for tx in range(1, n + 1):
            for x in range(1, tx + 1):
                ways = math.comb(tx - 1, x - 1)
                total += ways * math.exp(fit.log_likelihoods(x, tx, n))
        assert total == pytest.approx(1, rel=1e-12)

    def test_likelihood_of_random_parameter_sets(self):
        rng = np.random.default_rng(12)
        for _case in range(1000):
            fit = BgBbFit(*np.exp(rng.uniform(-1.5, 2.5, 4)))
            n = int(rng.integers(1, 15))
            tx = int(rng.integers(0, n + 1))
            x = int(rng.integers(1, tx + 1)) if tx else 0
            likelihood = 0.0
            for seen, died in [(n, 0), *((tx + i, 1) for i in range(n - tx))]:
                taken = beta_mean(fit.alpha, fit.beta, x, seen - x)
                stays = beta_mean(fit.gamma, fit.delta, died, seen)
                likelihood += taken * stays
            assert fit.log_likelihoods(x, tx, n) == pytest.approx(
                math.log(likelihood), rel=1e-7, abs=1e-7
            )

    def test_impossible_history_is_refused(self):
        with pytest.raises(ValuationError) as refused:
            bg_bb.fit([3], [2], [6])
        assert refused.value.code == "bad_history"


# Customers left of 1,000 after 0 to 7 renewals; Fader and Hardie (2007), table 1.
HIGH_END = (1000, 869, 743, 653, 593, 551, 517, 491)
REGULAR = (1000, 631, 468, 382, 326, 289, 262, 241)


def fit_survivors(left):
    years = len(left) - 1
    lost = [before - after for before, after in zip(left, left[1:], strict=False)]
    return sbg.fit([*range(years), years], [*[1] * years, 0], [*lost, left[-1]])


class TestSbg:
    @pytest.mark.parametrize(
        ("left", "parameters", "log_likelihood"),
        [(REGULAR, (0.704, 1.182), -1680.3), (HIGH_END, (0.668, 3.806), -1611.2)],
    )
    def test_parameters_of_fader_hardie_2007(self, left, parameters, log_likelihood):
        fit = fit_survivors(left)
        assert fit.converged
        assert (fit.alpha, fit.beta) == pytest.approx(parameters, abs=6e-4)
        assert fit.log_likelihood == pytest.approx(log_likelihood, abs=0.05)

    def test_survival_projected_from_four_years_stays_close(self):
        # The paper's point: the projection bends as the customers do.
        fit = fit_survivors(REGULAR[:5])
        projected = 1000 * fit.survival([5, 6, 7])
        assert projected == pytest.approx(REGULAR[5:], rel=0.05)
        constant = 1000 * (326 / 1000) ** (7 / 4)
        assert abs(constant - 241) > 5 * abs(projected[2] - 241)

    def test_survival_is_the_product_of_retentions(self):
        fit = SbgFit(0.7, 1.2)
        assert fit.survival(6) == pytest.approx(
            math.prod(fit.retention(np.arange(1, 7)))
        )
        assert (np.diff(fit.retention(np.arange(1, 20))) > 0).all()

    def test_random_parameter_sets_by_integration(self):
        rng = np.random.default_rng(13)
        for _case in range(1000):
            fit = SbgFit(*np.exp(rng.uniform(-1.5, 2.5, 2)))
            t = int(rng.integers(0, 30))
            stays = beta_mean(fit.alpha, fit.beta, 0, t)
            assert fit.survival(t) == pytest.approx(stays, rel=1e-7)

    def test_discounted_periods(self):
        fit = SbgFit(0.7, 1.2)
        by_hand = sum(
            fit.survival(2 + ahead) / fit.survival(2) / 1.1 ** (ahead - 1)
            for ahead in range(1, 6)
        )
        assert fit.discounted_periods(2, 5, 0.10) == pytest.approx(by_hand)
        assert fit.discounted_periods([0, 2], 0, 0.10).tolist() == [0, 0]

    def test_nonsense_is_refused(self):
        with pytest.raises(ValuationError) as refused:
            sbg.fit([], [])
        assert refused.value.code == "no_data"
        with pytest.raises(ValuationError) as refused:
            SbgFit(1, 1).retention(0)
        assert refused.value.code == "not_positive"
