"""Predict what each client of a base is worth over a finite horizon.

Orders come from a BG/NBD model, the margin per order from a Gamma-Gamma model (or,
where margins are not all positive, from a credibility mean), the money from both with
mid-month discounting. A simple run rate stands beside every figure. Nothing here fails
on a poor base: it falls back, and says so in labels and notes.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from . import credibility, gamma_gamma
from .beta_geometric import (
    TEMPLATE_SHAPE,
    BetaGeometricFit,
    Parameters,
    Prior,
)
from .bg_nbd import BgNbdFit
from .credibility import CredibilityFit
from .discounting import (
    DAYS_PER_MONTH,
    DAYS_PER_WEEK,
    discount_increments,
    discount_points,
)
from .errors import Note, ValuationError
from .gamma_gamma import GammaGammaFit
from .mbg_nbd import MbgNbdFit
from .rows import as_columns, check_not_negative

FloatArray = NDArray[np.float64]

# Correlation of orders and margin beyond which their independence is doubtful.
_CORRELATION_LIMIT = 0.3
_FAR_FROM_PRIOR = 3.0


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
        lets the credibility weights come from the data
    :param first_margin: contribution of the first order day; optional, keeps trial
        orders out of the Gamma-Gamma model, as in its published applications
    """

    frequency: FloatArray
    recency_days: FloatArray
    age_days: FloatArray
    margin_total: FloatArray
    margin_squares: FloatArray | None = None
    first_margin: FloatArray | None = None


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
    :param run_rate_floor_days: age below which a client's rate is not extrapolated
        from his own few days
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
    run_rate_floor_days: float = 91.0


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
    :ivar notes: what to tell the reader, as codes with parameters:
        ``template_parameters`` (clients, repeaters, history_days, and the three
        minimums), ``fit_at_boundary`` (model), ``fit_not_converged`` (model),
        ``far_from_prior`` (model), ``run_rate_only`` (model),
        ``margins_not_positive`` (clients), ``gamma_gamma_unusable``,
        ``few_margins`` (clients), ``credibility_by_default`` (k),
        ``margin_depends_on_orders`` (correlation), ``age_clipped`` (clients),
        ``recency_clipped`` (clients)
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


_FIT_CLASSES: dict[OrderModel, type[BetaGeometricFit]] = {
    OrderModel.BG_NBD: BgNbdFit,
    OrderModel.MBG_NBD: MbgNbdFit,
}


@dataclass(frozen=True, slots=True, eq=False)
class _History:
    """Clean facts: x order days after the first; tx and T in weeks; margins.

    ``typical_days`` and ``typical_margin``: the order days that tell what a further
    one earns; without the first one where its margin is known.
    """

    x: FloatArray
    tx: FloatArray
    age: FloatArray
    margin: FloatArray
    squares: FloatArray | None
    typical_days: FloatArray
    typical_margin: FloatArray

    @property
    def typical_mean(self) -> FloatArray:
        return self.typical_margin / np.maximum(self.typical_days, 1.0)


