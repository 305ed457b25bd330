"""A formula over drivers, such as ``orders + 0.5 * quotes - min(mails, 10)``.

Numbers, codes of drivers, ``+ - * / ( )``, ``min`` and ``max``: read by a small
recursive descent, never by ``eval``. The tree is evaluated here on one client's
counts, and written as SQL for all clients by ``cost_driver_formula_sql.py``.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from .errors import ValuationError

LONGEST = 500
DEEPEST = 40
TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|([a-z][a-z0-9_]*)|([-+*/(),]))")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class Code:
    """The count of a driver."""

    name: str


@dataclass(frozen=True, slots=True)
class Operation:
    """``+ - * /`` on two operands, ``min`` or ``max`` of one or more."""

    operator: str
    operands: tuple["Node", ...]


Node = Number | Code | Operation


def parse(formula: str) -> Node:
    """Return the tree of a formula.

    :raises ValuationError: ``bad_formula`` (at, found) with the place of the trouble
    """
    if len(formula) > LONGEST:
        raise ValuationError("bad_formula", at=LONGEST, found="...")
    return _Parser(formula).parse()


def codes(node: Node) -> frozenset[str]:
    """Return the codes of the drivers that the formula counts."""
    if isinstance(node, Code):
        return frozenset((node.name,))
    if isinstance(node, Operation):
        return frozenset().union(*map(codes, node.operands))
    return frozenset()


def evaluate(node: Node, counts: Mapping[str, Decimal]) -> Decimal:
    """Return the count of one client: nothing divided by nothing is nothing.

    A driver without a count counts 0; the result is never below 0.
    """
    return max(_evaluate(node, counts), ZERO)


def _evaluate(node: Node, counts: Mapping[str, Decimal]) -> Decimal:
    if isinstance(node, Number):
        return node.value
    if isinstance(node, Code):
        return counts.get(node.name, ZERO)
    values = [_evaluate(operand, counts) for operand in node.operands]
    return OPERATORS[node.operator](*values)


def _divide(dividend: Decimal, divisor: Decimal) -> Decimal:
    return dividend / divisor if divisor else ZERO


OPERATORS: Mapping[str, Callable[..., Decimal]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": _divide,
    "min": lambda *values: min(values),
    "max": lambda *values: max(values),
}


class _Parser:
    """sum = product {+- product}; product = factor {*/ factor}; factor = value."""

    def __init__(self, formula: str) -> None:
        self.tokens = list(self._read(formula))
        self.place = 0
        self.depth = 0

    def parse(self) -> Node:
        node = self._sum()
        if self._peek():
            raise self._error()
        return node

    def _read(self, formula: str):
        text = formula.rstrip()
        position = 0
        while position < len(text):
            match = TOKEN.match(text, position)
            if not match:
                found = text[position:].lstrip()[:10]
                raise ValuationError("bad_formula", at=position + 1, found=found)
            yield match.lastindex, match[match.lastindex], match.start(match.lastindex)
            position = match.end()

    def _peek(self) -> str:
        return self.tokens[self.place][1] if self.place < len(self.tokens) else ""

    def _take(self, expected: str) -> None:
        if self._peek() != expected:
            raise self._error()
        self.place += 1

    def _sum(self) -> Node:
        return self._chain("+-", lambda: self._chain("*/", self._factor))

    def _chain(self, operators: str, operand: Callable[[], Node]) -> Node:
        node = operand()
        while self._peek() and self._peek() in operators:
            operator = self._peek()
            self.place += 1
            node = Operation(operator, (node, operand()))
        return node

    def _factor(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST or self.place >= len(self.tokens):
            raise self._error()
        kind, token, __ = self.tokens[self.place]
        if token == "-":
            self.place += 1
            node = Operation("-", (Number(ZERO), self._factor()))
        elif token == "(":
            self.place += 1
            node = self._sum()
            self._take(")")
        elif kind == 1:
            self.place += 1
            node = Number(Decimal(token))
        elif kind == 2:
            self.place += 1
            node = self._call(token) if token in ("min", "max") else Code(token)
        else:
            raise self._error()
        self.depth -= 1
        return node

    def _call(self, function: str) -> Node:
        self._take("(")
        operands = [self._sum()]
        while self._peek() == ",":
            self.place += 1
            operands.append(self._sum())
        self._take(")")
        return Operation(function, tuple(operands))

    def _error(self) -> ValuationError:
        at, found = None, ""
        if self.place < len(self.tokens):
            __, found, at = self.tokens[self.place]
            at += 1
        return ValuationError("bad_formula", at=at, found=found)
