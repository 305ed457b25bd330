"""Headings and cells of tables of customers, contacts and lanes."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.logistics_crm.client_import import (
    TARGETS,
    Kind,
    guess_mapping,
    parse_row,
    signature,
)
from odoo.addons.logistics_crm.sheet_files import BadValue, open_rows

SAMPLES = Path(__file__).parents[2] / "samples"


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("language", [0, 1])
def test_headings_of_the_template_are_known(kind: Kind, language: int) -> None:
    labels = [target.headings[language] for target in TARGETS[kind].values()]
    mapping = guess_mapping("Sheet1", [(1, labels)])
    assert mapping.kind == kind
    assert list(mapping.columns.values()) == list(TARGETS[kind])


@pytest.mark.parametrize(
    ("labels", "kind"),
    [
        (["Company Name", "VAT no.", "City"], Kind.CUSTOMER),
        (["客户名称", "税号", "电话"], Kind.CUSTOMER),
        (["Company", "Contact Person", "E-Mail"], Kind.CONTACT),
        (["公司", "联系人", "手机"], Kind.CONTACT),
        (["Customer", "POL", "POD", "Container"], Kind.LANE),
        (["客户", "起运港", "目的港"], Kind.LANE),
    ],
)
def test_kind_is_guessed(labels: list[str], kind: Kind) -> None:
    assert guess_mapping("x", [(1, labels)]).kind == kind


def test_title_above_the_headings_is_passed_over() -> None:
    rows = [
        (1, ["Our customers", "Our customers", None]),
        (3, ["Name", "City", "Phone"]),
        (4, ["Acme", "Bremen", "0421 1"]),
    ]
    mapping = guess_mapping("x", rows)
    assert (mapping.header_row, mapping.columns) == (
        3,
        {0: "name", 1: "city", 2: "phone"},
    )


def test_unknown_headings_wait_for_a_person() -> None:
    mapping = guess_mapping("x", [(1, ["Foo", "Bar"]), (2, ["a", "b"])])
    assert (mapping.header_row, mapping.columns) == (1, {})
    assert guess_mapping("x", [(1, ["alone"])]) is None
    assert guess_mapping("x", []) is None


def test_signature_knows_headings_not_spelling() -> None:
    assert signature(["Name", "VAT no."]) == signature(["NAME ", "Vat No"])
    assert signature(["Name", "VAT"]) != signature(["VAT", "Name"])


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (5, 5.0),
        (Decimal("1.5"), 1.5),
        ("1,250.50", 1250.5),
        ("1.250,50", 1250.5),
        ("12,5", 12.5),
        ("1 200 000", 1200000.0),
        ("40 %", 40.0),
        ("0.125", 0.125),
        ("1,250", "number_ambiguous"),
        ("many", "not_a_number"),
        (True, "not_a_number"),
        (-1, "number_negative"),
        (BadValue("formula_error", "#REF!"), "formula_error"),
    ],
)
def test_number(value: object, expected: float | str) -> None:
    row, issues = parse_row(Kind.LANE, {0: "yearly_volume"}, [value])
    if isinstance(expected, str):
        assert (issues[0].code, issues[0].column) == (expected, "A")
    else:
        assert row == {"yearly_volume": expected}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (datetime(2026, 3, 1, 5), "2026-03-01"),
        (date(2026, 3, 1), "2026-03-01"),
        ("01.03.2026", "2026-03-01"),
        ("2026年3月1日", "2026-03-01"),
        ("soon", None),
    ],
)
def test_date(value: object, expected: str | None) -> None:
    columns = {0: "name", 1: "logistics_contract_renewal_date"}
    row, issues = parse_row(Kind.CUSTOMER, columns, ["Acme", value])
    assert row.get("logistics_contract_renewal_date") == expected
    assert [issue.code for issue in issues] == ([] if expected else ["not_a_date"])


def test_numbers_in_text_columns_become_text() -> None:
    row, _issues = parse_row(Kind.CUSTOMER, {0: "name", 1: "ref"}, ["A", 4711])
    assert row == {"name": "A", "ref": "4711"}


def test_required_cell_is_asked_for() -> None:
    columns = {0: "client_name", 1: "name"}
    _row, issues = parse_row(Kind.CONTACT, columns, [None, "Li"])
    assert issues[0].params["fields"] == ("client_ref", "client_vat", "client_name")


@given(
    st.sampled_from(list(Kind)),
    st.lists(
        st.none()
        | st.text()
        | st.integers()
        | st.booleans()
        | st.dates()
        | st.decimals(allow_nan=False, allow_infinity=False)
    ),
)
def test_any_row_is_read_or_told(kind: Kind, values: list) -> None:
    columns = dict(enumerate(TARGETS[kind]))
    row, issues = parse_row(kind, columns, values)
    assert row or issues


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("customers.xlsx", ["customer", "contact", "lane"]),
        ("lanes.csv", ["lane"]),
        ("lanes_zh.csv", ["lane"]),
    ],
)
def test_samples_are_read_without_help(name: str, kinds: list[str]) -> None:
    found = []
    for source in open_rows((SAMPLES / name).read_bytes(), name):
        rows = list(source)
        mapping = guess_mapping(source.name, rows)
        found.append(str(mapping.kind))
        assert set(mapping.columns) == {i for i, x in enumerate(mapping.labels) if x}
        for number, values in rows:
            if number > mapping.header_row:
                assert not parse_row(mapping.kind, mapping.columns, values)[1]
    assert found == kinds
