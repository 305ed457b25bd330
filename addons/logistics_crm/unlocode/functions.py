"""The function column: eight places, each the sign of a function or a dash."""

from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Functions:
    """What a place is. A function may be stated as not known: then all are False."""

    port: bool = False
    rail: bool = False
    road: bool = False
    airport: bool = False
    postal: bool = False
    inland: bool = False
    fixed: bool = False
    border: bool = False


# 6 is "multimodal functions, inland container depots"; 7 pipelines, cable cars
SIGNS = {
    "1": "port",
    "2": "rail",
    "3": "road",
    "4": "airport",
    "5": "postal",
    "6": "inland",
    "7": "fixed",
    "B": "border",
}


@cache
def classify(function: str) -> Functions:
    """Return what the signs mean; unknown signs mean nothing.

    >>> classify("1--4---B")
    Functions(port=True, rail=False, road=False, airport=True, postal=False, \
inland=False, fixed=False, border=True)
    """
    return Functions(
        **{SIGNS[sign]: True for sign in function.upper() if sign in SIGNS}
    )


@cache
def is_airport_only(function: str) -> bool:
    """Tell an airport of its own from a town that has one.

    >>> is_airport_only("---4----"), is_airport_only("--34----")
    (True, False)
    """
    return set(function) - set("-5 ") == {"4"}
