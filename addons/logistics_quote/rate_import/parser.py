"""Turn sheets into lanes."""

from collections.abc import Hashable, Iterable
from dataclasses import replace
from datetime import date

from odoo.addons.logistics_crm.sheet_files import BadValue, Remark, Sheet, SheetError

from .errors import CellError
from .headers import Field, LayoutKind, ResolveContainer
from .lane_cells import LaneCells
from .layout import Layout, detect_layout, layout_at, read_context, row_text
from .parsed import ParsedFile, ParsedLane
from .places import PlaceFinder, ResolveLocation
from .price_cells import PriceCells
from .report import Report
from .table import Table

MAX_NOTES = 200  # of a sheet that is no rate sheet
MAX_LANES = 200_000


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
    places = PlaceFinder(resolve_location)
    parsers = []
    remarks: list[Remark] = []
    layouts = {}
    for sheet in sheets:
        remarks += sheet.remarks
        if sheet.hidden and not include_hidden:
            continue
        shown = sheet if include_hidden else sheet.without_hidden()
        parser = _SheetParser(shown, places, resolve_container, today)
        layout = parser.run()
        parsers.append(parser)
        remarks += parser.report.remarks
        if layout:
            layouts[sheet.name] = layout.kind
    errors = [error for parser in parsers for error in parser.report.errors]
    if not layouts:
        name = next((parser.sheet.name for parser in parsers), "")
        errors.append(CellError(name, None, None, "layout_unknown"))
    lanes = tuple(lane for parser in parsers for lane in parser.lanes)
    remarks += _find_repeated(lanes)
    return ParsedFile(lanes, tuple(errors), tuple(remarks), layouts)


class _SheetParser:
    """Reads one sheet, table by table and row by row."""

    def __init__(
        self,
        sheet: Sheet,
        places: PlaceFinder,
        resolve_container: ResolveContainer,
        today: date,
    ) -> None:
        self.sheet = sheet
        self.places = places
        self.resolve_container = resolve_container
        self.today = today
        self.report = Report(sheet.name)
        self.lanes: list[ParsedLane] = []

    def run(self) -> Layout | None:
        layout = detect_layout(self.sheet, self.resolve_container)
        if layout is None:
            self.note_unread_sheet()
            return None
        for row in self.sheet.rows:
            if row < layout.header_row:
                self.note(row)
        table = self.start_table(layout)
        defaults = dict(layout.defaults)
        for row in self.sheet.rows:
            if row < table.layout.first_row:
                continue
            if table.repeats_header(row):
                again = layout_at(self.sheet, row, defaults, self.resolve_container)
                if again:
                    table = self.start_table(again)
                    continue
            if table.is_lane(row):
                self.read_lane(table, row)
            else:
                defaults |= read_context(self.sheet, row)  # of the next table
                self.note(row)
        return layout

    def start_table(self, layout: Layout) -> Table:
        table = Table(self.sheet, layout)
        table.report_columns(self.report)
        return table

    def note(self, row: int) -> None:
        if text := row_text(self.sheet, row):
            column = next(iter(self.sheet.rows[row]))
            self.report.remark(row, column, "note", text=text)

    def note_loose_cells(self, table: Table, row: int) -> None:
        """Keep what stands beside the table, under no heading."""
        for number, value in self.sheet.rows[row].items():
            if (
                number not in table.layout.columns
                and number not in table.layout.unknown
            ):
                text = value.text if isinstance(value, BadValue) else str(value)
                self.report.remark(row, number, "note", text=text)

    def note_unread_sheet(self) -> None:
        rows = list(self.sheet.rows)
        if rows:
            self.report.remark(None, None, "sheet_not_read", rows=len(rows))
        for row in rows[:MAX_NOTES]:
            self.note(row)

    def read_lane(self, table: Table, row: int) -> None:
        """Read a row into one lane for each pair of places that it names."""
        self.note_loose_cells(table, row)
        cells = LaneCells(table, self.report, self.places)
        prices = PriceCells(table, self.report)
        origins, destinations = cells.read_ends(row)
        dates = cells.read_dates(row)
        lane = ParsedLane(
            layout=table.layout.kind,
            origin=None,
            destination=None,
            sheet=self.sheet.name,
            row=row,
            carrier=cells.read_text(row, Field.CARRIER),
            contract_number=cells.read_text(row, Field.CONTRACT),
            commodity=cells.read_text(row, Field.COMMODITY),
            routing=cells.read_text(row, Field.ROUTING),
            service=cells.read_text(row, Field.SERVICE),
            transit_days=cells.read_days(row, Field.TRANSIT),
            free_days=cells.read_days(row, Field.FREE_TIME),
            apply_as_if=cells.read_as_if(row),
            cm3_per_kg=cells.read_density(row),
            remark=cells.read_remark(row),
        )
        if lane.layout is LayoutKind.FCL_WIDE:
            lane = prices.add_container_prices(lane)
        else:
            lane = prices.add_breaks(lane)
        if dates is None or not (lane.container_prices or lane.breaks):
            return
        lane = replace(lane, valid_from=dates[0], valid_to=dates[1])
        self.remark_validity(lane)
        if len(self.lanes) + len(origins) * len(destinations) > MAX_LANES:
            raise SheetError("file_too_large", limit=MAX_LANES)
        for origin, loading in origins:
            for destination, discharge in destinations:
                self.lanes.append(
                    replace(
                        lane,
                        origin=origin.key,
                        destination=destination.key,
                        origin_label=origin.label,
                        destination_label=destination.label,
                        port_of_loading=loading and loading.key,
                        port_of_discharge=discharge and discharge.key,
                    )
                )

    def remark_validity(self, lane: ParsedLane) -> None:
        if lane.valid_to and lane.valid_to < self.today:
            day = lane.valid_to.isoformat()
            self.report.remark(lane.row, None, "lane_expired", date=day)
        elif not lane.valid_to and self.report.once("validity"):
            self.report.remark(lane.row, None, "validity_missing")


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
