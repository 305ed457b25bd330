"""Currencies as cells and number formats name them."""

import re
import unicodedata


def words(*lines: str) -> frozenset[str]:
    return frozenset(word for line in lines for word in line.split())


CURRENCIES = words(
    "AED ARS AUD BDT BRL CAD CHF CLP CNY COP CZK DKK EGP EUR GBP HKD HUF IDR ILS INR",
    "JPY KES KRW KWD LKR MAD MXN MYR NGN NOK NZD OMR PEN PHP PKR PLN QAR RON SAR SEK",
    "SGD THB TRY TWD USD VND XOF ZAR",
)
CURRENCY_NAMES = {
    "RMB": "CNY",
    "CNH": "CNY",
    "US$": "USD",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "HK$": "HKD",
    "S$": "SGD",
    "NT$": "TWD",
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "₩": "KRW",
}
CURRENCY = re.compile(
    r"(?<![A-Z])("
    + "|".join(
        re.escape(name)
        for name in sorted((*CURRENCIES, *CURRENCY_NAMES), key=len, reverse=True)
    )
    + r")(?![A-Z$])"
)


def normalise(text: str) -> str:
    """Return upper case, half-width, single-spaced text."""
    return " ".join(unicodedata.normalize("NFKC", text).upper().split())


def find_currency(text: str) -> str | None:
    """Return the currency that a text or number format names, if any."""
    found = CURRENCY.search(normalise(text))
    return CURRENCY_NAMES.get(found[1], found[1]) if found else None
