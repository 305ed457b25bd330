"""The measures of the lifecycle in words: label, unit and where each comes from."""

from ..lifecycle import Measure

MEASURE_LABELS = [
    (Measure.TENURE_DAYS.value, "Days since the First Order"),
    (Measure.ORDER_COUNT.value, "Orders so far"),
    (Measure.ORDER_DAYS.value, "Days with an Order so far"),
    (Measure.ORDERS_90.value, "Orders in 90 Days"),
    (Measure.ORDERS_365.value, "Orders in 365 Days"),
    (Measure.SHIPMENTS_90.value, "Shipments in 90 Days"),
    (Measure.SHIPMENTS_365.value, "Shipments in 365 Days"),
    (Measure.DAYS_SINCE_LAST.value, "Days since the Last Order"),
    (Measure.SILENCE_RATIO.value, "Silence against the Usual Interval"),
    (Measure.VOLUME_TREND.value, "Trend of the Year (%)"),
    (Measure.QUARTER_TREND.value, "Trend of the Quarter (%)"),
    (Measure.CONTRIBUTION_365.value, "Contribution in 365 Days"),
    (Measure.OPEN_CASES.value, "Open Cases"),
    (Measure.OVERDUE_DAYS.value, "Days Overdue"),
    (Measure.OVERDUE_AMOUNT.value, "Amount Overdue"),
]
OPERATORS = [
    (">=", "at least"),
    (">", "more than"),
    ("<=", "at most"),
    ("<", "less than"),
    ("=", "exactly"),
]
# Whoever may not see these may not read them in a reason either.
CREDIT_MEASURES = frozenset({Measure.OVERDUE_DAYS.value, Measure.OVERDUE_AMOUNT.value})
COST_MEASURES = frozenset({Measure.CONTRIBUTION_365.value})


def measure_sources(env):
    """Return where each measure comes from, for the documentation of a rule."""
    return {
        "tenure_days": env._("Calendar days from the first order day to today."),
        "order_count": env._(
            "Confirmed orders, and posted invoices that no order stands behind."
        ),
        "order_days": env._("Different days on which there was an order."),
        "orders_90": env._("Orders of the last 90 days."),
        "orders_365": env._("Orders of the last 365 days."),
        "shipments_90": env._("Done transfers of the last 90 days (with Inventory)."),
        "shipments_365": env._("Done transfers of the last 365 days (with Inventory)."),
        "days_since_last": env._("Calendar days from the last order day to today."),
        "silence_ratio": env._(
            "Days since the last order over the client's own usual interval. With few"
            " orders the interval of all clients counts like two of its own."
        ),
        "volume_trend": env._(
            "Orders of the last 365 days against the year before, in percent, less what"
            " all clients together did: season and market are taken out. Unknown below"
            " three orders in the year before."
        ),
        "quarter_trend": env._(
            "The same for the last 90 days against the same days a year before."
        ),
        "contribution_365": env._(
            "Margin of the orders of the last 365 days, in the currency of the main"
            " company; their untaxed amount where no margin is kept."
        ),
        "open_cases": env._("Service cases that are not closed."),
        "overdue_days": env._("Days since the oldest open receivable was due."),
        "overdue_amount": env._(
            "Open receivables past their due day, in the currency of the main company."
        ),
    }


def describe_reason(env, measure, operator, threshold, value):
    """Return one measured fact as a phrase: label, value and the border it passed."""
    labels = dict(
        env["logistics.lifecycle.condition"]
        ._fields["measure"]
        ._description_selection(env)
    )
    return env._(
        "%(measure)s %(value)s (%(operator)s %(threshold)s)",
        measure=labels.get(measure, measure),
        value=_number(value),
        operator=operator.replace(">=", "≥").replace("<=", "≤"),
        threshold=_number(threshold),
    )


def _number(value):
    return f"{value:,.1f}".removesuffix(".0")
