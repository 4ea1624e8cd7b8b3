"""Phrases that pages, papers and messages share: verdicts with reasons, numbers of records, counts, times held."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from portal.domain.deadlines import RECEIPT
from portal.domain.events import EventTag
from portal.domain.labels import label
from portal.domain.stages import HandoverStatus, Party, RecordKind, Stage
from portal.domain.verdicts import PARTY_VERDICTS, Reason, RefusalReason, ReturnReason, Verdict
from portal.domain.wording import Sentence, Translate, say, together

ORIGIN_WORDS: dict[str, Sentence] = {
    "recorded": say("đang ghi"),
    "proposed": say("thôn đề xuất"),
    "verified": say("công an xác minh"),
    "final": say("đã cập nhật"),
}
"""What each origin of a value is called behind the field's name."""


def act_words(tag: str) -> str:
    """The act of an event in words; the tag itself where this release does not know it."""
    return label(EventTag(tag)) if tag in set(EventTag) else tag


def reason_words(reason: str) -> str:
    """The words of a reason, return reason or refusal reason code; the code itself where it is unknown."""
    for family in (Reason, ReturnReason, RefusalReason):
        if reason in {member.value for member in family}:
            return label(family(reason))
    return reason


def verdict_words(verdict: str, reason: str = "", note: str = "") -> str:
    """`Không làm được: Đã đi khỏi địa phương (chuyển về xã bên)`; empty where nothing is concluded."""
    if not verdict:
        return ""
    words = label(Verdict(verdict))
    if reason:
        words = together(words, reason_words(reason), by=": ")
    return say("{words} ({note})", words=words, note=note) if note else words


def step_words(step: str) -> str:
    """The words of a step that may have days of its own: a stage, or taking over what was sent."""
    if step == RECEIPT:
        return say("Ký nhận danh sách được giao")
    return label(Stage(step))


_SIGNED = {
    RecordKind.REFUSAL: say("Đã ký"),
    RecordKind.EXCEPTIONS: say("Đã ký"),
    RecordKind.COMPLETION: say("Đã ký"),
    RecordKind.ADJUSTMENT: say("Hai bên đã ký"),
}
"""What a finished record is that hands nothing over."""


def record_status_words(kind: RecordKind, status: HandoverStatus) -> str:
    """Where a record stands: only a handover or a return ends with «Đã bàn giao»."""
    if status is HandoverStatus.COUNTERSIGNED and kind in _SIGNED:
        return _SIGNED[kind]
    return label(status)


def record_number(number: int, symbol: str) -> str:
    """`05/BB-TYT`: numbers below 10 bear a leading zero, no blanks (NĐ 30/2020, PL I.II.3)."""
    return f"{number:02d}/{symbol}"


THOUSAND = say("1.000")
"""How the language writes a thousand; the catalogue says `1,000` for English."""


class Count(Sentence):
    """A number whose thousands are set apart as the language does it."""

    def told(self, translate: Translate) -> str:
        """The number with the language's separator."""
        return self.replace(THOUSAND[1], translate(THOUSAND)[1])


def count_words(count: int) -> Count:
    """`1.234`: thousands with a full stop, as Vietnamese offices write; other languages as `THOUSAND` says."""
    return Count(f"{count:,}".replace(",", "."))


def grouped_digest(digest: str) -> str:
    """A hexadecimal digest in groups of eight."""
    return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))


def held_words(since: datetime, until: datetime) -> str:
    """How long a party held a list: days and hours, or minutes where it was under an hour."""
    minutes = max(0, int((until - since).total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return say("{days} ngày {hours} giờ", days=days, hours=hours) if hours else say("{days} ngày", days=days)
    if hours:
        return say("{hours} giờ {minutes} phút", hours=hours, minutes=minutes)
    return say("{minutes} phút", minutes=minutes)


def counts_by_verdict(party: Party, verdicts: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How many entries bear each of the party's verdicts, in the party's order; without those that none bears."""
    counted = Counter(verdicts)
    rows = [(label(verdict), counted[verdict.value]) for verdict in PARTY_VERDICTS[party]]
    undecided = counted[""]
    return tuple(row for row in (*rows, (say("Chưa có kết luận"), undecided)) if row[1])
