"""What a client is worth: probability models, discounting and prediction.

Pure: numpy and scipy, no Odoo. Time is in weeks inside, in days at the border
(``ClientFacts``) and in months for horizons; money is in one currency throughout.
"""

from . import bg_nbd, credibility, discounting, gamma_gamma, mbg_nbd
from .beta_geometric import BetaGeometricFit, Parameters, Prior
from .bg_nbd import BgNbdFit
from .credibility import CredibilityFit
from .errors import Note, ValuationError
from .gamma_gamma import GammaGammaFit
from .mbg_nbd import MbgNbdFit
from .prediction import (
    ClientFacts,
    MoneyModel,
    OrderModel,
    OrderSource,
    Prediction,
    PredictionSettings,
    predict,
)

__all__ = [
    "BetaGeometricFit",
    "BgNbdFit",
    "ClientFacts",
    "CredibilityFit",
    "GammaGammaFit",
    "MbgNbdFit",
    "MoneyModel",
    "Note",
    "OrderModel",
    "OrderSource",
    "Parameters",
    "Prediction",
    "PredictionSettings",
    "Prior",
    "ValuationError",
    "bg_nbd",
    "credibility",
    "discounting",
    "gamma_gamma",
    "mbg_nbd",
    "predict",
]
