"""Who may keep, claim and take over a client, and when. Plain Python, no Odoo."""

from .protection import Protection, Standing, claims_left, cooling_until
from .service import Level, best_level
from .share import share_evenly
from .spread import spread

__all__ = [
    "Level",
    "Protection",
    "Standing",
    "best_level",
    "claims_left",
    "cooling_until",
    "share_evenly",
    "spread",
]
