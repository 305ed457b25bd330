"""The list that benchmarks load has the form of the published one."""

from make_unlocode import COUNTRIES, parts

from odoo.addons.logistics_crm.unlocode import Entry, Problem, Synonym, read_list


def test_generated_list_is_read_without_a_problem() -> None:
    items = list(read_list(parts(5_000).items()))
    entries = [item for item in items if isinstance(item, Entry)]
    assert len(entries) == len({entry.code for entry in entries}) == 5_000
    assert {entry.country for entry in entries} == set(COUNTRIES)
    assert any(isinstance(item, Synonym) for item in items)
    assert not any(isinstance(item, Problem) for item in items)
    assert parts(100) == parts(100)
