import json
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from portal.domain.classification import classify
from portal.domain.error_classes import ErrorClass, error_class_label
from portal.domain.fields import Field, Person
from portal.domain.findings import Severity, told_by

TODAY = date(2026, 11, 20)
GOOD = {"id_number": "015090001234", "full_name": "Giàng A Páo", "birth_date": "01/02/1990", "sex": "Nam"}


def classed(**fields):
    return classify(Person(**{**GOOD, **fields}), today=TODAY)


def codes(found):
    return [finding.code for finding in found.findings]


def test_a_row_in_order_has_no_class_and_no_finding():
    found = classed(phone="0912345678", insurance_number="4015012345")
    assert (found.classes, found.findings, found.suggestions, found.parked) == ((), (), {}, False)


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "id_missing"),
        ("   ", "id_missing"),
        ("Không có", "id_missing"),
        ("chưa có", "id_missing"),
    ],
)
def test_no_number_is_e1(number, code):
    found = classed(id_number=number)
    assert found.classes == (ErrorClass.E1,)
    assert codes(found) == [code]


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("060123456", "id_cmnd"),
        ("15090001234", "id_lost_zero"),
        ("01509000123", "id_wrong_length"),
        ("0150900012345", "id_wrong_length"),
        ("003090001234", "id_unassigned_code"),
        ("O15090001234", "id_letter"),
        ("0l5090001234", "id_letter"),
        ("015o90001234", "id_letter"),
        ("000000000000", "id_filler"),
        ("123456789", "id_filler"),
        ("1,5E+11", "id_scientific"),
        ("15090001234.0", "id_decimal"),
        ("015-090-001-234", "id_other_characters"),
    ],
)
def test_a_malformed_number_is_e2_and_told_apart(number, code):
    found = classed(id_number=number)
    assert found.classes == (ErrorClass.E2,)
    assert codes(found) == [code]


def test_a_lost_zero_is_suggested_and_never_put_in():
    found = classed(id_number="15090001234")
    assert found.suggestions == {"id_number": "015090001234"}
    assert found.cleaned.id_number == "15090001234"


def test_two_lost_zeros_are_suggested_only_where_the_rest_of_the_row_agrees():
    assert classed(id_number="1090001234").suggestions == {"id_number": "001090001234"}
    assert classed(id_number="1091001234").suggestions == {}


def test_a_scientific_number_is_suggested_only_when_all_its_digits_are_there():
    assert classed(id_number="1.5090001234E+10").suggestions == {"id_number": "015090001234"}
    assert classed(id_number="1.509E+10").suggestions == {}


def test_letters_in_a_number_are_flagged_and_not_guessed():
    assert classed(id_number="O15O90001234").suggestions == {}


@pytest.mark.parametrize(
    "number", ["015 090 001 234", "015.090.001.234", "015\u00a0090001234", "０15090001234", "015090\u200b001234"]
)
def test_blanks_dots_and_full_width_digits_are_taken_out_and_counted(number):
    found = classed(id_number=number)
    assert found.cleaned.id_number == "015090001234"
    assert found.classes == ()
    assert codes(found) == ["id_cleaned"]
    assert any(char.isdigit() for char in found.findings[0].message)


def test_sex_against_the_number_is_e3_with_an_open_letter_and_its_evidence():
    found = classed(sex="Nữ")
    assert found.classes == (ErrorClass.E3,)
    assert codes(found) == ["id_sex_conflict"]
    assert found.findings[0].severity is Severity.WARNING
    assert found.findings[0].evidence == "số ghi nam, danh sách ghi nữ"


@pytest.mark.parametrize("birth_date", ["01/02/1991", "1991"])
def test_year_against_the_number_is_e3(birth_date):
    found = classed(birth_date=birth_date)
    assert found.classes == (ErrorClass.E3,)
    assert codes(found)[0] == "id_year_conflict"


def test_a_number_that_says_a_coming_year_is_e3():
    assert codes(classed(id_number="015290001234")) == ["id_future_year"]


def test_a_born_after_2000_is_read_from_the_century_digit():
    assert classed(id_number="015305001234", birth_date="1/1/2005", sex="nữ").classes == ()


def test_a_code_of_a_merged_province_and_a_country_code_stay_good():
    assert classed(id_number="010090001234").classes == ()
    assert classed(id_number="184090001234").classes == ()


@pytest.mark.parametrize("number", ["B1234567", "C 12345678", "pa1234567"])
def test_passport_holders_leave_the_flow_but_are_not_parked(number):
    found = classed(id_number=number, birth_date="31/02/1990")
    assert found.leaves_flow
    assert found.classes == ()
    assert not found.parked
    assert "passport" in codes(found)


def test_several_errors_give_several_classes():
    assert classed(id_number="060123456", birth_date="31/02/1990").classes == (ErrorClass.E2, ErrorClass.E3)


@pytest.mark.parametrize("name", ["", "  ", "123", "---", "Giàng A Páo\u202e", "Páo 😀", "a\x07b", "Páo " * 30])
def test_only_a_row_without_a_usable_name_is_parked(name):
    found = classed(full_name=name)
    assert found.parked
    assert not classed(id_number="", birth_date="31/02/1990", sex="?").parked


def test_a_missing_sex_is_suggested_from_a_good_number():
    found = classed(sex="")
    assert found.suggestions == {"sex": "nam"}
    assert found.classes == (ErrorClass.E3,)


def test_a_field_without_a_column_is_not_each_rows_finding():
    found = classify(
        Person(id_number="015090001234", full_name="Giàng A Páo"),
        today=TODAY,
        absent=frozenset({Field.BIRTH_DATE, Field.SEX}),
    )
    assert found.findings == ()
    assert found.classes == ()


def test_no_finding_repeats_a_whole_number():
    for number in ("O15090001234", "015090001234567", "060123456", "15090001234", "003090001234"):
        assert all(number not in finding.message + finding.evidence for finding in classed(id_number=number).findings)


def test_each_class_has_the_words_of_the_procedure():
    assert error_class_label("E1") == "Không có số CCCD/CMND"
    assert all(error_class_label(error_class) for error_class in ErrorClass)


def test_a_findings_sentence_survives_json_with_its_values():
    finding = classed(sex="Nữ").findings[0]
    told = told_by(json.loads(json.dumps(finding.as_stored())))
    assert told == finding.message
    assert told.values == finding.message.values


digits_and_dirt = st.text(st.sampled_from("0123456789OlI .,-eE+\u00a0\u200b０x"), max_size=20)
texts = st.text(max_size=40) | digits_and_dirt


@settings(max_examples=300, deadline=None)
@example(number=".-", name="", birth="", sex="", phone="", insurance="")
@given(number=texts, name=texts, birth=texts, sex=texts, phone=texts, insurance=texts)
def test_classing_never_raises_and_cleaning_twice_changes_nothing(number, name, birth, sex, phone, insurance):
    first = classify(Person(number, name, birth, sex, phone, insurance), today=TODAY)
    again = classify(first.cleaned, today=TODAY)
    assert again.cleaned == first.cleaned
    assert again.classes == first.classes


@settings(max_examples=200, deadline=None)
@given(number=digits_and_dirt)
def test_a_cleaned_number_keeps_every_letter_and_digit_in_order(number):
    cleaned = classed(id_number=number).cleaned.id_number
    letters = [char for char in number.replace("０", "0") if char.isalnum()]
    assert [char for char in cleaned if char.isalnum()] == letters
