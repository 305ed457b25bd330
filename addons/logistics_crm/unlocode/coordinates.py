"""Coordinates of the list, degrees and minutes without a separator."""

import math
import re

COORDINATES = re.compile(
    r"(?P<lat>\d{2})(?P<lat_min>\d{2})(?P<north>[NS])\s*"
    r"(?P<lon>\d{3})(?P<lon_min>\d{2})(?P<east>[EW])",
    re.ASCII,
)
EARTH_RADIUS_KM = 6371.0088


def parse_coordinates(text: str) -> tuple[float, float] | None:
    """Return decimal latitude and longitude, six digits; None if it is none.

    >>> parse_coordinates("3114N 12129E")
    (31.233333, 121.483333)
    >>> parse_coordinates("3352S 15113W")
    (-33.866667, -151.216667)
    >>> parse_coordinates("9914N 12129E") is None
    True
    """
    match = COORDINATES.fullmatch(text.strip().upper())
    if not match:
        return None
    minutes = int(match["lat_min"]), int(match["lon_min"])
    latitude = int(match["lat"]) + minutes[0] / 60
    longitude = int(match["lon"]) + minutes[1] / 60
    if max(minutes) > 59 or latitude > 90 or longitude > 180:
        return None
    return (
        round(-latitude if match["north"] == "S" else latitude, 6),
        round(-longitude if match["east"] == "W" else longitude, 6),
    )


def great_circle_km(start: tuple[float, float], end: tuple[float, float]) -> float:
    """Return the shortest way over the globe, by the haversine formula.

    >>> round(great_circle_km((0, 0), (0, 180)))
    20015
    """
    lat_1, lon_1, lat_2, lon_2 = map(math.radians, (*start, *end))
    half = (
        math.sin((lat_2 - lat_1) / 2) ** 2
        + math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    )
    # rounding may lift the root of antipodes above 1
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(half)))
