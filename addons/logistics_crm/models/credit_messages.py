"""The reasons of a credit rating in words, with their numbers."""

from odoo.tools import format_amount, formatLang


def explain(env, code, figures, currency):
    """Put one reason of the rating into words, with its numbers."""
    if code == "legal":
        return env._("D: the client is in legal collection.")
    if code == "no_history":
        return env._("Not rated: nothing was invoiced and due in the period.")
    if code == "no_invoices":
        return env._("C: nothing was due in the period, but was promised.")
    values = {
        "grade": str(figures.get("grade", "d")).upper(),
        "days": _days(env, figures.get("days")),
        "limit": figures.get("limit"),
        "ratio": _days(env, figures.get("ratio")),
        "count": figures.get("count"),
        "total": figures.get("total"),
        "amount": format_amount(env, float(figures.get("amount") or 0), currency),
    }
    if code == "days" and float(figures["days"]) <= 0:
        return env._(
            "%(grade)s: paid on average %(days)s days early or in time (weighted"
            " by amount, of %(amount)s).",
            **(values | {"days": _days(env, -float(figures["days"]))}),
        )
    if code == "days":
        return env._(
            "%(grade)s: paid on average %(days)s days late (weighted by amount, of"
            " %(amount)s); up to %(limit)s days are %(grade)s.",
            **values,
        )
    if code == "days_beyond":
        return env._(
            "D: paid on average %(days)s days late (weighted by amount, of"
            " %(amount)s), more than %(limit)s.",
            **values,
        )
    if code == "old_overdue":
        return env._(
            "Not better than %(grade)s: %(amount)s are overdue, the oldest for"
            " %(days)s days, more than %(limit)s.",
            **values,
        )
    if code == "overdue_ratio":
        return env._(
            "One grade lower, %(grade)s: %(ratio)s %% of what is open is overdue"
            " (%(amount)s), more than %(limit)s %%.",
            **values,
        )
    return env._(
        "One grade lower, %(grade)s: %(count)s of %(total)s promises to pay were"
        " broken.",
        **values,
    )


def _days(env, number):
    return formatLang(env, float(number or 0), digits=1)
