import pytest

from portal.domain.masking import masked_number, masked_text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Số 015185001243 sai", "Số ···243 sai"),
        ("CMND 060123456", "CMND ···456"),
        ("015 185 001 243", "···243"),
        ("015.185.001.243.", "···243."),
        ("gõ thừa 0151850012433", "gõ thừa ···433"),
        ("015\u00a0185\u00a0001\u00a0243", "···243"),
        ("hẹn 17:00 01/06/2022, vòng 2", "hẹn 17:00 01/06/2022, vòng 2"),
        ("", ""),
    ],
)
def test_long_numbers_in_words_keep_only_three_digits(text: str, masked: str) -> None:
    assert masked_text(text) == masked


def test_no_number_stays_empty() -> None:
    assert masked_number("") == ""
    assert masked_number("015185001243") == "···243"


def test_words_in_the_place_of_a_number_stay_words() -> None:
    assert masked_number("chưa có") == "chưa có"
