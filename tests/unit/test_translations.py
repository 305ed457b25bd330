"""Each addon is complete in Simplified Chinese, with the placeholders intact."""

import re
from pathlib import Path

import polib
import pytest

ADDONS = Path(__file__).parents[2] / "addons"
NAMES = sorted(path.parent.name for path in ADDONS.glob("*/__manifest__.py"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sdrf]|%[sdrf]|\{\{.*?\}\}|<[^>]+>")
HAN = re.compile(r"[\u4e00-\u9fff]")
# A term without a letter, or one that is the same in Chinese: a code or a unit.
UNTRANSLATED = re.compile(r"^[^a-z]*$|^[\w./' -]{1,12}$")


def _catalogue(addon, name):
    return polib.pofile(str(ADDONS / addon / "i18n" / name))


@pytest.mark.parametrize("addon", NAMES)
def test_every_term_of_the_template_is_translated(addon):
    translated = {
        entry.msgid: entry.msgstr
        for entry in _catalogue(addon, "zh_CN.po")
        if entry.msgstr and "fuzzy" not in entry.flags
    }
    terms = [entry.msgid for entry in _catalogue(addon, f"{addon}.pot")]
    assert len(terms) > 50
    assert [term for term in terms if term not in translated] == []


@pytest.mark.parametrize("addon", NAMES)
def test_translations_are_chinese(addon):
    english = [
        entry.msgid
        for entry in _catalogue(addon, "zh_CN.po")
        if not HAN.search(entry.msgstr)
        and not UNTRANSLATED.match(PLACEHOLDER.sub("", entry.msgid))
    ]
    assert english == []


@pytest.mark.parametrize("addon", NAMES)
def test_placeholders_and_markup_survive(addon):
    broken = [
        entry.msgid
        for entry in _catalogue(addon, "zh_CN.po")
        if sorted(PLACEHOLDER.findall(entry.msgid))
        != sorted(PLACEHOLDER.findall(entry.msgstr))
    ]
    assert broken == []
