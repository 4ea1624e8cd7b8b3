from portal.domain.identity_numbers import (
    PROVINCE_CODES,
    IdentityNumber,
    parse_identity_number,
    place_of_registration,
)


def test_the_table_has_63_provinces():
    assert len(PROVINCE_CODES) == len(set(PROVINCE_CODES.values())) == 63


def test_a_number_tells_place_sex_and_year():
    assert parse_identity_number("015090001234") == IdentityNumber("015", "nam", 1990)
    assert parse_identity_number("001305001234") == IdentityNumber("001", "nữ", 2005)


def test_anything_else_tells_nothing():
    for text in ("", "01509000123", "0150900012345", "003090001234", "01509000123x", "０15090001234", "000090001234"):
        assert parse_identity_number(text) is None


def test_the_place_is_named_and_abroad_is_named_so():
    assert place_of_registration("015") == "Yên Bái"
    assert place_of_registration("184") == "nước ngoài"
    assert place_of_registration("003") == place_of_registration("x") == ""
