"""Conditions over measures, and rules that join them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from .measures import Measure


class Operator(StrEnum):
    AT_LEAST = ">="
    MORE = ">"
    AT_MOST = "<="
    LESS = "<"
    EQUAL = "="


class Match(StrEnum):
    ALL = "all"
    ANY = "any"


_TESTS: Mapping[Operator, Callable[[float, float], bool]] = {
    Operator.AT_LEAST: lambda value, threshold: value >= threshold,
    Operator.MORE: lambda value, threshold: value > threshold,
    Operator.AT_MOST: lambda value, threshold: value <= threshold,
    Operator.LESS: lambda value, threshold: value < threshold,
    Operator.EQUAL: lambda value, threshold: value == threshold,
}


@dataclass(frozen=True, slots=True)
class Condition:
    """A measure and what it must be; what cannot be measured never holds."""

    measure: Measure
    operator: Operator
    threshold: float

    def holds(self, value: float | None) -> bool:
        return value is not None and _TESTS[self.operator](value, self.threshold)


@dataclass(frozen=True, slots=True)
class Rule:
    """Conditions of which all, or any, must hold; without any it always does."""

    conditions: tuple[Condition, ...] = ()
    match: Match = Match.ALL

    def holds(self, value_of: Callable[[Measure], float | None]) -> bool:
        found = (
            condition.holds(value_of(condition.measure))
            for condition in self.conditions
        )
        if self.match is Match.ANY and self.conditions:
            return any(found)
        return all(found)
