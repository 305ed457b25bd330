import pytest

from odoo.addons.logistics_crm.ownership import Level, best_level

ANY = Level(1)
STAGE = Level(2, stage=10)
TIER = Level(3, tier=20)
BOTH = Level(4, stage=10, tier=20)
COMPANY = Level(5, stage=10, tier=20, company=30)
LEVELS = (ANY, STAGE, TIER, BOTH, COMPANY)


@pytest.mark.parametrize(
    ("client", "expected"),
    [
        ((10, 20, 30), COMPANY),
        ((10, 20, None), BOTH),
        ((10, 21, 30), STAGE),
        ((11, 20, 30), TIER),
        ((11, None, None), ANY),
    ],
)
def test_the_most_specific_wins(client: tuple, expected: Level) -> None:
    assert best_level(LEVELS, *client) is expected
    assert best_level(reversed(LEVELS), *client) is expected


def test_of_equals_the_first_in_sequence() -> None:
    later, first = Level(1, stage=10, sequence=20), Level(2, stage=10, sequence=10)
    assert best_level((later, first), 10, None, None) is first


def test_no_level() -> None:
    assert best_level((BOTH,), 11, None, None) is None
