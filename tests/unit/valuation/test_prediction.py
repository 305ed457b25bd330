"""The prediction of a whole base: values, fall-backs, labels and notes."""

from dataclasses import replace

import numpy as np
import pytest
from cdnow_sample import load_sample

from odoo.addons.logistics_clv.valuation import (
    BgNbdFit,
    ClientFacts,
    CredibilityFit,
    GammaGammaFit,
    MbgCnbdFit,
    MbgNbdFit,
    MoneyModel,
    OrderModel,
    OrderSource,
    PredictionSettings,
    ValuationError,
    discounting,
    predict,
    prediction,
)

# The published models, as the reference figures use them.
REFERENCE = PredictionSettings(
    model=OrderModel.BG_NBD,
    churn_model=OrderModel.MBG_NBD,
    money_model=MoneyModel.AUTO,
)


@pytest.fixture(scope="module")
def facts() -> ClientFacts:
    sample = load_sample()
    return ClientFacts(
        sample.frequency, sample.recency, sample.age, sample.spent, sample.squares
    )


def select(facts: ClientFacts, rows) -> ClientFacts:
    return ClientFacts(
        facts.frequency[rows],
        facts.recency_days[rows],
        facts.age_days[rows],
        facts.margin_total[rows],
        facts.margin_squares[rows],
    )


def codes(result: prediction.Prediction) -> set[str]:
    return {note.code for note in result.notes}


class TestLargeBase:
    def test_paying_clients_get_bg_nbd_and_gamma_gamma(
        self, facts: ClientFacts
    ) -> None:
        facts = select(facts, facts.margin_total > 0)
        result = predict(facts, REFERENCE)
        assert result.order_source is OrderSource.FITTED
        assert result.churn_source is OrderSource.FITTED
        assert result.margin_source is MoneyModel.GAMMA_GAMMA
        assert isinstance(result.order_fit, BgNbdFit)
        assert isinstance(result.churn_fit, MbgNbdFit)
        assert isinstance(result.margin_fit, GammaGammaFit)
        assert result.notes == ()

    def test_trial_orders_stay_out_of_gamma_gamma(self) -> None:
        """Fader, Hardie, note 025: p 6.25, q 3.74, v 15.44 from repeat orders only."""
        sample = load_sample()
        facts = ClientFacts(
            sample.frequency,
            sample.recency,
            sample.age,
            sample.spent,
            first_margin=sample.spent - sample.repeat_spent,
        )
        result = predict(facts, REFERENCE)
        assert isinstance(result.margin_fit, GammaGammaFit)
        assert result.margin_fit.n == 946
        assert result.margin_fit.p == pytest.approx(6.25, abs=0.005)
        assert result.margin_fit.q == pytest.approx(3.74, abs=0.005)
        assert result.margin_fit.v == pytest.approx(15.44, abs=0.01)
        once = facts.frequency == 0
        assert result.expected_margin[once] == pytest.approx(35.17, abs=0.01)

    def test_value_is_discounted_orders_times_margin(self, facts: ClientFacts) -> None:
        result = predict(facts, REFERENCE)
        history = facts.frequency, facts.recency_days / 7, facts.age_days / 7
        orders = discounting.discounted_expected_orders(
            result.order_fit, *history, 36, 0.10
        )
        assert result.discounted_orders == pytest.approx(orders, rel=1e-12)
        assert result.value == pytest.approx(orders * result.expected_margin)

    def test_horizons_are_those_asked_for(self, facts: ClientFacts) -> None:
        result = predict(facts, PredictionSettings(horizons=(3, 12, 60)))
        assert result.horizons == (3, 12, 60)
        assert result.expected_orders.shape == (2357, 3)
        assert result.p_order.shape == (2357, 3)
        weeks = 60 * discounting.DAYS_PER_MONTH / 7
        assert result.expected_orders[0, 2] == pytest.approx(
            result.order_fit.expected_orders(
                weeks,
                facts.frequency[0],
                facts.recency_days[0] / 7,
                facts.age_days[0] / 7,
            )
        )

    def test_one_time_client_of_long_ago_is_not_called_active(
        self, facts: ClientFacts
    ) -> None:
        result = predict(facts, REFERENCE)
        once = np.flatnonzero(facts.frequency == 0)
        assert result.p_alive[once].max() < 0.8
        everywhere = predict(facts, replace(REFERENCE, churn_model=OrderModel.BG_NBD))
        assert (everywhere.p_alive[once] == 1).all()
        assert everywhere.churn_fit is everywhere.order_fit

    def test_mbg_can_predict_the_orders_too(self, facts: ClientFacts) -> None:
        result = predict(facts, replace(REFERENCE, model=OrderModel.MBG_NBD))
        assert isinstance(result.order_fit, MbgNbdFit)
        assert result.order_fit is result.churn_fit

    def test_run_rate_stands_beside_and_is_higher_in_total(
        self, facts: ClientFacts
    ) -> None:
        result = predict(facts, REFERENCE)
        weeks = 12 * discounting.DAYS_PER_MONTH / 7
        assert result.run_rate_orders[:, 0] == pytest.approx(
            facts.frequency / facts.age_days * 7 * weeks
        )
        assert result.run_rate_value.sum() > result.value.sum()

    def test_order_of_clients_does_not_matter(self, facts: ClientFacts) -> None:
        shuffle = np.random.default_rng(2).permutation(len(facts.frequency))
        result, shuffled = predict(facts), predict(select(facts, shuffle))
        assert shuffled.order_fit.parameters == result.order_fit.parameters
        assert shuffled.margin_fit.k == result.margin_fit.k
        # Vector instructions may round the last bit by position.
        assert shuffled.value == pytest.approx(result.value[shuffle], rel=1e-12)


