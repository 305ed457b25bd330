"""Check digits of containers and ships against published numbers."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.logistics_crm.identifiers import (
    container_check_digit,
    container_number,
    imo_check_digit,
    imo_number,
    is_container_number,
    is_imo_number,
    normalise_container_number,
)


@pytest.mark.parametrize("module", [container_number, imo_number])
def test_examples_of_the_docstrings_hold(module) -> None:
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


# CSQU3054383 is the example of the standard; MEDU8707688 is often shown for a second
@pytest.mark.parametrize("number", ["CSQU3054383", "MEDU8707688", "msku 907 032 3"])
def test_published_container_number_is_right(number: str) -> None:
    assert is_container_number(number)


@pytest.mark.parametrize(
    "text",
    ["", None, "CSQU305438", "CSQU30543833", "CSQX3054383", "CSQU3054384", "1234567"],
)
def test_what_is_no_container_number_is_refused(text: str | None) -> None:
    assert not is_container_number(text)


def test_remainder_ten_counts_as_zero() -> None:
    stems = (f"TESU{serial:06}" for serial in range(2000))
    digits = {container_check_digit(stem) for stem in stems}
    assert digits == set(range(10))


@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=3, max_size=3),
    st.integers(0, 999_999),
    st.integers(0, 5),
    st.integers(1, 9),
)
def test_one_wrong_digit_is_noticed(owner, serial, place, change) -> None:
    stem = f"{owner}U{serial:06}"
    number = f"{stem}{container_check_digit(stem)}"
    assert is_container_number(number)
    place += 4
    digit = (int(number[place]) + change) % 10
    wrong = f"{number[:place]}{digit}{number[place + 1 :]}"
    # the two remainders that share a check digit are the known gap of the standard
    if is_container_number(wrong):
        assert number[10] == "0"


def test_number_is_written_without_blanks() -> None:
    assert normalise_container_number(" csqu 305438-3 ") == "CSQU3054383"


@pytest.mark.parametrize("number", ["9074729", "IMO9074729", "imo no. 9703291"])
def test_published_imo_number_is_right(number: str) -> None:
    assert is_imo_number(number)


@pytest.mark.parametrize(
    "text", ["", None, "9074728", "907472", "90747299", "IMO", "٩٠٧٤٧٢٩"]
)
def test_what_is_no_imo_number_is_refused(text: str | None) -> None:
    assert not is_imo_number(text)


@given(st.integers(0, 999_999), st.integers(0, 5), st.integers(1, 9))
def test_imo_check_digit_is_one_digit(number, place, change) -> None:
    stem = f"{number:06}"
    assert is_imo_number(f"{stem}{imo_check_digit(stem)}")


@pytest.mark.parametrize(
    ("check", "stem"),
    [(imo_check_digit, "12345"), (container_check_digit, "CSQU30543")],
)
def test_stem_of_another_length_is_refused(check, stem) -> None:
    with pytest.raises(ValueError, match=stem):
        check(stem)
