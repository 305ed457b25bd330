"""Predict what each client of a base is worth over a finite horizon.

Orders come from an order model, the margin per order day from a credibility mean (or a
Gamma-Gamma model), the money from both with mid-period discounting. A simple run rate
stands beside every figure, a band around the value. Clients may fall into segments,
and a segment that is large enough gets parameters of its own. Nothing here fails on a
poor base: it falls back, and says so in labels and notes.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import intervals
from .discounting import (
    DAYS_PER_MONTH,
    DAYS_PER_WEEK,
    discount_increments,
    discount_points,
)
from .errors import Note, ValuationError
from .facts import ClientFacts, History, clean
from .margin_fit import MarginFit, expected_margin, fit_margin, margin_variances
from .order_fit import (
    MoneyModel,
    OrderFit,
    OrderSource,
    PredictionSettings,
    fit_orders,
    is_large,
)

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SegmentFit:
    """What stands behind the values of one segment, or of all that have none.

    :ivar segment: its number; None for the company, which small segments share
    :ivar clients: how many clients are valued with it
    :ivar order_source: label of the expected orders and the value
    :ivar churn_source: label of ``p_alive``
    :ivar margin_source: GAMMA_GAMMA or CREDIBILITY, as used
    :ivar order_fit: parameters in weeks; None if the run rate had to do
    :ivar churn_fit: parameters in weeks behind ``p_alive``
    :ivar margin_fit: parameters behind ``expected_margin``; None without clients
    """

    segment: int | None
    clients: int
    order_source: OrderSource
    churn_source: OrderSource
    margin_source: MoneyModel
    order_fit: OrderFit | None
    churn_fit: OrderFit | None
    margin_fit: MarginFit | None


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
    :ivar value_low: (n,) lower end of the 80 % band of the value
    :ivar value_high: (n,) upper end of the 80 % band of the value
    :ivar run_rate_orders: (n, h) orders so far per day carried on unchanged
    :ivar run_rate_value: (n,) the same rate times the client's own mean margin,
        discounted over the value horizon: the simple figure beside ``value``
    :ivar fits: one for the company, and one for each segment with its own parameters
    :ivar notes: what to tell the reader, as codes with parameters:
        ``template_parameters`` (clients, repeaters, history_days, and the three
        minimums), ``fit_at_boundary`` (model), ``fit_not_converged`` (model),
        ``far_from_prior`` (model), ``run_rate_only`` (model), ``run_rate_chosen``,
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
    value_low: FloatArray
    value_high: FloatArray
    run_rate_orders: FloatArray
    run_rate_value: FloatArray
    fits: tuple[SegmentFit, ...]
    notes: tuple[Note, ...] = field(default=())

    @property
    def company_fit(self) -> SegmentFit:
        return self.fits[0]

    @property
    def order_source(self) -> OrderSource:
        return self.company_fit.order_source

    @property
    def churn_source(self) -> OrderSource:
        return self.company_fit.churn_source

    @property
    def margin_source(self) -> MoneyModel:
        return self.company_fit.margin_source

    @property
    def order_fit(self) -> OrderFit | None:
        return self.company_fit.order_fit

    @property
    def churn_fit(self) -> OrderFit | None:
        return self.company_fit.churn_fit

    @property
    def margin_fit(self) -> MarginFit | None:
        return self.company_fit.margin_fit


def predict(
    facts: ClientFacts,
    settings: PredictionSettings | None = None,
    segments: ArrayLike | None = None,
) -> Prediction:
    """Return orders, margin and discounted value expected of every client.

    Never fails on a poor base: read ``fits`` and ``notes`` for what it had to do
    instead.

    :param segments: (n,) number of each client's segment, below zero for none; one
        that is too small for parameters of its own gets those of the company
    :raises ValuationError: ``shape_mismatch``, ``not_finite``, ``negative`` (name),
        ``bad_horizon``, ``bad_rate``
    """
    settings = settings or PredictionSettings()
    notes: list[Note] = []
    history = clean(facts, notes)
    if any(month <= 0 for month in settings.horizons):
        raise ValuationError("bad_horizon", months=min(settings.horizons))
    discount_points(settings.horizon_months)
    groups = _group(history, segments, settings)
    columns: dict[str, FloatArray] = {}
    fits = []
    for segment, rows in groups:
        # The company's parameters come from all clients, its values go to the rest.
        base = history if segment is None else history.select(rows)
        own_notes: list[Note] = []
        fit = _fit(segment, len(rows), base, settings, own_notes)
        fits.append(fit)
        notes += [note for note in own_notes if note not in notes]
        for name, values in _value(fit, history.select(rows), settings).items():
            if name not in columns:
                columns[name] = np.full((len(history.x), *values.shape[1:]), np.nan)
            columns[name][rows] = values
    return Prediction(
        horizons=tuple(settings.horizons),
        fits=tuple(fits),
        notes=tuple(notes),
        **columns,
    )


def _group(
    history: History, segments: ArrayLike | None, settings: PredictionSettings
) -> list[tuple[int | None, NDArray[np.intp]]]:
    """Return the rows that each set of parameters values; the company comes first."""
    everyone = np.arange(len(history.x))
    if segments is None:
        return [(None, everyone)]
    segments = np.asarray(segments)
    if segments.shape != history.x.shape:
        raise ValuationError(
            "shape_mismatch",
            name="segments",
            expected=len(history.x),
            got=segments.size,
        )
    own = []
    shared = np.ones(len(everyone), dtype=bool)
    for segment in np.unique(segments[segments >= 0]):
        rows = np.flatnonzero(segments == segment)
        if is_large(history.select(rows), settings):
            own.append((int(segment), rows))
            shared[rows] = False
    return [(None, everyone[shared]), *own]


def _fit(
    segment: int | None,
    clients: int,
    history: History,
    settings: PredictionSettings,
    notes: list[Note],
) -> SegmentFit:
    order_fit, order_source = fit_orders(settings.model, history, settings, notes)
    if settings.churn_model is settings.model:
        churn_fit, churn_source = order_fit, order_source
    else:
        churn_fit, churn_source = fit_orders(
            settings.churn_model, history, settings, notes
        )
    if settings.use_run_rate and order_source is not OrderSource.RUN_RATE:
        notes.append(Note("run_rate_chosen"))
        order_fit, order_source = None, OrderSource.RUN_RATE
    margin_fit, margin_source = fit_margin(history, settings, notes)
    return SegmentFit(
        segment,
        clients,
        order_source,
        churn_source,
        margin_source,
        order_fit,
        churn_fit,
        margin_fit,
    )


def _value(
    fit: SegmentFit, history: History, settings: PredictionSettings
) -> dict[str, FloatArray]:
    """Return the columns of the prediction for clients who share a fit."""
    points = discount_points(settings.horizon_months)
    # Months at which the model is evaluated, each once.
    months = sorted({*points, *settings.horizons})
    weeks = np.array(months) * (DAYS_PER_MONTH / DAYS_PER_WEEK)
    rate = _run_rate(history, settings)
    run_rate = rate[:, None] * weeks
    if fit.order_fit is None:
        expected, p_order = run_rate, -np.expm1(-run_rate)
    else:
        # Horizons first, so that the rows of one client base stay together.
        past = history.past
        expected = fit.order_fit.expected_orders(weeks[:, None], *past).T
        expected = expected * settings.base_correction
        p_order = fit.order_fit.p_order(weeks[:, None], *past).T
    at_points = [months.index(month) for month in points]
    at_horizons = [months.index(month) for month in settings.horizons]
    discounted, run_rate_discounted = (
        discount_increments(orders[:, at_points], points, settings.annual_rate)
        for orders in (expected, run_rate)
    )
    margin = expected_margin(fit.margin_fit, history)
    value = discounted * margin
    low, high = _band(fit, history, settings, rate, margin, value)
    return {
        "p_alive": (
            fit.churn_fit.p_alive(*history.past)
            if fit.churn_fit
            else np.full(history.x.shape, np.nan)
        ),
        "expected_orders": expected[:, at_horizons],
        "p_order": p_order[:, at_horizons],
        "expected_margin": margin,
        "discounted_orders": discounted,
        "value": value,
        "value_low": low,
        "value_high": high,
        "run_rate_orders": run_rate[:, at_horizons],
        "run_rate_value": run_rate_discounted * history.margin / (history.x + 1.0),
    }


def _band(
    fit: SegmentFit,
    history: History,
    settings: PredictionSettings,
    rate: FloatArray,
    margin: FloatArray,
    value: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return the ends of the 80 % band of the value."""
    weeks = settings.horizon_months * DAYS_PER_MONTH / DAYS_PER_WEEK
    moments = intervals.order_moments(fit.order_fit, weeks, history, rate)
    mean = moments[0]
    plain = mean * margin
    factor = np.divide(value, plain, out=np.zeros_like(value), where=plain != 0)
    return intervals.value_band(
        moments,
        margin,
        margin_variances(fit.margin_fit, history),
        intervals.parameter_variance(fit.order_fit, weeks, history, mean),
        factor,
    )


def _run_rate(history: History, settings: PredictionSettings) -> FloatArray:
    """Return repeat order days per week so far."""
    floor = settings.run_rate_floor_days / DAYS_PER_WEEK
    return history.x / np.maximum(history.age, max(floor, 1e-6))
