"""From what a charge costs us to what it is sold for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .cargo import ZERO
from .explanation import Explanation
from .rounding import Convert, RoundAmount

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class MarginRule:
    """Margin for what it matches; an empty criterion matches everything.

    ``percent`` is added to the buy price (a mark-up), ``amount_per_unit`` for each
    unit charged; ``minimum_profit`` is what all charges that the rule prices in one
    quote must earn together.
    """

    key: str
    sequence: int = 10
    partner: str | None = None
    tier: str | None = None
    mode: str | None = None
    section: str | None = None
    percent: Decimal = ZERO
    amount_per_unit: Decimal = ZERO
    minimum_profit: Decimal = ZERO
    currency: str | None = None

    @property
    def specificity(self) -> tuple[bool, bool, bool, bool]:
        """Order of precedence: client, then tier, then section, then mode."""
        return (
            self.partner is not None,
            self.tier is not None,
            self.section is not None,
            self.mode is not None,
        )


@dataclass(frozen=True, slots=True)
class MarginLine:
    """A bought charge to be sold; its currency is also the selling one."""

    key: str
    buy: Decimal
    quantity: Decimal
    currency: str
    partner: str | None = None
    tier: str | None = None
    mode: str | None = None
    section: str | None = None
    is_excluded: bool = False
    is_disbursement: bool = False


@dataclass(frozen=True, slots=True)
class MarginResult:
    key: str
    buy: Decimal
    sell: Decimal
    currency: str
    rule: str | None
    explanation: Explanation

    @property
    def profit(self) -> Decimal:
        return self.sell - self.buy


def match_rule(line: MarginLine, rules: Iterable[MarginRule]) -> MarginRule | None:
    """Return the most specific rule that fits, the lowest sequence among equals."""
    fitting = [
        rule
        for rule in rules
        if rule.partner in (None, line.partner)
        and rule.tier in (None, line.tier)
        and rule.mode in (None, line.mode)
        and rule.section in (None, line.section)
    ]
    return min(fitting, key=_rank, default=None)


def _rank(rule: MarginRule) -> tuple[tuple[bool, ...], int, str]:
    return tuple(not given for given in rule.specificity), rule.sequence, rule.key


def apply_margin(
    lines: Sequence[MarginLine],
    rules: Sequence[MarginRule],
    *,
    convert: Convert,
    round_amount: RoundAmount,
) -> tuple[MarginResult, ...]:
    """Price every line for sale, in the order given.

    Disbursements and excluded charges are sold at cost. A rule whose lines earn less
    than its minimum profit puts the shortfall on the dearest of them.
    """
    ranked = sorted(rules, key=_rank)
    matched: dict[str, MarginRule | None] = {}
    profits: dict[str, Decimal] = {}
    for line in lines:
        rule = None
        if not (line.is_excluded or line.is_disbursement):
            rule = match_rule(line, ranked)
        matched[line.key] = rule
        profits[line.key] = ZERO
        if rule:
            profit = line.buy * rule.percent / HUNDRED
            if rule.amount_per_unit:
                per_unit = rule.amount_per_unit * line.quantity
                profit += _convert(per_unit, rule, line, convert)
            profits[line.key] = round_amount(profit, line.currency)
    raised = _raise_to_minimum(lines, matched, profits, convert, round_amount)
    return tuple(
        _result(line, matched[line.key], profits[line.key], line.key in raised)
        for line in lines
    )


def _raise_to_minimum(
    lines: Sequence[MarginLine],
    matched: dict[str, MarginRule | None],
    profits: dict[str, Decimal],
    convert: Convert,
    round_amount: RoundAmount,
) -> set[str]:
    """Add the missing profit of each rule to its dearest line; return those lines."""
    groups: dict[str, tuple[MarginRule, list[MarginLine]]] = {}
    for line in lines:
        if rule := matched[line.key]:
            groups.setdefault(rule.key, (rule, []))[1].append(line)
    raised = set()
    for rule, group in groups.values():
        if not rule.minimum_profit:
            continue
        dearest = max(group, key=lambda line: (line.buy, line.key))
        earned = ZERO
        for line in group:
            profit = profits[line.key]
            if line.currency != dearest.currency:
                profit = convert(profit, line.currency, dearest.currency)
            earned += profit
        wanted = _convert(rule.minimum_profit, rule, dearest, convert)
        if shortfall := max(ZERO, round_amount(wanted - earned, dearest.currency)):
            profits[dearest.key] += shortfall
            raised.add(dearest.key)
    return raised


def _convert(
    amount: Decimal, rule: MarginRule, line: MarginLine, convert: Convert
) -> Decimal:
    if rule.currency is None or rule.currency == line.currency:
        return amount
    return convert(amount, rule.currency, line.currency)


def _result(
    line: MarginLine, rule: MarginRule | None, profit: Decimal, raised: bool
) -> MarginResult:
    if line.is_disbursement:
        code = "margin_at_cost"
    elif line.is_excluded:
        code = "margin_excluded"
    elif rule is None:
        code = "margin_no_rule"
    else:
        code = "margin_minimum" if raised else "margin"
    sell = line.buy + profit
    explanation = Explanation(
        code,
        {"buy": line.buy, "profit": profit, "amount": sell, "currency": line.currency},
    )
    return MarginResult(
        key=line.key,
        buy=line.buy,
        sell=sell,
        currency=line.currency,
        rule=rule.key if rule else None,
        explanation=explanation,
    )


def margin_percent(sell: Decimal, buy: Decimal) -> Decimal | None:
    """Return the profit in percent of the selling price; None when that is zero."""
    return (sell - buy) * HUNDRED / sell if sell else None
