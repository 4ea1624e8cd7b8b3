"""What a password must be."""

import pytest

from portal.domain.errors import InvalidInput
from portal.domain.passwords import check_password


@pytest.mark.parametrize(
    "password", ["con trâu ăn cỏ", "correct horse battery", "Tr0ng đầm gì đẹp bằng sen", "a1b2c3d4e5f6g7"]
)
def test_a_long_phrase_is_taken_without_rules_of_composition(password: str) -> None:
    check_password(password, "giang.a.chu")


@pytest.mark.parametrize(
    "password", ["mười ba chữ  ", "abababababababab", "tramytetramyte", "giang.a.chu123", "y" * 129]
)
def test_short_repeated_or_expected_passwords_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_password(password, "giang.a.chu")
    assert refusal.value.fields["password"]