def predict(
    facts: ClientFacts, settings: PredictionSettings | None = None
) -> Prediction:
    """Return orders, margin and discounted value expected of every client.

    Never fails on a poor base: read ``order_source``, ``churn_source``,
    ``margin_source`` and ``notes`` for what it had to do instead.

    :raises ValuationError: ``shape_mismatch``, ``not_finite``, ``negative`` (name),
        ``bad_horizon``, ``bad_rate``
    """
    settings = settings or PredictionSettings()
    notes: list[Note] = []
    history = _clean(facts, notes)
    points = discount_points(settings.horizon_months)
    horizons = tuple(settings.horizons)
    if any(month <= 0 for month in horizons):
        raise ValuationError("bad_horizon", months=min(horizons))
    order_fit, order_source = _fit_orders(settings.model, history, settings, notes)
    if settings.churn_model is settings.model:
        churn_fit, churn_source = order_fit, order_source
    else:
        churn_fit, churn_source = _fit_orders(
            settings.churn_model, history, settings, notes
        )
    margin_fit, margin_source = _fit_margin(history, settings, notes)

    # Months at which the model is evaluated, each once.
    months = sorted({*points, *horizons})
    weeks = np.array(months) * (DAYS_PER_MONTH / DAYS_PER_WEEK)
    run_rate = _run_rate(history, settings)[:, None] * weeks
    if order_fit is None:
        expected, p_order = run_rate, -np.expm1(-run_rate)
    else:
        past = history.x, history.tx, history.age
        # Horizons first, so that the rows of one client base stay together.
        expected = order_fit.expected_orders(weeks[:, None], *past).T
        p_order = order_fit.p_order(weeks[:, None], *past).T
    at_points = [months.index(month) for month in points]
    at_horizons = [months.index(month) for month in horizons]
    discounted, run_rate_discounted = (
        discount_increments(orders[:, at_points], points, settings.annual_rate)
        for orders in (expected, run_rate)
    )
    order_days = history.x + 1.0
    own_margin = history.margin / order_days
    if isinstance(margin_fit, GammaGammaFit):
        margin = margin_fit.expected_value(history.typical_days, history.typical_mean)
    elif margin_fit:
        margin = margin_fit.expected_value(order_days, own_margin)
    else:
        margin = own_margin
    return Prediction(
        p_alive=(
            churn_fit.p_alive(history.x, history.tx, history.age)
            if churn_fit
            else np.full(history.x.shape, np.nan)
        ),
        horizons=horizons,
        expected_orders=expected[:, at_horizons],
        p_order=p_order[:, at_horizons],
        expected_margin=margin,
        discounted_orders=discounted,
        value=discounted * margin,
        run_rate_orders=run_rate[:, at_horizons],
        run_rate_value=run_rate_discounted * own_margin,
        order_source=order_source,
        churn_source=churn_source,
        margin_source=margin_source,
        order_fit=order_fit,
        churn_fit=churn_fit,
        margin_fit=margin_fit,
        notes=tuple(notes),
    )


def _clean(facts: ClientFacts, notes: list[Note]) -> _History:
    """Check the facts, clip what dates from the future, and turn days into weeks."""
    columns = {
        "frequency": facts.frequency,
        "recency_days": facts.recency_days,
        "age_days": facts.age_days,
        "margin_total": facts.margin_total,
    }
    for name in ("margin_squares", "first_margin"):
        if (column := getattr(facts, name)) is not None:
            columns[name] = column
    clean = dict(zip(columns, as_columns(**columns), strict=True))
    x, recency, age, margin = (
        clean[name]
        for name in ("frequency", "recency_days", "age_days", "margin_total")
    )
    first = clean.get("first_margin")
    check_not_negative(frequency=x)
    if future := int(np.count_nonzero(age < 0)):
        notes.append(Note("age_clipped", {"clients": future}))
    age = np.maximum(age, 0.0)
    if outside := int(np.count_nonzero((recency < 0) | (recency > age))):
        notes.append(Note("recency_clipped", {"clients": outside}))
    recency = np.where(x > 0, np.clip(recency, 0.0, age), 0.0)
    return _History(
        x,
        recency / DAYS_PER_WEEK,
        age / DAYS_PER_WEEK,
        margin,
        clean.get("margin_squares"),
        x + 1.0 if first is None else x,
        margin if first is None else np.where(x > 0, margin - first, 0.0),
    )


