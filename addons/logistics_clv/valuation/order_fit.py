"""Which order model a base gets: fitted, held by a prior, a template, or none."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from . import mbg_cnbd_k
from .beta_geometric import TEMPLATE_SHAPE, BetaGeometricFit, Parameters, Prior
from .bg_nbd import BgNbdFit
from .discounting import DAYS_PER_WEEK
from .errors import Note
from .facts import History
from .mbg_cnbd_k import MbgCnbdFit
from .mbg_nbd import MbgNbdFit

OrderFit = BetaGeometricFit | MbgCnbdFit

_FAR_FROM_PRIOR = 3.0


class OrderModel(StrEnum):
    """How orders are predicted."""

    BG_NBD = "bg_nbd"
    MBG_NBD = "mbg_nbd"
    MBG_CNBD = "mbg_cnbd"


class MoneyModel(StrEnum):
    """How the margin per order is predicted; AUTO takes what the data allow."""

    AUTO = "auto"
    GAMMA_GAMMA = "gamma_gamma"
    CREDIBILITY = "credibility"


class OrderSource(StrEnum):
    """Where the parameters behind the expected orders come from."""

    FITTED = "fitted"  # this base; under MBG/CNBD-k with the weak prior it always has
    PRIOR = "prior"  # this base, held near the template by a weak prior
    TEMPLATE = "template"  # too few clients: template shape, this base's tempo
    RUN_RATE = "run_rate"  # no usable model: orders so far per day, carried on


@dataclass(frozen=True, slots=True)
class PredictionSettings:
    """Choices of the user; the defaults are those of the documented method.

    :param model: model behind the expected orders and the value
    :param churn_model: model behind ``p_alive``; not BG/NBD, under which a client
        without a repeat order is alive with certainty
    :param money_model: model behind the margin of an order day
    :param horizon_months: months of future that count; finite by design
    :param annual_rate: effective annual discount rate, 0.10 = 10 %
    :param horizons: months for which expected orders are reported
    :param base_correction: factor on expected orders, from a holdout: actual divided
        by predicted
    :param use_run_rate: predict with the run rate, as when it won the holdout
    :param min_clients: clients needed for parameters of one's own
    :param min_repeaters: clients with a second order day needed for the same
    :param min_history_days: age of the oldest client needed for the same
    :param template_gap_days: usual days between orders when the base cannot tell
    :param run_rate_floor_days: age below which a client's rate is not extrapolated
        from his own few days
    """

    model: OrderModel = OrderModel.MBG_CNBD
    churn_model: OrderModel = OrderModel.MBG_CNBD
    money_model: MoneyModel = MoneyModel.CREDIBILITY
    horizon_months: int = 36
    annual_rate: float = 0.10
    horizons: Sequence[int] = (12, 36)
    base_correction: float = 1.0
    use_run_rate: bool = False
    min_clients: int = 50
    min_repeaters: int = 20
    min_history_days: int = 182
    template_gap_days: float = 30.4375
    run_rate_floor_days: float = 91.0


_CLASSES: dict[OrderModel, type[BetaGeometricFit]] = {
    OrderModel.BG_NBD: BgNbdFit,
    OrderModel.MBG_NBD: MbgNbdFit,
}


def is_large(history: History, settings: PredictionSettings) -> bool:
    """Tell whether a base is large and old enough for parameters of its own."""
    return not _shortage(history, settings)


def fit_orders(
    model: OrderModel,
    history: History,
    settings: PredictionSettings,
    notes: list[Note],
) -> tuple[OrderFit | None, OrderSource]:
    """Fit the model; failing that with a prior; failing that take what is left."""
    template = _template(history, settings)
    if shortage := _shortage(history, settings):
        note = Note("template_parameters", shortage)
        if note not in notes:
            notes.append(note)
        clients = float(len(history.x))
        if model is OrderModel.MBG_CNBD:
            return MbgCnbdFit(*template, n=clients), OrderSource.TEMPLATE
        return _CLASSES[model](*template, n=clients), OrderSource.TEMPLATE
    if model is OrderModel.MBG_CNBD:
        return _fit_regular(history, template, notes)
    return _fit_random(model, history, template, notes)


def _fit_random(
    model: OrderModel, history: History, template: Parameters, notes: list[Note]
) -> tuple[OrderFit | None, OrderSource]:
    fit_class = _CLASSES[model]
    fit = fit_class.fit(*history.past)
    if fit.converged:
        return fit, OrderSource.FITTED
    code = "fit_at_boundary" if fit.at_boundary else "fit_not_converged"
    notes.append(Note(code, {"model": str(model)}))
    fit = fit_class.fit(*history.past, prior=Prior(template))
    return _judge(model, fit, OrderSource.PRIOR, template, notes)


def _fit_regular(
    history: History, template: Parameters, notes: list[Note]
) -> tuple[OrderFit | None, OrderSource]:
    """Fit MBG/CNBD-k with its weak prior; k from the data if the gaps are known."""
    log_gaps = history.log_gaps
    k = 1 if log_gaps is None else None
    fit = mbg_cnbd_k.fit(
        *history.past,
        np.zeros_like(history.x) if log_gaps is None else log_gaps,
        k=k,
        prior=Prior(template),
    )
    model = OrderModel.MBG_CNBD
    return _judge(model, fit, OrderSource.FITTED, template, notes)


def _judge(
    model: OrderModel,
    fit: OrderFit,
    source: OrderSource,
    template: Parameters,
    notes: list[Note],
) -> tuple[OrderFit | None, OrderSource]:
    if not fit.converged:
        notes.append(Note("run_rate_only", {"model": str(model)}))
        return None, OrderSource.RUN_RATE
    k = getattr(fit, "k", 1)
    per_order = fit.parameters._replace(alpha=fit.alpha * k)
    away = np.abs(np.log(per_order) - np.log(template))
    if away.max() > _FAR_FROM_PRIOR:
        notes.append(Note("far_from_prior", {"model": str(model)}))
    return fit, source


def _shortage(history: History, settings: PredictionSettings) -> dict[str, int]:
    """Return what a base has and what it would need, if it has too little."""
    clients = len(history.x)
    repeaters = int(np.count_nonzero(history.x))
    oldest = float(history.age.max(initial=0.0)) * DAYS_PER_WEEK
    if (
        clients >= settings.min_clients
        and repeaters >= max(settings.min_repeaters, 1)
        and oldest >= settings.min_history_days
    ):
        return {}
    return {
        "clients": clients,
        "repeaters": repeaters,
        "history_days": round(oldest),
        "min_clients": settings.min_clients,
        "min_repeaters": settings.min_repeaters,
        "min_history_days": settings.min_history_days,
    }


def _template(history: History, settings: PredictionSettings) -> Parameters:
    """Return template parameters at the tempo of the base, in weeks.

    The mean gap of the base counts with its orders, the usual gap like two orders.
    """
    usual = settings.template_gap_days / DAYS_PER_WEEK
    gap = (math.fsum(history.tx) + 2.0 * usual) / (math.fsum(history.x) + 2.0)
    return TEMPLATE_SHAPE._replace(alpha=TEMPLATE_SHAPE.r * max(gap, 1e-6))
