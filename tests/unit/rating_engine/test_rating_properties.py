"""What holds for every tariff and every cargo."""

from decimal import Decimal
from random import Random

from hypothesis import assume, given
from hypothesis import strategies as st
from rating_builders import ROUND, build_cargo, build_charge, rate_all

from odoo.addons.logistics_quote.rating_engine import (
    AIR,
    Basis,
    Cargo,
    CargoItem,
    Charge,
    Condition,
    Throw,
    VolumetricRule,
    chargeable_weight,
    volumetric_weight,
)

BREAKS = ("0", "45", "100", "300", "500", "1000")


def amounts(maximum: int = 10_000, places: int = 2) -> st.SearchStrategy[Decimal]:
    return st.decimals(0, maximum, places=places)


# What does not follow from the cargo lines.
COUNTED = (
    Basis.TRUCK,
    Basis.PALLET,
    Basis.ORDER,
    Basis.ORDER_LINE,
    Basis.UNIT_PICKED,
    Basis.LABEL,
    Basis.HS_LINE,
    Basis.KM,
    Basis.HOUR,
    Basis.DAY,
    Basis.CONTAINER_DAY,
    Basis.PALLET_DAY,
    Basis.PALLET_WEEK,
    Basis.PALLET_MONTH,
    Basis.CBM_DAY,
)


weights = st.decimals("0.5", 5_000, places=1)
prices = amounts(100)
container_counts = st.dictionaries(
    st.sampled_from(["20GP", "40GP", "40HC"]), st.integers(1, 9), min_size=1
)
break_tables = st.lists(prices, min_size=len(BREAKS), max_size=len(BREAKS)).map(
    lambda rates: dict(zip(BREAKS, map(str, rates), strict=True))
)
falling_break_tables = st.lists(prices, min_size=len(BREAKS), max_size=len(BREAKS)).map(
    lambda rates: dict(zip(BREAKS, map(str, sorted(rates, reverse=True)), strict=True))
)


CONDITIONS = (
    Condition(container_types=("20GP",)),
    Condition(over_kg=Decimal(500)),
    Condition(dangerous=False),
)


@st.composite
def cargoes(draw: st.DrawFn) -> Cargo:
    items = [
        CargoItem(
            pieces=draw(st.integers(1, 20)),
            weight_kg=draw(weights),
            length_cm=draw(st.decimals(1, 400, places=1)),
            width_cm=draw(st.decimals(1, 240, places=1)),
            height_cm=draw(st.decimals(1, 240, places=1)),
        )
        for _number in range(draw(st.integers(1, 4)))
    ]
    items += [
        CargoItem(
            pieces=1,
            weight_kg=Decimal(900),
            length_cm=Decimal(100),
            width_cm=Decimal(100),
            height_cm=Decimal(100),
            container_type=kind,
            container_count=count,
            teu=Decimal(2),
        )
        for kind, count in draw(container_counts).items()
    ]
    counts = {basis: Decimal(draw(st.integers(1, 50))) for basis in COUNTED}
    return Cargo(tuple(items), counts, draw(amounts(100_000)) + 1, "EUR")


@st.composite
def charge_sets(draw: st.DrawFn) -> list[Charge]:
    bases = st.sampled_from([basis for basis in Basis if not basis.is_percent])
    charges = []
    for number in range(draw(st.integers(1, 8))):
        basis = draw(bases)
        minimum = draw(st.none() | amounts(500))
        charges.append(
            Charge(
                key=f"k{number}",
                code=f"C{number}",
                name="charge",
                basis=basis,
                currency=draw(st.sampled_from(["USD", "EUR", "CNY"])),
                rate=draw(amounts(2_000, 4)),
                minimum=minimum,
                is_freight=draw(st.booleans()),
                base_amount=draw(st.just(Decimal(0)) | amounts(100)),
                free_quantity=(
                    Decimal(0)
                    if basis is Basis.CONTAINER
                    else draw(st.just(Decimal(0)) | amounts(20))
                ),
                condition=draw(st.none() | st.sampled_from(CONDITIONS)),
                volumetric=AIR if basis is Basis.CHARGEABLE_KG else None,
            )
        )
    for number in range(draw(st.integers(0, 3))):
        # percentages of what came before, other percentages among it
        base = draw(st.sets(st.sampled_from([c.code for c in charges]), min_size=1))
        charges.append(
            build_charge(
                f"P{number}",
                basis="percent",
                rate=str(draw(amounts(50))),
                percent_of=sorted(base),
            )
        )
    return charges


