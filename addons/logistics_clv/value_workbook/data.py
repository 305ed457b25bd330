"""What the workbook is made of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Number = int | float | Decimal


class WorkbookError(Exception):
    """The data do not fit: code ``too_many_rows`` (maximum)."""

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One client; money in the workbook's currency, None where nothing is known.

    :param contribution: net, the cost-to-serve already taken off
    :param p_alive: probability that the client still buys, 0..1
    :param expected_orders: order days expected in the next 12 months
    :param expected_margin: contribution expected per order day
    :param current_value: discounted contribution expected over the horizon
    :param current_low, current_high: its 80 % band
    :param run_rate_value: the same by the simple run rate
    :param potential: expected from what the client buys elsewhere
    """

    name: str
    reference: str = ""
    tier: str = ""
    stage: str = ""
    first_order: date | None = None
    last_order: date | None = None
    order_days: int = 0
    revenue: Number = 0
    direct_cost: Number = 0
    contribution: Number = 0
    p_alive: float | None = None
    expected_orders: float | None = None
    expected_margin: Number | None = None
    current_value: Number | None = None
    run_rate_value: Number | None = None
    cost_to_serve: Number = 0
    salesperson: str = ""
    segment: str = ""
    band: str = ""
    current_low: Number | None = None
    current_high: Number | None = None
    potential: Number | None = None


@dataclass(frozen=True, slots=True)
class ReconciliationLine:
    """One side and reason: what the books say, what the ledger holds."""

    account: str
    name: str
    booked: Number
    ledger: Number
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PeriodLine:
    """One month: both sides of the accounts and of the ledger, as positive amounts."""

    period: date
    income_booked: Number = 0
    income_ledger: Number = 0
    cost_booked: Number = 0
    cost_ledger: Number = 0


@dataclass(frozen=True, slots=True)
class DifferenceLine:
    """One document whose accounts and ledger differ, and why."""

    date: date
    document: str
    partner: str
    account: str
    booked: Number
    ledger: Number
    reason: str


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One parameter; ``value`` is written as number, date or text by its type."""

    name: str
    value: Number | date | str | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class FitLine:
    """One parameter of a fitted model."""

    fit: str
    parameter: str
    value: str
    standard_error: str = ""
    log_likelihood: float | None = None
    observations: int | None = None


@dataclass(frozen=True, slots=True)
class CohortCell:
    """Clients of one first quarter, so many quarters later.

    :param size: clients of the cohort
    :param active: of them, who ordered in this quarter
    """

    cohort: str
    offset: int
    size: int
    active: int
    contribution: Number


@dataclass(frozen=True, slots=True)
class DecileLine:
    """A tenth of the clients, the highest predictions first."""

    number: int
    clients: int
    predicted: float
    actual: float


@dataclass(frozen=True, slots=True)
class AccuracyLine:
    """How well one forecast did; None where it cannot be told."""

    forecast: str
    mae: float | None = None
    rmse: float | None = None
    ratio: float | None = None
    correlation: float | None = None
    spearman: float | None = None
    gini: float | None = None
    top_decile: float | None = None


@dataclass(frozen=True, slots=True)
class HoldoutData:
    """The check of one measure (order days, contribution) on the last months."""

    measure: str
    deciles: Sequence[DecileLine] = ()
    accuracies: Sequence[AccuracyLine] = ()
    facts: Sequence[ParameterLine] = ()
    is_money: bool = False


@dataclass(frozen=True, slots=True)
class WorkbookData:
    """Everything that the workbook shows.

    :param title: heading of every sheet, e.g. the company's name
    :param subtitle: line below it on every sheet and every printed page: snapshot
        date, currency, rate source, horizon, rate, as one translated text
    :param currency: ISO code of all money in the workbook
    :param decimals: decimals of that currency
    :param symbol: what stands beside amounts, empty for nothing
    :param symbol_first: before the amount, as in $ 10
    :param clients: read once, in any order (descending total value reads best)
    :param absent: attributes of ClientLine that are not known and have no column
    :param tiers, stages, bands, segments: their names in order, for the tables
    :param reconciliation: one line per side and reason
    :param periods: the same by month
    :param differences: documents that differ, as many as one wants to show
    :param has_more_differences: and there are more
    :param parameters: settings and results of the valuation run
    :param fits: parameters of the models
    :param holdouts: empty if the models could not be checked
    :param notes: translated notes and warnings, shown on the summary
    :param labels: translations; keys are those of ``DEFAULT_LABELS``
    :param ledger_revenue: control total from the ledger itself, None if unknown
    :param ledger_cost: control total of direct cost, positive
    :param ledger_cost_to_serve: control total of cost-to-serve, positive
    :param top_clients: clients in the column chart
    """

    title: str
    subtitle: str
    currency: str
    decimals: int
    clients: Iterable[ClientLine]
    symbol: str = ""
    symbol_first: bool = False
    absent: frozenset[str] = frozenset()
    tiers: Sequence[str] = ()
    stages: Sequence[str] = ()
    bands: Sequence[str] = ()
    segments: Sequence[str] = ()
    reconciliation: Sequence[ReconciliationLine] = ()
    periods: Sequence[PeriodLine] = ()
    differences: Sequence[DifferenceLine] = ()
    has_more_differences: bool = False
    parameters: Sequence[ParameterLine] = ()
    fits: Sequence[FitLine] = ()
    cohorts: Sequence[CohortCell] = ()
    holdouts: Sequence[HoldoutData] = ()
    notes: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    ledger_revenue: Number | None = None
    ledger_cost: Number | None = None
    ledger_cost_to_serve: Number = 0
    top_clients: int = 20


@dataclass(frozen=True, slots=True)
class WorkbookTotals:
    """What was written, so that the caller can check it against the ledger."""

    clients: int
    revenue: Decimal
    direct_cost: Decimal
    cost_to_serve: Decimal
    contribution: Decimal
    current_value: Decimal
    run_rate_value: Decimal
    total_value: Decimal
    potential: Decimal
    lifetime_value: Decimal
