"""Container numbers of ISO 6346: owner, category, serial number, check digit."""

import re

# U container, J equipment that belongs to one, Z trailer or chassis
CONTAINER_NUMBER = re.compile(r"[A-Z]{3}[UJZ]\d{7}")
STEM = re.compile(r"[A-Z]{3}[UJZ]\d{6}")


def _letter_values() -> dict[str, int]:
    """A is 10, and multiples of 11 are left out, as they would change nothing."""
    values = {str(digit): digit for digit in range(10)}
    value = 10
    for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ":
        value += value % 11 == 0
        values[letter] = value
        value += 1
    return values


VALUES = _letter_values()


def normalise_container_number(text: str | None) -> str:
    """Return the number in capitals, without blanks and punctuation.

    >>> normalise_container_number("csqu 305438-3")
    'CSQU3054383'
    """
    return re.sub(r"[\s\-/._]", "", text or "").upper()


def container_check_digit(stem: str) -> int:
    """Return the check digit for four letters and six digits.

    A remainder of 10 counts as 0, as the standard has it.

    >>> container_check_digit("CSQU305438")
    3
    """
    stem = normalise_container_number(stem)
    if not STEM.fullmatch(stem):
        raise ValueError(stem)
    total = sum(VALUES[sign] << place for place, sign in enumerate(stem))
    return total % 11 % 10


def is_container_number(text: str | None) -> bool:
    """Tell whether the text is a container number and its check digit is right.

    >>> is_container_number("CSQU 305438-3"), is_container_number("CSQU3054384")
    (True, False)
    """
    number = normalise_container_number(text)
    return bool(
        CONTAINER_NUMBER.fullmatch(number)
        and container_check_digit(number[:10]) == int(number[10])
    )
