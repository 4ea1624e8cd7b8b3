"""How dates and times are written on papers (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from datetime import datetime

from portal.clock import local
from portal.domain.wording import say

TEST_MARK = say("DỮ LIỆU THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ")


def date_words(moment: datetime) -> str:
    """`ngày 05 tháng 01 năm 2026`: a leading 0 for days below 10 and months 1 and 2 only (PL I.II.4)."""
    at = local(moment)
    month = f"{at.month:02d}" if at.month <= 2 else str(at.month)
    return f"ngày {at.day:02d} tháng {month} năm {at.year}"


def time_words(moment: datetime) -> str:
    """`14 giờ 05 phút`."""
    at = local(moment)
    return f"{at.hour:02d} giờ {at.minute:02d} phút"


def short_time(moment: datetime) -> str:
    """`05/01/2026 14:05`, for tables."""
    return local(moment).strftime("%d/%m/%Y %H:%M")


def sentence_list(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of a căn cứ: each ends with a semicolon, the last with a full stop (PL I.II.6)."""
    bare = [line.strip().rstrip(";.") for line in lines]
    return tuple(f"{line}{'.' if index == len(bare) - 1 else ';'}" for index, line in enumerate(bare))