class TestMargins:
    def test_zero_margins_switch_to_credibility(self, facts: ClientFacts) -> None:
        # Eight customers of the sample paid nothing.
        result = predict(facts, REFERENCE)
        assert result.margin_source is MoneyModel.CREDIBILITY
        assert isinstance(result.margin_fit, CredibilityFit)
        [note] = [note for note in result.notes if note.code == "margins_not_positive"]
        assert note.params == {"clients": 8}

    def test_loss_maker_has_negative_value(self, facts: ClientFacts) -> None:
        margin = facts.margin_total.copy()
        best = int(np.argmax(facts.frequency))
        margin[best] = -5_000.0
        result = predict(replace(facts, margin_total=margin))
        assert result.expected_margin[best] < 0
        assert result.value[best] < 0
        assert result.run_rate_value[best] < 0
        assert np.isfinite(result.value).all()

    def test_credibility_can_be_chosen(self, facts: ClientFacts) -> None:
        facts = select(facts, facts.margin_total > 0)
        result = predict(facts, PredictionSettings(money_model=MoneyModel.CREDIBILITY))
        assert result.margin_source is MoneyModel.CREDIBILITY
        assert "margins_not_positive" not in codes(result)

    def test_without_squares_the_default_weight_is_noted(
        self, facts: ClientFacts
    ) -> None:
        result = predict(replace(facts, margin_squares=None))
        assert "credibility_by_default" in codes(result)

    def test_margin_that_grows_with_orders_is_noted(self, facts: ClientFacts) -> None:
        margin = (facts.frequency + 1) * (10 + 5 * facts.frequency)
        result = predict(replace(facts, margin_total=margin, margin_squares=None))
        [note] = [note for note in result.notes if note.code.startswith("margin_dep")]
        assert note.params["correlation"] > 0.9

    def test_all_margins_equal_cannot_carry_gamma_gamma(
        self, facts: ClientFacts
    ) -> None:
        margin = (facts.frequency + 1) * 100.0
        result = predict(
            replace(
                facts, margin_total=margin, margin_squares=(facts.frequency + 1) * 1e4
            ),
            REFERENCE,
        )
        assert "gamma_gamma_unusable" in codes(result)
        assert result.expected_margin == pytest.approx(np.full(2357, 100.0))


