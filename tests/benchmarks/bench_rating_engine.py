"""How many charges the rating engine prices in a second, on one core.

Run as ``python tests/benchmarks/bench_rating_engine.py``; the goal is 20,000.
"""

import sys
import time
from decimal import Decimal
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import conftest  # noqa: E402, F401  registers the addons without Odoo

from odoo.addons.logistics_quote.rating_engine import (  # noqa: E402
    AIR,
    Basis,
    Break,
    Cargo,
    CargoItem,
    Charge,
    currency_rounder,
    rate,
)

GOAL = 20_000
SECONDS = 3.0
PER_USD = {"USD": Decimal(1), "EUR": Decimal("0.92"), "CNY": Decimal("7.1")}


def build_cargo(number: int) -> Cargo:
    return Cargo(
        (
            CargoItem(
                pieces=1 + number % 9,
                weight_kg=Decimal(50 + number % 900),
                length_cm=Decimal("120.5"),
                width_cm=Decimal("80"),
                height_cm=Decimal(40 + number % 120),
            ),
            CargoItem(container_type="40HC", container_count=2, teu=Decimal(2)),
            CargoItem(container_type="20GP", container_count=1, teu=Decimal(1)),
        )
    )


def build_charges(number: int) -> tuple[Charge, ...]:
    """Ten charges, as on an ordinary quote."""
    shift = Decimal(number % 50) / 10
    rates = ((0, 16), (45, 9), (100, 8), (300, 7), (500, 6), (1000, 5))
    breaks = tuple(
        Break(Decimal(quantity), Decimal(price) + shift) for quantity, price in rates
    )
    prices = {"20GP": Decimal(950) + shift, "40HC": Decimal(1850) + shift}

    def charge(code: str, basis: Basis, currency: str, **values: object) -> Charge:
        return Charge(code, code, code, basis, currency, **values)

    return (
        charge(
            "AFR",
            Basis.CHARGEABLE_KG,
            "CNY",
            breaks=breaks,
            minimum=Decimal(90),
            volumetric=AIR,
            is_freight=True,
        ),
        charge("OFR", Basis.CONTAINER, "USD", container_prices=prices, is_freight=True),
        charge("BAF", Basis.TEU, "USD", rate=Decimal(85), is_freight=True),
        charge("CAF", Basis.PERCENT, "USD", rate=Decimal("4.5"), percent_of=("OFR",)),
        charge("FSC", Basis.GROSS_KG, "EUR", rate=Decimal("0.35")),
        charge("OTHC", Basis.CONTAINER, "CNY", rate=Decimal(1210)),
        charge("CFS", Basis.WM, "EUR", rate=Decimal("7.5"), minimum=Decimal(7)),
        charge("DOC", Basis.SHIPMENT, "USD", rate=Decimal(45)),
        charge("HND", Basis.PIECE, "EUR", rate=Decimal("1.2"), maximum=Decimal(60)),
        charge("INS", Basis.PERCENT_FREIGHT, "USD", rate=Decimal("0.3")),
    )


def convert(amount: Decimal, source: str, target: str) -> Decimal:
    return amount / PER_USD[source] * PER_USD[target]


def main() -> None:
    requests = [(build_charges(number), build_cargo(number)) for number in range(500)]
    round_amount = currency_rounder()
    count = 0
    start = time.process_time()
    while (elapsed := time.process_time() - start) < SECONDS:
        for charges, cargo in requests:
            # a fresh cargo: its measures are cached once computed
            rating = rate(
                charges,
                Cargo(cargo.items),
                currency="EUR",
                convert=convert,
                round_amount=round_amount,
            )
            count += len(rating.results)
    speed = count / elapsed
    print(f"{speed:,.0f} charges/s on one core (goal {GOAL:,})")
    if speed < GOAL:
        sys.exit("below the goal")


if __name__ == "__main__":
    main()
