"""Names, numbers and addresses: known cases, and what holds for any text."""

import doctest
import importlib

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.logistics_crm.data_quality import (
    PUBLIC_MAIL_DOMAINS,
    mail_domain,
    normalise_name,
    normalise_phone,
    normalise_tax_number,
)
from odoo.addons.logistics_crm.data_quality.names import LEGAL_WORDS

PACKAGE = "odoo.addons.logistics_crm.data_quality"
COUNTRIES = st.sampled_from(["", "DE", "CN", "US", "GR", "FR", "XX", "hk", "GB", "NL"])
NAMED_TEXT = st.text() | st.lists(
    st.sampled_from(
        [
            *sorted(LEGAL_WORDS),
            "有限公司",
            "株式会社",
            "(株)",
            "Acme",
            "上海",
            "&",
            "A.B.",
        ]
    )
).map(" ".join)


@pytest.mark.parametrize("name", ["names", "phones", "domains", "tax_numbers"])
def test_examples_in_the_documentation(name: str) -> None:
    result = doctest.testmod(importlib.import_module(f"{PACKAGE}.{name}"))
    assert result.attempted
    assert not result.failed


@pytest.mark.parametrize(
    ("names", "key"),
    [
        (
            ["Acme Logistics GmbH", "ACME LOGISTICS, GMBH.", "acme logistics"],
            "acme logistics",
        ),
        (
            [
                "Müller Spedition GmbH & Co. KG",
                "MULLER SPEDITION GMBH + CO KG",
                "Müller-Spedition",
            ],
            "muller spedition",
        ),
        (
            [
                "Ningbo Star Co., Ltd.",
                "NINGBO STAR CO.,LTD",
                "Ｎｉｎｇｂｏ Star Co Ltd",
            ],
            "ningbo star",
        ),
        (
            [
                "上海远航国际物流有限公司",
                "上海远航国际物流 有限责任公司",
                "上海远航国际物流股份有限公司",
            ],
            "上海远航国际物流",
        ),
        (["山田運輸株式会社", "株式会社山田運輸", "株式会社 山田運輸"], "山田運輸"),
        (["Transportes García S.A.", "Transportes Garcia, SA"], "transportes garcia"),
        (["Rossi Trasporti S.p.A.", "ROSSI TRASPORTI SPA"], "rossi trasporti"),
        (["Ładunek Sp. z o.o.", "LADUNEK SP Z O O"], "ladunek"),
        (["PT. Samudera Tbk", "PT Samudera"], "samudera"),
        (["ООО Ромашка", "Ромашка, ООО"], "ромашка"),
        (["O'Neill Freight Ltd", "O’Neill Freight Limited"], "oneill freight"),
        (["Grupo Mar S.A. de C.V."], "grupo mar"),
        (["Straße Nord e.K."], "strasse nord ek"),
    ],
)
def test_spellings_of_one_name_have_one_key(names: list[str], key: str) -> None:
    assert {normalise_name(name) for name in names} == {key}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Acme Shanghai Ltd", "Acme Ningbo Ltd"),
        ("上海远航（集团）有限公司", "上海远航有限公司"),
        ("Maersk Logistics", "Maersk Line"),
        ("がいど", "かいと"),
    ],
)
def test_different_companies_have_different_keys(one: str, other: str) -> None:
    assert normalise_name(one) != normalise_name(other)


@pytest.mark.parametrize(
    ("name", "key"),
    [(None, ""), ("  ", ""), ("...", ""), ("Co., Ltd.", "co"), ("公司", "公司")],
)
def test_a_name_of_nothing_else_keeps_a_word(name: str | None, key: str) -> None:
    assert normalise_name(name) == key


@given(NAMED_TEXT)
def test_a_second_pass_changes_no_name(name: str) -> None:
    key = normalise_name(name)
    assert normalise_name(key) == key


@given(NAMED_TEXT)
def test_case_and_blanks_do_not_matter(name: str) -> None:
    assert normalise_name(f"  {name}  ") == normalise_name(name)
    assert normalise_name(normalise_name(name).upper()) == normalise_name(name)


@given(st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1))
def test_a_name_with_letters_has_a_key(name: str) -> None:
    assert normalise_name(name)