class TestFallBacks:
    def test_fewer_than_fifty_clients_take_the_template(
        self, facts: ClientFacts
    ) -> None:
        result = predict(select(facts, slice(0, 49)))
        assert result.order_source is OrderSource.TEMPLATE
        assert result.churn_source is OrderSource.TEMPLATE
        assert result.margin_source is MoneyModel.CREDIBILITY
        [note] = [note for note in result.notes if note.code == "template_parameters"]
        assert note.params["clients"] == 49
        assert note.params["min_clients"] == 50
        assert (result.value >= 0).all()
        assert result.order_fit.r == 1

    def test_template_follows_the_tempo_of_the_base(self) -> None:
        daily, monthly = (
            predict(
                ClientFacts(
                    np.full(20, 10.0),
                    np.full(20, 10.0 * gap),
                    np.full(20, 10.0 * gap),
                    np.full(20, 1100.0),
                )
            )
            for gap in (1, 30)
        )
        assert daily.order_fit.alpha < monthly.order_fit.alpha / 10

    def test_one_client_is_valued(self) -> None:
        result = predict(
            ClientFacts(
                np.array([3.0]), np.array([60.0]), np.array([90.0]), np.array([400.0])
            )
        )
        assert result.value[0] > 0
        assert result.expected_margin[0] == 100

    def test_all_one_time_take_the_template(self) -> None:
        result = predict(
            ClientFacts(
                np.zeros(200), np.zeros(200), np.linspace(0, 900, 200), np.ones(200)
            )
        )
        assert result.order_source is OrderSource.TEMPLATE
        assert np.isfinite(result.value).all()
        assert (result.run_rate_value == 0).all()
        # The longer ago the only order, the less likely another.
        assert (np.diff(result.p_alive) < 0).all()

    def test_short_history_takes_the_template(self, facts: ClientFacts) -> None:
        result = predict(replace(facts, age_days=np.minimum(facts.age_days, 100.0)))
        assert result.order_source is OrderSource.TEMPLATE

    def test_fit_at_the_boundary_takes_the_prior(self) -> None:
        # Everybody alike: no spread over clients to estimate.
        result = predict(
            ClientFacts(
                np.full(140, 3.0),
                np.full(140, 200.0),
                np.full(140, 300.0),
                np.linspace(100, 900, 140),
            ),
            REFERENCE,
        )
        assert result.order_source is OrderSource.PRIOR
        assert result.churn_source is OrderSource.PRIOR
        assert [
            note.params for note in result.notes if note.code.startswith("fit")
        ] == [
            {"model": "bg_nbd"},
            {"model": "mbg_nbd"},
        ]
        assert np.isfinite(result.value).all()

    def test_no_usable_fit_takes_the_run_rate(
        self, facts: ClientFacts, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        failed = BgNbdFit(1.0, 1.0, 1.0, 1.0, converged=False)
        monkeypatch.setattr(BgNbdFit, "fit", lambda *_args, **_options: failed)
        result = predict(facts, REFERENCE)
        assert result.order_source is OrderSource.RUN_RATE
        assert result.churn_source is OrderSource.FITTED
        assert result.order_fit is None
        assert (result.expected_orders == result.run_rate_orders).all()
        assert {"fit_not_converged", "run_rate_only"} <= codes(result)
        assert ((result.p_order >= 0) & (result.p_order <= 1)).all()

    def test_no_clients_give_empty_arrays(self) -> None:
        empty = np.array([])
        result = predict(ClientFacts(empty, empty, empty, empty))
        assert result.value.shape == (0,)
        assert result.expected_orders.shape == (0, 2)
        assert result.margin_fit is None


class TestEdges:
    def test_strange_histories_among_many_have_numbers(
        self, facts: ClientFacts
    ) -> None:
        strange = np.array(
            [
                # x, tx, T, margin
                (0, 0, 0, 10),
                (0, 0, 2000, -10),
                (4, 0, 0, 10),
                (7, 300, 300, 0),
                (5000, 1095, 1095, 1e6),
                (3, 40, 30, 10),  # ordered after the snapshot
                (0, 0, -12, 10),  # first order dated in the future
            ],
            dtype=float,
        )
        columns = [
            np.concatenate([ours, theirs])
            for ours, theirs in zip(
                (
                    facts.frequency,
                    facts.recency_days,
                    facts.age_days,
                    facts.margin_total,
                ),
                strange.T,
                strict=True,
            )
        ]
        result = predict(ClientFacts(*columns))
        for array in (
            result.p_alive,
            result.expected_orders,
            result.p_order,
            result.value,
            result.run_rate_value,
        ):
            assert np.isfinite(array).all()
        assert {"age_clipped", "recency_clipped"} <= codes(result)
        assert (result.p_alive[-7:] > 0).all()

    def test_new_client_is_not_run_up_from_a_few_days(self) -> None:
        result = predict(
            ClientFacts(
                np.array([1.0]), np.array([2.0]), np.array([2.0]), np.array([200.0])
            ),
            PredictionSettings(horizons=(12,)),
        )
        # Two orders in three days are no 365 a year: one in 13 weeks, four a year.
        assert result.run_rate_orders[0, 0] == pytest.approx(365.25 / 91)

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"frequency": np.array([-1.0, 2.0])}, "negative"),
            ({"margin_total": np.array([np.nan, 2.0])}, "not_finite"),
            ({"age_days": np.array([1.0])}, "shape_mismatch"),
        ],
    )
    def test_broken_facts_are_refused(self, changes, code: str) -> None:
        two = np.ones(2)
        with pytest.raises(ValuationError) as refused:
            predict(replace(ClientFacts(two, two, two, two), **changes))
        assert refused.value.code == code

    @pytest.mark.parametrize(
        ("settings", "code"),
        [
            (PredictionSettings(horizon_months=0), "bad_horizon"),
            (PredictionSettings(horizons=(0,)), "bad_horizon"),
            (PredictionSettings(annual_rate=-1.5), "bad_rate"),
        ],
    )
    def test_impossible_settings_are_refused(
        self, settings: PredictionSettings, code: str
    ) -> None:
        two = np.ones(2)
        with pytest.raises(ValuationError) as refused:
            predict(ClientFacts(two, two, two, two), settings)
        assert refused.value.code == code


