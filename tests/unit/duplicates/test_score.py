import pytest

from odoo.addons.logistics_crm.duplicates import REASONS, score


@pytest.mark.parametrize(
    ("reasons", "expected"),
    [
        ([], 0.0),
        (["name"], 0.8),
        (["name", "name"], 0.8),
        (["name", "phone"], 0.92),
        (["website", "email"], 0.7),
    ],
)
def test_score(reasons: list[str], expected: float) -> None:
    assert score(reasons) == expected


def test_more_in_common_is_never_less_sure() -> None:
    found: list[str] = []
    last = 0.0
    for reason in REASONS:
        found.append(reason)
        assert last <= score(found) <= 1.0
        last = score(found)
