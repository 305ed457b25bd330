"""IMO numbers of ships: seven digits for the life of the hull, the last a check."""

import re

IMO_NUMBER = re.compile(r"\d{7}")


def normalise_imo_number(text: str | None) -> str:
    """Return the digits, without the letters that papers print before them.

    >>> normalise_imo_number("IMO No. 9074729")
    '9074729'
    """
    text = re.sub(r"[\s\-/._:]", "", text or "").upper()
    return re.sub(r"^IMO(?:NO|NUMBER)?", "", text)


def imo_check_digit(stem: str) -> int:
    """Return the check digit for the first six digits, weighted 7 to 2.

    >>> imo_check_digit("907472")
    9
    """
    if not re.fullmatch(r"\d{6}", stem):
        raise ValueError(stem)
    return (
        sum(
            int(digit) * weight
            for digit, weight in zip(stem, range(7, 1, -1), strict=True)
        )
        % 10
    )


def is_imo_number(text: str | None) -> bool:
    """Tell whether the text is an IMO number and its check digit is right.

    >>> is_imo_number("IMO 9074729"), is_imo_number("9074728")
    (True, False)
    """
    number = normalise_imo_number(text)
    return bool(
        IMO_NUMBER.fullmatch(number)
        and number.isascii()
        and imo_check_digit(number[:6]) == int(number[6])
    )
