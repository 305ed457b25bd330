"""Numbers with a check digit that freight papers carry: containers and ships."""

from .container_number import (
    container_check_digit,
    is_container_number,
    normalise_container_number,
)
from .imo_number import imo_check_digit, is_imo_number, normalise_imo_number

__all__ = [
    "container_check_digit",
    "imo_check_digit",
    "is_container_number",
    "is_imo_number",
    "normalise_container_number",
    "normalise_imo_number",
]
