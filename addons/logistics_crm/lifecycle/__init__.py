"""Where a client stands: rules over measured facts, with a memory. Pure Python."""

from .conditions import Condition, Match, Operator, Rule
from .decision import Decision, Stage, Standing, decide
from .measures import (
    MEASURES,
    Base,
    ClientFacts,
    Measure,
    MeasureKind,
    base_gap,
    measure,
    usual_interval,
)
from .schedule import next_check, timed_conditions

__all__ = [
    "MEASURES",
    "Base",
    "ClientFacts",
    "Condition",
    "Decision",
    "Match",
    "Measure",
    "MeasureKind",
    "Operator",
    "Rule",
    "Stage",
    "Standing",
    "base_gap",
    "decide",
    "measure",
    "next_check",
    "timed_conditions",
    "usual_interval",
]
