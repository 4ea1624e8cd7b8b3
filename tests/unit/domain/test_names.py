import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.names import (
    clean_name,
    comparison_key,
    examine_name,
    folding_key,
)

VIETNAMESE = "aăâbcdđeêghiklmnoôơpqrstuưvxyàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ"
names = st.text(st.sampled_from(VIETNAMESE + VIETNAMESE.upper() + " '"), max_size=20)


def bare_letters(text):
    return [
        char
        for char in unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
        if not unicodedata.combining(char) and not char.isspace()
    ]


def test_a_name_is_composed_and_single_spaced_but_never_re_cased():
    assert clean_name(unicodedata.normalize("NFD", "  NGUYỄN  văn\u00a0An ")) == "NGUYỄN văn An"


def test_folding_knows_d_with_stroke_and_leaves_no_mark():
    assert folding_key("ĐẶNG  Thị Đối") == "dang thi doi"


@pytest.mark.parametrize(("one", "other"), [("hoà", "hòa"), ("Thuý", "THÚY"), ("khoẻ", "khỏe"), ("Tuỳ", "Tùy")])
def test_where_the_tone_is_typed_makes_no_difference(one, other):
    assert comparison_key(one) == comparison_key(other)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Nguyen Van An", "name_no_marks"),
        ("Giàng A Páo 2", "name_digit"),
        ("Giàng A\nPáo", "name_line_break"),
        ("NguyÔn V¨n A", "name_legacy_font"),
    ],
)
def test_a_doubtful_name_is_told_and_kept(name, code):
    examined = examine_name(name)
    assert [finding.code for finding in examined.findings] == [code]


@pytest.mark.parametrize("name", ["Giang A Chua", "H'Hen Niê", "Y Bhăm Êban", "Lê", "Nguyễn Văn A"])
def test_names_of_every_people_are_taken_as_they_are(name):
    assert examine_name(name).findings == ()


def test_a_character_that_cannot_be_seen_is_shown_by_its_code():
    assert "U+202E" in examine_name("Giàng\u202e Páo").findings[0].message


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=40) | names)
def test_cleaning_and_folding_twice_change_nothing(text):
    assert clean_name(clean_name(text)) == clean_name(text)
    assert folding_key(folding_key(text)) == folding_key(text)


@settings(max_examples=300, deadline=None)
@given(names, names)
def test_folding_never_joins_names_whose_letters_differ(one, other):
    assert (folding_key(one) == folding_key(other)) <= (bare_letters(one) == bare_letters(other))
    assert bare_letters(folding_key(one)) == bare_letters(one)


@settings(max_examples=300, deadline=None)
@given(names)
def test_comparing_keeps_every_letter_and_every_mark(name):
    def parts(text):
        return sorted(unicodedata.normalize("NFD", text.casefold()).replace(" ", ""))

    assert parts(comparison_key(name)) == parts(name)


@pytest.mark.parametrize(
    ("typed", "code", "reading"),
    [
        ("NguyÔn V¨n A", "TCVN3", "Nguyễn Văn A"),
        ("D\u00ad¬ng ThÞ Mü", "TCVN3", "Dương Thị Mỹ"),
        ("Lß V¨n Ýn", "TCVN3", "Lò Văn Ín"),
        ("Nguyeãn Vaên A", "VNI", "Nguyễn Văn A"),
        ("LEÂ THÒ LYÙ", "VNI", "LÊ THỊ LÝ"),
        ("Traàn Thò Höông", "VNI", "Trần Thị Hương"),
        ("NguyÃªn", "UTF-8", "Nguyên"),
    ],
)
def test_x24_a_name_in_an_old_fonts_code_is_shown_converted_and_kept_as_typed(typed, code, reading):
    examined = examine_name(typed)
    assert examined.suggestion == reading
    assert examined.value == clean_name(typed)
    (finding,) = examined.findings
    assert finding.code == "name_legacy_font"
    assert code in finding.evidence


def test_x24_every_letter_of_both_old_codes_is_known():
    from portal.domain import legacy_fonts

    letters = set(VIETNAMESE) - set("abcdeghiklmnopqrstuvxy")
    assert letters <= set(legacy_fonts._TCVN3.values())
    assert letters | {letter.upper() for letter in letters} <= set(legacy_fonts._VNI.values())


@pytest.mark.parametrize("name", ["Niê Êban", "Y Bhăm Êban", "K'Brèo", "Hoà", "BẾ VĂN ĐÀN", "Rơ Châm Hà", "Siu Blơ"])
def test_x24_a_name_that_may_be_right_is_never_converted(name):
    assert examine_name(name).suggestion == ""
