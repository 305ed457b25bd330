"""How sure it is that two customers are one. Plain Python, no Odoo."""

from .score import REASONS, score

__all__ = ["REASONS", "score"]
