"""How the models behave when they are fitted, on good and on hopeless data."""

import math

import numpy as np
import pytest
from cdnow_sample import load_sample

from odoo.addons.logistics_clv.valuation import (
    BetaGeometricFit,
    BgNbdFit,
    MbgNbdFit,
    Parameters,
    Prior,
    ValuationError,
    beta_geometric,
    bg_nbd,
    credibility,
    gamma_gamma,
    mbg_nbd,
)
from odoo.addons.logistics_clv.valuation.beta_geometric import _objective
from odoo.addons.logistics_clv.valuation.estimation import maximise

MODULES = (bg_nbd, mbg_nbd)


@pytest.mark.parametrize("module", MODULES, ids=["bg", "mbg"])
class TestOrderModels:
    def test_gradient_is_the_slope(self, module) -> None:
        x = np.array([0.0, 0.0, 1.0, 4.0, 60.0])
        tx = np.array([0.0, 0.0, 3.0, 20.0, 90.0])
        age = np.array([0.0, 50.0, 40.0, 40.0, 91.0])
        chances = x + (module is mbg_nbd)
        weights = np.array([3.0, 1.0, 2.0, 1.0, 1.0])
        objective = _objective(
            x, chances, tx, age, weights, centre=np.zeros(4), deviation=1.0
        )
        theta = np.log([0.7, 5.0, 0.9, 2.5])
        for index, slope in enumerate(objective(theta)[1]):
            step = np.zeros(4)
            step[index] = 1e-5
            rise = objective(theta + step)[0] - objective(theta - step)[0]
            assert rise / 2e-5 == pytest.approx(slope, rel=1e-7)

    def test_weights_stand_for_repeated_rows(self, module) -> None:
        sample = load_sample()
        rows = np.column_stack([sample.frequency, sample.recency, sample.age])
        distinct, counts = np.unique(rows, axis=0, return_counts=True)
        grouped = module.fit(*distinct.T, weights=counts)
        single = module.fit(*rows.T)
        assert grouped.parameters == single.parameters
        assert grouped.n == single.n == 2357

    def test_order_of_clients_does_not_matter(self, module) -> None:
        sample = load_sample()
        rows = np.array([sample.frequency, sample.recency, sample.age])
        shuffled = rows[:, np.random.default_rng(1).permutation(rows.shape[1])]
        assert module.fit(*shuffled).parameters == module.fit(*rows).parameters

    def test_time_unit_only_scales_alpha(self, module) -> None:
        sample = load_sample()
        days = module.fit(sample.frequency, sample.recency, sample.age)
        weeks = module.fit(sample.frequency, sample.recency / 7, sample.age / 7)
        assert days.alpha / 7 == pytest.approx(weeks.alpha, rel=1e-6)
        assert days.r == pytest.approx(weeks.r, rel=1e-6)
        assert days.standard_errors.b == pytest.approx(
            weeks.standard_errors.b, rel=1e-3
        )

    def test_simulated_parameters_are_found_within_their_errors(self, module) -> None:
        truth = Parameters(0.8, 5.0, 0.9, 4.0)
        fit = module.fit(*simulate(truth, 20_000, first_counts=module is mbg_nbd))
        assert fit.converged
        for found, true, error in zip(
            fit.parameters, truth, fit.standard_errors, strict=True
        ):
            assert abs(found - true) < 4 * error

    def test_large_base_agrees_with_the_search_over_every_row(
        self, module, monkeypatch
    ) -> None:
        data = simulate(Parameters(0.8, 5.0, 0.9, 4.0), 20_000, first_counts=False)
        fast = module.fit(*data)
        monkeypatch.setattr(beta_geometric, "_SAMPLE_ROWS", 10**9)
        slow = module.fit(*data)
        assert fast.parameters == pytest.approx(slow.parameters, rel=1e-4)
        assert fast.log_likelihood == pytest.approx(slow.log_likelihood, abs=1e-4)

    def test_nobody_repeats_is_reported_as_not_identified(self, module) -> None:
        fit = module.fit(np.zeros(80), np.zeros(80), np.linspace(10, 100, 80))
        assert not fit.converged
        assert fit.at_boundary

    def test_identical_clients_are_reported_as_not_identified(self, module) -> None:
        # The repeated sample on which lifetimes raises ConvergenceError.
        fit = module.fit(np.full(140, 3.0), np.full(140, 20.0), np.full(140, 30.0))
        assert not fit.converged
        assert fit.at_boundary
        assert all(math.isnan(error) for error in fit.standard_errors)

    def test_weak_prior_makes_a_small_base_converge(self, module) -> None:
        prior = Prior(Parameters(1.0, 4.0, 1.0, 5.0))
        random = np.random.default_rng(5)
        for _base in range(10):
            data = simulate(
                Parameters(0.6, 5.0, 0.9, 4.0), 10, first_counts=False, random=random
            )
            fit = module.fit(*data, prior=prior)
            assert fit.converged
            assert np.isfinite(fit.standard_errors).all()

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (([1, 2], [1], [3, 4]), "shape_mismatch"),
            (([1, -2], [1, 1], [3, 4]), "negative"),
            (([1, np.inf], [1, 1], [3, 4]), "not_finite"),
            (([], [], []), "no_data"),
        ],
    )
    def test_nonsense_is_refused(self, module, data, code: str) -> None:
        with pytest.raises(ValuationError) as refused:
            module.fit(*data)
        assert refused.value.code == code
        assert code in str(refused.value)


