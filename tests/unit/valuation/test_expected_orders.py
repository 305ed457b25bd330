"""Expected orders and P(alive) against mathematics done another way."""

import math

import mpmath
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.logistics_clv.valuation import (
    BetaGeometricFit,
    BgNbdFit,
    MbgNbdFit,
    ValuationError,
)

MODELS = (BgNbdFit, MbgNbdFit)
models = st.sampled_from(MODELS)
shapes = st.floats(0.15, 15)
fits = st.builds(
    lambda model, r, alpha, a, b: model(r, alpha, a, b),
    models,
    shapes,
    st.floats(0.2, 60),
    st.one_of(shapes, st.just(1.0), st.floats(1 - 1e-6, 1 + 1e-6)),
    st.floats(0.8, 15),  # below, the check itself has a singularity at p = 1
)
histories = st.tuples(
    st.one_of(st.integers(0, 5), st.integers(6, 400)),
    st.floats(0.0, 1.0),
    st.floats(0.0, 300.0),
).map(lambda drawn: (drawn[0], drawn[1] * drawn[2], drawn[2]))


def integrate(fit: BetaGeometricFit, t: float, x: int, age: float) -> float:
    """Return the orders expected from a client alive, by mpmath's quadrature.

    Given the rate and the drop-out probability p, (1 - exp(-rate p t)) / p orders come
    within t. The rate is integrated out by hand, p numerically over its posterior,
    in u = p^a, which takes the singularity at p = 0 away.
    """
    r, alpha, a, b = fit.parameters
    c = b + x + fit.extra_chances
    reach = mpmath.mpf(t) / (alpha + age)
    mean = a / (a + c)
    breaks = [0, *((mean * factor) ** a for factor in (0.1, 1, 4, 15)), 1]

    def orders(u: mpmath.mpf) -> mpmath.mpf:
        p = u ** (1 / a)
        if p == 0:
            return (r + x) * reach
        per_p = -mpmath.expm1(-(r + x) * mpmath.log1p(p * reach)) / p
        return (1 - p) ** (c - 1) * per_p

    points = [point for point in breaks if point <= 1]
    return float(mpmath.quad(orders, points) / (a * mpmath.beta(a, c)))


@settings(max_examples=50, deadline=None, derandomize=True)
@given(fit=fits, history=histories, t=st.sampled_from([0.5, 12.0, 52.0, 156.0]))
def test_expectation_agrees_with_numerical_integration(
    fit: BetaGeometricFit, history: tuple[int, float, float], t: float
) -> None:
    x, _tx, age = history
    # The last order just now: P(alive) is far from zero.
    expected = fit.expected_orders(t, x, age, age) / fit.p_alive(x, age, age)
    assert expected == pytest.approx(integrate(fit, t, x, age), rel=1e-8)


@pytest.mark.parametrize(
    ("parameters", "t", "x", "age"),
    [
        ((0.25, 4.0, 0.8, 2.5), 52, 5000, 1000.0),
        ((0.25, 4.0, 1.0, 2.5), 52, 3, 40.0),
        ((0.25, 4.0, 1.0, 2.5), 52, 0, 0.0),
        ((50.0, 10.0, 0.4, 0.5), 156, 0, 0.0),  # alternating terms of size 2^50
        ((998.0, 12.8, 1.0 + 1e-9, 80.6), 26, 0, 0.0),
        ((1.9, 20.6, 158.3, 0.082), 1000, 1, 53.1),
        ((0.34, 4.18, 2e5, 0.073), 1, 5, 68.7),
        ((0.5, 0.01, 0.7, 0.2), 1000, 0, 0.0),  # z = 0.99999, a + b < 1
        ((1.0, 5.0, 1e4, 1e4), 156, 20, 100.0),
        ((0.6, 6.0, 0.02, 5.0), 156, 40, 150.0),
    ],
)
@pytest.mark.parametrize("model", MODELS)
def test_extreme_case_agrees_with_the_published_form_at_80_digits(
    model: type[BetaGeometricFit],
    parameters: tuple[float, float, float, float],
    t: float,
    x: int,
    age: float,
) -> None:
    fit = model(*parameters)
    with mpmath.workdps(80):
        r, alpha, a, b = map(mpmath.mpf, parameters)
        if a == 1:
            a += mpmath.mpf(10) ** -40  # the published form has a pole here
        b += fit.extra_chances
        c = a + b + x - 1
        z = t / (alpha + mpmath.mpf(age) + t)
        series = mpmath.hyp2f1(r + x, b + x, c, z, maxterms=10**6)
        exact = c / (a - 1) * (1 - (1 - z) ** (r + x) * series)
        exact *= mpmath.mpf(float(fit.p_alive(x, age, age)))
    assert fit.expected_orders(t, x, age, age) == pytest.approx(float(exact), rel=1e-9)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(fit=fits, history=histories, t=st.floats(0.0, 500.0))
