"""Present value of orders to come."""

import numpy as np
import pytest

from odoo.addons.logistics_clv.valuation import (
    BgNbdFit,
    MbgNbdFit,
    ValuationError,
    discounting,
)

WEEKS_PER_MONTH = 30.4375 / 7


def test_twelve_percent_a_year_is_0_9489_percent_a_month() -> None:
    assert discounting.monthly_rate(0.12) == pytest.approx(0.009489, abs=5e-7)


def test_fifteen_percent_a_year_is_0_0027_a_week() -> None:
    # The rate of Fader, Hardie, Lee (2005), JMR 42(4).
    assert discounting.continuous_rate(0.15) == pytest.approx(0.0027, abs=5e-5)


@pytest.mark.parametrize(
    ("horizon", "points"),
    [
        (1, (1,)),
        (6, (6,)),
        (12, (6, 12)),
        (18, (6, 12, 18)),
        (36, (6, 12, 24, 36)),
        (60, (6, 12, 24, 36, 48, 60)),
    ],
)
def test_horizon_is_split_at_half_a_year_and_then_yearly(
    horizon: int, points: tuple[int, ...]
) -> None:
    assert discounting.discount_points(horizon) == points


def test_what_comes_within_a_year_is_discounted_at_the_middle_of_its_half() -> None:
    value = discounting.discount_increments([10.0, 16.0], (6, 12), 0.10)
    assert value == pytest.approx(10 / 1.1**0.25 + 6 / 1.1**0.75)


@pytest.mark.parametrize("model", [BgNbdFit, MbgNbdFit])
@pytest.mark.parametrize(
    "history",
    [(0, 0, 0), (1, 5, 20), (4, 30, 40), (30, 90, 100), (150, 155, 156), (2, 5, 150)],
)
def test_four_horizons_come_within_a_quarter_percent_of_monthly_terms(
    model, history: tuple[float, float, float]
) -> None:
    fit = model(0.9, 2.0, 0.6, 9.0)
    months = np.arange(37)
    orders = np.diff(fit.expected_orders(months * WEEKS_PER_MONTH, *history))
    exact = orders @ 1.1 ** -((months[1:] - 0.5) / 12)
    short = discounting.discounted_expected_orders(fit, *history, 36, 0.10)
    assert short == pytest.approx(exact, rel=0.0025)


def test_without_a_rate_orders_count_in_full() -> None:
    fit = BgNbdFit(0.9, 2.0, 0.6, 9.0)
    value = discounting.discounted_expected_orders(fit, 4, 30, 40, 36, 0.0)
    assert value == pytest.approx(fit.expected_orders(36 * WEEKS_PER_MONTH, 4, 30, 40))


def test_days_and_weeks_agree() -> None:
    weeks = BgNbdFit(0.9, 2.0, 0.6, 9.0)
    days = BgNbdFit(0.9, 14.0, 0.6, 9.0)
    assert discounting.discounted_expected_orders(
        days, [4, 0], [210, 0], [280, 70], 36, 0.1, unit_days=1
    ) == pytest.approx(
        discounting.discounted_expected_orders(
            weeks, [4, 0], [30, 0], [40, 10], 36, 0.1
        )
    )


def test_value_does_not_saturate_so_the_horizon_is_finite() -> None:
    # Share of the value of 20 years at 10 %, new client with one repeat order.
    fit = MbgNbdFit(0.9, 2.0, 0.6, 9.0)
    share = {
        months: float(
            discounting.discounted_expected_orders(fit, 1, 4, 8, months, 0.10)
            / discounting.discounted_expected_orders(fit, 1, 4, 8, 240, 0.10)
        )
        for months in (12, 36, 60)
    }
    assert share[12] < share[36] < share[60] < 0.75


@pytest.mark.parametrize("months", [0, -3, 241])
def test_infinite_and_empty_horizons_are_refused(months: int) -> None:
    with pytest.raises(ValuationError) as refused:
        discounting.discount_points(months)
    assert refused.value.code == "bad_horizon"


@pytest.mark.parametrize("rate", [-1.0, -2.0, float("nan"), float("inf")])
def test_impossible_rates_are_refused(rate: float) -> None:
    with pytest.raises(ValuationError) as refused:
        discounting.monthly_rate(rate)
    assert refused.value.code == "bad_rate"
