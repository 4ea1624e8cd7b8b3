"""How numbers, dates and identity numbers are written on papers (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from datetime import datetime, timedelta, timezone

TEST_MARK = "DỮ LIỆU THỬ NGHIỆM – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
VIETNAM = timezone(timedelta(hours=7), "+07:00")


def number_text(number: int, symbol: str) -> str:
    """`05/BB-TYT`: numbers below 10 bear a leading zero, no blanks (NĐ 30/2020, PL I.II.3)."""
    return f"{number:02d}/{symbol}"


def local(moment: datetime) -> datetime:
    """The moment in Vietnam's time. Raises ValueError for a time without a zone: a paper must not guess."""
    if moment.tzinfo is None:
        raise ValueError("a paper's time needs a time zone")
    return moment.astimezone(VIETNAM)


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


def grouped_id(id_number: str) -> str:
    """A 12-digit number in groups of three for the eye; anything else exactly as it stands, faults included."""
    if len(id_number) == 12 and id_number.isascii() and id_number.isdigit():
        return " ".join(id_number[at : at + 3] for at in range(0, 12, 3))
    return id_number


def grouped_digest(digest: str) -> str:
    """A hexadecimal digest in groups of eight."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def count_words(count: int) -> str:
    """`1.234`: thousands with a full stop, as Vietnamese offices write."""
    return f"{count:,}".replace(",", ".")


def held_words(since: datetime, until: datetime) -> str:
    """How long a party held a list: days and hours, or minutes where it was under an hour."""
    minutes = max(0, int((until - since).total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    if days:
        return f"{days} ngày {rest // 60} giờ" if rest // 60 else f"{days} ngày"
    return f"{rest // 60} giờ {rest % 60} phút" if rest >= 60 else f"{rest} phút"


def sentence_list(lines: tuple[str, ...]) -> tuple[str, ...]:
    """The lines of a căn cứ: each ends with a semicolon, the last with a full stop (PL I.II.6)."""
    bare = [line.strip().rstrip(";.") for line in lines]
    return tuple(f"{line}{'.' if index == len(bare) - 1 else ';'}" for index, line in enumerate(bare))
