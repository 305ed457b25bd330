"""Spread follow-ups over the days, so that nobody is flooded."""

from collections.abc import Callable, Hashable, Iterable, MutableMapping
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    return day.weekday() < 5


def spread(
    wanted: Iterable[tuple[Hashable, int, date]],
    load: MutableMapping[tuple[int, date], int],
    cap: int,
    today: date,
    horizon: int,
    works: Callable[[date], bool] = is_working_day,
) -> dict[Hashable, date]:
    """Give each follow-up the first day on or after the wanted one that has room.

    :param wanted: (key, user, day), the most urgent first; a day that is over is today
    :param load: follow-ups that a user has already on a day; it is filled further
    :param cap: the most that a user gets on one day; 0 means any number
    :param horizon: days from today within which a day must be found; what does not
        fit is left out and waits for a later run
    """
    last = today + timedelta(days=horizon)
    placed = {}
    room_from = {}
    for key, user, wish in wanted:
        start = max(wish, today)
        # what was found full for this wish before is full still
        day = room_from.get((user, start), start)
        while day <= last and not (
            works(day) and (not cap or load.get((user, day), 0) < cap)
        ):
            day += ONE_DAY
        room_from[user, start] = day
        if day <= last:
            load[user, day] = load.get((user, day), 0) + 1
            placed[key] = day
    return placed
