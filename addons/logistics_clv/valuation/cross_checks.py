"""Plain formulas of textbooks: to check the order of magnitude, never the value itself.

None of them knows when a client orders, or how sure a figure is.
"""

from .errors import ValuationError


def simple_lifetime_value(
    monthly_revenue: float, margin_share: float, months: float
) -> float:
    """Return revenue a month times margin times months: not discounted."""
    return monthly_revenue * margin_share * months


def acquisition_cost(spent: float, clients: float) -> float:
    """Return what a new client cost on average.

    :raises ValuationError: ``not_positive`` without new clients
    """
    if not clients > 0:
        raise ValuationError("not_positive", name="clients")
    return spent / clients


def retention_value(
    margin: float, retention: float, annual_rate: float, acquisition: float = 0.0
) -> float:
    """Return margin x r / (1 + i - r) - acquisition: yearly margins without end.

    With a constant retention the sum is finite. Real retention rises with the age of
    a client, which is why the models of this package do not use it.

    :raises ValuationError: ``bad_share`` (retention outside 0..1), ``bad_rate``
    """
    if not 0.0 <= retention < 1.0:
        raise ValuationError("bad_share")
    if not annual_rate >= 0.0:
        raise ValuationError("bad_rate", rate=annual_rate)
    return margin * retention / (1.0 + annual_rate - retention) - acquisition
