from portal.domain.identity_numbers import (
    PROVINCE_CODES,
    IdentityNumber,
    grouped_number,
    is_assigned_code,
    parse_identity_number,
)


def test_the_table_has_63_provinces():
    assert len(PROVINCE_CODES) == len(set(PROVINCE_CODES.values())) == 63


def test_a_number_tells_place_sex_and_year():
    assert parse_identity_number("015090001234") == IdentityNumber("015", "nam", 1990)
    assert parse_identity_number("001305001234") == IdentityNumber("001", "nữ", 2005)


def test_anything_else_tells_nothing():
    for text in ("", "01509000123", "0150900012345", "003090001234", "01509000123x", "０15090001234", "000090001234"):
        assert parse_identity_number(text) is None


def test_provinces_and_countries_are_assigned_and_gaps_are_not():
    assert PROVINCE_CODES["015"] == "Yên Bái"
    assert [is_assigned_code(code) for code in ("015", "184", "003")] == [True, True, False]


def test_only_numbers_of_twelve_digits_are_grouped_and_faults_stay_as_they_are():
    assert grouped_number("015090000123") == "015 090 000 123"
    for text in ("15090000123", "01509000012A", "", "015 090 000 123", "０15090000123"):
        assert grouped_number(text) == text
