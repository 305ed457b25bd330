"""How each basis, limit and currency is reckoned and explained."""

from decimal import Decimal

import pytest
from rating_builders import build_cargo, build_charge, rate_all

from odoo.addons.logistics_quote.rating_engine import (
    AIR_INCH,
    COURIER_INCH,
    GROUND_INCH,
    ROAD_GROUPAGE,
    ChargeResult,
    VolumetricRule,
    chargeable_weight,
    weight_or_measure,
)

TWO_TYPES = build_cargo(
    {"container_type": "40HC", "container_count": 2, "teu": "2"},
    {"container_type": "20GP", "container_count": 1, "teu": "1"},
    {"container_type": "40HC", "container_count": 1, "teu": "2"},
)
BOXES = build_cargo(
    {
        "pieces": 4,
        "weight_kg": "2345",
        "length_cm": "120",
        "width_cm": "80",
        "height_cm": "100",
    }
)


def price(cargo: object = BOXES, **values: object) -> ChargeResult:
    return rate_all([build_charge(**values)], cargo).results[0]


@pytest.mark.parametrize(
    ("basis", "rate", "text"),
    [
        ("shipment", "50", "50.00 USD per shipment"),
        ("gross_kg", "0.1", "2,345 kg x 0.10 = 234.50 USD"),
        ("hundred_kg", "4", "23.45 x 100 kg x 4.00 = 93.80 USD"),
        ("tonne", "30", "2.345 t x 30.00 = 70.35 USD"),
        ("chargeable_kg", "2", "2,345 kg x 2.00 = 4,690.00 USD"),
        ("cbm", "25", "3.84 CBM x 25.00 = 96.00 USD"),
        ("wm", "25", "3.84 W/M x 25.00 = 96.00 USD"),
        ("ldm", "100", "1.6 LDM x 100.00 = 160.00 USD"),
        ("piece", "1.125", "4 pieces x 1.125 = 4.50 USD"),
    ],
)
def test_basis_counts_and_explains(basis: str, rate: str, text: str) -> None:
    line = price(basis=basis, rate=rate)
    assert str(line.explanation) == text
    assert line.quantity == line.actual_quantity


@pytest.mark.parametrize(
    ("basis", "text"),
    [
        ("teu", "7 TEU x 10.00 = 70.00 USD"),
        ("feu", "3.5 FEU x 10.00 = 35.00 USD"),
        ("container", "3 x 40HC x 10.00 + 1 x 20GP x 10.00 = 40.00 USD"),
    ],
)
def test_container_basis_counts_and_explains(basis: str, text: str) -> None:
    assert str(price(TWO_TYPES, basis=basis, rate="10").explanation) == text


def test_each_container_type_has_its_price_and_part() -> None:
    line = price(TWO_TYPES, basis="container", prices={"20GP": "900", "40HC": "1850"})
    assert line.amount == Decimal(6450)
    assert line.quantity == 4
    assert [
        (part.container_type, part.quantity, part.amount) for part in line.parts
    ] == [
        ("40HC", 3, Decimal(5550)),
        ("20GP", 1, Decimal(900)),
    ]


def test_minimum_of_container_charge_leaves_no_parts() -> None:
    line = price(TWO_TYPES, basis="container", rate="10", minimum="100")
    assert line.amount == 100
    assert line.parts == ()


def test_maximum_caps_the_charge() -> None:
    line = price(basis="gross_kg", rate="1", maximum="500")
    assert line.amount == 500
    assert str(line.explanation) == "2,345 kg x 1.00 = 2,345.00 USD, maximum 500.00 USD"


def test_as_if_looks_at_every_higher_break() -> None:
    # the next break is dearer, the one after it is the cheapest
    line = price(
        build_cargo({"weight_kg": "90"}),
        basis="chargeable_kg",
        breaks={0: "10", 100: "12", 120: "7"},
    )
    assert (line.quantity, line.amount) == (Decimal(120), Decimal(840))


def test_as_if_does_not_take_a_lower_break() -> None:
    line = price(
        build_cargo({"weight_kg": "110"}),
        basis="chargeable_kg",
        breaks={0: "5", 100: "9"},
    )
    assert (line.quantity, line.amount) == (Decimal(110), Decimal(990))


def test_own_weight_wins_a_tie() -> None:
    line = price(
        build_cargo({"weight_kg": "90"}),
        basis="chargeable_kg",
        breaks={0: "10", 100: "9"},
    )
    assert line.quantity == 90
    assert line.explanation.code == "quantity"


def test_minimum_stands_over_as_if() -> None:
    line = price(
        build_cargo({"weight_kg": "3"}),
        basis="chargeable_kg",
        minimum="65",
        breaks={0: "10", 45: "8"},
    )
    assert line.amount == 65
    assert str(line.explanation) == "3 kg x 10.00 = 30.00 USD, minimum 65.00 USD"


def test_breaks_may_come_in_any_order() -> None:
    table = {300: "8", 0: "12", 100: "9", 45: "10"}
    line = price(build_cargo({"weight_kg": "150"}), basis="chargeable_kg", breaks=table)
    assert line.amount == 1350


@pytest.mark.parametrize(
    ("direction", "quantity"), [("up", "2.4"), ("nearest", "2.3"), ("down", "2.3")]
)
def test_quantity_is_rounded_to_the_step(direction: str, quantity: str) -> None:
    line = price(
        basis="tonne", rate="10", rounding_step="0.1", rounding_direction=direction
    )
    assert line.quantity == Decimal(quantity)


