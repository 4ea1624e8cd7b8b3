import pytest

from portal.domain.sexes import examine_sex, parse_sex


@pytest.mark.parametrize(
    ("text", "sex"), [("Nam", "nam"), ("NỮ", "nữ"), ("nu", "nữ"), (" Nữ ", "nữ"), ("Female", "nữ")]
)
def test_the_usual_words_are_understood(text, sex):
    assert examine_sex(text).value == parse_sex(text) == sex
    assert examine_sex(text).findings == ()


@pytest.mark.parametrize("text", ["1", "0", "khác", "nam nữ"])
def test_codes_and_other_words_are_not_guessed(text):
    assert examine_sex(text).value == text
    assert examine_sex(text).findings[0].code == "sex_unreadable"


def test_nothing_is_told_as_missing():
    assert examine_sex(" ").findings[0].code == "sex_missing"
