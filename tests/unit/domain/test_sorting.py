import random

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.sorting import name_sort_key


def ordered(names):
    return sorted(names, key=name_sort_key)


def test_letters_follow_the_vietnamese_alphabet():
    expected = ["A", "Ă", "Â", "B", "D", "Đ", "E", "Ê", "G", "O", "Ô", "Ơ", "U", "Ư", "V", "Y"]
    shuffled = random.Random(1).sample(expected, len(expected))
    assert ordered(shuffled) == expected


def test_tones_follow_khong_dau_huyen_hoi_nga_sac_nang():
    expected = ["Ma", "Mà", "Mả", "Mã", "Má", "Mạ"]
    assert ordered(reversed(expected)) == expected


def test_the_given_name_counts_first_then_the_whole_name():
    expected = ["Trần Văn An", "Giàng A Chua", "Sùng A Chua", "Lò Thị Đào", "Bùi Văn Yên"]
    assert ordered(reversed(expected)) == expected


def test_letters_count_before_tones():
    assert ordered(["Lò Tàn", "Lò Tan", "Lò Tang"]) == ["Lò Tan", "Lò Tàn", "Lò Tang"]


def test_a_shorter_name_stands_before_the_longer_one():
    assert ordered(["Lò Thị Hoa", "Lò Hoa"]) == ["Lò Hoa", "Lò Thị Hoa"]


@given(st.text(max_size=30))
def test_every_text_has_a_key(text):
    assert isinstance(name_sort_key(text), str)
