"""MBG/CNBD-k: clients who order more regularly than at random."""

import math

import mpmath
import numpy as np
import pytest
from cdnow_sample import load_sample
from scipy.special import gammainc, gammaincc, gammaln

from odoo.addons.logistics_clv.valuation import (
    MbgCnbdFit,
    MbgNbdFit,
    Parameters,
    Prior,
    ValuationError,
    mbg_cnbd_k,
    mbg_nbd,
)

PARAMETER_SETS = 1000


def random_cases(size, largest_k=6):
    """Yield fits with a history and a horizon, the same ones each time."""
    rng = np.random.default_rng(20260101)
    for _case in range(size):
        r, alpha, a, b = np.exp(rng.uniform(-1.5, 2.5, 4))
        fit = MbgCnbdFit(r, alpha, a, b, int(rng.integers(1, largest_k + 1)))
        x = int(rng.integers(0, 40))
        age = rng.uniform(0.1, 200.0)
        # Not silent for so long that being alive is out of the question.
        tx = age * rng.uniform(0.6, 1.0) if x else 0.0
        yield fit, x, tx, age, rng.uniform(0.5, 156.0)


def integrate_orders(fit, x, tx, age, t):
    """Return mean orders within t of a client alive, over the rate by quadrature.

    Given the rate and the stages passed since the last order, the count of stages
    within t is Poisson; each order but the first is survived by chance.
    """
    k, shape = fit.k, fit.r + fit.k * x
    silence = age - tx
    rates = gamma_rates(shape, fit.alpha + tx, k, silence)
    weight = np.exp(
        shape * np.log(fit.alpha + tx)
        - gammaln(shape)
        + shape * np.log(rates)
        - rates * (fit.alpha + age)
    )
    phase = np.array([(rates * silence) ** j / math.factorial(j) for j in range(k)])
    longest = int((rates.max() * t + 12 * math.sqrt(rates.max() * t) + 20) / k) + 2
    orders = np.arange(1, longest + 1)
    survival = np.cumprod(
        np.concatenate(
            [[1.0], (fit.b + x + orders[:-1]) / (fit.a + fit.b + x + orders[:-1])]
        )
    )
    stages = orders * k - np.arange(k)[:, None]
    expected = np.array(
        [
            (gammainc(stages, rate * t) @ survival) @ phase[:, index]
            for index, rate in enumerate(rates)
        ]
    )
    return (weight * expected).sum() / (weight * phase.sum(axis=0)).sum()


def gamma_rates(shape, scale, k, silence):
    """Return rates in equal steps of their logarithm that hold all the mass.

    In the logarithm the integrands are smooth and fall off exponentially on both
    sides: equal steps converge to full precision.
    """
    spread = 9.0 / math.sqrt(shape) + 40.0 / shape
    low = math.log(shape / (scale + silence)) - spread
    high = math.log((shape + k + 12 * math.sqrt(shape + k) + 60) / (scale + silence))
    return np.exp(np.arange(low, high, min(0.02, 0.1 / math.sqrt(shape))))


class TestAgainstIntegration:
    def test_expected_orders_of_random_parameter_sets(self):
        worst = 0.0
        for fit, x, tx, age, t in random_cases(PARAMETER_SETS):
            mean, _square = fit.order_moments(t, x, tx, age)
            alive = fit.p_alive(x, tx, age)
            assert 0 < alive <= 1
            exact = integrate_orders(fit, x, tx, age, t)
            worst = max(worst, abs(mean / alive / exact - 1))
        assert worst < 2e-5

    def test_likelihood_and_p_alive_of_random_parameter_sets(self):
        for fit, x, tx, age, _t in random_cases(PARAMETER_SETS):
            k, shape = fit.k, fit.r + fit.k * x
            rates = gamma_rates(shape, fit.alpha + tx, k, 0.0)
            logs = shape * np.log(rates) - rates * (fit.alpha + tx)
            highest = logs.max()
            history = np.exp(logs - highest)
            # Fewer than k stages since the last order.
            quiet = gammaincc(k, rates * (age - tx))
            step = math.log(rates[1] / rates[0])
            beta = mpmath.beta(fit.a, fit.b)
            alive = (history * quiet).sum() * step
            alive *= float(mpmath.beta(fit.a, fit.b + x + 1) / beta)
            dead = history.sum() * step
            dead *= float(mpmath.beta(fit.a + 1, fit.b + x) / beta)
            assert fit.p_alive(x, tx, age) == pytest.approx(
                alive / (alive + dead), rel=1e-6
            )
            constant = fit.r * math.log(fit.alpha) - math.lgamma(fit.r)
            constant += (k - 1) * 0.7 * x - x * math.lgamma(k)
            assert fit.log_likelihoods(x, tx, age, 0.7 * x) == pytest.approx(
                math.log(alive + dead) + highest + constant, rel=1e-7, abs=1e-7
            )

    @pytest.mark.parametrize("k", [1, 2, 5])
    def test_moments_agree_with_simulated_futures(self, k):
        fit = MbgCnbdFit(1.3, 2.0, 0.7, 5.0, k)
        x, tx, age, t = 12, 55.0, 58.0, 52.0
        rng = np.random.default_rng(5)
        counts = simulate_future(fit, x, tx, age, t, 40_000, rng)
        mean, square = fit.order_moments(t, x, tx, age)
        error = counts.std() / math.sqrt(len(counts))
        assert mean == pytest.approx(counts.mean(), abs=4 * error)
        error = (counts**2).std() / math.sqrt(len(counts))
        assert square == pytest.approx((counts**2).mean(), abs=4 * error)
        assert fit.p_order(t, x, tx, age) == pytest.approx(
            (counts > 0).mean(), abs=0.01
        )


