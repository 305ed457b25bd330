"""What a client is worth: probability models, discounting and prediction.

Pure: numpy and scipy, no Odoo. Time is in weeks inside, in days at the border
(``ClientFacts``) and in months for horizons; money is in one currency throughout.
"""

from . import (
    bg_bb,
    bg_nbd,
    cost_allocation,
    credibility,
    discounting,
    driver_formula,
    gamma_gamma,
    mbg_cnbd_k,
    mbg_nbd,
    pareto_nbd,
    sbg,
)
from .beta_geometric import BetaGeometricFit, Parameters, Prior
from .bg_bb import BgBbFit
from .bg_nbd import BgNbdFit
from .credibility import CredibilityFit
from .errors import Note, ValuationError
from .facts import ClientFacts
from .gamma_gamma import GammaGammaFit
from .mbg_cnbd_k import MbgCnbdFit
from .mbg_nbd import MbgNbdFit
from .pareto_nbd import ParetoNbdFit
from .order_fit import MoneyModel, OrderModel, OrderSource, PredictionSettings
from .prediction import Prediction, SegmentFit, predict
from .sbg import SbgFit

__all__ = [
    "BetaGeometricFit",
    "BgBbFit",
    "BgNbdFit",
    "ClientFacts",
    "CredibilityFit",
    "GammaGammaFit",
    "MbgCnbdFit",
    "MbgNbdFit",
    "MoneyModel",
    "Note",
    "OrderModel",
    "OrderSource",
    "Parameters",
    "ParetoNbdFit",
    "Prediction",
    "PredictionSettings",
    "Prior",
    "SbgFit",
    "SegmentFit",
    "ValuationError",
    "bg_bb",
    "bg_nbd",
    "cost_allocation",
    "credibility",
    "discounting",
    "driver_formula",
    "gamma_gamma",
    "mbg_cnbd_k",
    "mbg_nbd",
    "pareto_nbd",
    "predict",
    "sbg",
]