def _fit_orders(
    model: OrderModel,
    history: _History,
    settings: PredictionSettings,
    notes: list[Note],
) -> tuple[BetaGeometricFit | None, OrderSource]:
    """Fit the model; failing that with a prior; failing that take what is left."""
    fit_class = _FIT_CLASSES[model]
    template = _template(history, settings)
    clients = len(history.x)
    repeaters = int(np.count_nonzero(history.x))
    oldest = float(history.age.max(initial=0.0)) * DAYS_PER_WEEK
    if (
        clients < settings.min_clients
        or repeaters < max(settings.min_repeaters, 1)
        or oldest < settings.min_history_days
    ):
        note = Note(
            "template_parameters",
            {
                "clients": clients,
                "repeaters": repeaters,
                "history_days": round(oldest),
                "min_clients": settings.min_clients,
                "min_repeaters": settings.min_repeaters,
                "min_history_days": settings.min_history_days,
            },
        )
        if note not in notes:
            notes.append(note)
        fit = fit_class(*template, n=float(clients))
        return fit, OrderSource.TEMPLATE

    data = history.x, history.tx, history.age
    fit = fit_class.fit(*data)
    if fit.converged:
        return fit, OrderSource.FITTED
    code = "fit_at_boundary" if fit.at_boundary else "fit_not_converged"
    notes.append(Note(code, {"model": str(model)}))
    fit = fit_class.fit(*data, prior=Prior(template))
    if not fit.converged:
        notes.append(Note("run_rate_only", {"model": str(model)}))
        return None, OrderSource.RUN_RATE
    away = np.abs(np.log(fit.parameters) - np.log(template))
    if away.max() > _FAR_FROM_PRIOR:
        notes.append(Note("far_from_prior", {"model": str(model)}))
    return fit, OrderSource.PRIOR


def _template(history: _History, settings: PredictionSettings) -> Parameters:
    """Return template parameters at the tempo of the base, in weeks.

    The mean gap of the base counts with its orders, the usual gap like two orders.
    """
    usual = settings.template_gap_days / DAYS_PER_WEEK
    gap = (math.fsum(history.tx) + 2.0 * usual) / (math.fsum(history.x) + 2.0)
    return TEMPLATE_SHAPE._replace(alpha=TEMPLATE_SHAPE.r * max(gap, 1e-6))


def _fit_margin(
    history: _History, settings: PredictionSettings, notes: list[Note]
) -> tuple[GammaGammaFit | CredibilityFit | None, MoneyModel]:
    """Fit Gamma-Gamma where every margin is positive, else credibility weights."""
    if not len(history.x):
        return None, MoneyModel.CREDIBILITY
    order_days = history.x + 1.0
    _note_dependence(history.x, history.margin / order_days, notes)
    if settings.money_model is not MoneyModel.CREDIBILITY:
        known = history.typical_days > 0
        clients = int(np.count_nonzero(known))
        losses = int(np.count_nonzero(history.typical_mean[known] <= 0))
        if losses:
            notes.append(Note("margins_not_positive", {"clients": losses}))
        elif clients < settings.min_clients:
            notes.append(Note("few_margins", {"clients": clients}))
        else:
            fit = gamma_gamma.fit(history.typical_days, history.typical_mean)
            if fit.converged and fit.q > 1.0:
                return fit, MoneyModel.GAMMA_GAMMA
            notes.append(Note("gamma_gamma_unusable"))
    fit = credibility.fit(order_days, history.margin, history.squares)
    if not fit.estimated:
        notes.append(Note("credibility_by_default", {"k": fit.k}))
    return fit, MoneyModel.CREDIBILITY


def _note_dependence(x: FloatArray, mean: FloatArray, notes: list[Note]) -> None:
    """Warn when clients who order more often earn clearly more or less per order."""
    repeated = x > 0
    x, mean = x[repeated], mean[repeated]
    if len(x) < 20 or np.ptp(x) == 0 or np.ptp(mean) == 0:
        return
    correlation = float(np.corrcoef(x, mean)[0, 1])
    if abs(correlation) > _CORRELATION_LIMIT:
        notes.append(
            Note("margin_depends_on_orders", {"correlation": round(correlation, 2)})
        )


def _run_rate(history: _History, settings: PredictionSettings) -> FloatArray:
    """Return repeat order days per week so far."""
    floor = settings.run_rate_floor_days / DAYS_PER_WEEK
    return history.x / np.maximum(history.age, max(floor, 1e-6))