def simulate_future(fit, x, tx, age, t, size, rng):
    """Return orders within t of clients with this history, drawn one by one.

    The rate is drawn given the stages; the silence is accepted or refused.
    """
    alive_now = rng.random(size) < fit.p_alive(x, tx, age)
    shape = fit.r + fit.k * x
    weights = np.array(
        [
            ((age - tx) / (fit.alpha + age)) ** j
            * math.exp(gammaln(shape + j) - gammaln(shape) - gammaln(j + 1))
            for j in range(fit.k)
        ]
    )
    phases = rng.choice(fit.k, size, p=weights / weights.sum())
    counts = np.zeros(size)
    for index in np.flatnonzero(alive_now):
        rate = rng.gamma(shape + phases[index], 1 / (fit.alpha + age))
        leaving = rng.beta(fit.a, fit.b + x + 1)
        possible = (phases[index] + rng.poisson(rate * t)) // fit.k
        counts[index] = min(possible, rng.geometric(leaving) if leaving else possible)
    return counts


class TestOneStage:
    """k = 1 is MBG/NBD."""

    def test_everything_agrees(self):
        regular = MbgCnbdFit(0.6, 6.0, 0.8, 2.5, 1)
        plain = MbgNbdFit(0.6, 6.0, 0.8, 2.5)
        x, tx = np.array([0, 1, 5, 40]), np.array([0, 3.0, 30, 39])
        assert regular.p_alive(x, tx, 40) == pytest.approx(plain.p_alive(x, tx, 40))
        assert regular.log_likelihoods(x, tx, 40) == pytest.approx(
            plain.log_likelihoods(x, tx, 40)
        )
        assert regular.p_order(52, x, tx, 40) == pytest.approx(
            plain.p_order(52, x, tx, 40)
        )
        assert regular.order_moments(52, x, tx, 40)[0] == pytest.approx(
            plain.expected_orders(52, x, tx, 40), rel=1e-7
        )

    def test_parameters_of_btydplus(self):
        sample = load_sample()
        columns = sample.frequency, sample.recency_weeks, sample.age_weeks
        found = mbg_cnbd_k.fit(*columns, np.zeros(len(sample.frequency)), k=1)
        assert found.converged
        assert found.parameters == pytest.approx(
            (0.52484, 6.18299, 0.89136, 1.61400), abs=2e-5
        )
        assert found.log_likelihood == pytest.approx(-9582.133, abs=5e-4)
        assert found.standard_errors == pytest.approx(
            mbg_nbd.fit(*columns).standard_errors, rel=1e-4
        )


def simulate_base(size, k, parameters, weeks, rng):
    """Return x, tx, T and the sum of ln gap of clients who began at various times."""
    r, alpha, a, b = parameters
    rates, leaving = rng.gamma(r, 1 / alpha, size), rng.beta(a, b, size)
    ages = rng.uniform(weeks * 0.3, weeks, size)
    rows = []
    for rate, leave, age in zip(rates, leaving, ages, strict=True):
        now = last = log_gaps = 0.0
        x = 0
        while rng.random() > leave:
            gap = rng.gamma(k, 1 / rate)
            now += gap
            if now > age:
                break
            x, last, log_gaps = x + 1, now, log_gaps + math.log(gap)
        rows.append((x, last, age, log_gaps))
    return np.array(rows).T


