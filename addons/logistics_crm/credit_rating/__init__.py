"""How a client pays, as a grade with its reasons; plain Python, no Odoo."""

from .behaviour import PaymentBehaviour, Thresholds, ThresholdError
from .rating import GRADES, Rating, Reason, rate, worst

__all__ = [
    "GRADES",
    "PaymentBehaviour",
    "Rating",
    "Reason",
    "ThresholdError",
    "Thresholds",
    "rate",
    "worst",
]
