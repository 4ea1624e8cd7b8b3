"""Phrases made of several labels: a verdict with its reason, the number of a record, a list's counts."""

from collections import Counter
from collections.abc import Iterable

from portal.domain.labels import label
from portal.domain.stages import Party
from portal.domain.verdicts import PARTY_VERDICTS, Reason, RefusalReason, ReturnReason, Verdict


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
        words += f": {reason_words(reason)}"
    return f"{words} ({note})" if note else words


def record_number(number: int, symbol: str) -> str:
    """`05/BB-TYT`: numbers below 10 have a leading zero (NĐ 30/2020, PL I)."""
    return f"{number:02d}/{symbol}"


def counts_by_verdict(party: Party, verdicts: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How many entries bear each of the party's verdicts, in the party's order; without those that none bears."""
    counted = Counter(verdicts)
    rows = [(label(verdict), counted[verdict.value]) for verdict in PARTY_VERDICTS[party]]
    undecided = counted[""]
    return tuple(row for row in (*rows, ("Chưa có kết luận", undecided)) if row[1])