@given(charge_sets(), cargoes())
def test_no_charge_is_negative(charges: list[Charge], cargo: Cargo) -> None:
    rating = rate_all(charges, cargo)
    assert all(line.amount >= 0 and line.converted >= 0 for line in rating.results)


@given(charge_sets(), cargoes())
def test_total_is_sum_of_rounded_charges(charges: list[Charge], cargo: Cargo) -> None:
    rating = rate_all(charges, cargo)
    assert rating.total == sum(line.converted for line in rating.results)
    for line in rating.results:
        assert line.amount == ROUND(line.amount, line.currency)
        assert line.converted == ROUND(line.converted, "USD")


@given(charge_sets(), cargoes(), st.randoms())
def test_order_of_charges_does_not_matter(
    charges: list[Charge], cargo: Cargo, random: Random
) -> None:
    expected = rate_all(charges, cargo)
    shuffled = list(charges)
    random.shuffle(shuffled)
    rating = rate_all(shuffled, cargo)
    assert rating.total == expected.total
    due = [charge.key for charge in shuffled if charge.key not in rating.not_due]
    assert [line.key for line in rating.results] == due
    assert set(rating.not_due) == set(expected.not_due)
    for line in rating.results:
        assert line == expected.result(line.key)


@given(break_tables, weights)
def test_as_if_is_never_dearer_than_plain(
    table: dict[str, str], weight: Decimal
) -> None:
    cargo = Cargo((CargoItem(weight_kg=weight),))
    as_if, plain = (
        rate_all([build_charge(basis="gross_kg", breaks=table, as_if=flag)], cargo)
        for flag in (True, False)
    )
    assert as_if.total <= plain.total


@given(break_tables, weights)
def test_as_if_is_cheapest_of_all_breaks(
    table: dict[str, str], weight: Decimal
) -> None:
    cargo = Cargo((CargoItem(weight_kg=weight),))
    charge = build_charge(basis="gross_kg", breaks=table)
    own = max(
        step.from_quantity for step in charge.breaks if step.from_quantity <= weight
    )
    candidates = [
        max(weight, step.from_quantity) * step.rate
        for step in charge.breaks
        if step.from_quantity >= own
    ]
    assert rate_all([charge], cargo).total == ROUND(min(candidates), "USD")


@given(break_tables, weights, weights, st.booleans())
def test_splitting_a_break_changes_nothing(
    table: dict[str, str], weight: Decimal, extra: Decimal, as_if: bool
) -> None:
    cargo = Cargo((CargoItem(weight_kg=weight),))
    charge = build_charge(basis="gross_kg", breaks=table, as_if=as_if)
    own = [step for step in charge.breaks if step.from_quantity <= extra][-1]
    assume(extra not in [step.from_quantity for step in charge.breaks])
    split = dict(table) | {str(extra): str(own.rate)}
    divided = build_charge(basis="gross_kg", breaks=split, as_if=as_if)
    assert rate_all([divided], cargo).total == rate_all([charge], cargo).total


@given(falling_break_tables, weights, weights)
def test_more_weight_is_never_cheaper_where_rates_fall(
    table: dict[str, str], weight: Decimal, more: Decimal
) -> None:
    light, heavy = sorted((weight, more))
    charge = build_charge(basis="chargeable_kg", breaks=table)
    assert (
        rate_all([charge], Cargo((CargoItem(weight_kg=light),))).total
        <= rate_all([charge], Cargo((CargoItem(weight_kg=heavy),))).total
    )


@given(st.dictionaries(st.sampled_from(["20GP", "40GP", "40HC"]), amounts(9_000, 3)))
def test_parts_sum_to_the_charge(table: dict[str, Decimal]) -> None:
    cargo = build_cargo(
        *({"container_type": name, "container_count": 3} for name in table)
    )
    if not table:
        return
    charge = build_charge("OFR", basis="container", prices=table)
    line = rate_all([charge], cargo).results[0]
    assert len(line.parts) == (len(table) if len(table) > 1 else 0)
    if line.parts:
        assert sum(part.amount for part in line.parts) == line.amount


@given(cargoes(), st.sampled_from(list(Throw)), st.sampled_from([0, "0.5", 1]))
def test_chargeable_weight_lies_between_gross_and_volumetric(
    cargo: Cargo, throw: Throw, step: str
) -> None:
    rule = VolumetricRule(
        cm3_per_kg=Decimal(6000), rounding_step=Decimal(step), throw=throw
    )
    chargeable = chargeable_weight(cargo, rule)
    highest = max(cargo.gross_kg, volumetric_weight(cargo, rule))
    assert cargo.gross_kg <= chargeable <= highest + rule.rounding_step
