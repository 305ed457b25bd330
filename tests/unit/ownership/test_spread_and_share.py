from collections import Counter
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.logistics_crm.ownership import share_evenly, spread

MONDAY = date(2026, 11, 23)


def test_a_full_day_moves_on_over_the_weekend() -> None:
    wanted = [(number, 1, MONDAY) for number in range(12)]
    placed = spread(wanted, {}, 2, MONDAY, 7)
    by_day = Counter(placed.values())
    assert set(by_day.values()) == {2}
    assert not any(day.weekday() >= 5 for day in by_day)
    assert max(by_day) == MONDAY + timedelta(days=7)


def test_what_does_not_fit_waits() -> None:
    wanted = [(number, 1, MONDAY) for number in range(1000)]
    placed = spread(wanted, {}, 5, MONDAY, 4)
    assert sorted(placed) == list(range(25))


def test_load_counts_and_users_do_not_disturb_each_other() -> None:
    load = {(1, MONDAY): 3}
    placed = spread([("a", 1, MONDAY), ("b", 2, MONDAY)], load, 3, MONDAY, 5)
    assert placed == {"a": MONDAY + timedelta(days=1), "b": MONDAY}
    assert load == {
        (1, MONDAY): 3,
        (1, MONDAY + timedelta(days=1)): 1,
        (2, MONDAY): 1,
    }


def test_past_is_today_and_no_cap_is_no_limit() -> None:
    wanted = [(number, 1, date(2020, 1, 1)) for number in range(50)]
    assert set(spread(wanted, {}, 0, MONDAY, 3).values()) == {MONDAY}


@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(-5, 30)), max_size=60),
    st.integers(1, 4),
)
def test_nobody_is_flooded(wishes: list[tuple[int, int]], cap: int) -> None:
    wanted = [
        (number, user, MONDAY + timedelta(days=offset))
        for number, (user, offset) in enumerate(wishes)
    ]
    placed = spread(wanted, {}, cap, MONDAY, 20)
    load = Counter((user, placed[key]) for key, user, _day in wanted if key in placed)
    assert all(number <= cap for number in load.values())
    for key, _user, day in wanted:
        assert key not in placed or day <= placed[key] <= MONDAY + timedelta(days=20)


def test_share_without_load() -> None:
    assert share_evenly(10, [7, 8, 9]) == {7: 4, 8: 3, 9: 3}
    assert share_evenly(5, []) == {}


def test_share_fills_up_who_has_least() -> None:
    assert share_evenly(10, [1, 2, 3], {1: 20, 2: 5, 3: 2}) == {1: 0, 2: 4, 3: 6}


@given(
    st.integers(0, 300),
    st.dictionaries(st.integers(1, 9), st.integers(0, 80), min_size=1),
)
def test_all_are_shared_and_level(count: int, load: dict[int, int]) -> None:
    given_out = share_evenly(count, list(load), load)
    assert sum(given_out.values()) == count
    totals = {key: load[key] + number for key, number in given_out.items()}
    taking = [totals[key] for key, number in given_out.items() if number]
    if taking:
        assert max(taking) - min(totals.values()) <= 1
