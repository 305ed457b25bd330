"""What a file says, in the terms of the rate library."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from odoo.addons.logistics_crm.sheet_files import Remark

from .errors import CellError
from .headers import LayoutKind, SurchargeUnit
from .values import PriceMark


@dataclass(frozen=True, slots=True)
class Surcharge:
    """A surcharge of a lane; ``label`` is the heading's own word, such as BAF.

    Per container type either a price or a mark (INCLUDED in the freight, and so on);
    for the other units one ``amount`` or one ``mark``.
    """

    label: str
    unit: SurchargeUnit
    currency: str | None = None
    container_prices: Mapping[Hashable, Decimal] = field(default_factory=dict)
    container_marks: Mapping[Hashable, PriceMark] = field(default_factory=dict)
    amount: Decimal | None = None
    mark: PriceMark | None = None
    column: str = ""

    @property
    def is_included(self) -> bool:
        """Nothing is to be paid on top of the freight."""
        marks = {*self.container_marks.values(), self.mark} - {None}
        priced = self.container_prices or self.amount is not None
        return not priced and marks == {PriceMark.INCLUDED}


@dataclass(frozen=True, slots=True)
class ParsedLane:
    """One lane with its prices; keys are what the resolvers returned.

    ``origin`` is the place of receipt where the sheet has one, else the port of
    loading; ``destination`` likewise. ``breaks`` are (from kg, rate per kg), the
    normal rate from 0. ``apply_as_if`` is None where the sheet does not say.
    ``surcharge`` prices and ``container_prices`` are in ``currency`` unless a surcharge
    has its own; None means that the file names no currency.
    """

    layout: LayoutKind
    origin: Hashable
    destination: Hashable
    sheet: str
    row: int
    origin_label: str = ""
    destination_label: str = ""
    port_of_loading: Hashable | None = None
    port_of_discharge: Hashable | None = None
    carrier: str = ""
    contract_number: str = ""
    commodity: str = ""
    currency: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    transit_days: int | None = None
    free_days: int | None = None
    routing: str = ""
    service: str = ""
    container_prices: Mapping[Hashable, Decimal] = field(default_factory=dict)
    container_marks: Mapping[Hashable, PriceMark] = field(default_factory=dict)
    breaks: tuple[tuple[Decimal, Decimal], ...] = ()
    minimum: Decimal | None = None
    apply_as_if: bool | None = None
    cm3_per_kg: Decimal | None = None
    surcharges: tuple[Surcharge, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """Lanes that can be used, errors that name a cell each, and remarks."""

    lanes: tuple[ParsedLane, ...]
    errors: tuple[CellError, ...]
    remarks: tuple[Remark, ...]
    layouts: Mapping[str, LayoutKind] = field(default_factory=dict)