class TestFit:
    TRUE = Parameters(1.2, 1.5, 0.8, 6.0)

    @pytest.mark.parametrize("k", [1, 3, 4])
    def test_regularity_and_parameters_are_recovered(self, k):
        rng = np.random.default_rng(3)
        columns = simulate_base(2500, k, self.TRUE, 156, rng)
        found = mbg_cnbd_k.fit(*columns)
        assert found.k == k
        assert found.converged
        errors = np.log(found.parameters) - np.log(self.TRUE)
        relative = np.array(found.standard_errors) / np.array(found.parameters)
        assert (np.abs(errors) < 4 * relative).all()
        assert max(value for _k, value in found.by_k) == found.log_likelihood

    def test_regular_clients_who_are_silent_are_given_up_sooner(self):
        # clv-method.md, finding 3: recall of lost clients rises with the right k.
        rng = np.random.default_rng(8)
        x, tx, age, log_gaps = simulate_base(2500, 3, self.TRUE, 156, rng)
        right = mbg_cnbd_k.fit(x, tx, age, log_gaps)
        wrong = mbg_cnbd_k.fit(x, tx, age, log_gaps, k=1)
        silent = right.p_alive(20, 40.0, 48.0), wrong.p_alive(20, 40.0, 48.0)
        assert silent[0] < silent[1]

    def test_order_of_rows_and_weights_change_no_digit(self):
        columns = simulate_base(400, 2, self.TRUE, 104, np.random.default_rng(1))
        order = np.random.default_rng(2).permutation(400)
        straight = mbg_cnbd_k.fit(*columns)
        mixed = mbg_cnbd_k.fit(*(column[order] for column in columns))
        assert straight.parameters == mixed.parameters
        assert straight.log_likelihood == mixed.log_likelihood
        twice = mbg_cnbd_k.fit(*columns, np.full(400, 2.0))
        assert twice.parameters == pytest.approx(straight.parameters, rel=1e-6)

    def test_time_unit_changes_alpha_alone(self):
        x, tx, age, log_gaps = simulate_base(
            600, 3, self.TRUE, 104, np.random.default_rng(4)
        )
        weeks = mbg_cnbd_k.fit(x, tx, age, log_gaps)
        days = mbg_cnbd_k.fit(x, tx * 7, age * 7, log_gaps + x * math.log(7))
        assert days.k == weeks.k
        assert days.alpha == pytest.approx(7 * weeks.alpha, rel=1e-5)
        assert (days.r, days.a, days.b) == pytest.approx(
            (weeks.r, weeks.a, weeks.b), rel=1e-5
        )
        assert days.log_likelihood == pytest.approx(
            weeks.log_likelihood - x.sum() * math.log(7), rel=1e-9
        )

    def test_repeated_rows_run_to_the_boundary_and_a_prior_holds_them(self):
        columns = np.tile([[3.0], [30.0], [40.0], [3 * math.log(10.0)]], 140)
        assert not mbg_cnbd_k.fit(*columns).converged
        prior = Prior(Parameters(1.0, 10.0, 1.0, 5.0))
        held = mbg_cnbd_k.fit(*columns, prior=prior)
        assert held.converged
        assert np.isfinite(held.parameters).all()

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            (([1], [2], [3], [math.nan]), "not_finite"),
            (([1], [2], [3], [0, 0]), "shape_mismatch"),
            (([-1], [2], [3], [0]), "negative"),
            (([], [], [], []), "no_data"),
        ],
    )
    def test_nonsense_is_refused(self, arguments, code):
        with pytest.raises(ValuationError) as refused:
            mbg_cnbd_k.fit(*arguments)
        assert refused.value.code == code

    def test_zero_stages_are_refused(self):
        with pytest.raises(ValuationError) as refused:
            mbg_cnbd_k.fit([1], [2], [3], [0], k=0)
        assert refused.value.code == "bad_k"


class TestEdges:
    @pytest.mark.parametrize("k", [1, 2, 6])
    @pytest.mark.parametrize(
        "history",
        [(0, 0, 0), (0, 0, 500), (1, 0, 0), (3, 0, 40), (5, 40, 40), (5000, 156, 156)],
        ids=["new", "one-time", "same-day", "same-day-old", "just-now", "x=5000"],
    )
    @pytest.mark.parametrize("a", [0.5, 1.0, 2.0, 3.0])
    def test_any_history_has_numbers(self, k, history, a):
        fit = MbgCnbdFit(0.6, 6.0, a, 3.0, k)
        mean, square = fit.order_moments(52, *history)
        assert 0 <= fit.p_alive(*history) <= 1
        assert np.isfinite(fit.log_likelihoods(*history))
        assert np.isfinite(mean)
        assert np.isfinite(square)
        # A count is no smaller than the chance of one, and varies.
        assert square >= mean**2 * (1 - 1e-6)
        assert fit.p_order(52, *history) <= mean * (1 + 1e-6) + 1e-12

    def test_hopeless_silence_is_zero_not_nan(self):
        fit = MbgCnbdFit(0.6, 1.0, 0.8, 2.5, 6)
        assert fit.p_alive(3000, 100, 150) == pytest.approx(0, abs=1e-200)
        assert fit.expected_orders(52, 3000, 100, 150) == pytest.approx(0, abs=1e-100)

    def test_orders_grow_with_the_horizon(self):
        fit = MbgCnbdFit(1.0, 2.0, 0.8, 4.5, 3)
        horizons = np.array([[0.0], [1.0], [13.0], [52.0], [156.0], [520.0]])
        table = fit.expected_orders(horizons, [0, 2, 30], [0, 10, 100], [5, 12, 101])
        assert table.shape == (6, 3)
        assert (table[0] == 0).all()
        assert (np.diff(table, axis=0) > 0).all()

    def test_many_stages_are_integrated_and_agree_with_the_exact_sum(self):
        # A new client of a busy base: thousands of stages are possible.
        fit = MbgCnbdFit(0.9, 0.1, 0.6, 4.5, 2)
        exact = integrate_orders(fit, 0, 0.0, 0.0001, 156.0)
        assert fit.expected_orders(156, 0, 0, 0.0001) == pytest.approx(
            exact * fit.p_alive(0, 0, 0.0001), rel=1e-5
        )
