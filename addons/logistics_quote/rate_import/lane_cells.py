"""The cells of a lane that are no prices: places, dates, days, texts."""

from datetime import date
from decimal import Decimal

from odoo.addons.logistics_crm.sheet_files import BadValue

from .dates import parse_date, parse_days, parse_validity
from .headers import Field
from .places import Place, PlaceFinder
from .report import Report
from .table import DESTINATION_FIELDS, ORIGIN_FIELDS, Table
from .values import ValueProblem, parse_yes_no


class LaneCells:
    def __init__(self, table: Table, report: Report, finder: PlaceFinder) -> None:
        self.table = table
        self.report = report
        self.finder = finder

    def read_ends(self, row: int) -> tuple[list[tuple[Place, Place | None]], ...]:
        """Return origins and destinations, each with its port where that is known.

        A place of receipt or delivery comes before the port.
        """
        ends = []
        for door, port in (ORIGIN_FIELDS, DESTINATION_FIELDS):
            before = len(self.report.errors)
            ports = self.read_places(row, port)
            places = self.read_places(row, door) or ports
            if not places and len(self.report.errors) == before:
                number = next(iter(self.table.numbers(door, port)), None)
                self.report.error(row, number, "location_missing", field=port.value)
            ends.append([(place, _port_of(place, ports)) for place in places])
        return tuple(ends)

    def read_places(self, row: int, name: Field) -> list[Place]:
        """Read the places of a field; of several columns the first that is known."""
        failed: tuple[int, int, list[Place]] | None = None
        for at_row, number, value in self.table.places(row, name):
            if isinstance(value, BadValue):
                self.report.error(at_row, number, value.code, value=value.text)
                continue
            places = self.finder.find(str(value))
            if all(place.key is not None for place in places):
                for place in places:
                    if place.is_shortened:
                        params = {"label": place.label, "used": place.used}
                        self.report.remark(
                            at_row, number, "location_shortened", **params
                        )
                return places
            failed = failed or (at_row, number, places)
        if not failed:
            return []
        at_row, number, places = failed
        for place in places:
            if place.key is None and (
                at_row == row or self.report.once("place", at_row, place.label)
            ):
                self.report.error(at_row, number, "location_unknown", label=place.label)
        return [place for place in places if place.key is not None]

    def read_dates(self, row: int) -> tuple[date | None, date | None] | None:
        """Return the validity, or None when it cannot be read."""
        found: dict[Field, date | None] = {}
        for name in (Field.VALIDITY, Field.EFFECTIVE, Field.EXPIRY):
            place = self.table.first(row, name)
            if place is None:
                continue
            at_row, number, value = place
            is_1904 = self.table.sheet.date_1904
            try:
                if name is not Field.VALIDITY:
                    found[name] = parse_date(value, date_1904=is_1904)
                    continue
                try:
                    start, end = parse_validity(value, date_1904=is_1904)
                    found |= {Field.EFFECTIVE: start, Field.EXPIRY: end}
                except ValueProblem:
                    # "validity" with one date is the last day
                    found[Field.EXPIRY] = parse_date(value, date_1904=is_1904)
            except ValueProblem as problem:
                if at_row == row or self.report.once("date", at_row):
                    self.report.problem(at_row, number, problem)
                return None
        start, end = found.get(Field.EFFECTIVE), found.get(Field.EXPIRY)
        if start and end and start > end:
            number = next(iter(self.table.numbers(Field.EXPIRY, Field.VALIDITY)), None)
            params = {"start": start.isoformat(), "end": end.isoformat()}
            self.report.error(row, number, "dates_reversed", **params)
            return None
        return start, end

    def read_text(self, row: int, name: Field) -> str:
        place = self.table.first(row, name)
        if place is None or isinstance(place[2], BadValue):
            return ""
        return " ".join(str(place[2]).split())

    def read_days(self, row: int, name: Field) -> int | None:
        place = self.table.first(row, name)
        if place is None:
            return None
        _row, number, value = place
        try:
            return parse_days(value)
        except ValueProblem as problem:
            if not isinstance(value, str):
                self.report.problem(row, number, problem)
            elif any(char.isalnum() for char in value):
                # "7 dem + 7 det" is for a person to read
                self.report.remark(row, number, "days_as_text", text=value)
        return None

    def read_remark(self, row: int) -> str:
        texts = []
        for _row, number, value in self.table.places(row, Field.REMARKS):
            text = value.text if isinstance(value, BadValue) else str(value)
            texts.append(text)
            self.report.remark(row, number, "row_note", text=text)
        return "\n".join(texts)

    def read_density(self, row: int) -> Decimal | None:
        """Read "1:6" as 6000 cm3 per kg."""
        text = self.read_text(row, Field.DENSITY)
        if not text:
            return None
        before, sign, after = text.replace(" ", "").partition(":")
        digits = after if sign and before == "1" else text
        if not digits.replace(".", "", 1).isdigit() or not Decimal(digits):
            self.report.remark(row, None, "density_as_text", text=text)
            return None
        number = Decimal(digits)
        return number * 1000 if number < 100 else number

    def read_as_if(self, row: int) -> bool | None:
        place = self.table.first(row, Field.AS_IF)
        return parse_yes_no(place[2]) if place else None


def _port_of(place: Place, ports: list[Place]) -> Place | None:
    """Return the port of a place: itself, or the only one that the row names."""
    if place in ports:
        return place
    return ports[0] if len(ports) == 1 else None
