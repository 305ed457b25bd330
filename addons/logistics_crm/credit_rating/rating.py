"""The grade of a client and why, step by step."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from .behaviour import PaymentBehaviour, Thresholds

GRADES = ("a", "b", "c", "d")
Figure = Decimal | int | str


@dataclass(frozen=True)
class Reason:
    """A step towards the grade: a code with its figures, put into words elsewhere."""

    code: str
    figures: dict[str, Figure] = field(default_factory=dict)


@dataclass(frozen=True)
class Rating:
    """A grade, or None where nothing is known, with all reasons in order."""

    grade: str | None
    reasons: tuple[Reason, ...]


def rate(behaviour: PaymentBehaviour, thresholds: Thresholds) -> Rating:
    """Grade by the average days late, then look for what speaks against it.

    >>> rate(PaymentBehaviour(Decimal(100), Decimal(900)), Thresholds()).grade
    'b'
    """
    if behaviour.is_legal:
        return Rating("d", (Reason("legal"),))
    days = behaviour.days_beyond_terms
    if days is None:
        if behaviour.broken_promises:
            return _step_down("c", behaviour, thresholds, [Reason("no_invoices")])
        return Rating(None, (Reason("no_history"),))
    limits = {"a": thresholds.a_days, "b": thresholds.b_days, "c": thresholds.c_days}
    grade = next((grade for grade, limit in limits.items() if days <= limit), "d")
    figures = {"days": days, "amount": behaviour.amount}
    if grade == "d":
        reasons = [Reason("days_beyond", {**figures, "limit": thresholds.c_days})]
    else:
        reasons = [Reason("days", {**figures, "limit": limits[grade], "grade": grade})]
    if grade == "a" and behaviour.oldest_overdue_days > thresholds.overdue_days:
        grade = "b"
        reasons.append(
            Reason(
                "old_overdue",
                {
                    "days": behaviour.oldest_overdue_days,
                    "limit": thresholds.overdue_days,
                    "amount": behaviour.overdue_amount,
                    "grade": grade,
                },
            )
        )
    return _step_down(grade, behaviour, thresholds, reasons)


def worst(grades: Iterable[str | None]) -> str | None:
    """Return the lowest of the grades, None when none is known."""
    return max((grade for grade in grades if grade), key=GRADES.index, default=None)


def _step_down(grade, behaviour, thresholds, reasons):
    """Lower the grade by one for a high overdue ratio, and for broken promises."""
    ratio = behaviour.overdue_ratio
    if thresholds.overdue_ratio and ratio > thresholds.overdue_ratio:
        grade = _lower(grade)
        figures = {"ratio": ratio, "limit": thresholds.overdue_ratio, "grade": grade}
        reasons.append(
            Reason("overdue_ratio", {**figures, "amount": behaviour.overdue_amount})
        )
    broken = behaviour.broken_promises
    if thresholds.broken_promises and broken >= thresholds.broken_promises:
        grade = _lower(grade)
        reasons.append(
            Reason(
                "broken_promises",
                {
                    "count": broken,
                    "total": broken + behaviour.kept_promises,
                    "grade": grade,
                },
            )
        )
    return Rating(grade, tuple(reasons))


def _lower(grade):
    return GRADES[min(GRADES.index(grade) + 1, len(GRADES) - 1)]