def test_expectation_is_sensible(
    fit: BetaGeometricFit, history: tuple[int, float, float], t: float
) -> None:
    x, tx, age = history
    alive = fit.p_alive(x, tx, age)
    orders = fit.expected_orders([0.0, t, 2 * t], x, tx, age)
    assert 0 <= alive <= 1
    assert orders[0] == 0
    assert np.isfinite(orders).all()
    assert orders[1] <= orders[2] * (1 + 1e-9)
    # Somebody who never drops out would order this often.
    forever = (fit.r + x) / (fit.alpha + age) * t
    assert orders[1] <= alive * forever * (1 + 1e-9)
    # At least one order is no likelier than the orders expected.
    assert fit.p_order(t, x, tx, age) <= orders[1] * (1 + 1e-9) + 1e-300


@settings(max_examples=100, deadline=None, derandomize=True)
@given(fit=fits, history=histories, unit=st.sampled_from([7.0, 1 / 7, 365.25]))
def test_time_unit_does_not_matter(
    fit: BetaGeometricFit, history: tuple[int, float, float], unit: float
) -> None:
    x, tx, age = history
    other = type(fit)(fit.r, fit.alpha * unit, fit.a, fit.b)
    assert other.p_alive(x, tx * unit, age * unit) == pytest.approx(
        fit.p_alive(x, tx, age), rel=1e-9
    )
    assert other.expected_orders(52 * unit, x, tx * unit, age * unit) == pytest.approx(
        fit.expected_orders(52, x, tx, age), rel=1e-9
    )


class TestEdges:
    @pytest.mark.parametrize("model", MODELS)
    @pytest.mark.parametrize(
        "history",
        [(0, 0, 0), (0, 0, 500), (1, 0, 0), (3, 0, 40), (5, 40, 40), (5000, 156, 156)],
        ids=["new", "one-time", "same-day", "same-day-old", "just-now", "x=5000"],
    )
    def test_any_history_has_numbers(
        self, model: type[BetaGeometricFit], history: tuple[float, float, float]
    ) -> None:
        fit = model(0.6, 6.0, 1.0, 3.0)
        assert 0 < fit.p_alive(*history) <= 1
        assert fit.expected_orders(52, *history) > 0
        assert np.isfinite(fit.log_likelihoods(*history))

    def test_bg_calls_the_one_time_client_alive_and_mbg_does_not(self) -> None:
        assert BgNbdFit(0.6, 6.0, 0.8, 2.5).p_alive(0, 0, 150) == 1
        assert MbgNbdFit(0.6, 6.0, 0.8, 2.5).p_alive(0, 0, 150) < 0.5

    def test_long_silence_of_a_regular_client_underflows_to_zero_not_nan(self) -> None:
        fit = BgNbdFit(0.6, 6.0, 0.8, 2.5)
        assert fit.p_alive(2000, 100, 150) < 1e-250
        assert fit.expected_orders(52, 2000, 100, 150) >= 0

    def test_recency_beyond_age_counts_as_age(self) -> None:
        fit = BgNbdFit(0.6, 6.0, 0.8, 2.5)
        assert fit.p_alive(3, 41, 40) == fit.p_alive(3, 40, 40)

    def test_arrays_broadcast(self) -> None:
        fit = MbgNbdFit(0.6, 6.0, 0.8, 2.5)
        table = fit.expected_orders(
            np.array([[13.0], [52.0]]), [0, 1, 9], [0, 4, 30], [40, 40, 40]
        )
        assert table.shape == (2, 3)
        assert table[1, 2] == fit.expected_orders(52, 9, 30, 40)

    def test_many_rows_give_the_same_digits_as_one(self) -> None:
        fit = MbgNbdFit(0.6, 6.0, 0.8, 2.5)
        age = np.linspace(0, 150, 10_000)
        together = fit.expected_orders(52, 2, age / 2, age)
        alone = [fit.expected_orders(52, 2, age[i] / 2, age[i]) for i in (0, 77, 9_999)]
        assert together[[0, 77, 9_999]] == pytest.approx(alone, rel=1e-12)

    @pytest.mark.parametrize(
        ("arguments", "code"),
        [
            ((52, -1, 0, 10), "negative"),
            ((52, 1, 5, math.nan), "not_finite"),
            ((-1, 1, 5, 10), "negative"),
        ],
    )
    def test_nonsense_is_refused(self, arguments: tuple[float, ...], code: str) -> None:
        with pytest.raises(ValuationError) as refused:
            BgNbdFit(0.6, 6.0, 0.8, 2.5).expected_orders(*arguments)
        assert refused.value.code == code
