"""Demurrage, detention and storage: published examples and what must hold."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.logistics_quote.rating_engine import (
    BreakType,
    DayCount,
    FreeTimeRule,
    Proration,
    RatingError,
    Tier,
    TierStart,
    charge_days,
    currency_rounder,
    stored_months,
    stored_weeks,
    working_days,
)

ROUND = currency_rounder({"JPY": 0})


def tiers(**rates):
    return tuple(Tier(int(day[1:]), Decimal(rate)) for day, rate in rates.items())


def count(rule, start, end, currency="USD", **options):
    return charge_days(
        rule, start, end, currency=currency, round_amount=ROUND, **options
    )


class TestD1:
    """gtran.net/news/show/76: discharged 5 Dec, out 15 Dec, empty back 22 Dec."""

    def test_demurrage(self):
        found = count(FreeTimeRule(7), date(2025, 12, 5), date(2025, 12, 15))
        assert found.charged_days == 4
        assert found.first_charged_day == date(2025, 12, 12)
        assert found.last_free_day == date(2025, 12, 11)
        assert str(found.explanation) == (
            "11 days less 7 days free: 4 days to be charged"
        )

    def test_detention(self):
        found = count(FreeTimeRule(10), date(2025, 12, 15), date(2025, 12, 22))
        assert found.charged_days == 0
        assert found.amount == 0
        assert str(found.explanation) == "8 days, free up to 10 days"


@pytest.mark.parametrize(
    ("end", "free", "charged"), [(2, 2, 0), (2, 1, 0), (2, 0, 1), (5, 2, 2), (1, 1, 0)]
)
def test_d3_day_of_gate_out_is_not_counted(end, free, charged):
    """skuirrels/LogisticsUtilities tests/DetentionTests.cs: gate-out on 1 October."""
    rule = FreeTimeRule(free, counts_first_day=False)
    found = count(rule, date(2025, 10, 1), date(2025, 10, end))
    assert found.charged_days == charged


class TestD4:
    """doczj.com 2517232037: 20DC, days 1-10 free, 11-20 41.5, 21-40 83, 41+ 166."""

    TIERS = tiers(d11="41.5", d21="83", d41="166")
    START = date(2025, 6, 1)
    END = START + timedelta(days=24)  # the 25th day

    def test_graduated(self):
        rule = FreeTimeRule(10, tiers=self.TIERS, tier_start=TierStart.FIRST_DAY)
        found = count(rule, self.START, self.END, "CNY")
        assert found.amount == 830
        assert str(found.explanation) == (
            "25 days less 10 days free: 10 days x 41.50 + 5 days x 83.00 = 830.00 CNY"
        )

    def test_jumping_slab(self):
        rule = FreeTimeRule(
            10,
            tiers=self.TIERS,
            tier_start=TierStart.FIRST_DAY,
            tier_type=BreakType.WHOLE,
        )
        assert count(rule, self.START, self.END, "CNY").amount == 1245

    def test_forty_foot_high_cube(self):
        # 1-7 free, 8-15 116.2, 16-40 207.5, 41+ 415.
        rule = FreeTimeRule(
            7,
            tiers=tiers(d8="116.2", d16="207.5", d41="415"),
            tier_start=TierStart.FIRST_DAY,
        )
        found = count(rule, self.START, self.START + timedelta(days=41), "CNY")
        assert found.amount == Decimal("116.2") * 8 + Decimal("207.5") * 25 + 415 * 2


class TestOneJapan:
    """ONE Japan (TOSHIOKANEDA/dem_det): 6 free working days, then 4,000 ... JPY."""

    RULE = FreeTimeRule(
        6,
        free_count=DayCount.WORKING,
        tiers=tiers(d1="4000", d5="12000", d10="20000"),
    )

    def test_free_days_skip_the_weekend(self):
        # Monday 1 September 2025: six working days end on Monday the 8th.
        found = count(self.RULE, date(2025, 9, 1), date(2025, 9, 14), "JPY")
        assert found.last_free_day == date(2025, 9, 8)
        assert found.charged_days == 6  # calendar days, the weekend among them
        assert found.amount == 4 * 4000 + 2 * 12000

    def test_holidays_are_no_working_days(self):
        closed = working_days([date(2025, 9, 3), date(2025, 9, 6)])
        found = count(
            self.RULE, date(2025, 9, 1), date(2025, 9, 14), "JPY", is_working_day=closed
        )
        assert found.last_free_day == date(2025, 9, 9)

    def test_charged_days_may_be_working_days_too(self):
        rule = FreeTimeRule(
            6,
            free_count=DayCount.WORKING,
            charged_count=DayCount.WORKING,
            tiers=tiers(d1="1000"),
        )
        found = count(rule, date(2025, 9, 1), date(2025, 9, 14), "JPY")
        assert found.charged_days == 4
        assert found.amount == 4000


class TestRefusals:
    def test_end_before_start(self):
        with pytest.raises(RatingError) as refused:
            count(FreeTimeRule(1), date(2025, 1, 2), date(2025, 1, 1))
        assert refused.value.code == "free_time_dates"

    def test_negative_free_days(self):
        with pytest.raises(RatingError) as refused:
            FreeTimeRule(-1)
        assert refused.value.code == "free_time_negative"

    @pytest.mark.parametrize("days", [(0,), (1, 1)])
    def test_tiers_without_order(self, days):
        with pytest.raises(RatingError):
            FreeTimeRule(1, tiers=tuple(Tier(day, Decimal(1)) for day in days))

    def test_calendar_without_working_days(self):
        rule = FreeTimeRule(1, free_count=DayCount.WORKING)
        with pytest.raises(RatingError) as refused:
            count(
                rule,
                date(2025, 1, 1),
                date(2025, 1, 2),
                is_working_day=lambda _day: False,
            )
        assert refused.value.code == "free_time_calendar"


days = st.dates(date(2024, 1, 1), date(2026, 12, 31))
rules = st.builds(
    FreeTimeRule,
    free_days=st.integers(0, 20),
    free_count=st.sampled_from(DayCount),
    charged_count=st.sampled_from(DayCount),
    counts_first_day=st.booleans(),
    tiers=st.dictionaries(
        st.integers(1, 40), st.decimals(0, 500, places=2), max_size=4
    ).map(lambda found: tuple(Tier(*tier) for tier in found.items())),
    tier_start=st.sampled_from(TierStart),
    tier_type=st.sampled_from(BreakType),
)


@given(rules, days, st.integers(0, 90))
def test_nothing_is_negative_and_slices_add_up(rule, start, length):
    found = count(rule, start, start + timedelta(days=length))
    assert 0 <= found.charged_days <= found.days
    assert found.amount == sum(part.amount for part in found.slices)
    assert sum(part.quantity for part in found.slices) <= found.charged_days


@given(rules, days, st.integers(0, 90))
def test_another_day_is_never_cheaper(rule, start, length):
    rising = sorted(tier.rate for tier in rule.tiers)
    ordered = sorted(rule.tiers, key=lambda tier: tier.from_day)
    rule = FreeTimeRule(
        rule.free_days,
        rule.free_count,
        rule.charged_count,
        rule.counts_first_day,
        tuple(
            Tier(tier.from_day, rate)
            for tier, rate in zip(ordered, rising, strict=True)
        ),
        rule.tier_start,
        rule.tier_type,
    )
    end = start + timedelta(days=length)
    amount = count(rule, start, end).amount
    assert count(rule, start, end + timedelta(days=1)).amount >= amount


class TestStorage:
    def test_w1_half_of_a_month_day_by_day(self):
        """racklify.com: 20 USD a pallet and month, 10 pallets, 15 of 30 days: 100."""
        months = stored_months(date(2025, 6, 1), date(2025, 6, 15), Proration.DAILY)
        assert 20 * 10 * months == 100

    @pytest.mark.parametrize(
        ("first", "last", "cycle_day", "months"),
        [
            # ewsgroup.com moverssuite: half where it begins after the 15th ...
            (date(2025, 6, 16), date(2025, 6, 30), 1, "0.5"),
            (date(2025, 6, 15), date(2025, 6, 30), 1, "1"),
            # ... or ends on or before the 15th ...
            (date(2025, 6, 1), date(2025, 6, 15), 1, "0.5"),
            (date(2025, 6, 1), date(2025, 6, 16), 1, "1"),
            # ... and with a cycle from the 5th the cut is the 19th.
            (date(2025, 6, 5), date(2025, 6, 19), 5, "0.5"),
            (date(2025, 6, 5), date(2025, 6, 20), 5, "1"),
            (date(2025, 6, 20), date(2025, 7, 4), 5, "0.5"),
            (date(2025, 6, 19), date(2025, 7, 19), 5, "1.5"),
        ],
    )
    def test_w3_half_month_rule(self, first, last, cycle_day, months):
        found = stored_months(first, last, Proration.HALF_MONTH, cycle_day)
        assert found == Decimal(months)

    def test_w4_five_minutes_are_a_week(self):
        """help.cartoncloud.com: a pallet in stock for 5 minutes bills a full week."""
        day = date(2025, 6, 4)
        assert stored_weeks(day, day, Proration.FULL) == 1
        assert stored_weeks(day, day + timedelta(days=7), Proration.FULL) == 2
        assert stored_weeks(day, day, Proration.DAILY) == Decimal(1) / 7

    def test_full_months_count_as_they_begin(self):
        found = stored_months(date(2025, 1, 31), date(2025, 3, 1), Proration.FULL)
        assert found == 3

    @given(days, st.integers(0, 200), st.integers(1, 28))
    def test_daily_months_are_additive(self, first, length, cycle_day):
        last = first + timedelta(days=length)
        middle = first + timedelta(days=length // 2)
        whole = stored_months(first, last, Proration.DAILY, cycle_day)
        parts = stored_months(first, middle, Proration.DAILY, cycle_day)
        if middle < last:
            rest = middle + timedelta(days=1)
            parts += stored_months(rest, last, Proration.DAILY, cycle_day)
        assert abs(whole - parts) < Decimal("1e-20")

    def test_nonsense_is_refused(self):
        with pytest.raises(RatingError):
            stored_months(date(2025, 1, 2), date(2025, 1, 1), Proration.FULL)
        with pytest.raises(RatingError):
            stored_months(date(2025, 1, 1), date(2025, 1, 1), Proration.FULL, 31)
        with pytest.raises(RatingError):
            stored_weeks(date(2025, 1, 1), date(2025, 1, 1), Proration.HALF_MONTH)
