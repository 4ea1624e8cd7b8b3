"""The 12-digit personal identity number: PPP G YY SSSSSS (NĐ 137/2015 Đ13, TT 07/2016, TT 59/2021)."""

from dataclasses import dataclass
from functools import lru_cache

from portal.domain.sexes import FEMALE, MALE

PROVINCE_CODES: dict[str, str] = {
    "001": "Hà Nội", "002": "Hà Giang", "004": "Cao Bằng", "006": "Bắc Kạn", "008": "Tuyên Quang",
    "010": "Lào Cai", "011": "Điện Biên", "012": "Lai Châu", "014": "Sơn La", "015": "Yên Bái",
    "017": "Hòa Bình", "019": "Thái Nguyên", "020": "Lạng Sơn", "022": "Quảng Ninh", "024": "Bắc Giang",
    "025": "Phú Thọ", "026": "Vĩnh Phúc", "027": "Bắc Ninh", "030": "Hải Dương", "031": "Hải Phòng",
    "033": "Hưng Yên", "034": "Thái Bình", "035": "Hà Nam", "036": "Nam Định", "037": "Ninh Bình",
    "038": "Thanh Hóa", "040": "Nghệ An", "042": "Hà Tĩnh", "044": "Quảng Bình", "045": "Quảng Trị",
    "046": "Thừa Thiên Huế", "048": "Đà Nẵng", "049": "Quảng Nam", "051": "Quảng Ngãi", "052": "Bình Định",
    "054": "Phú Yên", "056": "Khánh Hòa", "058": "Ninh Thuận", "060": "Bình Thuận", "062": "Kon Tum",
    "064": "Gia Lai", "066": "Đắk Lắk", "067": "Đắk Nông", "068": "Lâm Đồng", "070": "Bình Phước",
    "072": "Tây Ninh", "074": "Bình Dương", "075": "Đồng Nai", "077": "Bà Rịa - Vũng Tàu",
    "079": "Thành phố Hồ Chí Minh", "080": "Long An", "082": "Tiền Giang", "083": "Bến Tre",
    "084": "Trà Vinh", "086": "Vĩnh Long", "087": "Đồng Tháp", "089": "An Giang", "091": "Kiên Giang",
    "092": "Cần Thơ", "093": "Hậu Giang", "094": "Sóc Trăng", "095": "Bạc Liêu", "096": "Cà Mau",
}  # fmt: skip
"""Province of birth registration (annex of TT 07/2016/TT-BCA). They stay valid after the mergers of 1/7/2025."""

_FIRST_COUNTRY_CODE = 100


@dataclass(frozen=True, slots=True)
class IdentityNumber:
    """What a well-formed number says of its holder: place of birth registration (not residence), sex, birth year."""

    code: str
    sex: str
    birth_year: int


def parse_identity_number(digits: str) -> IdentityNumber | None:
    """Read 12 ASCII digits with an assigned code; None for anything else."""
    return _of_beginning(digits[:6]) if len(digits) == 12 and is_plain_digits(digits) else None


@lru_cache(maxsize=8192)
def _of_beginning(six: str) -> IdentityNumber | None:
    """What the first six digits say: all that a number says, and few of them occur in one place."""
    if not is_assigned_code(six[:3]):
        return None
    century_and_sex = int(six[3])
    return IdentityNumber(
        code=six[:3],
        sex=FEMALE if century_and_sex % 2 else MALE,
        birth_year=1900 + 100 * (century_and_sex // 2) + int(six[4:6]),
    )


def is_assigned_code(code: str) -> bool:
    """Whether the first three digits are one of the 63 provinces, or a country (from 100 on, for births abroad).

    The table of country codes was not found, so every code from 100 on is taken.
    """
    return code in PROVINCE_CODES or int(code) >= _FIRST_COUNTRY_CODE


def is_plain_digits(text: str) -> bool:
    """Whether the text is made of the digits 0-9 only."""
    return text.isascii() and text.isdigit()


def grouped_number(text: str) -> str:
    """A 12-digit number in groups of three for the eye; anything else exactly as it stands, faults included."""
    if len(text) == 12 and is_plain_digits(text):
        return " ".join(text[at : at + 3] for at in range(0, 12, 3))
    return text
