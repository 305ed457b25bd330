"""Telephone numbers in the one form that the whole world writes alike."""

import unicodedata

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat


def normalise_phone(number: str | None, country_code: str | None = None) -> str | None:
    """Return a number as +<country><number> (E.164), or None if it is none.

    `country_code` is the ISO code of the country whose numbers may stand without a
    prefix. A prefix may be written +, 00 or full-width; an extension is left out:
    two lines of one switchboard are one company.

    >>> normalise_phone("0049 (0)40 36 14 12-0", "CN")
    '+49403614120'
    >>> normalise_phone("021-6323 8888", "CN")
    '+862163238888'
    """
    text = unicodedata.normalize("NFKC", number or "").strip()
    if not text:
        return None
    region = (country_code or "").strip().upper() or None
    candidates = [text]
    digits = text.lstrip("+").strip()
    if digits.startswith("00"):
        candidates.append("+" + digits.lstrip("0"))
    elif not text.startswith("+"):
        candidates.append("+" + text)  # the prefix without its sign
    for candidate in candidates:
        try:
            parsed = phonenumbers.parse(candidate, region)
        except NumberParseException:
            continue
        if phonenumbers.is_valid_number(parsed):
            parsed.extension = None
            return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
    return None
