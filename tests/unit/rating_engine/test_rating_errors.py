"""A request that cannot be priced says why."""

from decimal import Decimal
from typing import Any

import pytest
from rating_builders import build_cargo, build_charge, build_item, rate_all

from odoo.addons.logistics_quote.rating_engine import (
    Basis,
    Break,
    Charge,
    RatingError,
    VolumetricRule,
    rate,
)

CONTAINERS = ({"container_type": "40HC", "container_count": 2, "teu": "2"},)
PARCEL = ({"pieces": 1, "weight_kg": "10"},)


def refuse(*charges: Charge, items: tuple[dict[str, Any], ...] = PARCEL) -> RatingError:
    with pytest.raises(RatingError) as caught:
        rate_all(list(charges), build_cargo(*items))
    return caught.value


def test_container_without_price_is_named() -> None:
    charge = build_charge("OFR", basis="container", prices={"20GP": "900"})
    error = refuse(charge, items=CONTAINERS)
    assert error.code == "container_price_missing"
    assert error.params == {"charge": "OFR", "container_type": "40HC"}
    assert str(error) == "container_price_missing (charge=OFR, container_type=40HC)"


@pytest.mark.parametrize(
    "basis", ["container", "teu", "feu", "wm", "gross_kg", "cbm", "ldm", "piece"]
)
def test_missing_measure_is_named_instead_of_priced_at_nothing(basis: str) -> None:
    error = refuse(build_charge(basis=basis, rate="5", minimum="50"), items=())
    assert error.code == "measure_missing"
    assert error.params == {"charge": "AFR", "measure": basis}


def test_weight_below_first_break_without_as_if_is_refused() -> None:
    error = refuse(build_charge(basis="chargeable_kg", breaks={45: "9"}, as_if=False))
    assert error.code == "break_missing"
    assert error.params == {"charge": "AFR", "quantity": Decimal(10)}


def test_chargeable_weight_without_rule_is_refused() -> None:
    charge = Charge("k", "AFR", "Air", Basis.CHARGEABLE_KG, "USD", rate=Decimal(2))
    assert refuse(charge).code == "volumetric_rule_missing"


def test_percent_of_absent_charge_is_refused() -> None:
    error = refuse(build_charge("CAF", basis="percent", rate="5", percent_of=["OFR"]))
    assert error.code == "percent_base_missing"
    assert error.params["codes"] == ("OFR",)


def test_percent_cycle_names_its_path() -> None:
    error = refuse(
        build_charge("X", basis="percent", rate="5", percent_of=["CAF"]),
        build_charge("CAF", basis="percent", rate="5", percent_of=["BAF"]),
        build_charge("BAF", basis="percent", rate="5", percent_of=["OFR", "CAF"]),
        build_charge("OFR", basis="shipment", rate="100"),
    )
    assert error.code == "percent_cycle"
    assert error.params["path"] == ("CAF", "BAF", "CAF")


def test_percent_of_itself_is_a_cycle() -> None:
    error = refuse(build_charge("CAF", basis="percent", rate="5", percent_of=["CAF"]))
    assert error.params["path"] == ("CAF", "CAF")


def test_two_freight_charges_in_percent_of_all_freight_are_a_cycle() -> None:
    error = refuse(
        build_charge("CAF", basis="percent_freight", rate="5", is_freight=True),
        build_charge("BAF", basis="percent_freight", rate="5", is_freight=True),
    )
    assert error.params["path"] == ("CAF", "BAF", "CAF")


def test_two_charges_with_one_key_are_refused() -> None:
    charge = build_charge(basis="shipment", rate="5")
    assert refuse(charge, charge).code == "duplicate_key"


@pytest.mark.parametrize(
    "values",
    [
        {"pieces": -1},
        {"weight_kg": "-0.1"},
        {"length_cm": "-1"},
        {"volume_m3": "-1"},
        {"container_type": "40HC", "container_count": -1},
        {"teu": "-2"},
    ],
)
def test_negative_cargo_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(RatingError, match="negative_quantity"):
        build_item(**values)


def test_containers_without_type_are_refused() -> None:
    with pytest.raises(RatingError, match="container_type_missing"):
        build_item(container_count=2)


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"basis": "container", "breaks": {1: "5"}}, "invalid_charge"),
        ({"basis": "percent", "breaks": {1: "5"}}, "invalid_charge"),
        ({"basis": "wm", "breaks": {"1": "5", "1.0": "6"}}, "invalid_charge"),
        ({"basis": "wm", "breaks": {1: "-5"}}, "negative_price"),
        ({"basis": "wm", "minimum": "9", "maximum": "8"}, "invalid_charge"),
    ],
)
def test_contradictory_charge_is_refused(values: dict[str, Any], code: str) -> None:
    with pytest.raises(RatingError) as caught:
        build_charge(**values)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "ratios",
    [{}, {"kg_per_m3": 0}, {"kg_per_m3": 200, "cm3_per_kg": 5000}],
)
def test_volumetric_rule_needs_exactly_one_ratio(ratios: dict[str, int]) -> None:
    with pytest.raises(RatingError, match="invalid_volumetric_rule"):
        VolumetricRule(**{name: Decimal(ratio) for name, ratio in ratios.items()})


def test_float_price_is_refused_rather_than_mixed_with_decimals() -> None:
    charge = Charge("k", "DOC", "Documents", Basis.SHIPMENT, "USD", rate=25.5)
    with pytest.raises(TypeError):
        rate(
            [charge],
            build_cargo(*PARCEL),
            currency="USD",
            convert=lambda amount, source, target: amount,
            round_amount=lambda amount, currency: amount,
        )


def test_break_is_a_value() -> None:
    assert Break(Decimal(45), Decimal(9)) == Break(Decimal("45.0"), Decimal(9))