def test_currencies_are_converted_after_rounding() -> None:
    charges = [
        build_charge("OFR", basis="shipment", rate="100.005", currency="EUR"),
        build_charge("DOC", basis="shipment", rate="50", currency="CNY"),
    ]
    rating = rate_all(charges, BOXES)
    assert [line.amount for line in rating.results] == [
        Decimal("100.01"),
        Decimal("50.00"),
    ]
    assert [line.converted for line in rating.results] == [
        Decimal("125.01"),
        Decimal("6.25"),
    ]
    assert rating.total == Decimal("131.26")


def test_currency_without_decimals_is_rounded_to_whole_units() -> None:
    rating = rate_all(
        [build_charge(basis="gross_kg", rate="0.333", currency="JPY")], BOXES, "JPY"
    )
    assert rating.total == 781


def test_percent_counts_its_base_after_the_minimum_and_in_its_currency() -> None:
    charges = [
        build_charge("CAF", basis="percent", rate="10", percent_of=["OFR", "BAF"]),
        build_charge(
            "OFR", basis="gross_kg", rate="0.01", minimum="80", currency="EUR"
        ),
        build_charge("BAF", basis="shipment", rate="20"),
        build_charge("DOC", basis="shipment", rate="999"),
    ]
    line = rate_all(charges, BOXES).result("CAF")
    assert line.amount == 12  # 10 % of (80 EUR = 100 USD) + 20 USD


def test_percent_of_all_freight_takes_freight_only() -> None:
    charges = [
        build_charge("OFR", basis="shipment", rate="1000", is_freight=True),
        build_charge("BAF", basis="shipment", rate="200", is_freight=True),
        build_charge("DOC", basis="shipment", rate="50"),
        build_charge("CAF", basis="percent_freight", rate="5", is_freight=True),
    ]
    assert rate_all(charges, BOXES).result("CAF").amount == 60


def test_percent_of_a_code_takes_all_charges_of_that_code() -> None:
    charges = [
        build_charge("OTHC", key="a", basis="shipment", rate="100"),
        build_charge("OTHC", key="b", basis="shipment", rate="50"),
        build_charge("VAT", basis="percent", rate="10", percent_of=["OTHC"]),
    ]
    assert rate_all(charges, BOXES).result("VAT").amount == 15


def test_mandatory_percentage_is_not_taken_of_optional_charges() -> None:
    charges = [
        build_charge("OFR", basis="shipment", rate="100"),
        build_charge("PKP", basis="shipment", rate="50", mandatory=False),
        build_charge("FSC", basis="percent", rate="10", percent_of=["OFR", "PKP"]),
        build_charge("TAX", basis="percent", rate="10", percent_of=["PKP"]),
        build_charge(
            "INS", basis="percent", rate="10", percent_of=["PKP"], mandatory=False
        ),
    ]
    rating = rate_all(charges, BOXES)
    amounts = [rating.result(code).amount for code in ("FSC", "TAX", "INS")]
    assert amounts == [10, 0, 5]


def test_measures_are_those_of_the_cargo() -> None:
    measures = rate_all([], TWO_TYPES).measures
    assert dict(measures.containers) == {"40HC": 3, "20GP": 1}
    assert measures.teu == 7


def test_stated_volume_overrules_dimensions() -> None:
    cargo = build_cargo(
        {
            "pieces": 1,
            "length_cm": "100",
            "width_cm": "100",
            "height_cm": "100",
            "volume_m3": "0.5",
        }
    )
    assert cargo.volume_m3 == Decimal("0.5")
    rule = VolumetricRule(kg_per_m3=Decimal(200))
    assert chargeable_weight(cargo, rule) == 100


@pytest.mark.parametrize(
    ("rule", "weight"),
    [
        (AIR_INCH, "66"),  # 24,000 in3 / 366 = 65.57 kg
        (COURIER_INCH, "173"),  # / 139 = 172.66 lb
        (GROUND_INCH, "124"),  # / 194 = 123.71 lb
    ],
)
def test_inch_ratios(rule: VolumetricRule, weight: str) -> None:
    cargo = build_cargo(
        {
            "pieces": 2,
            "length_in": "30.4",
            "width_in": "19.6",
            "height_in": "19.5",
            "weight_kg": "1",
        }
    )
    assert chargeable_weight(cargo, rule) == Decimal(weight)


def test_pounds_are_shown_as_the_unit() -> None:
    line = price(
        build_cargo({"weight_lb": "10"}),
        basis="chargeable_kg",
        rate="2",
        rule={"in3_per_lb": "139", "rounding_step": "1"},
    )
    assert str(line.explanation) == "10 lb x 2.00 = 20.00 USD"


def test_loading_metres_outweigh_volume_on_the_road() -> None:
    # 1.6 LDM x 1750 = 2,800 kg against 3.84 m3 x 333 = 1,279 kg and 2,345 kg
    assert chargeable_weight(BOXES, ROAD_GROUPAGE) == 2800


@pytest.mark.parametrize(
    ("rule", "units"),
    [
        (VolumetricRule(kg_per_m3=Decimal(1000)), "3"),
        (VolumetricRule(kg_per_m3=Decimal(500), unit_kg=Decimal(500)), "4"),
        (VolumetricRule(kg_per_m3=Decimal("333.33")), "2"),
    ],
)
def test_weight_or_measure_ratios(rule: VolumetricRule, units: str) -> None:
    cargo = build_cargo({"volume_m3": "3", "weight_kg": "2000"})
    assert weight_or_measure(cargo, rule) == Decimal(units)
