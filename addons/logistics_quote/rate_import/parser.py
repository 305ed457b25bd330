"""Turn sheets into lanes."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeVar

from .errors import CellError, Remark
from .headers import (
    Column,
    Field,
    LayoutKind,
    ResolveContainer,
    SurchargeUnit,
    canonical_container,
    field_of,
)
from .layout import Layout, detect_layout, distinct_cells, layout_at, row_text
from .parsed import ParsedFile, ParsedLane, Surcharge
from .places import Place, PlaceReader, ResolveLocation
from .sheet import BadValue, CellValue, Sheet, column_letter
from .values import (
    DOLLAR,
    Price,
    PriceMark,
    ValueProblem,
    compact,
    normalise,
    parse_currency,
    parse_date,
    parse_days,
    parse_price,
    parse_prices,
    parse_validity,
    parse_yes_no,
)

DOLLARS = ("USD", "CAD", "AUD", "HKD", "SGD", "TWD", "NZD")
MAX_NOTES = 200  # of a sheet that is no rate sheet
LOCATION_FIELDS = (Field.ORIGIN, Field.DESTINATION, Field.RECEIPT, Field.DELIVERY)

T = TypeVar("T")


def parse(
    sheets: Iterable[Sheet],
    *,
    resolve_location: ResolveLocation,
    resolve_container: ResolveContainer,
    today: date,
    include_hidden: bool = False,
) -> ParsedFile:
    """Read the lanes of all sheets.

    The resolvers return the key of a label, or None. What is hidden is left out, with
    a remark, unless ``include_hidden``.
    """
    places = PlaceReader(resolve_location)
    parsers = []
    remarks: list[Remark] = []
    layouts = {}
    for sheet in sheets:
        remarks += sheet.remarks
        if sheet.hidden and not include_hidden:
            continue
        shown = sheet if include_hidden else sheet.without_hidden()
        parser = _SheetParser(shown, places, resolve_container, today)
        parser.run()
        parsers.append(parser)
        remarks += parser.remarks
        if parser.layout:
            layouts[sheet.name] = parser.layout.kind
    errors = [error for parser in parsers for error in parser.errors]
    if not layouts:
        name = next((parser.sheet.name for parser in parsers), "")
        errors.append(CellError(name, None, None, "layout_unknown"))
    lanes = tuple(lane for parser in parsers for lane in parser.lanes)
    remarks += _find_repeated(lanes)
    return ParsedFile(lanes, tuple(errors), tuple(remarks), layouts)


def _find_repeated(lanes: tuple[ParsedLane, ...]) -> list[Remark]:
    """Remark on a lane that an earlier row has already, for the same time."""
    first: dict[Hashable, ParsedLane] = {}
    remarks = []
    for lane in lanes:
        key = (
            lane.layout,
            lane.origin,
            lane.destination,
            lane.port_of_loading,
            lane.port_of_discharge,
            lane.carrier,
            lane.contract_number,
            lane.commodity,
            lane.routing,
            lane.service,
            lane.valid_from,
            lane.valid_to,
        )
        earlier = first.setdefault(key, lane)
        if earlier is not lane:
            params = {
                "sheet": earlier.sheet,
                "row": earlier.row,
                "lane": f"{lane.origin_label} - {lane.destination_label}",
            }
            remarks.append(Remark(lane.sheet, lane.row, None, "lane_twice", params))
    return remarks


class _SheetParser:
    """Reads one sheet; errors and remarks gather beside the lanes."""

    def __init__(
        self,
        sheet: Sheet,
        places: PlaceReader,
        resolve_container: ResolveContainer,
        today: date,
    ) -> None:
        self.sheet = sheet
        self.places = places
        self.resolve_container = resolve_container
        self.today = today
        self.layout: Layout | None = None
        self.fields: dict[Field, list[int]] = {}
        self.targets: dict[int, tuple[Hashable | None, ...]] = {}
        self.lanes: list[ParsedLane] = []
        self.errors: list[CellError] = []
        self.remarks: list[Remark] = []
        self.said: set[Hashable] = set()

    def run(self) -> None:
        layout = detect_layout(self.sheet, self.resolve_container)
        if layout is None:
            self.note_unread_sheet()
            return
        used = {row for row, _column, _value in layout.defaults.values()}
        for row in self.sheet.rows:
            if row < layout.header_row and row not in used:
                self.note(row)
        self.start_table(layout)
        for row in self.sheet.rows:
            assert self.layout is not None
            if row < self.layout.first_row:
                continue
            if self.repeats_header(row):
                again = layout_at(
                    self.sheet, row, self.layout.defaults, self.resolve_container
                )
                if again:
                    self.start_table(again)
                    continue
            if self.is_lane(row):
                self.read_lane(row)
            else:
                self.note(row)

    # tables and rows

    def start_table(self, layout: Layout) -> None:
        """Take the columns of a header, and say what is wrong with them."""
        self.layout = layout
        self.fields = {}
        prices: set[Hashable] = set()
        for number, column in layout.columns.items():
            self.fields.setdefault(column.field, []).append(number)
            place = (layout.header_row, number)
            for key, label in zip(
                column.containers, column.container_labels, strict=True
            ):
                if key is None:
                    self.error(*place, "container_unknown", label=label)
                elif column.field is Field.PRICE:
                    if key in prices:
                        self.error(*place, "column_twice", heading=column.heading)
                    prices.add(key)
        for number, heading in layout.unknown.items():
            self.remark(layout.header_row, number, "column_not_read", text=str(heading))
        self.targets = self.spread_sizes(layout)

    def spread_sizes(self, layout: Layout) -> dict[int, tuple[Hashable | None, ...]]:
        """Let "BAF 40" hold for every 40' type that has no BAF of its own."""
        sizes: dict[str, list[Hashable]] = {}
        for column in layout.columns.values():
            if column.field is Field.PRICE:
                for key, label in zip(
                    column.containers, column.container_labels, strict=True
                ):
                    size = (canonical_container(label) or "")[:2]
                    if key is not None:
                        sizes.setdefault(size, []).append(key)
        named: dict[str, set[Hashable]] = {}
        for column in layout.columns.values():
            if column.field is Field.SURCHARGE:
                named.setdefault(column.surcharge, set()).update(
                    key
                    for key, label in zip(
                        column.containers, column.container_labels, strict=True
                    )
                    if key is not None and not _is_bare_size(label)
                )
        targets = {}
        for number, column in layout.columns.items():
            keys = list(column.containers)
            if (
                column.field is Field.SURCHARGE
                and len(keys) == 1
                and _is_bare_size(column.container_labels[0])
            ):
                size = column.container_labels[0][:2]
                others = named.get(column.surcharge, set())
                keys = [key for key in sizes.get(size, keys) if key not in others]
            targets[number] = tuple(keys)
        return targets

    def repeats_header(self, row: int) -> bool:
        numbers = [
            number for name in LOCATION_FIELDS for number in self.fields.get(name, ())
        ]
        values = [self.value(row, number) for number in numbers]
        return any(
            isinstance(value, str) and field_of(value) in LOCATION_FIELDS
            for value in values
        )

    def is_lane(self, row: int) -> bool:
        """It names a place and has something in a price column, or both places."""
        if len(distinct_cells(self.sheet, row)) < 2:
            return False
        priced = (Field.PRICE, Field.BREAK, Field.MINIMUM)
        prices = [
            self.value(row, number)
            for name in priced
            for number in self.fields.get(name, ())
        ]
        if any(
            isinstance(price, int | Decimal | BadValue)
            or (isinstance(price, str) and any(char.isdigit() for char in price[:12]))
            for price in prices
        ):
            return True
        ends = (
            (Field.ORIGIN, Field.RECEIPT),
            (Field.DESTINATION, Field.DELIVERY),
        )
        filled = [
            {
                self.value(row, number)
                for name in end
                for number in self.fields.get(name, ())
            }
            - {None}
            for end in ends
        ]
        in_table = [any(self.fields.get(name) for name in end) for end in ends]
        return all(
            values for values, known in zip(filled, in_table, strict=True) if known
        ) and (filled[0] != filled[1])

    def note(self, row: int) -> None:
        text = row_text(self.sheet, row)
        if text:
            column = next(iter(self.sheet.rows[row]))
            self.remark(row, column, "note", text=text)

    def note_unread_sheet(self) -> None:
        if not self.sheet.cells:
            return
        rows = list(self.sheet.rows)
        self.remark(None, None, "sheet_not_read", rows=len(rows))
        for row in rows[:MAX_NOTES]:
            self.note(row)

    # a lane

    def read_lane(self, row: int) -> None:
        assert self.layout is not None
        before = len(self.errors)
        loading = self.read_places(row, Field.ORIGIN)
        discharge = self.read_places(row, Field.DESTINATION)
        origins = self.read_places(row, Field.RECEIPT) or loading
        destinations = self.read_places(row, Field.DELIVERY) or discharge
        for places, names in (
            (origins, (Field.RECEIPT, Field.ORIGIN)),
            (destinations, (Field.DELIVERY, Field.DESTINATION)),
        ):
            if not places and len(self.errors) == before:
                number = next(
                    (number for name in names for number in self.fields.get(name, ())),
                    None,
                )
                self.error(row, number, "location_missing", field=names[1].value)
        dates = self.read_dates(row)
        lane = ParsedLane(
            layout=self.layout.kind,
            origin=None,
            destination=None,
            sheet=self.sheet.name,
            row=row,
            carrier=self.read_text(row, Field.CARRIER),
            contract_number=self.read_text(row, Field.CONTRACT),
            commodity=self.read_text(row, Field.COMMODITY),
            routing=self.read_text(row, Field.ROUTING),
            service=self.read_text(row, Field.SERVICE),
            transit_days=self.read_days(row, Field.TRANSIT),
            free_days=self.read_days(row, Field.FREE_TIME),
            remark=self.read_remark(row),
        )
        if self.layout.kind is LayoutKind.FCL_WIDE:
            lane = self.add_container_prices(lane)
        else:
            lane = self.add_breaks(lane)
        if dates is None or not (lane.container_prices or lane.breaks):
            return
        lane = replace(lane, valid_from=dates[0], valid_to=dates[1])
        self.remark_validity(lane)
        for origin in origins:
            for destination in destinations:
                if origin.key is None or destination.key is None:
                    continue
                self.lanes.append(
                    replace(
                        lane,
                        origin=origin.key,
                        destination=destination.key,
                        origin_label=origin.label,
                        destination_label=destination.label,
                        port_of_loading=_only_key(loading, origin),
                        port_of_discharge=_only_key(discharge, destination),
                    )
                )

    def read_places(self, row: int, name: Field) -> list[Place]:
        """Read the places of a field; of several columns the first that is known."""
        best: list[Place] = []
        failed: tuple[int, list[Place]] | None = None
        for number, value in self.values_of(row, name):
            if isinstance(value, BadValue):
                self.error(row, number, value.code, value=value.text)
                continue
            places = self.places.read(str(value))
            if all(place.key is not None for place in places):
                best = places
                failed = None
                for place in places:
                    if place.is_shortened:
                        self.remark(
                            row,
                            number,
                            "location_shortened",
                            label=place.label,
                            used=place.used,
                        )
                break
            failed = failed or (number, places)
        if failed:
            number, places = failed
            for place in places:
                if place.key is None:
                    self.error(row, number, "location_unknown", label=place.label)
            best = [place for place in places if place.key is not None]
        return best

    def read_dates(self, row: int) -> tuple[date | None, date | None] | None:
        """Return the validity, or None when it cannot be read."""
        found: dict[Field, date | None] = {}
        for name in (Field.VALIDITY, Field.EFFECTIVE, Field.EXPIRY):
            place = self.first_value(row, name)
            if place is None:
                continue
            at_row, number, value = place
            is_1904 = self.sheet.date_1904
            try:
                if name is not Field.VALIDITY:
                    found[name] = parse_date(value, date_1904=is_1904)
                    continue
                try:
                    start, end = parse_validity(value, date_1904=is_1904)
                    found |= {Field.EFFECTIVE: start, Field.EXPIRY: end}
                except ValueProblem:
                    # "validity" alone is the last day
                    found[Field.EXPIRY] = parse_date(value, date_1904=is_1904)
            except ValueProblem as problem:
                if at_row == row or self.once("default", name):
                    self.error(at_row, number, problem.code, **problem.params)
                return None
        start, end = found.get(Field.EFFECTIVE), found.get(Field.EXPIRY)
        if start and end and start > end:
            numbers = self.fields.get(Field.EXPIRY) or self.fields.get(Field.VALIDITY)
            self.error(
                row,
                numbers[0] if numbers else None,
                "dates_reversed",
                start=start.isoformat(),
                end=end.isoformat(),
            )
            return None
        return start, end

    def remark_validity(self, lane: ParsedLane) -> None:
        if lane.valid_to and lane.valid_to < self.today:
            self.remark(lane.row, None, "lane_expired", date=lane.valid_to.isoformat())
        elif not lane.valid_to and self.once("validity"):
            self.remark(lane.row, None, "validity_missing")

    def read_text(self, row: int, name: Field) -> str:
        place = self.first_value(row, name)
        if place is None or isinstance(place[2], BadValue):
            return ""
        return " ".join(str(place[2]).split())

    def read_days(self, row: int, name: Field) -> int | None:
        place = self.first_value(row, name)
        if place is None:
            return None
        _row, number, value = place
        if isinstance(value, str) and not any(char.isdigit() for char in value):
            if any(char.isalpha() for char in value):
                self.remark(row, number, "days_as_text", text=value)
            return None
        try:
            return parse_days(value)
        except ValueProblem as problem:
            if isinstance(value, str) and name is Field.FREE_TIME:
                # "7 dem + 7 det" is for a person to read
                self.remark(row, number, "days_as_text", text=value)
            else:
                self.error(row, number, problem.code, **problem.params)
        return None

    def read_remark(self, row: int) -> str:
        texts = []
        for number, value in self.values_of(row, Field.REMARKS):
            text = value.text if isinstance(value, BadValue) else str(value)
            texts.append(text)
            self.remark(row, number, "row_note", text=text)
        return "\n".join(texts)

    # prices

    def add_container_prices(self, lane: ParsedLane) -> ParsedLane:
        before = len(self.errors)
        prices: dict[Hashable, Decimal] = {}
        marks: dict[Hashable, PriceMark] = {}
        currencies: dict[str, int] = {}
        for number in self.fields[Field.PRICE]:
            keys = self.targets[number]
            read = self.read_cell(
                lane.row,
                number,
                partial(parse_prices, count=len(keys)),
            )
            for key, price in zip(keys, read or (), strict=False):
                if key is None or key in prices:
                    continue
                if price.amount is None:
                    marks.setdefault(key, price.mark or PriceMark.BLANK)
                    self.remark_mark(lane.row, number, price)
                    continue
                prices[key] = price.amount
                if not price.amount:
                    self.remark(lane.row, number, "price_zero")
                if currency := self.currency_of(lane.row, number, price):
                    currencies.setdefault(currency, number)
        currency = self.choose_currency(lane.row, currencies)
        if not prices and len(self.errors) == before:
            self.miss_price(lane.row, self.fields[Field.PRICE][0], set(marks.values()))
        marks = {key: mark for key, mark in marks.items() if key not in prices}
        if currency == "":
            prices = {}
        return replace(
            lane,
            container_prices=prices,
            container_marks=marks,
            currency=currency or None,
            surcharges=self.read_surcharges(lane.row, currency or None, list(prices)),
        )

    def add_breaks(self, lane: ParsedLane) -> ParsedLane:
        before = len(self.errors)
        breaks: dict[Decimal, Decimal] = {}
        marks: set[PriceMark] = set()
        currencies: dict[str, int] = {}
        minimum = None
        for number in (
            *self.fields.get(Field.MINIMUM, ()),
            *self.fields.get(Field.BREAK, ()),
        ):
            column = self.column(number)
            is_minimum = column.field is Field.MINIMUM
            price = self.read_cell(
                lane.row,
                number,
                partial(parse_price, whole=False),
            )
            if price is None:
                continue
            if price.amount is None:
                marks.add(price.mark or PriceMark.BLANK)
                self.remark_mark(lane.row, number, price)
                continue
            if currency := self.currency_of(lane.row, number, price):
                currencies.setdefault(currency, number)
            if is_minimum:
                minimum = price.amount
            elif not price.amount:
                self.remark(lane.row, number, "price_zero")
            if column.from_quantity is not None:
                breaks.setdefault(column.from_quantity, price.amount)
        currency = self.choose_currency(lane.row, currencies)
        if not breaks and len(self.errors) == before:
            self.miss_price(lane.row, self.fields[Field.BREAK][0], marks)
        as_if = self.first_value(lane.row, Field.AS_IF)
        return replace(
            lane,
            breaks=tuple(sorted(breaks.items())) if currency != "" else (),
            minimum=minimum,
            currency=currency or None,
            apply_as_if=parse_yes_no(as_if[2]) if as_if else None,
            cm3_per_kg=self.read_density(lane.row),
            surcharges=self.read_surcharges(lane.row, currency or None, []),
        )

    def read_density(self, row: int) -> Decimal | None:
        """Read "1:6" as 6000 cm3 per kg."""
        text = self.read_text(row, Field.DENSITY)
        if not text:
            return None
        before, sign, after = text.replace(" ", "").partition(":")
        digits = after if sign and before == "1" else text
        if not digits.replace(".", "", 1).isdigit():
            self.remark(row, None, "density_as_text", text=text)
            return None
        number = Decimal(digits)
        return number * 1000 if number < 100 else number

    def read_surcharges(
        self, row: int, lane_currency: str | None, priced: list[Hashable]
    ) -> tuple[Surcharge, ...]:
        found: dict[Hashable, Surcharge] = {}
        for number in self.fields.get(Field.SURCHARGE, ()):
            column = self.column(number)
            assert column.unit is not None
            keys = self.targets[number]
            whole = column.unit is SurchargeUnit.CONTAINER
            if whole and not keys:
                keys = tuple(priced)  # "BAF per container"
            read = self.read_cell(
                row,
                number,
                partial(parse_prices, count=len(keys)) if whole else _parse_unit_price,
            )
            for index, price in enumerate(read or ()):
                if price.mark is PriceMark.BLANK:
                    continue
                self.remark_mark(row, number, price)
                currency = (
                    self.currency_of(row, number, price, lane_currency) or lane_currency
                )
                surcharge = found.setdefault(
                    (column.surcharge, column.unit, currency),
                    Surcharge(
                        column.surcharge,
                        column.unit,
                        currency,
                        container_prices={},
                        container_marks={},
                        column=column_letter(number),
                    ),
                )
                key = keys[index] if index < len(keys) else None
                if not whole:
                    found[column.surcharge, column.unit, currency] = replace(
                        surcharge, amount=price.amount, mark=price.mark
                    )
                elif key is not None:
                    self.fill_surcharge(surcharge, key, price)
        return tuple(found.values())

    @staticmethod
    def fill_surcharge(surcharge: Surcharge, key: Hashable, price: Price) -> None:
        if price.amount is not None:
            surcharge.container_prices[key] = price.amount
        elif price.mark:
            surcharge.container_marks[key] = price.mark

    def remark_mark(self, row: int, number: int, price: Price) -> None:
        if price.mark is PriceMark.ON_REQUEST:
            self.remark(row, number, "price_on_request")

    def miss_price(self, row: int, number: int, marks: set[PriceMark]) -> None:
        if marks <= {PriceMark.BLANK}:
            self.error(row, number, "price_missing")
        else:
            self.remark(row, number, "lane_not_offered")

    # currencies

    def currency_of(
        self, row: int, number: int, price: Price, stated: str | None = None
    ) -> str | None:
        """Return the currency that a price cell, its format or heading names."""
        currency = price.currency or self.sheet.currencies.get((row, number))
        currency = currency or self.column(number).currency
        if currency == DOLLAR:
            return stated if stated in DOLLARS else DOLLAR
        return currency

    def choose_currency(self, row: int, named: Mapping[str, int]) -> str | None:
        """Return the lane's currency: None if unknown, empty if contradictory."""
        stated, in_row = self.stated_currency(row)
        named = dict(named)
        if DOLLAR in named and (stated in DOLLARS or len(named) > 1):
            del named[DOLLAR]
        if in_row and stated:
            named = {stated: 0} | named
        if len(named) > 1:
            number = list(named.values())[-1]
            self.error(row, number, "currency_conflict", currencies=tuple(named))
            return ""
        currency = next(iter(named), stated)
        if currency == DOLLAR:
            if self.once("dollar"):
                self.remark(row, None, "dollar_read_as_usd")
            return "USD"
        if currency is None and self.once("currency"):
            self.remark(row, None, "currency_missing")
        return currency

    def stated_currency(self, row: int) -> tuple[str | None, bool]:
        """Return the currency of the currency column or title, and if it is in row."""
        place = self.first_value(row, Field.CURRENCY)
        if place is None:
            return None, False
        at_row, number, value = place
        try:
            currency = parse_currency(value)
        except ValueProblem as problem:
            if at_row == row or self.once("default", Field.CURRENCY):
                self.error(at_row, number, problem.code, **problem.params)
            return None, False
        return ("USD" if currency == DOLLAR else currency), at_row == row

    # cells

    def column(self, number: int) -> Column:
        assert self.layout is not None
        return self.layout.columns[number]

    def value(self, row: int, number: int) -> CellValue | None:
        return self.sheet.cells.get((row, number))

    def values_of(self, row: int, name: Field) -> list[tuple[int, CellValue]]:
        """Return the filled cells of a field, else its default from above the table."""
        found = [
            (number, value)
            for number in self.fields.get(name, ())
            if (value := self.value(row, number)) is not None
        ]
        if not found and not self.fields.get(name):
            assert self.layout is not None
            if default := self.layout.defaults.get(name):
                found = [default[1:]]
        return found

    def first_value(self, row: int, name: Field) -> tuple[int, int, CellValue] | None:
        """Return row, column and value of a field, from above the table if blank."""
        for number in self.fields.get(name, ()):
            value = self.value(row, number)
            if value is not None:
                return row, number, value
        assert self.layout is not None
        return self.layout.defaults.get(name)

    def read_cell(
        self, row: int, number: int, read: Callable[[CellValue | None], T]
    ) -> T | None:
        try:
            return read(self.value(row, number))
        except ValueProblem as problem:
            self.error(row, number, problem.code, **problem.params)
            return None

    def once(self, *what: Hashable) -> bool:
        """Say whether this is the first time on this sheet."""
        if what in self.said:
            return False
        self.said.add(what)
        return True

    def error(self, row: int, number: int | None, code: str, **params: object) -> None:
        letter = column_letter(number) if number else None
        self.errors.append(CellError(self.sheet.name, row, letter, code, params))

    def remark(
        self, row: int | None, number: int | None, code: str, **params: object
    ) -> None:
        letter = column_letter(number) if number else None
        self.remarks.append(Remark(self.sheet.name, row, letter, code, params))


def _parse_unit_price(value: CellValue | None) -> list[Price]:
    return [parse_price(value, whole=False)]


def _is_bare_size(label: str) -> bool:
    return compact(normalise(label)).removesuffix("FT") in ("20", "40", "45")


def _only_key(ports: list[Place], place: Place) -> Hashable | None:
    """Return the port of a place: the place itself, or the only port named."""
    if any(port.key == place.key for port in ports):
        return place.key
    return ports[0].key if len(ports) == 1 else None
