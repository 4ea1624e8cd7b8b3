"""The words of the portal can be read in English: every Vietnamese template has its counterpart, with the same places."""

import re

import pytest

from portal.domain.labels import LABELS
from portal.domain.wording import agreeing
from portal.languages import ENGLISH, catalogue
from scripts.catalogue import messages, read

LETTER = re.compile("[À-ỹ]")
PLACES = re.compile(r"%\(\w+\)[sd]|(?<!%)\{\w+(?::\w+)?\}")
CHOICE = re.compile(r"\((\w+)\|[^|()]*\|[^|()]*\)")


@pytest.fixture(scope="module")
def found() -> set[str]:
    return messages()


@pytest.fixture(scope="module")
def english() -> dict[str, str]:
    return dict(catalogue(ENGLISH))


def test_the_words_of_pages_program_and_tables_are_found(found: set[str]) -> None:
    assert {"Đăng nhập", "còn %(count)s ngày", "Không có số CCCD/CMND", "Trạm đang soạn"} <= found
    assert "Còn {left} người chưa có kết luận. Hãy kết luận đủ {entries} người." in found


def test_every_sentence_has_its_english(found: set[str], english: dict[str, str]) -> None:
    """New sentences: `make catalogue`, then write their English into the file."""
    assert sorted(message for message in found if not english.get(message)) == []


def test_the_catalogue_holds_nothing_that_is_no_longer_said(found: set[str], english: dict[str, str]) -> None:
    assert sorted(message for message in english if message not in found) == []


def test_nothing_is_fuzzy() -> None:
    assert [each.id for each in read() if each.fuzzy and each.id] == []


def test_every_word_of_the_domains_enumerations_is_translated(english: dict[str, str]) -> None:
    silent = [words for table in LABELS.values() for words in table.values() if words not in english]
    assert silent == []


def test_the_english_fills_in_the_same_places(english: dict[str, str]) -> None:
    wrong = [
        message
        for message, told in english.items()
        if set(PLACES.findall(message)) != set(PLACES.findall(told)) or message.count("\n") != told.count("\n")
    ]
    assert wrong == []


def test_a_choice_of_words_hangs_on_a_place_of_the_sentence(english: dict[str, str]) -> None:
    wrong = [
        message
        for message, told in english.items()
        for name in CHOICE.findall(told)
        if f"%({name})s" not in message and f"{{{name}}}" not in message
    ]
    assert wrong == []


def test_no_choice_is_left_after_agreeing(english: dict[str, str]) -> None:
    assert [told for told in english.values() if CHOICE.search(agreeing(told, {}))] == []


def test_the_english_is_english(english: dict[str, str]) -> None:
    assert {message: told for message, told in english.items() if LETTER.search(told)} == {}


def test_causes_and_next_steps_stay_apart_in_english(english: dict[str, str]) -> None:
    """A finding is «cause; next step.»: the workbook of faults cuts it at the last semicolon, in any language."""
    wrong = [
        m for m, told in english.items() if m.count(";") == 1 and m.endswith(".") and "; hãy" in m and ";" not in told
    ]
    assert wrong == []
