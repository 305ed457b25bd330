"""What a client under contract is worth: the margin agreed, then the renewals.

Up to the end of the contract its margin is due; afterwards each further period counts
as far as the client is expected to renew (shifted beta-geometric).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .discounting import monthly_rate
from .errors import ValuationError
from .rows import as_columns, check_not_negative
from .sbg import SbgFit

FloatArray = NDArray[np.float64]

# Without a history of renewals: three of four renew the first time, and later more.
TEMPLATE = SbgFit(1.0, 3.0)


def contract_value(
    monthly_margin: ArrayLike,
    months_left: ArrayLike,
    renewals: ArrayLike,
    horizon_months: int,
    annual_rate: float,
    fit: SbgFit = TEMPLATE,
    period_months: int = 12,
) -> FloatArray:
    """Return the discounted margin of clients under contract over the horizon; (n,).

    :param monthly_margin: contribution per month, in money, of any sign
    :param months_left: months to the end of the contract, >= 0
    :param renewals: renewals made so far
    :param horizon_months: months of future that count
    :param annual_rate: effective, 0.10 = 10 %
    :param period_months: months that a renewal adds
    :raises ValuationError: ``shape_mismatch``, ``not_finite``, ``negative``,
        ``bad_horizon``, ``bad_rate``
    """
    margin, left, renewals = as_columns(
        monthly_margin=monthly_margin, months_left=months_left, renewals=renewals
    )
    check_not_negative(months_left=left, renewals=renewals)
    if horizon_months < 1 or period_months < 1:
        raise ValuationError("bad_horizon", months=min(horizon_months, period_months))
    discount = 1.0 + monthly_rate(annual_rate)
    value = np.zeros(len(margin))
    for month in range(horizon_months):
        # The part of the month within the contract, and the renewals made by its rest.
        inside = np.clip(left - month, 0.0, 1.0)
        ahead = np.floor(np.maximum(month + 0.5 - left, 0.0) / period_months) + 1.0
        stays = fit.survival(renewals + ahead) / fit.survival(renewals)
        value += margin * (inside + (1.0 - inside) * stays) / discount ** (month + 0.5)
    return value
