"""What the pure packages say, in the user's language: every code in one place."""

from decimal import Decimal

from odoo.tools import formatLang

# Measures of RatingError("measure_missing") and ("negative_quantity").


def _measure_name(env, measure):
    names = {
        "container": env._("the containers"),
        "teu": env._("the containers"),
        "feu": env._("the containers"),
        "wm": env._("the weight or the volume"),
        "gross_kg": env._("the weight"),
        "hundred_kg": env._("the weight"),
        "tonne": env._("the weight"),
        "chargeable_kg": env._("the weight or the dimensions"),
        "cbm": env._("the volume or the dimensions"),
        "ldm": env._("the length and the width"),
        "piece": env._("the pieces"),
        "pieces": env._("the pieces"),
        "weight_kg": env._("the weight"),
        "volume_m3": env._("the volume"),
        "container_count": env._("the containers"),
    }
    return names.get(measure, measure)


def rating_error_message(env, error, charge_name=""):
    """Return the translated text of a RatingError, with what to do about it."""
    params = error.params
    match error.code:
        case "container_price_missing":
            return env._(
                "%(charge)s has no price for %(container)s.",
                charge=charge_name,
                container=params["container_type"],
            )
        case "measure_missing":
            return env._(
                "%(charge)s cannot be reckoned: enter %(measure)s of the cargo.",
                charge=charge_name,
                measure=_measure_name(env, params["measure"]),
            )
        case "negative_quantity":
            return env._(
                "The cargo has a negative value: correct %(measure)s.",
                measure=_measure_name(env, params["measure"]),
            )
        case "container_type_missing":
            return env._("Choose the type of the containers in the cargo.")
        case "break_missing":
            return env._(
                "%(charge)s has no price for a quantity as small as %(quantity)s.",
                charge=charge_name,
                quantity=f"{params['quantity']:f}",
            )
        case "percent_base_missing":
            return env._(
                "%(charge)s is a percentage of charges that this offer does not"
                " have: correct the rate.",
                charge=charge_name,
            )
        case "percent_cycle":
            return env._(
                "Percentages that refer to each other cannot be reckoned:"
                " %(path)s. Correct one of the rates.",
                path=" → ".join(params["path"]),
            )
        case "volumetric_rule_missing" | "invalid_volumetric_rule":
            return env._(
                "%(charge)s needs a volumetric weight: set it on the transport mode.",
                charge=charge_name,
            )
        case "exchange_rate_missing":
            return env._(
                "There is no exchange rate for %(currency)s: enter one in Accounting.",
                currency=params["currency"],
            )
        case _:
            return env._(
                "%(charge)s cannot be reckoned (%(code)s): correct the rate.",
                charge=charge_name,
                code=error.code,
            )


def unit_name(env, unit, quantity):
    names = {
        "shipment": env._("shipment") if quantity == 1 else env._("shipments"),
        "container": env._("container") if quantity == 1 else env._("containers"),
        "piece": env._("piece") if quantity == 1 else env._("pieces"),
    }
    return names.get(unit, unit)


def _number(env, value, digits=None):
    value = value.normalize()
    if digits is None:
        digits = min(max(0, -value.as_tuple().exponent), 4)
    return formatLang(env, float(value), digits=digits)


def format_price(env, value, *, short=False):
    """Return a float in the user's format, with the decimals that it has.

    At least two, but none for a whole number in a short text.
    """
    digits = -Decimal(repr(value)).normalize().as_tuple().exponent
    if digits > 0 or not short:
        digits = max(digits, 2)
    return formatLang(env, value, digits=min(max(digits, 0), 6))


def _quantity(env, value, unit):
    number = _number(env, value)
    label = unit_name(env, unit, value)
    return f"{number} × {label}" if label[:1].isdigit() else f"{number} {label}"


def explain_quantity(env, explanation):
    """Return what was charged for, without any price: clients may read it."""
    params = explanation.params
    match explanation.code:
        case "minimum" | "maximum":
            return explain_quantity(env, params["reckoned"])
        case "containers":
            return " + ".join(
                f"{_number(env, part.quantity)} × {part.container_type}"
                for part in params["parts"]
            )
        case "quantity":
            return _quantity(env, params["quantity"], params["unit"])
        case "as_if":
            return env._(
                "%(actual)s as %(quantity)s",
                actual=_quantity(env, params["actual"], params["unit"]),
                quantity=_quantity(env, params["quantity"], params["unit"]),
            )
        case _:
            return ""


def explain_cost(env, explanation):
    """Return how an amount was reckoned, prices included: for the pricing desk."""
    params = explanation.params

    def amount(name):
        return format_price(env, float(params[name]))

    currency = params.get("currency")
    match explanation.code:
        case "shipment":
            return env._(
                "%(rate)s %(currency)s per shipment",
                rate=amount("rate"),
                currency=currency,
            )
        case "quantity":
            quantity = _quantity(env, params["quantity"], params["unit"])
            return f"{quantity} × {amount('rate')} = {amount('amount')} {currency}"
        case "as_if":
            return env._(
                "%(actual)s as %(quantity)s × %(rate)s = %(amount)s %(currency)s",
                actual=_quantity(env, params["actual"], params["unit"]),
                quantity=_quantity(env, params["quantity"], params["unit"]),
                rate=amount("rate"),
                amount=amount("amount"),
                currency=currency,
            )
        case "containers":
            parts = " + ".join(
                f"{_number(env, part.quantity)} × {part.container_type}"
                f" × {_number(env, part.rate, 2)}"
                for part in params["parts"]
            )
            return f"{parts} = {amount('amount')} {currency}"
        case "percent":
            return env._(
                "%(rate)s %% of %(base)s %(currency)s = %(amount)s %(currency)s",
                rate=_number(env, params["rate"]),
                base=amount("base_amount"),
                amount=amount("amount"),
                currency=currency,
            )
        case "minimum":
            return env._(
                "%(reckoned)s, minimum %(amount)s %(currency)s",
                reckoned=explain_cost(env, params["reckoned"]),
                amount=amount("amount"),
                currency=currency,
            )
        case "maximum":
            return env._(
                "%(reckoned)s, maximum %(amount)s %(currency)s",
                reckoned=explain_cost(env, params["reckoned"]),
                amount=amount("amount"),
                currency=currency,
            )
        case _:
            return str(explanation)
