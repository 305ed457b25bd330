"""The price cells of a lane: freight, surcharges and their currencies."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import TypeVar

from odoo.addons.logistics_crm.sheet_files import CellValue, column_letter

from .headers import Field, SurchargeUnit
from .parsed import ParsedLane, Surcharge
from .report import Report
from .table import Table
from .values import (
    DOLLAR,
    Price,
    PriceMark,
    ValueProblem,
    parse_currency,
    parse_price,
    parse_prices,
)

# Currencies that a bare dollar sign may stand for.
DOLLARS = ("USD", "CAD", "AUD", "HKD", "SGD", "TWD", "NZD")

T = TypeVar("T")


@dataclass
class _Freight:
    """Freight prices of one row while they are read."""

    prices: dict[Hashable, Decimal] = field(default_factory=dict)
    marks: dict[Hashable, PriceMark] = field(default_factory=dict)
    currencies: dict[str, int] = field(default_factory=dict)


class PriceCells:
    def __init__(self, table: Table, report: Report) -> None:
        self.table = table
        self.report = report

    def add_container_prices(self, lane: ParsedLane) -> ParsedLane:
        freight = _Freight()
        before = len(self.report.errors)
        for number in self.table.numbers(Field.PRICE):
            keys = self.table.targets[number]
            read = partial(parse_prices, count=len(keys))
            prices = self.read_cell(lane.row, number, read) or ()
            for key, price in zip(keys, prices, strict=False):
                if key is not None:
                    self.add_price(freight, lane.row, number, key, price)
        currency, is_clear = self.choose_currency(lane.row, freight.currencies)
        if not freight.prices and len(self.report.errors) == before:
            self.report_no_price(lane.row, Field.PRICE, freight)
        return replace(
            lane,
            currency=currency,
            container_prices=freight.prices if is_clear else {},
            container_marks=freight.marks,
            surcharges=self.read_surcharges(lane.row, currency, list(freight.prices)),
        )

    def add_breaks(self, lane: ParsedLane) -> ParsedLane:
        freight = _Freight()
        before = len(self.report.errors)
        read = partial(parse_price, whole=False)
        for number in self.table.numbers(Field.MINIMUM, Field.BREAK):
            start = self.table.column(number).from_quantity
            price = self.read_cell(lane.row, number, read)
            if price:
                key = Field.MINIMUM if start is None else start
                self.add_price(freight, lane.row, number, key, price)
        currency, is_clear = self.choose_currency(lane.row, freight.currencies)
        minimum = freight.prices.pop(Field.MINIMUM, None)
        if not freight.prices and len(self.report.errors) == before:
            self.report_no_price(lane.row, Field.BREAK, freight)
        breaks = {
            start: price
            for start, price in freight.prices.items()
            if isinstance(start, Decimal)
        }
        return replace(
            lane,
            currency=currency,
            breaks=tuple(sorted(breaks.items())) if is_clear else (),
            minimum=minimum,
            surcharges=self.read_surcharges(lane.row, currency, []),
        )

    def add_price(
        self, freight: _Freight, row: int, number: int, key: Hashable, price: Price
    ) -> None:
        if key in freight.prices:
            return
        if price.amount is None:
            freight.marks[key] = price.mark or PriceMark.BLANK
            self.remark_mark(row, number, price)
            return
        freight.prices[key] = price.amount
        freight.marks.pop(key, None)
        if not price.amount:
            self.report.remark(row, number, "price_zero")
        if currency := self.named_currency(row, number, price):
            freight.currencies.setdefault(currency, number)

    def report_no_price(self, row: int, name: Field, freight: _Freight) -> None:
        number = self.table.numbers(name)[0]
        if set(freight.marks.values()) <= {PriceMark.BLANK}:
            self.report.error(row, number, "price_missing")
        else:
            self.report.remark(row, number, "lane_not_offered")

    def read_surcharges(
        self, row: int, lane_currency: str | None, priced: list[Hashable]
    ) -> tuple[Surcharge, ...]:
        """Read the surcharges; one per container is for the types that have a price."""
        found: dict[Hashable, Surcharge] = {}
        for number in self.table.numbers(Field.SURCHARGE):
            column = self.table.column(number)
            unit = column.unit or SurchargeUnit.CONTAINER
            keys = self.table.targets[number]
            read = _parse_unit_price
            if unit is SurchargeUnit.CONTAINER:
                if not column.containers:  # "BAF per container"
                    keys = tuple(priced)
                read = partial(parse_prices, count=len(keys))
            for index, price in enumerate(self.read_cell(row, number, read) or ()):
                if price.mark is PriceMark.BLANK:
                    continue
                self.remark_mark(row, number, price)
                currency = self.named_currency(row, number, price)
                if currency == DOLLAR:
                    currency = lane_currency if lane_currency in DOLLARS else "USD"
                name = (column.surcharge, unit, currency or lane_currency)
                surcharge = found.get(name) or Surcharge(
                    *name, column=column_letter(number)
                )
                if unit is not SurchargeUnit.CONTAINER:
                    found[name] = replace(
                        surcharge, amount=price.amount, mark=price.mark
                    )
                elif (key := keys[index]) is not None:
                    found[name] = _add_container(surcharge, key, price)
        return tuple(found.values())

    def remark_mark(self, row: int, number: int, price: Price) -> None:
        if price.mark is PriceMark.ON_REQUEST:
            self.report.remark(row, number, "price_on_request")

    def read_cell(
        self, row: int, number: int, read: Callable[[CellValue | None], T]
    ) -> T | None:
        try:
            return read(self.table.value(row, number))
        except ValueProblem as problem:
            self.report.problem(row, number, problem)
            return None

    # currencies

    def named_currency(self, row: int, number: int, price: Price) -> str | None:
        """Return the currency that a cell, its number format or its heading names."""
        shown = self.table.sheet.currencies.get((row, number))
        return price.currency or shown or self.table.column(number).currency

    def choose_currency(
        self, row: int, named: Mapping[str, int]
    ) -> tuple[str | None, bool]:
        """Return the lane's currency, if any, and whether the row is clear about it."""
        stated, in_row = self.stated_currency(row)
        named = dict(named)
        if DOLLAR in named and (stated in DOLLARS or len(named) > 1):
            del named[DOLLAR]
        if in_row and stated:
            named = {stated: 0} | named
        if len(named) > 1:
            number = list(named.values())[-1]
            currencies = tuple(named)
            self.report.error(row, number, "currency_conflict", currencies=currencies)
            return None, False
        currency = next(iter(named), stated)
        if currency == DOLLAR:
            if self.report.once("dollar"):
                self.report.remark(row, None, "dollar_read_as_usd")
            return "USD", True
        if currency is None and self.report.once("currency"):
            self.report.remark(row, None, "currency_missing")
        return currency, True

    def stated_currency(self, row: int) -> tuple[str | None, bool]:
        """Return the currency of the column or the title, and if it is in the row."""
        place = self.table.first(row, Field.CURRENCY)
        if place is None:
            return None, False
        at_row, number, value = place
        try:
            currency = parse_currency(value)
        except ValueProblem as problem:
            if at_row == row or self.report.once("stated", at_row):
                self.report.problem(at_row, number, problem)
            return None, False
        return ("USD" if currency == DOLLAR else currency), at_row == row


def _parse_unit_price(value: CellValue | None) -> list[Price]:
    return [parse_price(value, whole=False)]


def _add_container(surcharge: Surcharge, key: Hashable, price: Price) -> Surcharge:
    if price.amount is not None:
        prices = {**surcharge.container_prices, key: price.amount}
        return replace(surcharge, container_prices=prices)
    marks = {**surcharge.container_marks, key: price.mark or PriceMark.BLANK}
    return replace(surcharge, container_marks=marks)