def simulate(size, k, weeks=156, seed=7):
    """Return facts at the middle of the time and what each client did afterwards."""
    rng = np.random.default_rng(seed)
    rates, leaving = rng.gamma(1.2, 1 / 1.5, size), rng.beta(0.8, 6.0, size)
    starts = rng.uniform(0, weeks / 2, size)
    means = rng.normal(100.0, 30.0, size)
    rows = []
    for rate, leave, start, mean in zip(rates, leaving, starts, means, strict=True):
        days = [start]
        while rng.random() > leave and days[-1] < 2 * weeks:
            days.append(days[-1] + rng.gamma(k, 1 / rate))
        days = np.array(days)
        margins = rng.normal(mean, 40.0, len(days))
        past, future = days <= weeks, (days > weeks) & (days <= 2 * weeks)
        gaps = np.diff(days[past])
        rows.append(
            (
                past.sum() - 1,
                days[past][-1] - start,
                weeks - start,
                margins[past].sum(),
                (margins[past] ** 2).sum(),
                np.log(gaps * 7).sum() if len(gaps) else 0.0,
                future.sum(),
                margins[future].sum(),
            )
        )
    x, tx, age, margin, squares, log_gaps, orders, earned = np.array(rows).T
    facts = ClientFacts(x, tx * 7, age * 7, margin, squares, log_gap_days=log_gaps)
    return facts, orders, earned


@pytest.fixture(scope="module")
def base():
    return simulate(2500, 3)


