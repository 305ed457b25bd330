"""Worked examples V1 to V3 of the freight rules, and the multiples of the method."""

import pytest

from odoo.addons.logistics_clv.valuation import ValuationError
from odoo.addons.logistics_clv.valuation.cross_checks import (
    acquisition_cost,
    retention_value,
    simple_lifetime_value,
)


def test_v1_simple_lifetime_value_100m_offers_note():
    assert simple_lifetime_value(1000, 0.90, 5) == pytest.approx(4500)


def test_v2_acquisition_cost_racklify():
    assert acquisition_cost(150_000, 50) == 3000


def test_v3_retention_form_studydaddy_inputs():
    assert retention_value(150, 0.55, 0.10, 100) == pytest.approx(50)


@pytest.mark.parametrize(
    ("retention", "rate", "multiple"), [(0.80, 0.12, 2.5), (0.90, 0.10, 4.5)]
)
def test_perpetuity_multiples(retention, rate, multiple):
    assert retention_value(1, retention, rate) == pytest.approx(multiple)


@pytest.mark.parametrize(
    ("function", "arguments", "code"),
    [
        (acquisition_cost, (100, 0), "not_positive"),
        (retention_value, (1, 1.0, 0.1), "bad_share"),
        (retention_value, (1, -0.1, 0.1), "bad_share"),
        (retention_value, (1, 0.5, -0.1), "bad_rate"),
    ],
)
def test_impossible_input_is_refused(function, arguments, code):
    with pytest.raises(ValuationError) as error:
        function(*arguments)
    assert error.value.code == code
