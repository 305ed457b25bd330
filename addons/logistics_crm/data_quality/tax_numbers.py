"""Tax numbers in one form, checked by their own check digits."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from stdnum import exceptions, get_cc_module
from stdnum.cn import uscc
from stdnum.eu.vat import MEMBER_STATES

NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
# Prefix of a VAT number where it is not the country's code.
PREFIX_BY_COUNTRY = {"GR": "EL"}
COUNTRY_BY_PREFIX = {"EL": "GR", "XI": "GB"}
PREFIXES = frozenset(
    PREFIX_BY_COUNTRY.get(code.upper(), code.upper()) for code in MEMBER_STATES
)


@dataclass(frozen=True, slots=True)
class TaxNumber:
    """A tax number to compare and to store.

    `valid` is None where no check exists. `reason` is empty for a valid number, else a
    code to translate: ``empty``, ``no_check``, ``length``, ``format``, ``checksum``,
    ``component`` (a part of it, such as the region, does not exist).
    """

    value: str
    valid: bool | None
    reason: str = ""


def normalise_tax_number(
    number: str | None, country_code: str | None = None
) -> TaxNumber:
    """Return a tax number without blanks and punctuation, and whether it can be one.

    Numbers of the European Union get their prefix where it was left out, so that the
    two ways to write one give one value; a number with the prefix of another member
    is checked as that country's. China's is the unified social credit code.

    >>> normalise_tax_number("136 695 976", "DE").value
    'DE136695976'
    >>> normalise_tax_number("9111 0000 6000 37341l", "CN").valid
    True
    >>> normalise_tax_number("91110000600037341M", "CN").reason
    'checksum'
    """
    text = unicodedata.normalize("NFKC", number or "").upper()
    text = NOT_ALPHANUMERIC.sub("", text)
    if not text:
        return TaxNumber("", None, "empty")
    country = (country_code or "").strip().upper()
    country = COUNTRY_BY_PREFIX.get(country, country)
    own_prefix = PREFIX_BY_COUNTRY.get(country, country)
    prefix = text[:2]
    if prefix in PREFIXES and prefix != own_prefix:
        foreign = _check(text[2:], COUNTRY_BY_PREFIX.get(prefix, prefix), prefix)
        if foreign.valid or not country:
            return foreign
    if not country:
        if uscc.is_valid(text):
            return TaxNumber(text, True)
        return TaxNumber(text, None, "no_check")
    if own_prefix in PREFIXES:
        return _check(text.removeprefix(own_prefix), country, own_prefix)
    return _check(text, country, "")


def _check(text: str, country: str, prefix: str) -> TaxNumber:
    """Check a number that has lost its prefix, and give it back."""
    module = _get_module(country)
    if not module:
        return TaxNumber(prefix + text, None, "no_check")
    try:
        value = _plain(module.validate(text))
    except exceptions.InvalidLength:
        reason = "length"
    except exceptions.InvalidChecksum:
        reason = "checksum"
    except exceptions.InvalidComponent:
        reason = "component"
    except (exceptions.ValidationError, ValueError, LookupError):
        reason = "format"  # a few modules stumble over letters that they do not expect
    else:
        return TaxNumber(prefix + value.removeprefix(prefix or "\0"), True)
    return TaxNumber(prefix + text, False, reason)


@cache
def _get_module(country: str) -> ModuleType | None:
    if not re.fullmatch("[A-Z]{2}", country):
        return None
    return get_cc_module(country.lower(), "vat")


def _plain(text: str) -> str:
    return NOT_ALPHANUMERIC.sub("", text.upper())
