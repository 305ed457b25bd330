"""Which stage a client belongs to, and whether it is time to move there.

Stages are asked in the order of their priority: the first one with an entry rule that
holds takes the client; where none does, the stage that is the scheme's default. A
client leaves its stage only if one of the stage's exit rules holds (a stage without any
may be left at once) and if the new stage was right in so many runs one after another
(hysteresis). A stage that is asked earlier takes a client whatever the exit rules say:
who has gone silent need not stop growing first. A hold keeps the client whatever the
facts say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from .conditions import Condition, Rule
from .measures import Base, ClientFacts, Measure, measure


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of a scheme.

    :param entry: any of these rules lets a client in
    :param exit: any of these lets it out; none: nothing keeps it
    :param runs: runs in which the stage must be right before a client moves there
    :param is_default: takes the clients that no rule takes
    """

    key: int
    entry: tuple[Rule, ...] = ()
    exit: tuple[Rule, ...] = ()
    runs: int = 1
    is_default: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a client is: its stage, and what the runs before have found.

    :param candidate: the stage that was right in the last run, if it is another one
    :param candidate_runs: in how many runs one after another
    :param hold_until: last day of a hold; None without one
    """

    stage: int | None = None
    candidate: int | None = None
    candidate_runs: int = 0
    hold_until: date | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a run makes of a client.

    :ivar stage: where it is now; the old one if it does not move
    :ivar moves: whether it moves
    :ivar candidate: the stage that would be right, while it does not move
    :ivar candidate_runs: in how many runs it has been
    :ivar reasons: the conditions that decided, with what was measured
    """

    stage: int | None
    moves: bool
    candidate: int | None = None
    candidate_runs: int = 0
    reasons: tuple[tuple[Condition, float], ...] = ()


def decide(
    stages: Sequence[Stage],
    facts: ClientFacts,
    standing: Standing,
    today: date,
    base: Base,
) -> Decision:
    """Decide on one client.

    :param stages: of one scheme, in the order in which they are asked
    """

    @cache
    def value_of(name: Measure) -> float | None:
        return measure(facts, name, today, base)

    target, rule = _find_target(stages, value_of)
    if target is None or target.key == standing.stage:
        return Decision(standing.stage, moves=False)
    held = standing.hold_until is not None and standing.hold_until >= today
    reasons = _reasons(rule, value_of)
    known = next((stage for stage in stages if stage.key == standing.stage), None)
    if known is None and not held:
        # New here, or from another scheme: nothing to be slow about.
        return Decision(target.key, moves=True, reasons=reasons)
    if known and known.exit and not _is_before(stages, target, known):
        left = next((rule for rule in known.exit if rule.holds(value_of)), None)
        if left is None:
            return Decision(standing.stage, moves=False)
        reasons = (*_reasons(left, value_of), *reasons)
    runs = standing.candidate_runs + 1 if standing.candidate == target.key else 1
    if held or runs < target.runs:
        return Decision(standing.stage, False, target.key, runs, reasons)
    return Decision(target.key, moves=True, reasons=reasons)


def _is_before(stages, first: Stage, second: Stage) -> bool:
    keys = [stage.key for stage in stages if stage.entry]
    return (
        first.key in keys
        and second.key in keys
        and keys.index(first.key) < keys.index(second.key)
    )


def _find_target(stages, value_of) -> tuple[Stage | None, Rule | None]:
    for stage in stages:
        for rule in stage.entry:
            if rule.holds(value_of):
                return stage, rule
    return next((stage for stage in stages if stage.is_default), None), None


def _reasons(rule: Rule | None, value_of) -> tuple[tuple[Condition, float], ...]:
    """Return the conditions of a rule that hold, with what was measured."""
    if rule is None:
        return ()
    return tuple(
        (condition, value)
        for condition in rule.conditions
        if (value := value_of(condition.measure)) is not None and condition.holds(value)
    )
