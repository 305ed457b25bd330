"""Conditions, free quantities, graduated breaks, families and values."""

from decimal import Decimal

import pytest
from rating_builders import build_cargo, build_charge, build_condition, rate_all

from odoo.addons.logistics_quote.rating_engine import (
    Basis,
    Break,
    RatingError,
    cut_slices,
)

MIXED = (
    {"container_type": "40RH", "container_count": 2, "is_reefer": True},
    {"container_type": "40HC", "container_count": 3},
)


def amount(charge, *items, **values):
    rating = rate_all([charge], build_cargo(*items, **values))
    return rating.results[0].amount if rating.results else None


class TestConditions:
    def test_only_the_items_that_fit_are_charged(self):
        plug = build_charge(
            "PLUG", basis="container", rate="75", condition={"reefer": True}
        )
        assert amount(plug, *MIXED) == 150

    def test_or_the_whole_consignment_is(self):
        plug = build_charge(
            "PLUG",
            basis="container",
            rate="75",
            condition={"reefer": True, "whole_consignment": True},
        )
        assert amount(plug, *MIXED) == 375

    def test_nothing_fits(self):
        charge = build_charge("HAZ", basis="shipment", rate="5")
        hazard = build_charge(
            "IMO", basis="shipment", rate="90", condition={"dangerous": True}
        )
        rating = rate_all([charge, hazard], build_cargo(*MIXED))
        assert rating.not_due == ("IMO",)
        assert rating.total == 5

    @pytest.mark.parametrize(
        ("condition", "item", "due"),
        [
            ({"dangerous": True}, {"dangerous_class": "3"}, True),
            ({"dangerous": False}, {"dangerous_class": "3"}, False),
            ({"dangerous": False}, {}, True),
            ({"dangerous_classes": ["2"]}, {"dangerous_class": "2.1"}, True),
            ({"dangerous_classes": ["2.2"]}, {"dangerous_class": "2.1"}, False),
            ({"dangerous_classes": ["2"]}, {"dangerous_class": "22"}, False),
            ({"reefer": False}, {"is_reefer": True}, False),
            ({"commodities": ["0803", "0804"]}, {"commodity": "080390"}, True),
            ({"commodities": ["0803"]}, {}, False),
            ({"excluded_commodities": ["87"]}, {"commodity": "8703"}, False),
            ({"excluded_commodities": ["87"]}, {}, True),
            ({"over_kg": "100"}, {"weight_kg": "100"}, False),
            ({"over_kg": "100"}, {"weight_kg": "100.1"}, True),
            ({"up_to_kg": "100"}, {"weight_kg": "100"}, True),
            (
                {"over_kg": "30", "band_of": "piece"},
                {"weight_kg": "100", "pieces": 3},
                True,
            ),
            (
                {"over_kg": "50", "band_of": "piece"},
                {"weight_kg": "100", "pieces": 3},
                False,
            ),
        ],
    )
    def test_criterion(self, condition, item, due):
        charge = build_charge("X", basis="shipment", rate="1", condition=condition)
        assert (amount(charge, item) is not None) is due

    def test_percentage_of_what_is_not_due_is_not_due_either(self):
        hazard = build_charge(
            "IMO", basis="shipment", rate="90", condition={"dangerous": True}
        )
        fee = build_charge("FEE", basis="percent", rate="10", percent_of=["IMO"])
        assert rate_all([hazard, fee], build_cargo({})).not_due == ("IMO", "FEE")

    @pytest.mark.parametrize(
        "condition",
        [
            {"over_kg": "5", "up_to_kg": "5"},
            {"dangerous": False, "dangerous_classes": ["3"]},
        ],
    )
    def test_what_can_never_hold_is_refused(self, condition):
        with pytest.raises(RatingError) as refused:
            build_condition(**condition)
        assert refused.value.code == "invalid_condition"


