"""The one table of columns: machine name, heading on our sheets, and the headings offices write for it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.fields import Field
from portal.domain.legacy_fonts import readings
from portal.domain.names import folding_key
from portal.domain.wording import say


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. `aliases` are folded headings, the better one first; `pattern` catches what they do not."""

    name: str
    heading: str
    aliases: tuple[str, ...]
    pattern: re.Pattern[str] | None = None


_NUMBER_PATTERN = re.compile(
    r"(?:so )?(?:the )?(?:dinh danh|ddcn|can cuoc|cccd|cmnd|cmtnd|cmt|ho chieu)(?! (?:ngay|noi|cap))(?: (?!cap).*)?"
)

COLUMNS: tuple[Column, ...] = (
    Column("ordinal", "STT", ("tt", "stt", "so tt", "so thu tu")),
    Column(
        Field.FULL_NAME,
        say("Họ và tên"),
        ("ho va ten", "ho ten", "hoten", "ho va ten doi tuong", "ho ten doi tuong", "ho va ten nguoi tiem", "ten"),
        re.compile(r"ho (?:va )?ten(?: (?:cong dan|nguoi dan|nguoi duoc tiem|doi tuong tiem|nguoi tiem chung))"),
    ),
    Column(
        "family_name",
        say("Họ và tên đệm"),
        ("ho va ten dem", "ho ten dem", "ho dem", "ho va chu dem", "ho lot", "ho"),
    ),
    Column(
        Field.BIRTH_DATE,
        say("Ngày sinh"),
        ("ngay sinh", "ngay thang nam sinh", "ntns", "ngay thang nam", "ngaysinh", "sinh ngay", "nam sinh"),
        re.compile(r"(?:ngay|ngay thang nam) sinh .*"),
    ),
    Column(Field.SEX, say("Giới tính"), ("gioi tinh", "gioi", "gioitinh", "nam nu")),
    Column(
        Field.ID_NUMBER,
        say("Số CCCD/CMND"),
        (
            "so dinh danh ca nhan",
            "so dinh danh",
            "so can cuoc cong dan",
            "so can cuoc",
            "so cccd cmnd",
            "so cmnd cccd",
            "so cccd",
            "cccd cmnd",
            "cmnd cccd",
            "cccd",
            "can cuoc cong dan",
            "can cuoc",
            "so giay to",
            "so giay to tuy than",
            "so cmnd",
            "cmnd",
        ),
        _NUMBER_PATTERN,
    ),
    Column(
        Field.PHONE,
        say("Số điện thoại"),
        ("so dien thoai", "sdt", "dien thoai", "so dt", "dt", "so dien thoai lien he", "dien thoai lien he"),
    ),
    Column(
        Field.INSURANCE_NUMBER,
        say("Số thẻ BHYT"),
        (
            "so the bhyt",
            "bhyt",
            "so bhyt",
            "the bhyt",
            "ma the bhyt",
            "ma bhyt",
            "so the bao hiem y te",
            "ma so bhxh",
        ),
    ),
    Column(
        "group", say("Nhóm đối tượng"), ("nhom doi tuong", "nhom dt", "nhom", "nhom uu tien", "ma nhom", "doi tuong")
    ),
    Column("occupation", say("Nghề nghiệp"), ("nghe nghiep",)),
    Column("ethnicity", say("Dân tộc"), ("dan toc",)),
    Column("nationality", say("Quốc tịch"), ("quoc tich",)),
    Column("province", say("Tỉnh/TP"), ("tinh", "tinh tp", "tinh thanh pho", "tinh thanh")),
    Column("district", say("Quận/Huyện"), ("huyen", "quan huyen", "quan huyen thi xa", "huyen quan")),
    Column("commune", say("Xã/Phường"), ("xa", "xa phuong", "xa phuong thi tran", "phuong xa", "phuong")),
    Column(
        "village",
        say("Thôn/Bản"),
        (
            "thon",
            "thon ban",
            "ban",
            "thon ap",
            "thon xom",
            "thon to dan pho",
            "thon ban to dan pho",
            "thon ban tdp",
            "to dan pho",
            "tdp",
            "ap",
            "khu pho",
            "xom",
            "buon",
            "khom ap",
        ),
    ),
    Column("address", say("Địa chỉ"), ("dia chi", "dia chi chi tiet", "dia chi noi o", "noi o", "noi thuong tru")),
    Column(
        "platform_code",
        say("Mã đối tượng"),
        ("ma doi tuong", "ma dinh danh doi tuong", "ma tiem chung", "ma doi tuong tiem", "ma nen tang", "ma"),
    ),
    Column("note", say("Ghi chú"), ("ghi chu",)),
    Column("result", say("Kết quả xác minh"), ("ket qua xac minh", "ket qua", "trang thai xac minh", "trang thai")),
    Column("reason", say("Lý do"), ("ly do", "li do", "ly do sai", "noi dung sai", "chi tiet")),
)
"""Every column the reader knows, in the order of our own sheets."""

COLUMN_BY_NAME: dict[str, Column] = {str(column.name): column for column in COLUMNS}

_PARENTHESES = re.compile(r"\([^)]*\)")
_NOT_WORDS = re.compile(r"[^0-9a-z]+")


def folded_heading(heading: str) -> str:
    """The heading for matching: no case, no marks, nothing in brackets, no stars and slashes."""
    folded = folding_key(heading)
    bare = _NOT_WORDS.sub(" ", _PARENTHESES.sub(" ", folded)).strip()
    return bare or _NOT_WORDS.sub(" ", folded).strip()


def match_heading(heading: str) -> tuple[str, int] | None:
    """The machine name of the column and the rank of the match (0 best); None for an unknown heading.

    A heading typed for an old font is matched by what it says there.
    """
    return _match_folded(folded_heading(heading)) or next(
        filter(None, (_match_folded(folded_heading(reading)) for _, reading in readings(heading))), None
    )


def _match_folded(folded: str) -> tuple[str, int] | None:
    if not folded:
        return None
    known = _BY_ALIAS.get(folded)
    if known:
        return known
    for column in COLUMNS:
        if column.pattern and column.pattern.fullmatch(folded):
            return str(column.name), len(column.aliases)
    return None


def named_values(raw: Mapping[str, str]) -> dict[str, str]:
    """The cells of a row kept as heading → text, by machine name of the column; the best heading wins."""
    ranked: dict[str, tuple[int, str]] = {}
    for heading, text in raw.items():
        match = match_heading(heading)
        if match and (match[0] not in ranked or match[1] < ranked[match[0]][0]):
            ranked[match[0]] = (match[1], text.strip())
    return {name: text for name, (_, text) in ranked.items()}


_BY_ALIAS: dict[str, tuple[str, int]] = {
    alias: (str(column.name), rank) for column in COLUMNS for rank, alias in enumerate(column.aliases)
}
