"""Share out clients among those who take them over."""

from collections.abc import Mapping, Sequence


def share_evenly(
    count: int, receivers: Sequence[int], load: Mapping[int, int] | None = None
) -> dict[int, int]:
    """Return how many of `count` clients each receiver gets.

    Without a load all get the same, the first ones the remainder. With it, whoever has
    fewest is filled up first, so that all end as level as can be.
    """
    if not receivers:
        return {}
    total = {key: (load or {}).get(key, 0) for key in receivers}
    given = dict.fromkeys(receivers, 0)
    # fill the lowest up to the next one, level by level, rather than one at a time
    while count:
        low = min(total.values())
        lowest = [key for key in receivers if total[key] == low]
        higher = [value for value in total.values() if value > low]
        room = (min(higher) - low) * len(lowest) if higher else count
        step = min(count, room)
        each, rest = divmod(step, len(lowest))
        for number, key in enumerate(lowest):
            share = each + (number < rest)
            total[key] += share
            given[key] += share
        count -= step
    return given