class TestQuantities:
    def test_free_units_are_not_charged(self):
        charge = build_charge("WAIT", basis="hour", rate="60", free_quantity="2")
        rating = rate_all([charge], build_cargo(counts={"hour": 5}))
        assert rating.total == 180
        assert str(rating.results[0].explanation) == (
            "5 hours less 2 hours free = 3 hours x 60.00 = 180.00 USD"
        )

    def test_all_free_costs_nothing_not_the_minimum(self):
        charge = build_charge(
            "WAIT", basis="hour", rate="60", free_quantity="2", minimum="30"
        )
        rating = rate_all([charge], build_cargo(counts={"hour": 2}))
        assert rating.total == 0
        assert str(rating.results[0].explanation) == "2 hours, free up to 2 hours"

    def test_flat_plus_per_unit_and_minimum_of_both(self):
        charge = build_charge(
            "CUS", basis="hs_line", rate="5", base_amount="60", minimum="70"
        )
        assert amount(charge, counts={"hs_line": 4}) == 80
        assert amount(charge, counts={"hs_line": 1}) == 70

    def test_order_lines_after_the_first(self):
        charge = build_charge(
            "PICK", basis="order_line", rate="0.5", base_amount="2", free_quantity="1"
        )
        assert amount(charge, counts={"order_line": 4}) == Decimal("3.5")

    def test_graduated_slices(self):
        charge = build_charge(
            "KM",
            basis="km",
            breaks={0: "2", 100: "1.5", 300: "1"},
            break_type="graduated",
            currency="EUR",
        )
        rating = rate_all([charge], build_cargo(counts={"km": 350}), "EUR")
        assert rating.total == 200 + 300 + 50
        assert str(rating.results[0].explanation) == (
            "100 km x 2.00 + 200 km x 1.50 + 50 km x 1.00 = 550.00 EUR"
        )

    def test_graduated_without_a_first_slice_is_refused(self):
        charge = build_charge(
            "KM", basis="km", breaks={100: "1.5"}, break_type="graduated"
        )
        with pytest.raises(RatingError) as refused:
            amount(charge, counts={"km": 350})
        assert refused.value.code == "break_missing"
        assert refused.value.params["charge"] == "KM"

    def test_splitting_a_slice_changes_nothing(self):
        whole = [Break(Decimal(0), Decimal(2)), Break(Decimal(100), Decimal(1))]
        split = [*whole[:1], Break(Decimal(40), Decimal(2)), *whole[1:]]
        for quantity in map(Decimal, (30, 40, 99, 100, 250)):
            assert sum(part.amount for part in cut_slices(whole, quantity)) == sum(
                part.amount for part in cut_slices(split, quantity)
            )

    def test_several_bills(self):
        charge = build_charge("BL", basis="bill", rate="50")
        one = rate_all([charge], build_cargo({}))
        assert str(one.results[0].explanation) == "50.00 USD per bill of lading"
        two = rate_all([charge], build_cargo({}, counts={"bill": 2}))
        assert str(two.results[0].explanation) == (
            "2 bills of lading x 50.00 = 100.00 USD"
        )

    def test_at_cost(self):
        rating = rate_all(
            [build_charge("DUTY", basis="at_cost", rate="812.40")], build_cargo({})
        )
        assert str(rating.results[0].explanation) == "812.40 USD, at cost"

    def test_break_by_another_measure_knows_no_as_if(self):
        charge = build_charge(
            "HND", basis="piece", breaks={0: "5", 10: "0.1"}, break_basis="cbm"
        )
        assert amount(charge, {"pieces": 10, "volume_m3": "9"}) == 50

    @pytest.mark.parametrize(
        "basis",
        [
            basis
            for basis in Basis
            if not basis.is_once and not basis.value.startswith("percent_freight")
        ],
    )
    def test_missing_measure_is_named(self, basis):
        values = {"percent_of": ["X"]} if basis is Basis.PERCENT else {}
        charge = build_charge("X1", basis=basis.value, rate="1", **values)
        with pytest.raises(RatingError) as refused:
            amount(charge, {})
        assert refused.value.code in ("measure_missing", "percent_base_missing")
        assert refused.value.params["charge"] == "X1"


class TestPercentages:
    FREIGHT = build_charge("OFR", basis="shipment", rate="1000", is_freight=True)
    FUEL = build_charge(
        "BAF", basis="shipment", rate="200", is_surcharge=True, family="fuel"
    )
    LOW_SULPHUR = build_charge(
        "LSS", basis="shipment", rate="50", is_surcharge=True, family="fuel"
    )
    HANDLING = build_charge("THC", basis="shipment", rate="300")

    @pytest.mark.parametrize(
        ("basis", "values", "expected"),
        [
            ("percent_freight", {}, 100),
            ("percent_freight_surcharges", {}, 125),
            ("percent", {"percent_of": ["THC"]}, 30),
            ("percent", {"percent_of_families": ("fuel",)}, 25),
            ("percent", {"percent_of": ["BAF"], "percent_of_families": ("fuel",)}, 25),
        ],
    )
    def test_base(self, basis, values, expected):
        charge = build_charge("CAF", basis=basis, rate="10", **values)
        rating = rate_all(
            [charge, self.FREIGHT, self.FUEL, self.LOW_SULPHUR, self.HANDLING],
            build_cargo({}),
        )
        assert rating.result("CAF").amount == expected

    def test_percentage_follows_the_minimum_of_its_base(self):
        freight = build_charge(
            "OFR", basis="shipment", rate="10", minimum="40", is_freight=True
        )
        charge = build_charge("CAF", basis="percent_freight", rate="10")
        assert rate_all([charge, freight], build_cargo({})).result("CAF").amount == 4

    def test_two_surcharges_of_freight_with_surcharges_are_a_cycle(self):
        charges = [
            build_charge(
                code, basis="percent_freight_surcharges", rate="5", is_surcharge=True
            )
            for code in ("CAF", "WRS")
        ]
        with pytest.raises(RatingError) as refused:
            rate_all([self.FREIGHT, *charges], build_cargo({}))
        assert refused.value.code == "percent_cycle"
        assert refused.value.params["path"] == ("CAF", "WRS", "CAF")

    def test_goods_value_in_another_currency(self):
        charge = build_charge("INS", basis="percent_value", rate="1", currency="EUR")
        cargo = build_cargo({}, goods_value="1000", goods_currency="USD")
        assert rate_all([charge], cargo).result("INS").amount == 8

    def test_goods_value_missing_is_named(self):
        charge = build_charge("INS", basis="percent_value", rate="1")
        with pytest.raises(RatingError) as refused:
            rate_all([charge], build_cargo({}))
        assert refused.value.params["measure"] == "goods_value"
