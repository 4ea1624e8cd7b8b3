import pytest

from portal.domain.phones import examine_phone


@pytest.mark.parametrize("text", ["0912345678", "091 234 5678", "0912.345.678", "02163812345", ""])
def test_a_good_or_empty_number_gives_no_finding(text):
    assert examine_phone(text).findings == ()


@pytest.mark.parametrize(
    ("text", "code", "suggestion"),
    [
        ("+84912345678", "phone_international", "0912345678"),
        ("912345678", "phone_lost_zero", "0912345678"),
        ("01134567890", "phone_unusual", ""),
        ("01234567890", "phone_eleven_digits", "0834567890"),
        ("091234567", "phone_unusual", ""),
        ("abc", "phone_unusual", ""),
    ],
)
def test_other_forms_are_told_and_only_suggested(text, code, suggestion):
    examined = examine_phone(text)
    assert [finding.code for finding in examined.findings] == [code]
    assert (examined.value, examined.suggestion) == (text, suggestion)