class TestGammaGamma:
    def test_gradient_is_the_slope(self) -> None:
        objective = gamma_gamma._objective(
            np.array([1.0, 2.0, 7.0]), np.array([0.4, 1.5, 1.1]), np.ones(3)
        )
        theta = np.log([2.0, 3.0, 1.3])
        for index, slope in enumerate(objective(theta)[1]):
            step = np.zeros(3)
            step[index] = 1e-5
            rise = objective(theta + step)[0] - objective(theta - step)[0]
            assert rise / 2e-5 == pytest.approx(slope, rel=1e-7)

    def test_currency_only_scales_v(self) -> None:
        sample = load_sample()
        dollars = gamma_gamma.fit(sample.frequency, sample.repeat_mean)
        cents = gamma_gamma.fit(sample.frequency, sample.repeat_mean * 100)
        assert cents.p == pytest.approx(dollars.p, rel=1e-5)
        assert cents.v == pytest.approx(dollars.v * 100, rel=1e-5)

    def test_without_orders_the_population_mean_results(self) -> None:
        fit = gamma_gamma.GammaGammaFit(6.25, 3.74, 15.44)
        assert fit.expected_value(0, 99.0) == pytest.approx(fit.population_mean)

    def test_infinite_mean_is_said_to_be_infinite(self) -> None:
        fit = gamma_gamma.GammaGammaFit(0.5, 0.9, 15.0)
        assert fit.population_mean == math.inf
        assert fit.expected_value([0, 3], [0.0, 20.0])[0] == math.inf
        assert fit.expected_value(3, 20.0) < math.inf

    @pytest.mark.parametrize(
        ("mean", "code"),
        [([5.0, 0.0], "not_positive"), ([5.0, -1.0], "not_positive")],
    )
    def test_losses_are_refused(self, mean: list[float], code: str) -> None:
        with pytest.raises(ValuationError) as refused:
            gamma_gamma.fit([1, 1], mean)
        assert refused.value.code == code

    def test_nobody_with_orders_is_refused(self) -> None:
        with pytest.raises(ValuationError) as refused:
            gamma_gamma.fit([0, 0], [5.0, 5.0])
        assert refused.value.code == "no_data"

    def test_equal_means_are_reported_as_not_identified(self) -> None:
        fit = gamma_gamma.fit(np.full(60, 2.0), np.full(60, 10.0))
        assert not fit.converged


class TestCredibility:
    def test_true_variances_are_found(self) -> None:
        random = np.random.default_rng(3)
        count = random.integers(2, 30, 20_000)
        means = random.normal(100, 20, len(count))
        values = [
            random.normal(mean, 60, n) for mean, n in zip(means, count, strict=True)
        ]
        fit = credibility.fit(
            count,
            [sample.sum() for sample in values],
            [(sample**2).sum() for sample in values],
        )
        assert fit.within == pytest.approx(3600, rel=0.02)
        assert fit.between == pytest.approx(400, rel=0.05)
        assert fit.k == pytest.approx(9, rel=0.05)
        assert fit.population_mean == pytest.approx(100, rel=0.01)

    def test_loss_stays_a_loss(self) -> None:
        fit = credibility.fit([10, 10, 10], [1000.0, 900.0, -500.0])
        assert not fit.estimated
        assert fit.expected_value(10, -50.0) < 0
        assert -50 < fit.expected_value(10, -50.0) < fit.population_mean

    def test_without_orders_the_population_mean_results(self) -> None:
        fit = credibility.fit([10, 10], [1000.0, 900.0])
        assert fit.expected_value(0, 7.0) == fit.population_mean

    def test_clients_all_alike_take_the_largest_k(self) -> None:
        fit = credibility.fit([2, 2], [10.0, 10.0], [68.0, 68.0])
        assert fit.k == credibility.K_BOUNDS[1]

    def test_single_client_is_valued_by_default_weight(self) -> None:
        fit = credibility.fit([3], [30.0], [310.0])
        assert fit.k == credibility.DEFAULT_K
        assert fit.expected_value(3, 10.0) == 10


def simulate(
    truth: Parameters,
    clients: int,
    *,
    first_counts: bool,
    random: np.random.Generator | None = None,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Draw a base that follows the model; ``first_counts`` as MBG/NBD has it."""
    random = random or np.random.default_rng(11)
    age = random.uniform(10, 150, clients)
    rate = random.gamma(truth.r, 1 / truth.alpha, clients)
    drop = random.beta(truth.a, truth.b, clients)
    x, tx, now = np.zeros(clients), np.zeros(clients), np.zeros(clients)
    alive = random.random(clients) > drop * first_counts
    while alive.any():
        now = np.where(alive, now + random.exponential(1, clients) / rate, now)
        ordered = alive & (now <= age)
        x[ordered] += 1
        tx[ordered] = now[ordered]
        alive = ordered & (random.random(clients) > drop)
    return x, tx, age


def test_flat_objective_is_not_called_converged() -> None:
    estimate = maximise(
        lambda theta: (0.0, np.zeros(2)), np.zeros(2), np.full(2, -5.0), np.full(2, 5.0)
    )
    assert not estimate.converged
    assert estimate.at_boundary


@pytest.mark.parametrize("model", [BgNbdFit, MbgNbdFit])
def test_template_without_data_says_so(model: type[BetaGeometricFit]) -> None:
    fit = model(1.0, 4.0, 1.0, 5.0)
    assert not fit.converged
    assert all(math.isnan(error) for error in fit.standard_errors)
