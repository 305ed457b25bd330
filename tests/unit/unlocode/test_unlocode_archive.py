"""Zips as UNECE ships them, and zips that want to fill the memory."""

import io
import zipfile

import pytest

from odoo.addons.logistics_crm.unlocode import UnlocodeError, read_files


def make_zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def refused(content: bytes, **limits) -> str:
    with pytest.raises(UnlocodeError) as raised:
        list(read_files([("upload.zip", content)], **limits))
    return raised.value.code


def test_lists_of_a_zip_come_in_their_order() -> None:
    content = make_zip({"b/Part2.csv": b"2", "Notes.pdf": b"%PDF", "b/Part1.CSV": b"1"})
    assert list(read_files([("upload.zip", content), ("more.csv", b"3")])) == [
        ("Part1.CSV", b"1"),
        ("Part2.csv", b"2"),
        ("more.csv", b"3"),
    ]


def test_zip_that_unpacks_to_far_more_is_refused() -> None:
    content = make_zip({"bomb.csv": b"\0" * 60_000_000})
    assert len(content) < 100_000
    assert refused(content) == "too_large"


def test_limit_holds_for_all_files_together() -> None:
    content = make_zip({f"part{part}.csv": b"x" * 600 for part in range(3)})
    assert refused(content, max_bytes=1_500) == "too_large"
    with pytest.raises(UnlocodeError):
        list(read_files([("a.csv", b"x" * 600)] * 3, max_bytes=1_500))


def test_zip_of_too_many_files_is_refused() -> None:
    content = make_zip({f"{number}.txt": b"" for number in range(51)})
    assert refused(content) == "too_many_files"


def test_zip_without_a_list_is_refused() -> None:
    assert refused(make_zip({"list.xls": b"x", "inner.zip": b"x"})) == "no_list"


def test_broken_zip_is_refused() -> None:
    assert refused(make_zip({"a.csv": b"x" * 100})[:-30]) == "bad_zip"
