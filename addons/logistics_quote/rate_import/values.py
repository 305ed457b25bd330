"""The meaning of price cells, and of currencies."""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from odoo.addons.logistics_crm.sheet_files import BadValue, CellValue
from odoo.addons.logistics_crm.sheet_files.currencies import (
    CURRENCY,
    find_currency,
    normalise,
)

DOLLAR = "$"
MAX_PRICE = Decimal(10**9)
MAX_TEXT = 80  # of a cell with a price or a date; a longer one is a sentence


class ValueProblem(Exception):
    """A cell that cannot be read: the code and parameters of its CellError."""

    def __init__(self, code: str, **params: object) -> None:
        self.code = code
        self.params = params
        super().__init__(code, params)


class PriceMark(StrEnum):
    """What stands in a price cell instead of a price; each means something else."""

    INCLUDED = "included"
    NOT_AVAILABLE = "not_available"
    NONE = "none"  # a dash: nothing is charged, or nothing is offered
    BLANK = "blank"
    ON_REQUEST = "on_request"


_MARKS = {
    PriceMark.INCLUDED: "INCL INCLUDED INCLUSIVE INC 包含 已含",
    PriceMark.NOT_AVAILABLE: "NA NOTAVAILABLE NOSERVICE NOSVC NOTOFFERED SUSPENDED",
    PriceMark.ON_REQUEST: "POA TBA TBC TBD ONREQUEST UPONREQUEST ATCOST VATOS ASK CALL",
}
MARK_WORDS = {word: mark for mark, words in _MARKS.items() for word in words.split()}
DASHES = re.compile(r"[-‐-―−－_/.]+")


@dataclass(frozen=True, slots=True)
class Price:
    """An amount or a mark; currency only when the cell itself names one."""

    amount: Decimal | None
    mark: PriceMark | None = None
    currency: str | None = None


BLANK = Price(None, PriceMark.BLANK)


def compact(text: str) -> str:
    """Return only the letters and digits of the text, in upper case."""
    return "".join(char for char in normalise(text) if char.isalnum())


def parse_currency(value: CellValue) -> str:
    text = normalise(str(value))
    currency = find_currency(text)
    if currency is None and text == DOLLAR:
        return DOLLAR
    if currency is None or len(text) > 8:
        raise ValueProblem("currency_unknown", value=str(value))
    return currency


# prices


def parse_price(value: CellValue | None, *, whole: bool) -> Price:
    """Read one price; ``whole`` expects large numbers (a container, not a kilogram).

    Text such as 1.850 is either 1850 or 1.85: where a reader could take it for both,
    the cell is refused.
    """
    if value is None:
        return BLANK
    if isinstance(value, BadValue):
        raise ValueProblem(value.code, value=value.text)
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueProblem("price_unreadable", value=str(value))
    if isinstance(value, str) and len(value) > MAX_TEXT:
        raise ValueProblem("price_unreadable", value=str(value))
    if isinstance(value, str):
        return _parse_price_text(value, whole)
    return _priced(Decimal(value), None, value)


def parse_prices(value: CellValue | None, count: int) -> list[Price]:
    """Read a cell that prices several container types: one for all, or each."""
    marked = isinstance(value, str) and compact(value) in MARK_WORDS
    if isinstance(value, str) and count > 1 and not marked:
        parts = [part.strip() for part in re.split(r"[/|\n]", value)]
        if len(parts) == count:
            prices = [parse_price(part or None, whole=True) for part in parts]
            currency = next((price.currency for price in prices if price.currency), "")
            return [
                Price(price.amount, price.mark, price.currency or currency or None)
                for price in prices
            ]
        if len(parts) > 1 and not DASHES.fullmatch(value):
            raise ValueProblem("price_count", value=value, expected=count)
    return [parse_price(value, whole=True)] * count


def _parse_price_text(value: str, whole: bool) -> Price:
    text = normalise(value)
    if DASHES.fullmatch(text):
        return Price(None, PriceMark.NONE)
    if mark := MARK_WORDS.get(compact(text)):
        return Price(None, mark)
    currency = find_currency(text)
    number = CURRENCY.sub(" ", text)
    if DOLLAR in number:
        currency = currency or DOLLAR
        number = number.replace(DOLLAR, " ")
    amount = parse_number(number.replace("¥", " ").strip(), whole=whole, shown=value)
    return _priced(amount, currency, value)


def _priced(amount: Decimal, currency: str | None, value: object) -> Price:
    if not amount < MAX_PRICE:
        raise ValueProblem("price_unreadable", value=str(value))
    if amount < 0:
        raise ValueProblem("price_negative", value=str(value))
    return Price(amount, None, currency)


def parse_number(text: str, *, whole: bool, shown: str) -> Decimal:
    """Read a number with any thousand separator and either decimal sign."""
    if re.fullmatch(r"\(.+\)", text):
        raise ValueProblem("price_negative", value=shown)
    text = re.sub(r"(?<=\d)[ '’](?=\d{3}(?!\d))", "", text)
    if not re.fullmatch(r"[-+]?\d[\d.,]*", text):
        raise ValueProblem("price_unreadable", value=shown)
    groups = re.split(r"[.,]", text)
    signs = re.findall(r"[.,]", text)
    grouped = all(len(group) == 3 for group in groups[1:]) and len(
        groups[0].lstrip("-+")
    ) in (1, 2, 3)
    if not signs:
        return Decimal(text)
    if len(set(signs)) == 2:  # the last sign is the decimal one
        if len(signs) > 2 and len(set(signs[:-1])) > 1:
            raise ValueProblem("price_unreadable", value=shown)
        return Decimal("".join(groups[:-1]) + "." + groups[-1])
    if len(signs) > 1:
        if not grouped:
            raise ValueProblem("price_unreadable", value=shown)
        return Decimal("".join(groups))
    if not grouped or groups[0].lstrip("-+") == "0":
        return Decimal(".".join(groups) if groups[1] else groups[0])
    if signs == [","] and whole:
        return Decimal("".join(groups))
    if signs == ["."] and not whole:
        return Decimal(".".join(groups))
    raise ValueProblem("number_ambiguous", value=shown)


def parse_yes_no(value: CellValue) -> bool | None:
    if isinstance(value, bool):
        return value
    word = compact(str(value))
    if word in ("Y", "YES", "TRUE", "1", "X", "ALLOWED", "是"):
        return True
    if word in ("N", "NO", "FALSE", "0", "NOTALLOWED", "否"):
        return False
    return None
