"""The CDNOW 1/10 sample: purchase history of 2,357 customers, 1997-01 to 1998-06.

Source: Fader and Hardie, as shipped in the package lifetimes. Columns: number in the
master file, number in the sample, date, quantity, dollars.
"""

import importlib.util
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple


class Purchase(NamedTuple):
    customer: str
    day: date
    amount: Decimal


def read_purchases() -> list[Purchase]:
    # The package itself needs not be importable: only its data file is read.
    folder = Path(importlib.util.find_spec("lifetimes").origin).parent
    lines = (folder / "datasets" / "CDNOW_sample.txt").read_text().splitlines()
    return [_purchase(*line.split()) for line in lines if line.strip()]


def _purchase(_master, customer, day, _quantity, dollars) -> Purchase:
    when = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    return Purchase(customer, when, Decimal(dollars))