@pytest.mark.parametrize(
    ("number", "country", "expected"),
    [
        ("+49 40 36 14 12-0", None, "+49403614120"),
        ("0049 40 3614120", "CN", "+49403614120"),
        ("49 40 3614120", "CN", "+49403614120"),
        ("(040) 3614 120", "DE", "+49403614120"),
        ("＋８６ ２１ ６３２３ ８８８８", "DE", "+862163238888"),
        ("13800138000", "CN", "+8613800138000"),
        ("8613800138000", None, "+8613800138000"),
        ("+86 21 6323 8888 ext. 12", None, "+862163238888"),
        ("040 3614120", None, None),
        ("call the desk", "DE", None),
        ("12", "DE", None),
        ("", "DE", None),
        (None, None, None),
        ("+999 123456789", "DE", None),
    ],
)
def test_phone(number: str | None, country: str | None, expected: str | None) -> None:
    assert normalise_phone(number, country) == expected


@pytest.mark.parametrize("region", sorted(phonenumbers.SUPPORTED_REGIONS))
def test_every_way_to_write_a_number_gives_one(region: str) -> None:
    example = phonenumbers.example_number(region)
    written = [
        phonenumbers.format_number(example, form)
        for form in (
            phonenumbers.PhoneNumberFormat.E164,
            phonenumbers.PhoneNumberFormat.INTERNATIONAL,
            phonenumbers.PhoneNumberFormat.NATIONAL,
        )
    ]
    assert {normalise_phone(number, region) for number in written} == {written[0]}


@given(st.text(st.characters(codec="utf-8")) | st.text("0123456789+() -"), COUNTRIES)
def test_a_second_pass_changes_no_phone(number: str, country: str) -> None:
    first = normalise_phone(number, country)
    assert first is None or normalise_phone(first, "") == first


@pytest.mark.parametrize(
    ("number", "country", "value", "valid", "reason"),
    [
        ("DE 136,695 976", "DE", "DE136695976", True, ""),
        ("136695976", "DE", "DE136695976", True, ""),
        ("136695977", "DE", "DE136695977", False, "checksum"),
        ("12", "DE", "DE12", False, "length"),
        ("DE136695976", None, "DE136695976", True, ""),
        ("ATU13585627", "DE", "ATU13585627", True, ""),
        ("U13585627", "AT", "ATU13585627", True, ""),
        ("094259216", "GR", "EL094259216", True, ""),
        ("EL094259216", "GR", "EL094259216", True, ""),
        ("91110000600037341L", "CN", "91110000600037341L", True, ""),
        ("９１１１００００６０００３７３４１Ｌ", "CN", "91110000600037341L", True, ""),
        ("91110000600037341L", None, "91110000600037341L", True, ""),
        ("91110000600037341X", "CN", "91110000600037341X", False, "checksum"),
        ("911100006000", "CN", "911100006000", False, "length"),
        ("A1110000600037341L", "CN", "A1110000600037341L", False, "format"),
        ("GB 980 7806 84", "GB", "980780684", True, ""),
        ("CHE-107.787.577 MWST", "CH", "CHE107787577MWST", True, ""),
        ("12-34", "HK", "1234", None, "no_check"),
        ("12-34", None, "1234", None, "no_check"),
        ("", "DE", "", None, "empty"),
        (None, None, "", None, "empty"),
    ],
)
def test_tax_number(
    number: str | None,
    country: str | None,
    value: str,
    valid: bool | None,
    reason: str,
) -> None:
    found = normalise_tax_number(number, country)
    assert (found.value, found.valid, found.reason) == (value, valid, reason)


@given(st.text(), COUNTRIES)
def test_a_second_pass_changes_no_tax_number(number: str, country: str) -> None:
    first = normalise_tax_number(number, country)
    assert bool(first.value) == (first.reason != "empty")
    assert normalise_tax_number(first.value, country) == first


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=18, max_size=18))
def test_any_credit_code_is_answered(number: str) -> None:
    assert normalise_tax_number(number, "CN").valid in (True, False)


@pytest.mark.parametrize(
    ("address", "domain"),
    [
        ("ops@acme.com", "acme.com"),
        ("OPS@ACME.COM", "acme.com"),
        ('"Wei, Li" <li@acme.cn>', "acme.cn"),
        ("a@gmail.com", None),
        ("a@qq.com", None),
        ("li@münchen.de", "xn--mnchen-3ya.de"),
        ("a@ａｃｍｅ.com", "acme.com"),
        ("no address", None),
        ("a@localhost", None),
        ("a@..com", None),
        (None, None),
    ],
)
def test_mail_domain(address: str | None, domain: str | None) -> None:
    assert mail_domain(address) == domain


@given(st.text() | st.emails())
def test_a_domain_is_of_lower_case_and_not_public(address: str) -> None:
    domain = mail_domain(address)
    assert domain is None or (
        domain == domain.lower()
        and domain not in PUBLIC_MAIL_DOMAINS
        and mail_domain(f"x@{domain}") == domain
    )
