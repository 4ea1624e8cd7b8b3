"""Registers that units keep, dated: vaccination sites, staff and teams, residents, contacts. What a row holds.

Sources: Kiên Giang 2760/BTTTT-THH (sites, staff and teams before each session), Quảng Ninh 9035 (residents of any age
by commune), Đồng Nai 9/2021 (leader in charge, advising section, phones). No register holds an identity number.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.birth_dates import examine_birth_date
from portal.domain.findings import Examined, Severity
from portal.domain.names import clean_name, folding_key
from portal.domain.phones import examine_phone
from portal.domain.register_headings import FURTHER_HEADINGS
from portal.domain.sexes import parse_sex
from portal.domain.wording import Translate, say, told

MOST_ROWS = 20_000
MOST_LETTERS = 300
_COUNT = re.compile(r"[0-9]{1,7}|[0-9]{1,3}(?:[. ][0-9]{3}){1,2}")
"""A whole number, its thousands apart or not; «1.5» is none."""


class RegisterKind(StrEnum):
    """What a register lists."""

    SITES = "sites"
    STAFF = "staff"
    RESIDENTS = "residents"
    CONTACTS = "contacts"


TEXT, NAME, PHONE, COUNT, BIRTH, SEX = "text", "name", "phone", "count", "birth", "sex"
"""What a column's text must be."""


@dataclass(frozen=True)
class RegisterColumn:
    """One column: its key, its words, what its text must be, whether it must be filled."""

    key: str
    words: str
    check: str = TEXT
    required: bool = False

    def headings(self, further: Translate) -> frozenset[str]:
        """Every heading that means this column, as compared; `further` tells its words in another language."""
        words = (str(self.words), told(self.words, further), *FURTHER_HEADINGS.get(self.key, ()))
        return frozenset(folding_key(each) for each in words)


_NAME = RegisterColumn("name", say("Họ và tên"), NAME, required=True)
_PHONE = RegisterColumn("phone", say("Số điện thoại"), PHONE)
_NOTE = RegisterColumn("note", say("Ghi chú"))

COLUMNS: Mapping[RegisterKind, tuple[RegisterColumn, ...]] = {
    RegisterKind.SITES: (
        RegisterColumn("site", say("Tên cơ sở tiêm"), required=True),
        RegisterColumn("address", say("Địa chỉ"), required=True),
        RegisterColumn("capacity", say("Công suất (mũi/ngày)"), COUNT, required=True),
        RegisterColumn("zone", say("Địa bàn phục vụ")),
        RegisterColumn("head", say("Người phụ trách"), NAME),
        _PHONE,
        _NOTE,
    ),
    RegisterKind.STAFF: (
        _NAME,
        RegisterColumn("post", say("Vị trí trong ê kíp"), required=True),
        RegisterColumn("team", say("Ê kíp")),
        RegisterColumn("qualification", say("Trình độ chuyên môn")),
        _PHONE,
        _NOTE,
    ),
    RegisterKind.RESIDENTS: (
        _NAME,
        RegisterColumn("birth", say("Ngày sinh"), BIRTH, required=True),
        RegisterColumn("sex", say("Giới tính"), SEX),
        RegisterColumn("village", say("Thôn, tổ dân phố")),
        RegisterColumn("address", say("Địa chỉ")),
        RegisterColumn("stay", say("Loại cư trú")),
        _NOTE,
    ),
    RegisterKind.CONTACTS: (
        _NAME,
        RegisterColumn("position", say("Chức vụ"), required=True),
        RegisterColumn("duty", say("Phụ trách"), required=True),
        RegisterColumn("phone", say("Số điện thoại"), PHONE, required=True),
        _NOTE,
    ),
}
"""What each register's rows hold, in the order of its sheet."""


def examine_row(kind: RegisterKind, typed: Mapping[str, str], on: date) -> tuple[dict[str, str], dict[str, str]]:
    """The row's values as kept, and what is wrong by column key; `on` is the register's day."""
    kept: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for column in COLUMNS[kind]:
        text = clean_name(typed.get(column.key, ""))
        fault = ""
        if not text and column.required:
            fault = say("Chưa ghi {column:lower}.", column=column.words)
        elif len(text) > MOST_LETTERS:
            fault = say("Dài quá {most} chữ.", most=MOST_LETTERS)
        elif text:
            text, fault = _checked(column.check, text, on)
        if fault:
            wrong[column.key] = fault
        kept[column.key] = text
    return kept, wrong


def columns_found(kind: RegisterKind, headings: Sequence[str], further: Translate) -> dict[str, int]:
    """Where each known column stands among the headings of a sheet, in Vietnamese or in what `further` tells."""
    folded = [folding_key(clean_name(each)) for each in headings]
    found: dict[str, int] = {}
    for column in COLUMNS[kind]:
        names = column.headings(further)
        place = next((at for at, each in enumerate(folded) if each in names), None)
        if place is not None:
            found[column.key] = place
    return found


def _checked(check: str, text: str, on: date) -> tuple[str, str]:
    if check is PHONE:
        return _examined(examine_phone(text))
    if check is BIRTH:
        return _examined(examine_birth_date(text, today=on))
    if check is COUNT:
        if _COUNT.fullmatch(text):
            return text.replace(".", "").replace(" ", ""), ""
        return text, say("Ghi một số nguyên từ 0 trở lên.")
    if check is SEX:
        sex = parse_sex(text)
        return (sex, "") if sex else (text, say("Ghi Nam hoặc Nữ."))
    return text, ""


def _examined(seen: Examined) -> tuple[str, str]:
    """The cleaned value, and the first thing a person has to look at."""
    serious = (each.message for each in seen.findings if each.severity is not Severity.NOTE)
    return seen.value, next(serious, "")
