"""What is measured of a client's payments, and the limits it is held against."""

from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)


class ThresholdError(ValueError):
    """Limits that no rating can follow; `code` says which."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class PaymentBehaviour:
    """Measures of one client in one company, amounts in the company's currency.

    amount: paid, or open and overdue; weighted_days: sum of amount times days beyond
    the due date, early payments negative, open overdue counted to today; open_amount:
    not paid yet; overdue_amount: the part of it that is due; oldest_overdue_days: age
    of its oldest piece; broken and kept promises to pay; is_legal: in collection.
    """

    amount: Decimal = ZERO
    weighted_days: Decimal = ZERO
    open_amount: Decimal = ZERO
    overdue_amount: Decimal = ZERO
    oldest_overdue_days: int = 0
    broken_promises: int = 0
    kept_promises: int = 0
    is_legal: bool = False

    @property
    def days_beyond_terms(self) -> Decimal | None:
        """Average days late, weighted by amount; None without anything paid or due."""
        return self.weighted_days / self.amount if self.amount > 0 else None

    @property
    def overdue_ratio(self) -> Decimal:
        """Overdue in percent of what is open."""
        if self.open_amount <= 0:
            return ZERO
        return 100 * self.overdue_amount / self.open_amount


@dataclass(frozen=True)
class Thresholds:
    """Limits of the grades.

    a_days, b_days, c_days: highest average days late of the grade; overdue_days: an
    open amount that is overdue for longer bars grade A; overdue_ratio: from more than
    this percentage on the grade is one lower, 0 never; broken_promises: from this many
    on the grade is one lower, 0 never.
    """

    a_days: int = 0
    b_days: int = 15
    c_days: int = 45
    overdue_days: int = 30
    overdue_ratio: int = 50
    broken_promises: int = 2

    def __post_init__(self):
        if not self.a_days <= self.b_days <= self.c_days:
            raise ThresholdError("order")
        if min(self.overdue_days, self.overdue_ratio, self.broken_promises) < 0:
            raise ThresholdError("negative")
        if self.overdue_ratio > 100:
            raise ThresholdError("ratio")
