"""When a client must be looked at again although nothing has happened.

Measures that grow with time pass a threshold on a day that is known beforehand; so a
nightly run need not look at everybody. What depends on a window is recounted when
something leaves it, which the database finds by date.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from .conditions import Condition
from .decision import Decision, Stage
from .measures import MEASURES, Base, ClientFacts, Measure, MeasureKind, usual_interval

# A century: nobody waits longer.
_LONGEST = 36_500


def timed_conditions(stages: Sequence[Stage]) -> tuple[Condition, ...]:
    """Return the conditions of a scheme that time alone may turn, each once."""
    return tuple(
        condition
        for condition in _conditions(stages)
        if MEASURES[condition.measure] in (MeasureKind.AGE, MeasureKind.RATIO)
    )


def next_check(
    timed: Iterable[Condition],
    facts: ClientFacts,
    decision: Decision,
    today: date,
    base: Base,
) -> date | None:
    """Return the next day on which a rule may say something else; None for never.

    While a move waits for further runs every day counts.

    :param timed: the ``timed_conditions`` of the scheme
    """
    if decision.candidate is not None:
        return today + timedelta(days=1)
    days = [
        day
        for condition in timed
        for day in _passing_days(condition, facts, base)
        if day > today
    ]
    return min(days, default=None)


def _conditions(stages: Iterable[Stage]) -> set[Condition]:
    return {
        condition
        for stage in stages
        for rule in (*stage.entry, *stage.exit)
        for condition in rule.conditions
    }


def _passing_days(
    condition: Condition, facts: ClientFacts, base: Base
) -> tuple[date, ...]:
    """Return the day on which a growing measure reaches its threshold, and is past."""
    kind = MEASURES[condition.measure]
    since = {
        Measure.TENURE_DAYS: facts.first_order,
        Measure.OVERDUE_DAYS: facts.overdue_since,
    }.get(condition.measure, facts.last_order)
    if since is None or kind not in (MeasureKind.AGE, MeasureKind.RATIO):
        return ()
    days = condition.threshold
    if kind is MeasureKind.RATIO:
        days *= max(usual_interval(facts, base), 1.0)
    if not 0 <= days <= _LONGEST:
        return ()
    return tuple(
        since + timedelta(days=passed)
        for passed in (math.ceil(days), math.floor(days) + 1)
    )
