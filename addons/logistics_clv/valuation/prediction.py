"""Predict what each client of a base is worth over a finite horizon.

Orders come from a BG/NBD model, the margin per order from a Gamma-Gamma model (or,
where margins are not all positive, from a credibility mean), the money from both with
mid-month discounting. A simple run rate stands beside every figure. Nothing here fails
on a poor base: it falls back, and says so in labels and notes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from .beta_geometric import BetaGeometricFit
from .credibility import CredibilityFit
from .errors import Note
from .gamma_gamma import GammaGammaFit

FloatArray = NDArray[np.float64]


class OrderModel(StrEnum):
    """How orders are predicted."""

    BG_NBD = "bg_nbd"
    MBG_NBD = "mbg_nbd"


class MoneyModel(StrEnum):
    """How the margin per order is predicted; AUTO takes what the data allow."""

    AUTO = "auto"
    GAMMA_GAMMA = "gamma_gamma"
    CREDIBILITY = "credibility"


class OrderSource(StrEnum):
    """Where the parameters behind the expected orders come from."""

    FITTED = "fitted"  # maximum likelihood on this base
    PRIOR = "prior"  # this base, held near the template by a weak prior
    TEMPLATE = "template"  # too few clients: template shape, this base's tempo
    RUN_RATE = "run_rate"  # no usable model: orders so far per day, carried on


@dataclass(frozen=True, slots=True, eq=False)
class ClientFacts:
    """What is known of n clients on the snapshot date; arrays of length n, same order.

    :param frequency: order days after the first one (x), an integer >= 0
    :param recency_days: days from the first to the last order day (tx)
    :param age_days: days from the first order day to the snapshot (T)
    :param margin_total: contribution of all ``frequency + 1`` order days together, in
        the currency of the result; may be negative
    :param margin_squares: sum of the squared contribution of each order day; optional,
        makes the credibility weights sharper
    """

    frequency: FloatArray
    recency_days: FloatArray
    age_days: FloatArray
    margin_total: FloatArray
    margin_squares: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class PredictionSettings:
    """Choices of the user; the defaults are those of the documented method.

    :param model: model behind the expected orders and the value
    :param churn_model: model behind ``p_alive``; MBG/NBD, because under BG/NBD a
        client without a repeat order is alive with certainty
    :param horizon_months: months of future that count; finite by design
    :param annual_rate: effective annual discount rate, 0.10 = 10 %
    :param horizons: months for which expected orders are reported
    :param min_clients: clients needed for parameters of one's own
    :param min_repeaters: clients with a second order day needed for the same
    :param min_history_days: age of the oldest client needed for the same
    :param template_gap_days: usual days between orders when the base cannot tell
    """

    model: OrderModel = OrderModel.BG_NBD
    churn_model: OrderModel = OrderModel.MBG_NBD
    money_model: MoneyModel = MoneyModel.AUTO
    horizon_months: int = 36
    annual_rate: float = 0.10
    horizons: Sequence[int] = (12, 36)
    min_clients: int = 50
    min_repeaters: int = 20
    min_history_days: int = 182
    template_gap_days: float = 30.4375


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """The result: arrays in the order of the facts, the fits, and what to know.

    :ivar p_alive: (n,) probability that the client still buys, 0..1
    :ivar horizons: (h,) months, as asked for in the settings
    :ivar expected_orders: (n, h) order days expected up to each horizon
    :ivar p_order: (n, h) probability of at least one order day up to each horizon
    :ivar expected_margin: (n,) contribution expected per order day
    :ivar discounted_orders: (n,) order days of the value horizon, discounted
    :ivar value: (n,) ``discounted_orders * expected_margin``: the current value
    :ivar run_rate_orders: (n, h) orders so far per day carried on unchanged
    :ivar run_rate_value: (n,) the same rate times the client's own mean margin,
        discounted over the value horizon: the simple figure beside ``value``
    :ivar order_source: label of the expected orders and the value
    :ivar churn_source: label of ``p_alive``
    :ivar margin_source: GAMMA_GAMMA or CREDIBILITY, as used
    :ivar order_fit: parameters in weeks; None if the run rate had to do
    :ivar churn_fit: parameters in weeks behind ``p_alive``
    :ivar margin_fit: parameters behind ``expected_margin``; None without clients
    :ivar notes: codes with parameters, most important first
    """

    p_alive: FloatArray
    horizons: tuple[int, ...]
    expected_orders: FloatArray
    p_order: FloatArray
    expected_margin: FloatArray
    discounted_orders: FloatArray
    value: FloatArray
    run_rate_orders: FloatArray
    run_rate_value: FloatArray
    order_source: OrderSource
    churn_source: OrderSource
    margin_source: MoneyModel
    order_fit: BetaGeometricFit | None
    churn_fit: BetaGeometricFit | None
    margin_fit: GammaGammaFit | CredibilityFit | None
    notes: tuple[Note, ...] = field(default=())


def predict(
    facts: ClientFacts, settings: PredictionSettings | None = None
) -> Prediction:
    """Return orders, margin and discounted value expected of every client."""
    raise NotImplementedError
