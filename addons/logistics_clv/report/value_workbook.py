"""Write the value workbook: summary, clients, reconciliation and parameters as xlsx.

Pure: no Odoo here, only the standard library and xlsxwriter. The caller hands over
translated labels, numbers, and the clients as an iterable that is read once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import BinaryIO

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class ClientLine:
    """One client; money in the workbook's currency, None where nothing is known.

    :param p_alive: probability that the client still buys, 0..1
    :param expected_orders: order days expected in the next 12 months
    :param expected_margin: contribution expected per order day
    :param current_value: discounted contribution expected over the horizon
    :param run_rate_value: the same by the simple run rate
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


@dataclass(frozen=True, slots=True)
class ReconciliationLine:
    """One account: what the books say, what the ledger holds, and why they differ."""

    account: str
    name: str
    booked: Number
    ledger: Number
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """One parameter; ``value`` is written as number, date or text by its type."""

    name: str
    value: Number | date | str | None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class WorkbookData:
    """Everything that the workbook shows.

    :param title: heading of every sheet, e.g. the company's name
    :param subtitle: line below it on every sheet: snapshot date, currency, horizon,
        rate, as one translated text
    :param currency: ISO code of all money in the workbook
    :param decimals: decimals of that currency
    :param clients: read once, in any order (descending total value reads best)
    :param reconciliation: one line per account, a few hundred at most
    :param parameters: model parameters and settings of the valuation run
    :param notes: translated notes and warnings, shown on the summary
    :param labels: translations; keys are those of ``DEFAULT_LABELS``
    :param ledger_revenue: control total from the ledger itself, None if unknown
    :param ledger_cost: control total of direct cost, positive
    :param top_clients: clients in the column chart
    """

    title: str
    subtitle: str
    currency: str
    decimals: int
    clients: Iterable[ClientLine]
    reconciliation: Sequence[ReconciliationLine] = ()
    parameters: Sequence[ParameterLine] = ()
    notes: Sequence[str] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    ledger_revenue: Number | None = None
    ledger_cost: Number | None = None
    top_clients: int = 20


@dataclass(frozen=True, slots=True)
class WorkbookTotals:
    """What was written, so that the caller can check it against the ledger."""

    clients: int
    revenue: Decimal
    direct_cost: Decimal
    contribution: Decimal
    current_value: Decimal


def write_workbook(stream: BinaryIO, data: WorkbookData) -> WorkbookTotals:
    """Write the workbook to ``stream`` and return the totals written."""
    raise NotImplementedError
