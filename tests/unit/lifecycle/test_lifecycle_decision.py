"""Which stage a client belongs to: rules, hysteresis, hold, and when to look again."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.logistics_crm.lifecycle import (
    MEASURES,
    Base,
    ClientFacts,
    Condition,
    Match,
    Measure,
    Operator,
    Rule,
    Stage,
    Standing,
    base_gap,
    decide,
    measure,
    next_check,
    timed_conditions,
    usual_interval,
)

TODAY = date(2026, 6, 30)
BASE = Base(gap_days=30.0)
POTENTIAL, NEW, MATURE, LAPSED = range(1, 5)


def condition(name, operator, threshold):
    return Condition(Measure(name), Operator(operator), threshold)


def rule(*conditions, match=Match.ALL):
    return Rule(tuple(condition(*parts) for parts in conditions), match)


STAGES = (
    Stage(
        LAPSED,
        entry=(rule(("silence_ratio", ">=", 6), ("days_since_last", ">=", 120)),),
        exit=(rule(("orders_90", ">=", 1)),),
    ),
    Stage(POTENTIAL, entry=(rule(("order_count", "<=", 0)),)),
    Stage(
        NEW,
        entry=(rule(("order_days", "<=", 2)), rule(("tenure_days", "<", 90))),
    ),
    Stage(MATURE, runs=2, is_default=True),
)


def shipper(last_days_ago, gap=10, orders=40, **values):
    last = TODAY - timedelta(days=last_days_ago)
    facts = {
        "first_order": last - timedelta(days=gap * (orders - 1)),
        "last_order": last,
        "order_count": orders,
        "order_days": orders,
        "orders_90": max(0, (90 - last_days_ago) // gap),
    }
    return ClientFacts(**{**facts, **values})


def run(facts, standing=None, today=TODAY):
    return decide(STAGES, facts, standing or Standing(), today, BASE)


class TestMeasures:
    def test_usual_interval_leans_on_the_base_with_few_orders(self):
        assert usual_interval(shipper(0, orders=1), BASE) == 30
        assert usual_interval(shipper(0, orders=2), BASE) == pytest.approx(70 / 3)
        assert usual_interval(shipper(0, orders=400), BASE) == pytest.approx(10.1, 0.01)

    def test_silence_is_counted_in_usual_intervals(self):
        facts = shipper(60, orders=400)
        ratio = measure(facts, Measure.SILENCE_RATIO, TODAY, BASE)
        assert ratio == pytest.approx(60 / usual_interval(facts, BASE))

    def test_trend_is_corrected_by_what_all_clients_did(self):
        facts = ClientFacts(orders_365=60, previous_365=50)
        trend = measure(facts, Measure.VOLUME_TREND, TODAY, BASE)
        assert trend == pytest.approx(20)
        market = Base(orders_365=1200, previous_365=1000)
        trend = measure(facts, Measure.VOLUME_TREND, TODAY, market)
        assert trend == pytest.approx(0)

    def test_trend_of_a_dominant_client_is_against_the_others(self):
        facts = ClientFacts(orders_90=50, previous_90=100)
        market = Base(orders_90=150, previous_90=200)
        trend = measure(facts, Measure.QUARTER_TREND, TODAY, market)
        assert trend == pytest.approx(-50)

    def test_trend_of_the_only_client_is_its_own(self):
        facts = ClientFacts(orders_90=50, previous_90=100)
        market = Base(orders_90=50, previous_90=100)
        trend = measure(facts, Measure.QUARTER_TREND, TODAY, market)
        assert trend == pytest.approx(-50)

    def test_trend_of_too_few_orders_is_unknown(self):
        facts = ClientFacts(orders_365=60, previous_365=2)
        assert measure(facts, Measure.VOLUME_TREND, TODAY, BASE) is None

    @pytest.mark.parametrize("name", MEASURES)
    def test_client_without_history_has_numbers_or_nothing(self, name):
        value = measure(ClientFacts(), name, TODAY, BASE)
        assert value is None or value == 0

    def test_base_gap_of_no_clients_is_the_usual_one(self):
        assert base_gap(0, 0) == 30.4375
        assert base_gap(900, 90) == pytest.approx(10.44, abs=0.01)


class TestDecisions:
    @pytest.mark.parametrize(
        ("facts", "stage"),
        [
            (ClientFacts(), POTENTIAL),  # no history, or credit notes only
            (shipper(5, orders=1), NEW),
            (shipper(5, orders=2), NEW),
            (shipper(5), MATURE),
            (shipper(121), LAPSED),
        ],
        ids=["none", "one order", "two orders", "regular", "silent"],
    )
    def test_new_client_is_put_where_it_belongs_at_once(self, facts, stage):
        decision = run(facts)
        assert decision.moves
        assert decision.stage == stage

    def test_reasons_are_the_conditions_with_what_was_measured(self):
        reasons = run(shipper(121), Standing(MATURE)).reasons
        assert [(c.measure.value, c.threshold) for c, _value in reasons] == [
            ("silence_ratio", 6),
            ("days_since_last", 120),
        ]
        assert reasons[1][1] == 121

    def test_stage_is_confirmed_in_so_many_runs(self):
        facts = shipper(5, orders=20)
        first = run(facts, Standing(NEW))
        assert not first.moves
        assert (first.candidate, first.candidate_runs) == (MATURE, 1)
        second = run(facts, Standing(NEW, first.candidate, first.candidate_runs))
        assert second.moves
        assert second.stage == MATURE

    def test_confirmation_starts_anew_when_another_stage_is_right(self):
        decision = run(shipper(5, orders=20), Standing(NEW, LAPSED, 5))
        assert (decision.candidate, decision.candidate_runs) == (MATURE, 1)

    def test_stage_is_left_only_by_its_exit_rule(self):
        back = shipper(3, gap=60, orders=5, orders_90=0)
        assert run(back, Standing(LAPSED)).stage == LAPSED
        back = shipper(3, gap=60, orders=5, orders_90=1)
        assert run(back, Standing(LAPSED, MATURE, 1)).stage == MATURE

    def test_hold_keeps_the_client_and_shows_where_it_would_go(self):
        held = Standing(MATURE, hold_until=TODAY)
        decision = run(shipper(200), held)
        assert not decision.moves
        assert decision.candidate == LAPSED
        over = Standing(MATURE, hold_until=TODAY - timedelta(days=1))
        assert run(shipper(200), over).stage == LAPSED

    def test_any_of_several_conditions(self):
        either = Rule(
            (condition("order_count", ">", 5), condition("tenure_days", ">", 9999)),
            Match.ANY,
        )
        stages = (Stage(1, entry=(either,)), Stage(2, is_default=True))
        decision = decide(stages, shipper(1), Standing(), TODAY, BASE)
        assert decision.stage == 1
        assert len(decision.reasons) == 1

    def test_scheme_without_any_rule_leaves_everybody_alone(self):
        decision = decide((Stage(1),), shipper(1), Standing(7), TODAY, BASE)
        assert not decision.moves
        assert decision.stage == 7

    def test_second_run_changes_nothing(self):
        for facts in (ClientFacts(), shipper(5), shipper(300), shipper(5, orders=1)):
            once = run(facts)
            again = run(facts, Standing(once.stage))
            assert not again.moves
            assert again.candidate is None


thresholds = st.floats(0, 400, allow_nan=False)
conditions = st.builds(
    Condition, st.sampled_from(list(MEASURES)), st.sampled_from(Operator), thresholds
)
rules = st.builds(
    Rule, st.lists(conditions, max_size=3).map(tuple), st.sampled_from(Match)
)
stages = st.lists(
    st.tuples(st.lists(rules, max_size=2), st.lists(rules, max_size=2), st.booleans()),
    min_size=1,
    max_size=5,
).map(
    lambda drawn: tuple(
        Stage(number, tuple(entry), tuple(leave), is_default=default)
        for number, (entry, leave, default) in enumerate(drawn, 1)
    )
)


@st.composite
def clients(draw):
    days = draw(st.integers(0, 900))
    orders = draw(st.integers(1, 60))
    facts = shipper(days, gap=draw(st.integers(1, 90)), orders=orders)
    return draw(
        st.sampled_from([facts, ClientFacts(), ClientFacts(overdue_since=TODAY)])
    )


@settings(max_examples=300, deadline=None, derandomize=True)
@given(stages, clients(), st.integers(0, 5))
def test_decision_is_one_of_the_stages_and_settles(scheme, facts, start):
    standing = Standing(start or None)
    first = decide(scheme, facts, standing, TODAY, BASE)
    assert first.stage in {standing.stage, *(stage.key for stage in scheme)}
    if first.moves:
        again = decide(scheme, facts, Standing(first.stage), TODAY, BASE)
        assert not again.moves or again.stage != first.stage


@settings(max_examples=300, deadline=None, derandomize=True)
@given(stages, clients(), st.integers(0, 5), st.integers(1, 400))
def test_nothing_changes_before_the_next_check(scheme, facts, start, ahead):
    """Day by day the rules say the same until the day that was foretold."""
    standing = Standing(start or None)
    decision = decide(scheme, facts, standing, TODAY, BASE)
    following = next_check(timed_conditions(scheme), facts, decision, TODAY, BASE)
    if decision.moves or decision.candidate is not None:
        return
    later = TODAY + timedelta(days=ahead)
    if following is not None and later >= following:
        return
    then = decide(scheme, facts, standing, later, BASE)
    assert (then.stage, then.moves, then.candidate) == (
        decision.stage,
        decision.moves,
        decision.candidate,
    )