class TestRegularClients:
    """The default: MBG/CNBD-k with a weak prior, credibility margins, a band."""

    def test_default_finds_the_regularity(self, base) -> None:
        result = predict(base[0])
        assert isinstance(result.order_fit, MbgCnbdFit)
        assert result.order_fit.k == 3
        assert result.order_fit is result.churn_fit
        assert result.order_source is OrderSource.FITTED
        assert isinstance(result.margin_fit, CredibilityFit)
        assert result.margin_fit.estimated

    def test_orders_agree_with_what_happened(self, base) -> None:
        facts, orders, _earned = base
        result = predict(facts)
        assert result.expected_orders[:, 1].sum() == pytest.approx(
            orders.sum(), rel=0.1
        )

    def test_regularity_lowers_the_error(self, base) -> None:
        # clv-method.md, finding 3: MAE about a tenth lower on k = 3.
        facts, orders, _earned = base
        regular = predict(facts).expected_orders[:, 1]
        plain = predict(facts, replace(REFERENCE, model=OrderModel.MBG_NBD))
        error = np.abs(regular - orders).mean()
        assert error < 0.95 * np.abs(plain.expected_orders[:, 1] - orders).mean()

    @pytest.mark.parametrize("k", [1, 3])
    def test_four_of_five_clients_end_up_in_their_band(self, k: int) -> None:
        facts, _orders, earned = simulate(2000, k, seed=11)
        result = predict(facts, PredictionSettings(annual_rate=0.0))
        inside = (earned >= result.value_low - 1e-9) & (
            earned <= result.value_high + 1e-9
        )
        # Those who have left long ago are sure to be inside.
        likely = result.expected_orders[:, 1] > 5
        assert 0.76 <= inside[likely].mean() <= 0.86

    def test_band_holds_the_value(self, base) -> None:
        result = predict(base[0])
        usual = result.p_order[:, 1] > 0.9
        assert (result.value_low <= result.value_high).all()
        assert (result.value_low[usual] < result.value[usual]).all()
        assert (result.value[usual] < result.value_high[usual]).all()

    def test_band_of_a_loss_maker_is_negative(self, base) -> None:
        facts = base[0]
        result = predict(replace(facts, margin_total=-facts.margin_total))
        assert (result.value_high <= 1e-9).all()
        usual = result.p_order[:, 1] > 0.9
        assert (result.value_low[usual] < result.value[usual]).all()

    def test_band_widens_when_parameters_are_uncertain(self) -> None:
        many, few = simulate(2000, 2, seed=3)[0], simulate(60, 2, seed=3)[0]
        ratios = []
        for facts in (many, few):
            result = predict(facts)
            assert result.order_source is OrderSource.FITTED
            usual = result.p_alive > 0.9
            width = result.value_high[usual] - result.value_low[usual]
            ratios.append(np.median(width / result.value[usual]))
        assert ratios[1] > ratios[0]

    def test_base_correction_scales_orders_and_value(self, base) -> None:
        plain = predict(base[0])
        lower = predict(base[0], PredictionSettings(base_correction=0.9))
        assert lower.value == pytest.approx(0.9 * plain.value)
        assert lower.value_high == pytest.approx(0.9 * plain.value_high)
        assert lower.run_rate_value == pytest.approx(plain.run_rate_value)
        assert lower.p_alive == pytest.approx(plain.p_alive)

    def test_run_rate_can_be_chosen(self, base) -> None:
        result = predict(base[0], PredictionSettings(use_run_rate=True))
        assert result.order_source is OrderSource.RUN_RATE
        assert result.churn_source is OrderSource.FITTED
        assert "run_rate_chosen" in codes(result)
        assert result.expected_orders == pytest.approx(result.run_rate_orders)

    def test_without_gaps_orders_count_as_random(self, base) -> None:
        result = predict(replace(base[0], log_gap_days=None))
        assert result.order_fit.k == 1

    def test_recent_margins_count_for_what_is_to_come(self, base) -> None:
        facts = base[0]
        days = facts.frequency + 1
        falling = predict(
            replace(
                facts,
                recent_weight=np.ones(len(days)),
                recent_margin=np.full(len(days), 10.0),
                recent_squares=np.full(len(days), 110.0),
            )
        )
        assert falling.expected_margin.max() < 20


class TestSegments:
    def test_large_segments_get_parameters_of_their_own(self) -> None:
        ocean, air = simulate(400, 1, seed=1)[0], simulate(400, 4, seed=2)[0]
        columns = [
            np.concatenate([getattr(ocean, name), getattr(air, name)])
            for name in (
                "frequency",
                "recency_days",
                "age_days",
                "margin_total",
                "margin_squares",
            )
        ]
        log_gaps = np.concatenate([ocean.log_gap_days, air.log_gap_days])
        facts = ClientFacts(*columns, log_gap_days=log_gaps)
        segments = np.repeat([0, 1], 400)
        segments[:10] = 2  # too small
        segments[10:15] = -1  # none
        result = predict(facts, segments=segments)
        assert [(fit.segment, fit.clients) for fit in result.fits] == [
            (None, 15),
            (0, 385),
            (1, 400),
        ]
        assert [fit.order_fit.k for fit in result.fits[1:]] == [1, 4]
        assert np.isfinite(result.value).all()
        alone = predict(air)
        assert result.value[400:] == pytest.approx(alone.value)

    def test_wrong_number_of_segments_is_refused(self, facts: ClientFacts) -> None:
        with pytest.raises(ValuationError) as refused:
            predict(facts, segments=[1, 2])
        assert refused.value.code == "shape_mismatch"
